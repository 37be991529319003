"""One line a candidate in the log: what became of it, never what it says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler.items import Rejection, Repost
from crawler.runs.progress import outcome_name

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class _PastLevels(logging.Handler):
    """Hand records to every handler of the root logger, whatever its level."""

    def emit(self, record: logging.LogRecord) -> None:
        for handler in logging.getLogger().handlers:
            handler.handle(record)


class OutcomeLog:
    """Log each outcome at INFO, whatever LOG_LEVEL is; off unless LOG_OUTCOMES."""

    def __init__(self) -> None:
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.handlers = [_PastLevels()]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("LOG_OUTCOMES"):
            raise NotConfigured
        extension = cls()
        crawler.signals.connect(extension.item_scraped, signals.item_scraped)
        return extension

    def item_scraped(self, item: Any) -> None:
        outcome = outcome_name(item)
        if outcome is None:
            return
        url = getattr(item, "url", item.candidate)
        about = {"outcome": outcome, "site": item.site, "url": url}
        if isinstance(item, Rejection):
            about["reason"] = item.reason
        elif isinstance(item, Repost):
            about["repost_of"] = item.repost_of
        more = "".join(
            f" {name}={about[name]}" for name in ("reason", "repost_of") if name in about
        )
        logger.info("%s %s%s", outcome, url, more, extra={"fields": about})
