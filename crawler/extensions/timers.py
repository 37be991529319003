"""Forget the timeouts of requests that were answered."""

from __future__ import annotations

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

_SECONDS = 1.0


class CancelledTimers:
    """Have the reactor sweep out its cancelled timers every second.

    Each request brings two: its own timeout, and that of its idle connection. Twisted sweeps when
    one of its timers runs out, but Scrapy's clocks are asyncio's, so the timers of all requests of
    three minutes would lie there: 0.7 MB a thousand pages.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._clock: LoopingCall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_started(self) -> None:
        # The reactor sweeps before and after what it calls, so there is nothing to call.
        self._clock = LoopingCall(lambda: None)
        self._clock.start(self._seconds, now=False)

    def engine_stopped(self) -> None:
        if self._clock is not None and self._clock.running:
            self._clock.stop()
