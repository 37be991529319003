"""Turn each fetched page into an article or a rejection, in worker processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from crawler.items import NewsArticle, Page
from pipelines.site_memories import SiteMemories
from pipelines.workers.pool import ExtractionPool
from pipelines.workers.process import OutOfMemoryError, WorkerDiedError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from pipelines.workers.worker import Extracted


class ExtractionPipeline:
    """Extract each `Page` in *pool*, then take out what its site repeats, as *memories* know."""

    def __init__(self, pool: ExtractionPool, memories: SiteMemories, stats: StatsCollector) -> None:
        self._pool = pool
        self._memories = memories
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("EXTRACTION_ENABLED", True):
            raise NotConfigured
        pool = ExtractionPool(
            workers=settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1,
            timeout=settings.getfloat("EXTRACTION_TIMEOUT", 10.0),
            memory=settings.getint("EXTRACTION_MEMORY_MB", 1024),
        )
        store: Any = getattr(crawler, "store", None)
        memories = SiteMemories(store)
        if store is not None:
            store.join(memories)
        return cls(pool, memories, crawler.stats)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        try:
            extracted = await self._extract(item)
        except (TimeoutError, WorkerDiedError) as error:
            return self._pool.failure(item, error)
        for fact in extracted.facts:
            self._stats.inc_value(fact)
        if isinstance(extracted.result, NewsArticle):
            taken = self._memories.clean(extracted.result, extracted.paragraphs)
            extracted.result.fingerprint = None if taken else extracted.fingerprint
        return extracted.result

    async def _extract(self, page: Page) -> Extracted:
        try:
            return await self._pool.extract(page)
        except OutOfMemoryError:
            raise
        except WorkerDiedError:
            # Somebody may have killed the worker; a page that kills it does so twice.
            return await self._pool.extract(page)

    def close_spider(self) -> None:
        self._pool.close()
