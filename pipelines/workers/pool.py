"""Worker processes that extract pages, each page under a time limit."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Literal

from crawler.items import Page, Rejection
from pipelines.workers.process import ExtractionProcess, Job, OutOfMemoryError, WorkerDiedError
from pipelines.workers.worker import Extracted

# Pages at one worker: enough that it never waits, and fingerprints several records at once.
_AHEAD = 8


class ExtractionPool:
    """Up to *workers* processes; a page over *timeout* seconds costs its worker its life.

    So does one for which the worker needs more than *memory* megabytes; 0 is no limit.

    Used from one event loop, without threads: beside a busy reactor a thread that hands pages over
    waits longer for the interpreter than a page takes. Workers are started as pages need them.
    """

    def __init__(self, *, workers: int, timeout: float, memory: int = 0) -> None:
        self._most = workers
        self._timeout = timeout
        self._memory = memory
        self._waiting: deque[Job] = deque()
        self._processes: list[ExtractionProcess] = []
        self._starting: set[asyncio.Task[None]] = set()

    async def extract(self, page: Page) -> Extracted:
        """Extract *page* in a worker.

        Raises `TimeoutError` and `WorkerDiedError`, which `failure` reads, and `ExtractionError`.
        """
        future: asyncio.Future[Extracted] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job.of(page, future))
        self._hand_out()
        return await future

    def failure(self, page: Page, error: TimeoutError | WorkerDiedError) -> Rejection:
        """The outcome of a page whose worker was too slow or died."""
        if isinstance(error, TimeoutError):
            return rejection(page, "rejected", "too_slow", f"more than {self._timeout:g} seconds")
        if isinstance(error, OutOfMemoryError):
            detail = f"takes more than {self._memory} MB of memory"
            return rejection(page, "rejected", "too_large", detail)
        return rejection(page, "failed", "worker_died", str(error))

    def close(self) -> None:
        """End the workers; they hold nothing that would be lost."""
        processes, self._processes = self._processes, []
        for process in processes:
            process.end()

    def _hand_out(self) -> None:
        while self._waiting:
            least = min(self._processes, key=len, default=None)
            if len(self._processes) < self._most and (least is None or len(least)):
                least = self._start()
            if least is None or len(least) >= _AHEAD:
                return
            least.send(self._waiting.popleft())

    def _start(self) -> ExtractionProcess:
        process = ExtractionProcess(self._timeout, self._memory, self._hand_out, self._ended)
        self._processes.append(process)
        # Kept, because the event loop alone does not keep a task alive.
        task = asyncio.get_running_loop().create_task(process.connect())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return process

    def _ended(self, process: ExtractionProcess) -> None:
        if process in self._processes:
            self._processes.remove(process)
            self._waiting.extendleft(reversed(process.bury()))
            self._hand_out()


def rejection(
    page: Page, outcome: Literal["rejected", "failed"], reason: str, detail: str
) -> Rejection:
    """The rejection of *page* for *reason*."""
    return Rejection(
        outcome=outcome,
        url=page.url,
        reason=reason,
        detail=detail,
        date_fetched=page.date_fetched,
        candidate=page.candidate,
        site=page.site,
    )
