"""Documents that are on disk already, through the same pipelines as live pages."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy import Spider, signals

from crawler.discovery.urls import canonical_url, safe_url, site_name
from crawler.documents import Document, find_files, read_documents
from crawler.items import Page, Rejection
from crawler.spider_arguments import ArgumentError, read, refuse_unknown, whole_number
from crawler.store_failure import report_store_failure

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.crawler import Crawler

# Between two looks whether another worker gave a file up.
_LOOK_SECONDS = 1.0
# Between two looks whether the items under way are through.
_CLOSING_SECONDS = 0.02


@dataclass(slots=True)
class ArchiveArguments:
    """The arguments of `scrapy crawl archive`."""

    path: str
    timezone: str = ""
    limit: int | None = None


class ArchiveSpider(Spider):
    """Hand every document below *path* to the pipelines, each once over all runs."""

    name = "archive"
    _frontier: Any
    _now: Callable[[], datetime]
    _rooms: int
    _room: asyncio.Semaphore
    _looking: asyncio.Task[None] | None = None

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.arguments = self.parse_arguments(arguments)
        self.answered: dict[str, bool] = {}
        self.broken: str | None = None
        self.unread = False  # a stop came before the last document was read

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._frontier = crawler.store.frontier  # type: ignore[attr-defined]
        spider._now = crawler.store.now  # type: ignore[attr-defined]
        # Items of start() are not held back by Scrapy; an archive must not be read faster than it
        # is extracted.
        spider._rooms = crawler.settings.getint("CONCURRENT_REQUESTS")
        spider._room = asyncio.Semaphore(spider._rooms)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider._item_is_through, signal)
        return spider

    def _item_is_through(self) -> None:
        self._room.release()
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._look_whether_all_is_through())

    async def _look_whether_all_is_through(self) -> None:
        # Scrapy 2.19 closes when the last item is through, but looks only after those that came of
        # a response: a crawl that was stopped while one of these was under way never ended.
        while (slot := self.crawler.engine.scraper.slot) is not None and not slot.is_idle():
            await asyncio.sleep(_CLOSING_SECONDS)
        self._looking = None
        if slot is not None and slot.closing and not slot.closing.called:
            slot.closing.callback(self)

    @staticmethod
    def parse_arguments(arguments: Mapping[str, str]) -> ArchiveArguments:
        """Check the arguments; raises `ArgumentError`."""
        refuse_unknown(arguments, ("path", "timezone", "limit"))
        if not arguments.get("path"):
            msg = "-a path= is missing: a file, a folder or a glob"
            raise ArgumentError(msg)
        return ArchiveArguments(
            path=arguments["path"],
            timezone=read(arguments, "timezone", _zone, ""),
            limit=read(arguments, "limit", whole_number, None),
        )

    async def start(self) -> AsyncIterator[Any]:
        try:
            async for item in self._documents():
                yield item
            # The engine looks whether all is done when this ends, and then every five seconds.
            for _ in range(self._rooms):
                await self._room.acquire()
        except (OSError, sqlite3.Error) as error:
            report_store_failure(self.crawler, error)

    async def _documents(self) -> AsyncIterator[Page | Rejection]:
        self._frontier.begin([])
        self.unread = True
        files = find_files(self.arguments.path)
        if not files:
            self.broken = f"-a path={self.arguments.path}: there is no such file"
        waiting = deque(files)
        refused = 0
        while waiting:
            file = waiting.popleft()
            state = self._frontier.start_file(str(file.resolve()))
            if state == "theirs":
                waiting.append(file)
                refused += 1
                if refused >= len(waiting):
                    refused = 0
                    await asyncio.sleep(_LOOK_SECONDS)
            elif state == "ours":
                refused = 0
                for item in self._items(file):
                    await self._room.acquire()
                    yield item
                self._frontier.end_file(str(file.resolve()))
        self.unread = False

    def _items(self, file: Path) -> Iterator[Page | Rejection]:
        for document in self._documents_of(file):
            item = self._item(document)
            if item is not None:
                yield item

    def _documents_of(self, file: Path) -> Iterator[Document]:
        try:
            yield from read_documents(file)
        except (OSError, EOFError, ValueError) as error:
            self.broken = f"{file} cannot be read: {error}"
            self.logger.error("%s", self.broken)

    def _item(self, document: Document) -> Page | Rejection | None:
        url = safe_url(document.url) if document.url else None
        document.url = url
        digest = blake2b(document.body, digest_size=8).hexdigest()
        # The same address may lie in an archive several times: each text is a candidate.
        candidate = f"{canonical_url(url) if url else f'file:{document.name}'} {digest}"
        limit = self.arguments.limit
        if limit is not None and self._frontier.taken_up >= limit:
            return None
        if not self._frontier.claim(candidate):
            return None
        site = site_name(url) if url else "file"
        now = self._now().isoformat(timespec="seconds")
        rejection = document.rejection(candidate=candidate, site=site, now=now)
        if rejection is not None:
            return rejection
        return document.page(
            candidate=candidate, site=site, now=now, timezone=self.arguments.timezone
        )


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    # Each slash of a name is a package to import for `tzdata`, and there may be thousands.
    except (ZoneInfoNotFoundError, ValueError, OSError, RecursionError):
        msg = "must be a time zone such as Asia/Shanghai"
        raise ValueError(msg) from None
    return text
