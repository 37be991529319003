"""Keep to robots.txt as RFC 9309 says, which is stricter than Scrapy where a host fails."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http.request import NO_CALLBACK

from crawler.exceptions import CrawlStopping, RedirectLoop, RobotsDisallowed, RobotsUnreachable
from crawler.failures import failure_reason
from crawler.middlewares.hosts import HostMiddleware
from crawler.politeness import host_key
from crawler.robots_rules import Rules, product_token, robots_url, rules_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

_MAX_HOPS = 5  # RFC 9309, section 2.3.1.2, also to other hosts


class RobotsMiddleware:
    """Ask each host's robots.txt once, obey it, and apply its Crawl-delay to the host's slot.

    A 4xx answer allows everything; a 5xx, a time-out or a refused address forbids everything for
    ROBOTSTXT_RETRY_SECONDS; rules hold ROBOTSTXT_CACHE_SECONDS. The first ROBOTSTXT_MAX_BYTES are
    read. CRAWL_DELAY_MAX caps the delay. Off with ROBOTSTXT_OBEY, or `dont_obey_robotstxt` in meta.
    """

    def __init__(self, crawler: Crawler):
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent = settings["ROBOTSTXT_USER_AGENT"] or product_token(settings["USER_AGENT"])
        self._max_bytes = settings.getint("ROBOTSTXT_MAX_BYTES")
        self._delay_max = settings.getfloat("CRAWL_DELAY_MAX")
        self._lifetime = settings.getfloat("ROBOTSTXT_CACHE_SECONDS")
        self._retry = settings.getfloat("ROBOTSTXT_RETRY_SECONDS")
        self._known: dict[str, tuple[asyncio.Future[Rules], float]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.bytes_received, signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        if "robotstxt_bytes" in request.meta:
            request.meta["robotstxt_bytes"] = 0  # a retry or a hop starts with a copy
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.rules(request.url)
        if rules.unreachable:
            self._count("unreachable")
            raise RobotsUnreachable(f"robots.txt: {rules.unreachable}") from rules.cause
        if not rules.allows(request.url):
            self._count("forbidden")
            raise RobotsDisallowed("robots.txt forbids it")

    async def rules(self, url: str) -> Rules:
        """The rules of the host of *url*, asked for where they are not known; with its sitemaps."""
        where = robots_url(url)
        answer, until = self._known.get(where, (None, 0.0))
        if answer is None or (answer.done() and monotonic() >= until):
            answer = asyncio.get_running_loop().create_future()
            self._known[where] = (answer, 0.0)
            await self._learn(where, answer)
        return await asyncio.shield(answer)

    async def _learn(self, where: str, answer: asyncio.Future[Rules]) -> None:
        try:
            rules = await self._fetch(where)
        except CrawlStopping as error:
            answer.set_exception(error)
            return
        lifetime = self._retry if rules.unreachable else self._lifetime
        self._known[where] = (answer, monotonic() + lifetime)
        answer.set_result(rules)

    def bytes_received(self, data: bytes, request: Request) -> None:
        if (read := request.meta.get("robotstxt_bytes")) is None:
            return
        request.meta["robotstxt_bytes"] = read + len(data)
        if read + len(data) > self._max_bytes:
            raise StopDownload(fail=False)

    async def _fetch(self, where: str) -> Rules:
        meta = {
            "dont_obey_robotstxt": True,
            "allow_offsite": True,
            "redirect_ttl": _MAX_HOPS,
            "robotstxt_bytes": 0,
        }
        request = Request(where, meta=meta, priority=1000, callback=NO_CALLBACK, dont_filter=True)
        self._count("request_count")
        try:
            response = await self._crawler.engine.download_async(request)
        except CrawlStopping:
            raise
        except RedirectLoop:
            return Rules(self._agent)
        except Exception as error:  # noqa: BLE001  (whatever it was: no rules, so no requests)
            return Rules(self._agent, unreachable=failure_reason(error)[0], cause=error)
        rules = rules_of(response.status, response.body, self._agent, self._max_bytes)
        self._slow_down(where, rules)
        return rules

    def _slow_down(self, where: str, rules: Rules) -> None:
        hosts = self._crawler.get_downloader_middleware(HostMiddleware)
        if hosts is not None and rules.crawl_delay:
            hosts.slow_down(host_key(where), rules.crawl_delay, self._delay_max)

    def _count(self, what: str) -> None:
        self._crawler.stats.inc_value(f"robotstxt/{what}")
