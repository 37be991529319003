"""One queue a host: its key, its delay, and how long it rests."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from crawler.network.exceptions import CrawlStopping
from crawler.network.politeness import host_key, slot_delay

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.core.downloader import Downloader
    from scrapy.crawler import Crawler

_WATCH_SECONDS = 0.5
# A slot without a delay never looks at the time of its last request.
_LEAST_DELAY = 0.001


class HostMiddleware:
    """Put each request, also each hop of a redirect, into the downloader slot of its own host.

    The other components ask it to slow a host down (Crawl-delay) or to rest it (Retry-After,
    back-off). A resting host's requests wait in its slot, other hosts go on. When the crawl closes
    what still waits ends with `CrawlStopping`, so a stop does not last as long as a delay.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._watch = create_looping_call(self._release_when_closing)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.assign, signals.request_scheduled)
        crawler.signals.connect(middleware.spider_opened, signals.spider_opened)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    def assign(self, request: Request) -> None:
        request.meta["download_slot"] = host_key(request.url)

    def process_request(self, request: Request) -> None:
        self.assign(request)

    def slow_down(self, host: str, seconds: float, cap: float) -> None:
        """Leave at least *seconds* (at most *cap*) between two requests to *host*, from now on."""
        downloader = self._downloader()
        # The downloader forgets idle slots and makes new ones from these settings.
        settings = dict(downloader.per_slot_settings.get(host, {}))
        default = float(settings.get("delay", self._crawler.settings.getfloat("DOWNLOAD_DELAY")))
        delay = slot_delay(default, seconds, cap)
        if delay <= default:
            return
        downloader.per_slot_settings[host] = {**settings, "delay": delay, "jitter": 0.0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.jitter = delay, 0.0

    def rest(self, host: str, seconds: float) -> None:
        """Send nothing to *host* for *seconds*, unless it rests longer already."""
        slot = self._downloader().slots.get(host)
        if slot is not None and seconds > 0:
            slot.lastseen = max(slot.lastseen, monotonic() + seconds)
            slot.delay = max(slot.delay, _LEAST_DELAY)
            store: Any = getattr(self._crawler, "store", None)
            if store is not None:
                store.frontier.rest(host, seconds)

    def rests(self, host: str) -> bool:
        """Whether *host* is resting at this moment."""
        slot = self._downloader().slots.get(host)
        return slot is not None and slot.lastseen > monotonic()

    def spider_opened(self) -> None:
        self._watch.start(_WATCH_SECONDS)

    def spider_closed(self) -> None:
        if self._watch.running:
            self._watch.stop()

    def _downloader(self) -> Downloader:
        return self._crawler.engine.downloader

    def _release_when_closing(self) -> None:
        engine = self._crawler.engine
        # Scrapy sends no signal when it begins to close; it waits for every request first.
        slot = engine._slot if engine else None
        if engine is None or slot is None or slot.closing is None:
            return
        for waiting in list(engine.downloader.slots.values()):
            while waiting.queue:
                _, answer = waiting.queue.popleft()
                answer.errback(CrawlStopping("the crawl stops"))
