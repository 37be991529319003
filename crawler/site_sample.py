"""A look at one site: its first lists and some of its articles, and what there would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from crawler.discovery.urls import page_key
from crawler.items import Task, TaskKind
from crawler.site_crawl import SiteCrawl

if TYPE_CHECKING:
    from crawler.article_queue import TakenUp
    from crawler.discovery.entries import Entry

MAX_LISTS = 12
MAX_SITEMAPS = 3  # of the indexes


class SiteSample(SiteCrawl):
    """Crawls as `SiteCrawl`, but bounded, and counts what it names.

    At most `arguments.sample` articles are fetched, 12 lists without their further pages, and
    three sitemaps of the indexes, the newest. *named* are the articles that these name.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.named: set[int] = set()
        self._room = self._arguments.sample or 0
        self._lists = 0
        self._sitemaps = 0

    def _front(
        self, kind: TaskKind, url: str, depth: int, *, memo: dict[str, object] | None = None
    ) -> bool:
        if kind == "list" and self._lists >= MAX_LISTS:
            return False
        queued = super()._front(kind, url, depth, memo=memo)
        self._lists += queued and kind == "list"
        return queued

    def _page(self, *_: Any, **__: Any) -> bool:
        return False

    def _child_sitemap(
        self, parent: Task, url: str, lastmod: str | None, *, outer: bool, latest: bool
    ) -> None:
        self._sitemaps += 1
        if self._sitemaps <= MAX_SITEMAPS:
            super()._child_sitemap(parent, url, lastmod, outer=outer, latest=latest)

    def _articles(self, entries: list[Entry], task: Task) -> TakenUp:
        self.named.update(crc32(page_key(entry.url).encode()) for entry in entries)
        taken = super()._articles(entries[: self._room], task)
        self._room -= taken.new
        return taken
