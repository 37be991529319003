"""What a page may ask for while a browser renders it: as little as it needs, through our guard."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from playwright.async_api import Error as BrowserError

from crawler.discovery.urls import safe_url

if TYPE_CHECKING:
    from playwright.async_api import Page, Route
    from scrapy.http import Response

logger = logging.getLogger(__name__)

MAX_REQUESTS = 80  # of one page
_MAX_HOPS = 4
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
# What a story's text can come with; pictures, fonts and styles change no word.
_WANTED = frozenset(("script", "fetch", "xhr"))
# The browser is given the body as it was decoded; the others are about the connection.
_LEFT_OUT = frozenset(
    ("connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding")
)

Fetch = Callable[[str], Awaitable["Response"]]


class RenderedPage:
    """Answers every request of one page: the page itself with *first*, the rest by *fetch*.

    The browser itself reaches no host (see `handler.py`). *fetch* raises for what may not be asked.
    GET only; frames, and navigations after the first, are not followed.
    """

    def __init__(self, first: Response, fetch: Fetch) -> None:
        self._first = first
        self._fetch = fetch
        self._begun = False
        self._left = MAX_REQUESTS

    async def open(self, page: Page, _request: object) -> None:
        """Take over the requests of *page*; called before it goes anywhere."""
        await page.route("**", self._answer)

    async def _answer(self, route: Route) -> None:
        try:
            response = await self._response(route.request)
            if response is None:
                await route.abort()
            else:
                await route.fulfill(
                    status=response.status, headers=_headers(response), body=response.body
                )
        except BrowserError as error:
            # The page was closed while it was still asking.
            logger.debug("%s: %s", route.request.url, error)

    async def _response(self, request: Any) -> Response | None:
        if request.is_navigation_request():
            if self._begun or request.frame.parent_frame is not None:
                return None
            self._begun = True
            return self._first
        self._left -= 1
        if request.method != "GET" or request.resource_type not in _WANTED or self._left < 0:
            return None
        try:
            return await self._follow(request.url)
        except Exception as error:  # noqa: BLE001 - whatever it was, this part of the page is missing
            logger.info("%s asked for %s: %s", self._first.url, request.url, error)
            return None

    async def _follow(self, url: str) -> Response | None:
        for _ in range(_MAX_HOPS):
            response = await self._fetch(url)
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or location is None:
                return response
            following = safe_url(urljoin(url, location.decode("latin-1")))
            if following is None:
                return None
            url = following
        return None


def _headers(response: Response) -> dict[str, str]:
    found = response.headers.to_unicode_dict().items()
    return {str(name): value for name, value in found if str(name).lower() not in _LEFT_OUT}
