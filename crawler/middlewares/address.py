"""Refuse what must not be asked before robots.txt and the host's queue are bothered with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.utils.httpobj import urlparse_cached

from crawler.network.addresses import Endpoint, is_loopback, named_endpoints, refusal
from crawler.network.exceptions import AddressRefused

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector


class AddressMiddleware:
    """Raise `AddressRefused` for a scheme, port, address or local name that nobody opened.

    *named* are the hosts and ports of NAMED_HOSTS. The resolved address is checked where the
    connection is made, by `crawler.network.handlers` and `crawler.network.resolver`.
    """

    def __init__(self, named: frozenset[Endpoint], stats: StatsCollector):
        self._named = named
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(named_endpoints(crawler.settings.getlist("NAMED_HOSTS")), crawler.stats)

    def process_request(self, request: Request) -> None:
        reason = refusal(request.url, self._named)
        if reason:
            self._stats.inc_value("address/refused")
            raise AddressRefused(reason)
        if is_loopback(urlparse_cached(request).hostname or ""):
            # A proxy of the environment would look for it on its own machine.
            request.meta.setdefault("proxy", None)
