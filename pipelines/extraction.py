"""Turn each fetched page into an article or a rejection, in worker processes."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Self

from pebble import ProcessExpired
from scrapy.exceptions import NotConfigured

from crawler.items import Page
from pipelines.extraction_pool import ExtractionPool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from pipelines.extraction_worker import Extracted


class ExtractionPipeline:
    """Extract each `Page` in *pool*, whose workers must not outlive the crawl."""

    def __init__(self, pool: ExtractionPool, stats: StatsCollector) -> None:
        self._pool = pool
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("EXTRACTION_ENABLED"):
            raise NotConfigured
        pool = ExtractionPool(
            workers=settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1,
            timeout=settings.getfloat("EXTRACTION_TIMEOUT"),
        )
        return cls(pool, crawler.stats)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        try:
            extracted = await self._extract(item)
        except (TimeoutError, ProcessExpired) as error:
            return self._pool.failure(item, error)
        for fact in extracted.facts:
            self._stats.inc_value(fact)
        return extracted.result

    async def _extract(self, page: Page) -> Extracted:
        try:
            return await asyncio.wrap_future(self._pool.submit(page))
        except ProcessExpired:
            # Somebody may have killed the worker; a page that kills it does so twice.
            return await asyncio.wrap_future(self._pool.submit(page))

    def close_spider(self) -> None:
        self._pool.close()
