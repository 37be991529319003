"""Book the outcome of each candidate, with its line of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from pipelines.store.outcome import outcome_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.store.interfaces import CrawlStore


class JsonLinesPipeline:
    """Hand each outcome to the store, which makes it durable with the others of its batch.

    *write* off books outcomes without their lines. *tag* writes a repost among the articles.
    """

    def __init__(self, store: CrawlStore, *, write: bool, tag: bool) -> None:
        self._store = store
        self._store.write_lines = write
        self._store.tag_reposts = tag
        self._tag = tag

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        store = getattr(crawler, "store", None)
        if store is None:
            msg = "no output folder is open"
            raise NotConfigured(msg)
        return cls(
            store,
            write=crawler.settings.getbool("JSON_LINES_ENABLED"),
            tag=crawler.settings["NEAR_DUPLICATES_ACTION"] == "tag",
        )

    def process_item(self, item: Any) -> Any:
        outcome = outcome_of(item, self._store.now(), write=self._store.write_lines, tag=self._tag)
        if outcome is not None:
            self._store.book(outcome)
        return item
