"""Tell reposts from first prints."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from crawler.items import NewsArticle
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.index import Index, MemoryIndex
from pipelines.reposts import as_judged

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_SECONDS_A_DAY = 86_400


class NearDuplicatesPipeline:
    """Turn an article that reprints an earlier one into a `Repost`, and remember every article.

    The memory is the output folder's, where one is open (`crawler.store`), else the run's own.
    """

    def __init__(self, index: Index, clock: Callable[[], float] = time) -> None:
        self._detector = Detector(index)
        self._clock = clock

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("NEAR_DUPLICATES_ENABLED", True):
            raise NotConfigured
        store: Any = getattr(crawler, "store", None)
        return cls(MemoryIndex()) if store is None else cls(store.fingerprints, store.clock)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, NewsArticle):
            return item
        fingerprint = item.fingerprint
        if fingerprint is None:
            fingerprint = self._detector.fingerprint(item.article_body, item.date_published)
            item.fingerprint = fingerprint
        item.simhash = fingerprint.hexadecimal
        document = Document(item.id, fingerprint, item.canonical_url)
        verdict = self._detector.judge(document)
        self._detector.add(document, verdict, self._clock() // _SECONDS_A_DAY)
        return as_judged(item, verdict.first_print)
