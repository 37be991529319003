"""Retry as Scrapy does, but not before the host had a rest."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware

from crawler.middlewares.hosts import HostMiddleware
from crawler.politeness import backoff_seconds, host_key, retry_after_seconds

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

_ASKS_TO_WAIT = frozenset((429, 503))


class BackoffRetryMiddleware(RetryMiddleware):
    """Rest a host as long as its Retry-After says, or doubling with each failure in a row.

    RETRY_AFTER_MAX caps the one, BACKOFF_BASE and BACKOFF_MAX (seconds) shape the other; which
    failures count and how often they are retried are Scrapy's RETRY settings.
    """

    def __init__(self, settings: BaseSettings):
        super().__init__(settings)
        self._retry_after_max = settings.getfloat("RETRY_AFTER_MAX")
        self._base = settings.getfloat("BACKOFF_BASE")
        self._cap = settings.getfloat("BACKOFF_MAX")
        self._failures: dict[str, int] = {}

    def process_response(  # type: ignore[override]  # without Scrapy's deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status in self.retry_http_codes:
            self._rest(host_key(request.url), self._asked_wait(response))
        else:
            self._failures.pop(host_key(request.url), None)
        return super().process_response(request, response)

    def process_exception(  # type: ignore[override]  # without Scrapy's deprecated argument
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        if isinstance(exception, self.exceptions_to_retry):
            self._rest(host_key(request.url), None)
        return super().process_exception(request, exception)

    def _asked_wait(self, response: Response) -> float | None:
        header = response.headers.get("Retry-After") if response.status in _ASKS_TO_WAIT else None
        if header is None:
            return None
        return retry_after_seconds(header.decode("latin-1"), datetime.now(UTC))

    def _rest(self, host: str, asked: float | None) -> None:
        hosts = self.crawler.get_downloader_middleware(HostMiddleware)
        if hosts is None:
            return
        if asked is not None:
            hosts.rest(host, min(asked, self._retry_after_max))
            self.crawler.stats.inc_value("retry/after")
        elif not hosts.rests(host):
            # Requests that were under way together fail together: that is one failure.
            self._failures[host] = self._failures.get(host, 0) + 1
            seconds = backoff_seconds(self._failures[host], self._base, self._cap, random.random())
            hosts.rest(host, seconds)
            self.crawler.stats.inc_value("retry/backoff")
