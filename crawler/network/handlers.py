"""Fetch over HTTP, from addresses and with headers that are within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from twisted.web.client import ResponseFailed

from crawler.network.addresses import endpoint, named_endpoints, refusal
from crawler.network.bounded_http import BoundedClientFactory
from crawler.network.exceptions import AddressRefused, HeaderTooLarge
from crawler.network.redirect_targets import RedirectTargets
from crawler.network.resolver import GuardedResolver

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Check every request where it leaves: pages, feeds, robots.txt, and each hop of a redirect.

    NAMED_HOSTS are the hosts that may have private addresses. Refused requests raise
    `AddressRefused`, which is not retried. Behind a proxy the address is the proxy's to resolve:
    there only the text of the URL is checked. A page that has given an article under another
    address raises `FetchedElsewhere`.
    """

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._named = named_endpoints(crawler.settings.getlist("NAMED_HOSTS"))
        self._pool._factory = BoundedClientFactory
        store: Any = getattr(crawler, "store", None)
        self._targets = RedirectTargets(store.frontier) if store is not None else None

    async def download_request(self, request: Request) -> Response:
        reason = refusal(request.url, self._named)
        if reason:
            raise AddressRefused(reason)
        if self._targets is not None:
            self._targets.check(request)
        guard = self._guard()
        proxy = request.meta.get("proxy")
        if proxy and (proxy_endpoint := endpoint(proxy if "://" in proxy else f"http://{proxy}")):
            guard.open_to_proxy(proxy_endpoint)
        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            target = endpoint(request.url)
            address = guard.refused_address(target) if target else None
            if address is None:
                raise
            raise AddressRefused(f"{target[0] if target else ''} resolves to {address}") from error
        except DownloadFailedError as error:
            if too_large := _header_too_large(error):
                raise too_large from error
            raise

    def _guard(self) -> GuardedResolver:
        """The process's resolver, told what is open; without one nothing is fetched."""
        from twisted.internet import reactor  # noqa: PLC0415  (importing it installs one)

        guard = getattr(reactor, "nameResolver", None)
        if not isinstance(guard, GuardedResolver):
            raise AddressRefused("TWISTED_DNS_RESOLVER is not our GuardedResolver")
        guard.open_to(self._named)
        return guard


def _header_too_large(error: DownloadFailedError) -> HeaderTooLarge | None:
    cause = error.__cause__
    reasons = cause.reasons if isinstance(cause, ResponseFailed) else ()
    return next((r.value for r in reasons if isinstance(r.value, HeaderTooLarge)), None)
