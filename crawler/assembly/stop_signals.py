"""Stop a crawl the way the signal asks: gracefully at the first, at once at the second."""

from __future__ import annotations

import asyncio
import os
import signal
from types import FrameType
from typing import Any


class StopSignals:
    """Remember which of SIGTERM and SIGINT came, and ask *process* to finish what is in flight.

    A second signal ends the process on the spot, as `kill -9` does; the next run recovers.
    """

    def __init__(self, process: Any) -> None:
        self.signal: int | None = None
        self._process = process
        self._loop = asyncio.get_event_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self.signal is not None:
            os._exit(128 + number)
        self.signal = number
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._process.stop())
