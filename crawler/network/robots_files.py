"""The robots.txt files of a crawl: fetched once a host, kept as long as they may be."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http.request import NO_CALLBACK

from crawler.network.exceptions import CrawlStopping, RedirectLoop
from crawler.network.failures import failure_reason
from crawler.network.robots_rules import Rules, robots_url, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler

_MAX_HOPS = 5  # RFC 9309, section 2.3.1.2, also to other hosts
# A longer file is cut where we have read enough; one of more than this many times that is no
# robots.txt, and this also bounds what decompression may make of it.
_ABSURD = 32
_READ = "robotstxt_bytes"


class RobotsMemory(Protocol):
    """What was answered in earlier runs."""

    def recall(self, url: str) -> tuple[int, bytes, float] | None:
        """Status, body and age in seconds of the answer kept for *url*."""

    def remember(self, url: str, status: int, body: bytes) -> None:
        """Keep the answer that came just now."""


class RobotsFiles:
    """Fetch and remember rules for *agent*, from the first *max_bytes* of each file.

    Rules hold *lifetime* seconds, in *memory* also between runs; a failure holds *retry* seconds.
    *learned* is told each file's address and rules when they are new.
    """

    def __init__(
        self,
        crawler: Crawler,
        agent: str,
        max_bytes: int,
        lifetime: float,
        retry: float,
        learned: Callable[[str, Rules], None],
        memory: RobotsMemory | None = None,
    ):
        self._crawler = crawler
        self._agent = agent
        self._max_bytes = max_bytes
        self._lifetime = lifetime
        self._retry = retry
        self._learned = learned
        self._memory = memory
        self._known: dict[str, tuple[asyncio.Future[Rules], float]] = {}

    async def rules(self, url: str) -> Rules:
        """The rules of the host of *url*; raises `CrawlStopping` where the crawl closes first."""
        where = robots_url(url)
        answer, until = self._known.get(where, (None, 0.0))
        if answer is None or (answer.done() and monotonic() >= until):
            answer = asyncio.get_running_loop().create_future()
            self._known[where] = (answer, 0.0)
            await self._learn(where, answer)
        return await asyncio.shield(answer)

    def limit(self, data: bytes, request: Request) -> None:
        """Count what arrives for a robots.txt and stop when it is enough (`bytes_received`)."""
        if _READ not in request.meta:
            return
        request.meta[_READ] += len(data)
        if request.meta[_READ] > self._max_bytes:
            raise StopDownload(fail=False)

    def start(self, request: Request) -> None:
        """Count from zero: a retry or a hop begins with a copy of the request before it."""
        if _READ in request.meta:
            request.meta[_READ] = 0

    async def _learn(self, where: str, answer: asyncio.Future[Rules]) -> None:
        try:
            rules, lifetime = self._recalled(where) or await self._fetched(where)
        except CrawlStopping as error:
            answer.set_exception(error)
            return
        self._known[where] = (answer, monotonic() + lifetime)
        self._learned(where, rules)
        answer.set_result(rules)

    def _recalled(self, where: str) -> tuple[Rules, float] | None:
        """The rules of an earlier run and the seconds that they still hold."""
        kept = self._memory.recall(where) if self._memory is not None else None
        if kept is None:
            return None
        status, body, age = kept
        # An age below zero is a clock that was set back: nothing is known of the age.
        if not 0 <= age < self._lifetime:
            return None
        return rules_of(status, body, self._agent, self._max_bytes, where), self._lifetime - age

    async def _fetched(self, where: str) -> tuple[Rules, float]:
        rules = await self._fetch(where)
        self._crawler.stats.inc_value("robotstxt/request_count")
        return rules, self._retry if rules.unreachable else self._lifetime

    async def _fetch(self, where: str) -> Rules:
        meta = {
            "dont_obey_robotstxt": True,
            "allow_offsite": True,
            "redirect_ttl": _MAX_HOPS,
            "download_maxsize": _ABSURD * self._max_bytes,
            _READ: 0,
        }
        request = Request(where, meta=meta, priority=1000, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except CrawlStopping:
            raise
        except RedirectLoop:
            self._remember(where, 404, b"")  # as good as none, RFC 9309
            return Rules(self._agent)
        except Exception as error:  # noqa: BLE001  (whatever it was: no rules, so no requests)
            return Rules(self._agent, unreachable=failure_reason(error)[0], cause=error)
        self._remember(where, response.status, response.body)
        return rules_of(response.status, response.body, self._agent, self._max_bytes, where)

    def _remember(self, where: str, status: int, body: bytes) -> None:
        if self._memory is not None and status < 500:
            # One byte more than is read, so that the last line is known to be torn.
            self._memory.remember(where, status, body[: self._max_bytes + 1])
