"""What is said when the store fails outside of any callback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import signals
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def report_store_failure(crawler: Crawler, error: Exception) -> None:
    """Let who keeps the books (`crawler/extensions/bookkeeping.py`) stop the crawl for *error*.

    Scrapy would log it and, with requests still pending, wait for ever.
    """
    failure: Any = Failure(error)  # type: ignore[no-untyped-call]
    crawler.signals.send_catch_log(
        signals.spider_error, failure=failure, response=None, spider=crawler.spider
    )
