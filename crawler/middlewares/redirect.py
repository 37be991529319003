"""Follow redirects within a site, never in a circle, and never silently."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.discovery.urls import safe_url, same_site
from crawler.network.addresses import named_endpoints, refusal
from crawler.network.exceptions import AddressRefused, OffsiteRedirect, RedirectLoop

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class CheckedRedirectMiddleware(RedirectMiddleware):
    """Check each hop, and let what is not followed reach the errback with its reason.

    Scrapy drops a hop to a URL that was asked before without a word; here it is asked again, and
    the spider sees where it led. At most REDIRECT_MAX_TIMES hops (the meta key `redirect_ttl` sets
    fewer). Requests with the meta key `allow_offsite` may leave their site, not the public net.
    """

    def __init__(self, settings: BaseSettings):
        super().__init__(settings)
        self._named = named_endpoints(settings.getlist("NAMED_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # Scrapy's own warns that it needs the Referer middleware, which is off on purpose.
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def process_response(  # type: ignore[override]  # without Scrapy's deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            raise self._counted(RedirectLoop(f"more than {_hops(request)} redirects")) from error
        except ValueError as error:
            raise self._counted(AddressRefused("the redirect's target is no URL")) from error
        if isinstance(result, Request):
            result = self._checked(request, result)
        elif _is_unfollowed(request, response):
            raise self._counted(AddressRefused("the redirect's target is not http or https"))
        return result

    def _checked(self, request: Request, hop: Request) -> Request:
        history = [*request.meta.get("redirect_urls", ()), request.url]
        reason = refusal(hop.url, self._named)
        url = safe_url(hop.url)
        if reason or url is None:
            raise self._counted(AddressRefused(f"redirect: {reason or 'to an unsound URL'}"))
        if url in {urldefrag(url).url for url in history}:
            raise self._counted(RedirectLoop(f"back to {url}"))
        if not request.meta.get("allow_offsite") and not same_site(history[0], url):
            raise self._counted(OffsiteRedirect(f"to {url}"))
        return hop.replace(url=url, dont_filter=True)

    def _counted(self, error: IgnoreRequest) -> IgnoreRequest:
        self.crawler.stats.inc_value(f"redirect/{type(error).__name__}")
        return error


def _hops(request: Request) -> int:
    return len(request.meta.get("redirect_urls", ()))


def _is_unfollowed(request: Request, response: Response) -> bool:
    """Scrapy hands a redirect to another scheme on as if it were a page."""
    wanted = request.meta.get("dont_redirect") or request.meta.get("handle_httpstatus_all")
    listed = response.status in request.meta.get("handle_httpstatus_list", ())
    return (
        not wanted
        and not listed
        and response.status in _REDIRECTS
        and "Location" in response.headers
    )
