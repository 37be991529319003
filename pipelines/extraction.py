"""Turn each fetched page into an article or a rejection, in worker processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from typing import TYPE_CHECKING, Any, Self

from pebble import ProcessExpired, ProcessPool
from scrapy.exceptions import NotConfigured

from crawler.items import Page, Rejection
from pipelines import extraction_worker as worker

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from pipelines.extraction_worker import Extracted


class ExtractionPipeline:
    """Extract in *workers* processes; a page that takes over *timeout* seconds is rejected."""

    def __init__(self, stats: StatsCollector, *, workers: int, timeout: float) -> None:
        self._stats = stats
        self._timeout = timeout
        # Spawned, not forked: a fork would inherit the lock of the output folder and the reactor.
        self._pool = ProcessPool(
            max_workers=workers,
            initializer=worker.start,
            context=multiprocessing.get_context("spawn"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("EXTRACTION_ENABLED"):
            raise NotConfigured
        return cls(
            crawler.stats,
            workers=settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1,
            timeout=settings.getfloat("EXTRACTION_TIMEOUT"),
        )

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        try:
            extracted = await self._extract(item)
        except TimeoutError:
            return _rejection(item, "rejected", "too_slow", f"more than {self._timeout:g} seconds")
        except ProcessExpired as error:
            return _rejection(item, "failed", "worker_died", f"exit code {error.exitcode}")
        for fact in extracted.facts:
            self._stats.inc_value(fact)
        return extracted.result

    async def _extract(self, page: Page) -> Extracted:
        try:
            return await self._once(page)
        except ProcessExpired:
            # Somebody may have killed the worker; a page that kills it does so twice.
            return await self._once(page)

    async def _once(self, page: Page) -> Extracted:
        future = self._pool.schedule(worker.extract, args=(page,), timeout=self._timeout)
        return await asyncio.wrap_future(future)

    def close_spider(self) -> None:
        self._pool.stop()
        self._pool.join()


def _rejection(page: Page, outcome: Any, reason: str, detail: str) -> Rejection:
    return Rejection(
        outcome=outcome,
        url=page.url,
        reason=reason,
        detail=detail,
        date_fetched=page.date_fetched,
        candidate=page.candidate,
        site=page.site,
    )
