"""Keep page and article text out of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy.logformatter import LogFormatterResult


class QuietLogFormatter(LogFormatter):
    """Name an item by its type and address, never by its content."""

    def scraped(self, item: Any, *args: Any) -> LogFormatterResult:
        return super().scraped(_name(item), *args)

    def dropped(self, item: Any, *args: Any) -> LogFormatterResult:
        return super().dropped(_name(item), *args)

    def item_error(self, item: Any, *args: Any) -> LogFormatterResult:
        return super().item_error(_name(item), *args)


def _name(item: Any) -> str:
    return f"{type(item).__name__} {getattr(item, 'url', '')}"
