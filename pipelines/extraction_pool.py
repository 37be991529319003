"""Worker processes that extract pages, each page under a time limit."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future
from typing import Literal

from pebble import ProcessExpired, ProcessPool

from crawler.items import Page, Rejection
from pipelines import extraction_worker
from pipelines.extraction_worker import Extracted


class ExtractionPool:
    """*workers* processes; a page that takes over *timeout* seconds costs its worker its life."""

    def __init__(self, *, workers: int, timeout: float) -> None:
        self._timeout = timeout
        # Spawned, not forked: a fork would inherit the lock of the output folder and the reactor.
        self._pool = ProcessPool(
            max_workers=workers,
            initializer=extraction_worker.start,
            context=multiprocessing.get_context("spawn"),
        )

    def submit(self, page: Page) -> Future[Extracted]:
        """Extract *page* in a worker; its failure is for `failure` to read."""
        return self._pool.schedule(extraction_worker.extract, args=(page,), timeout=self._timeout)

    def failure(self, page: Page, error: TimeoutError | ProcessExpired) -> Rejection:
        """The outcome of a page whose worker was too slow or died."""
        if isinstance(error, TimeoutError):
            return rejection(page, "rejected", "too_slow", f"more than {self._timeout:g} seconds")
        return rejection(page, "failed", "worker_died", f"exit code {error.exitcode}")

    def close(self) -> None:
        """End the workers."""
        self._pool.stop()
        self._pool.join()


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
