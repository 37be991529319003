"""Keep to robots.txt as RFC 9309 says, which is stricter than Scrapy where a host fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler.middlewares.hosts import HostMiddleware
from crawler.network.exceptions import RobotsDisallowed, RobotsUnreachable
from crawler.network.politeness import host_key
from crawler.network.robots_files import RobotsFiles
from crawler.network.robots_rules import Rules, product_token

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler


class RobotsMiddleware:
    """Ask each host's robots.txt once, obey it, and apply its Crawl-delay to the host's slot.

    A 4xx answer allows everything; a 5xx, a time-out or a refused address forbids everything for
    ROBOTSTXT_RETRY_SECONDS; rules hold ROBOTSTXT_CACHE_SECONDS, also for later runs. The first
    ROBOTSTXT_MAX_BYTES are read. CRAWL_DELAY_MAX caps the delay. Off with ROBOTSTXT_OBEY, or
    `dont_obey_robotstxt` in meta.
    """

    def __init__(self, crawler: Crawler):
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._delay_max = settings.getfloat("CRAWL_DELAY_MAX")
        self._files = RobotsFiles(
            crawler,
            settings["ROBOTSTXT_USER_AGENT"] or product_token(settings["USER_AGENT"]),
            settings.getint("ROBOTSTXT_MAX_BYTES"),
            settings.getfloat("ROBOTSTXT_CACHE_SECONDS"),
            settings.getfloat("ROBOTSTXT_RETRY_SECONDS"),
            self._learned,
            getattr(getattr(crawler, "store", None), "robots", None),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.bytes_received, signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        self._files.start(request)
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.rules(request.url)
        if rules.unreachable:
            self._crawler.stats.inc_value("robotstxt/unreachable")
            raise RobotsUnreachable(f"robots.txt: {rules.unreachable}") from rules.cause
        if not rules.allows(request.url):
            self._crawler.stats.inc_value("robotstxt/forbidden")
            raise RobotsDisallowed("robots.txt forbids it")

    async def rules(self, url: str) -> Rules:
        """The rules of the host of *url*, for spiders too: its sitemaps are among them."""
        return await self._files.rules(url)

    def bytes_received(self, data: bytes, request: Request) -> None:
        self._files.limit(data, request)

    def _learned(self, where: str, rules: Rules) -> None:
        hosts = self._crawler.get_downloader_middleware(HostMiddleware)
        if hosts is not None and rules.crawl_delay:
            hosts.slow_down(host_key(where), rules.crawl_delay, self._delay_max)
