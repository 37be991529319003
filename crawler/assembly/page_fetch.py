"""Fetch one page as the crawl does: robots.txt, address guard, limits, all parts of an article."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.discovery.parts import is_whole, next_part
from crawler.items import PagePart
from crawler.network.failures import failure_reason
from crawler.network.politeness import host_key

# What only a run over an output folder has a use for.
_ALONE = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {"crawler.extensions.log_secrets.LogSecrets": 0},
}


class FetchError(Exception):
    """The page did not come; the message is the reason's word and a sentence."""


class _OnePage(Spider):
    name = "page"

    def __init__(self, url: str, parts: list[PagePart], problems: list[str]) -> None:
        super().__init__()
        self._url, self._parts, self._problems = url, parts, problems

    async def start(self) -> AsyncIterator[Request]:
        yield self._request(self._url)

    def _request(self, url: str) -> Request:
        # The host's own slot, so that a Crawl-delay in its robots.txt holds between the parts.
        meta = {"download_slot": host_key(url)}
        return Request(url, callback=self.take, errback=self.fail, meta=meta, dont_filter=True)

    def take(self, response: Response) -> Iterator[Request]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        self._parts.append(PagePart(response.url, response.body, content_type))
        following = next_part(response.body, response.url, [part.url for part in self._parts])
        if following is not None:
            yield self._request(following)
        elif is_whole(self._parts[0].url, response.url):
            del self._parts[:-1]

    def fail(self, failure: Failure) -> None:
        self._problems.append(": ".join(failure_reason(failure)))


def fetch(url: str, settings: Settings) -> list[PagePart]:
    """The parts of the article at *url*; raises `FetchError`. Once a process: it runs the reactor.

    The host of *url* was named by the operator, so it may have a private address.
    """
    own: Any = settings.copy()
    own.setdict(_ALONE, priority="cmdline")
    own.set("NAMED_HOSTS", [*own.getlist("NAMED_HOSTS"), host_key(url)], priority="cmdline")
    parts: list[PagePart] = []
    problems: list[str] = []
    process: Any = AsyncCrawlerProcess(own)
    process.crawl(_OnePage, url=url, parts=parts, problems=problems)
    process.start()
    if problems or not parts:
        raise FetchError(problems[0] if problems else "the fetch was stopped")
    return parts
