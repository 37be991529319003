"""Render the pages of sites that are made by script, in a browser that reaches no host itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeoutError
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.middlewares.compression import StrictCompressionMiddleware
from crawler.middlewares.robots import RobotsMiddleware
from crawler.network.exceptions import BodyTooLarge, RenderingFailed, RobotsDisallowed
from crawler.network.handlers import GuardedDownloadHandler
from crawler.rendering.page import RenderedPage

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_QUIET_SECONDS = 5.0  # a page that never stops asking is taken as it is then


class RenderingDownloadHandler(GuardedDownloadHandler):
    """Fetch as `GuardedDownloadHandler`, and render HTML pages whose request asks for it.

    The page itself and everything that it asks for come through the guarded handler, robots.txt
    included; the browser is started so that it resolves no name and connects to nothing. Only
    answers with status 200 and HTML are rendered; all others go on as they came.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._max_size = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._browser = ScrapyPlaywrightDownloadHandler(crawler)
        # It prints a traceback for each page that fails; the failure is an outcome of ours.
        logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)

    async def download_request(self, request: Request) -> Response:
        response = await super().download_request(request)
        if not request.meta.get("render") or response.status != 200:
            return response
        response = self._unpacked(request, response)
        if not isinstance(response, HtmlResponse) or "dataloss" in response.flags:
            return response
        return await self._rendered(request, response)

    async def close(self) -> None:
        await self._browser.close()
        await super().close()

    async def _rendered(self, request: Request, response: HtmlResponse) -> Response:
        page = RenderedPage(response, lambda url: self._fetch(url, request))
        asked = Request(
            request.url,
            headers=request.headers,
            meta={
                "playwright": True,
                "playwright_page_init_callback": page.open,
                "playwright_page_methods": [PageMethod(_settle)],
                "playwright_context_kwargs": {
                    "service_workers": "block",
                    "accept_downloads": False,
                    "user_agent": (request.headers.get("User-Agent") or b"").decode("latin-1"),
                },
            },
        )
        try:
            rendered = await self._browser.download_request(asked)
        except BrowserTimeoutError as error:
            raise DownloadTimeoutError("the browser did not finish the page in time") from error
        except BrowserError as error:
            raise RenderingFailed(str(error).partition("\n")[0]) from error
        if len(rendered.body) > self._max_size:
            raise BodyTooLarge(f"{len(rendered.body)} bytes when rendered")
        headers = response.headers.copy()
        for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        text = rendered.body.decode(getattr(rendered, "encoding", "utf-8"), "replace")
        return HtmlResponse(
            response.url, headers=headers, body=text.encode("utf-8", "replace"), request=request
        )

    async def _fetch(self, url: str, page: Request) -> Response:
        """Fetch what *page* asks for, if robots.txt and the guard allow it."""
        robots = self._crawler.get_downloader_middleware(RobotsMiddleware)
        if robots is not None and not page.meta.get("dont_obey_robotstxt"):
            rules = await robots.rules(url)
            if rules.unreachable or not rules.allows(url):
                raise RobotsDisallowed("robots.txt forbids it")
        headers = {
            "User-Agent": page.headers.get("User-Agent"),
            "Accept-Encoding": "identity",
            "Referer": page.url,
        }
        meta = {"download_timeout": self._timeout, "proxy": page.meta.get("proxy")}
        request = Request(url, headers=headers, meta=meta)
        return self._unpacked(request, await super().download_request(request))

    def _unpacked(self, request: Request, response: Response) -> Response:
        decoder = self._crawler.get_downloader_middleware(StrictCompressionMiddleware)
        result = decoder.process_response(request, response) if decoder else response
        return cast("Response", result)  # it makes no new request


async def _settle(page: Page) -> None:
    """Wait until the page asks for nothing more, but not for long."""
    try:
        await page.wait_for_load_state("networkidle", timeout=1_000 * _QUIET_SECONDS)
    except BrowserTimeoutError:
        logging.getLogger(__name__).debug("%s does not come to rest", page.url)
