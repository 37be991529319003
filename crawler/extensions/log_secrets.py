"""Keep passwords out of the log, whoever writes the line."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.discovery.urls import without_secrets

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class SecretsFilter(logging.Filter):
    """Take user names and passwords of URLs out of each message; all records pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "//" in message or "=" in message:
            record.msg, record.args = without_secrets(message), None
        return True


class LogSecrets:
    """Put a `SecretsFilter` on every handler of the root logger, once each."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        extension.spider_opened()
        # Scrapy has installed its handler anew by then.
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        for handler in logging.getLogger().handlers:
            if not any(isinstance(known, SecretsFilter) for known in handler.filters):
                handler.addFilter(SecretsFilter())
