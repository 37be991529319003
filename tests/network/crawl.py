"""Crawl a list of URLs in a process of its own and print what each came to, as JSON.

Reads `{"urls": [...], "settings": {...}, "names": {...}}` from standard input. A URL is a string
or `[url, meta]`; *names* are what host names resolve to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.address import IPv4Address
from twisted.python.failure import Failure

from crawler.network.failures import failure_reason
from crawler.network.resolver import GuardedResolver

Resolver = TypeVar("Resolver", bound=CachingHostnameResolver)


class FaultSpider(Spider):
    """Ask for each URL and note how it ended."""

    name = "faults"
    spec: dict[str, Any]
    outcomes: dict[str, list[dict[str, Any]]]

    async def start(self) -> AsyncIterator[Any]:
        for entry in self.spec["urls"]:
            url, meta = entry if isinstance(entry, list) else (entry, {})
            yield Request(
                url,
                self.parse,
                errback=self.failed,
                meta={**meta, "asked": url},
                dont_filter=bool(meta.get("twice")),
            )

    def parse(self, response: Response) -> None:
        self._note(response.meta["asked"], "page", str(len(response.body)), response.url)

    def failed(self, failure: Failure) -> None:
        reason, detail = failure_reason(failure)
        request = failure.request  # type: ignore[attr-defined]
        self._note(request.meta["asked"], reason, detail, request.url)

    def _note(self, asked: str, outcome: str, detail: str, url: str) -> None:
        noted = {"outcome": outcome, "detail": detail, "url": url}
        self.outcomes.setdefault(asked, []).append(noted)


class _Names:
    """Resolve the names of a test, everything else as Twisted does."""

    def __init__(self, original: Any, names: dict[str, list[str]]):
        self._original = original
        self._names = names

    def resolveHostName(  # noqa: N802
        self, receiver: Any, name: str, port: int = 0, *rest: Any
    ) -> Any:
        if name not in self._names:
            return self._original.resolveHostName(receiver, name, port, *rest)
        receiver.resolutionBegan(None)
        for address in self._names[name]:
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return None


class NamesResolver(GuardedResolver):
    """Our resolver over the names of TEST_NAMES."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> NamesResolver:
        return _scripted(super().from_crawler(crawler, reactor), crawler)


class PlainNamesResolver(CachingHostnameResolver):
    """Scrapy's resolver over the names of TEST_NAMES."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> PlainNamesResolver:
        return _scripted(super().from_crawler(crawler, reactor), crawler)


def _scripted(resolver: Resolver, crawler: Any) -> Resolver:
    names = crawler.settings.getdict("TEST_NAMES")
    scripted: Any = _Names(resolver.original_resolver, names)
    resolver.original_resolver = scripted
    return resolver


def main() -> None:
    spec = json.load(sys.stdin)
    settings = {**spec["settings"], "TEST_NAMES": spec.get("names", {})}
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(FaultSpider)
    outcomes: dict[str, list[dict[str, Any]]] = {}
    process.crawl(crawler, spec=spec, outcomes=outcomes)
    process.start()
    stats = crawler.stats.get_stats() if crawler.stats else {}
    json.dump({"outcomes": outcomes, "stats": stats}, sys.stdout, default=str)


if __name__ == "__main__":
    main()
