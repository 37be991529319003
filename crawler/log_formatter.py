"""Keep page and article text out of the log, and make no lines that nobody sees."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Any, Self

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class QuietLogFormatter(LogFormatter):
    """Name an item by its type and address, never by its content.

    The two lines of each page at DEBUG are made where LOG_LEVEL shows them (*debug*): a record that
    no handler takes costs as much as storing the page. Where a disk that fails *stops* the crawl,
    `extensions/bookkeeping.py` says so once; its traceback for each page under way is for DEBUG.
    """

    def __init__(self, *, debug: bool, stops: bool = False) -> None:
        self._debug = debug
        self._stops = stops

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # A handler reads levels as `logging` does: names and numbers.
        level = logging.NullHandler(crawler.settings["LOG_LEVEL"]).level
        return cls(debug=level <= logging.DEBUG, stops=getattr(crawler, "store", None) is not None)

    def crawled(self, *args: Any) -> LogFormatterResult | None:  # type: ignore[override]
        return super().crawled(*args) if self._debug else None

    def scraped(self, item: Any, *args: Any) -> LogFormatterResult | None:  # type: ignore[override]
        return super().scraped(_name(item), *args) if self._debug else None

    def dropped(self, item: Any, *args: Any) -> LogFormatterResult:
        return super().dropped(_name(item), *args)

    def item_error(self, item: Any, exception: BaseException, *args: Any) -> LogFormatterResult:
        return self._once(super().item_error(_name(item), exception, *args), exception)

    def spider_error(self, failure: Failure, *args: Any) -> LogFormatterResult:
        return self._once(super().spider_error(failure, *args), failure.value)

    def _once(self, line: LogFormatterResult, error: BaseException | None) -> LogFormatterResult:
        if self._stops and isinstance(error, (OSError, sqlite3.Error)):
            line["level"] = logging.DEBUG
        return line


def _name(item: Any) -> str:
    return f"{type(item).__name__} {getattr(item, 'url', '')}"
