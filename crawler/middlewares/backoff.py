"""Rest a host that says it has had enough, or that fails."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.misc import load_object

from crawler.middlewares.hosts import HostMiddleware
from crawler.network.politeness import backoff_seconds, host_key, retry_after_seconds

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_ASKS_TO_WAIT = frozenset((429, 503))


class BackoffMiddleware:
    """Rest a host as long as its Retry-After says, or doubling with each failure in a row.

    RETRY_AFTER_MAX (seconds) caps the one, BACKOFF_BASE and BACKOFF_MAX shape the other. What
    counts as a failure are RETRY_HTTP_CODES and RETRY_EXCEPTIONS; whether a request is retried
    stays with Scrapy's own middleware, and a host is rested even when it is not.
    """

    def __init__(self, crawler: Crawler):
        settings = crawler.settings
        self._crawler = crawler
        self._retry_after_max = settings.getfloat("RETRY_AFTER_MAX")
        self._base = settings.getfloat("BACKOFF_BASE")
        self._cap = settings.getfloat("BACKOFF_MAX")
        self._codes = {int(code) for code in settings.getlist("RETRY_HTTP_CODES")}
        self._errors = tuple(load_object(name) for name in settings.getlist("RETRY_EXCEPTIONS"))
        self._failures: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.response_downloaded, signals.response_downloaded)
        return middleware

    def response_downloaded(self, response: Response, request: Request) -> None:
        # The signal comes before the downloader sends the host's next request; process_response
        # would come after it.
        host = host_key(request.url)
        if response.status in self._codes:
            self._rest(host, self._asked_wait(response))
        else:
            self._failures.pop(host, None)

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, self._errors):
            self._rest(host_key(request.url), None)

    def _asked_wait(self, response: Response) -> float | None:
        header = response.headers.get("Retry-After") if response.status in _ASKS_TO_WAIT else None
        if header is None:
            return None
        return retry_after_seconds(header.decode("latin-1"), datetime.now(UTC))

    def _rest(self, host: str, asked: float | None) -> None:
        hosts = self._crawler.get_downloader_middleware(HostMiddleware)
        if hosts is None:
            return
        if asked is not None:
            hosts.rest(host, min(asked, self._retry_after_max))
            self._crawler.stats.inc_value("backoff/retry_after")
        elif not hosts.rests(host):
            # Requests that were under way together fail together: that is one failure.
            self._failures[host] = failures = self._failures.get(host, 0) + 1
            seconds = backoff_seconds(failures, self._base, self._cap, random.random())
            hosts.rest(host, seconds)
            self._crawler.stats.inc_value("backoff/failures")
