"""Number an article that changed, and drop one that did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from crawler.items import NewsArticle, Unchanged

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.store.interfaces import CrawlStore


class VersionsPipeline:
    """Give each article the next version of its `id`; a text that we have becomes `Unchanged`."""

    def __init__(self, store: CrawlStore) -> None:
        self._store = store

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        store = getattr(crawler, "store", None)
        if store is None:
            msg = "no output folder is open"
            raise NotConfigured(msg)
        return cls(store)

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, NewsArticle):
            return item
        version = self._store.next_version(item.id, item.text_digest)
        if version is None:
            return Unchanged(candidate=item.candidate, site=item.site)
        item.version = version
        return item
