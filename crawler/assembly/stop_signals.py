"""Stop a crawl the way the signal asks: gracefully at the first, at once at the second."""

from __future__ import annotations

import asyncio
import os
import signal
from types import FrameType
from typing import Any

_STEP = 0.02  # seconds
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopSignals:
    """Remember which of SIGTERM and SIGINT came, and ask the crawl to finish what is in flight.

    A second signal ends the process on the spot, as `kill -9` does, and so does one that comes
    before there is anything in flight (`watch`); the next run recovers.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self._process: Any = None
        for number in _SIGNALS:
            signal.signal(number, self._handle)

    def watch(self, process: Any) -> None:
        """From now on the first signal stops *process* gracefully."""
        self._loop = asyncio.get_event_loop()
        self._process = process

    def decided(self) -> None:
        """The exit status is what it is; a signal that comes now does not change it."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self.signal is not None or self._process is None:
            os._exit(128 + number)
        self.signal = number
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._stop_what_runs())

    async def _stop_what_runs(self) -> None:
        # Scrapy 2.19 forgets a stop that comes while its engine starts, and then never ends.
        while any(not _runs(crawler) for crawler in self._process.crawlers):
            await asyncio.sleep(_STEP)
        await self._process.stop()


def _runs(crawler: Any) -> bool:
    return crawler._engine is not None and crawler._engine.running
