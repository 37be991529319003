"""Commit the store's batches, and leave no candidate without its outcome."""

from __future__ import annotations

import logging
import sqlite3
from asyncio import Future, ensure_future
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.items import Rejection, Task

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)


class CommittingStore(Protocol):
    """What this extension asks of the store."""

    @property
    def uncommitted(self) -> int:
        """How many outcomes wait for a commit."""

    def now(self) -> datetime:
        """The moment, in UTC, by the clock of this run."""

    def commit(self) -> None:
        """Make everything so far durable."""

    def book_rejection(self, rejection: Rejection) -> None:
        """Book a candidate that yields no article."""


class Bookkeeping:
    """Commit every *outcomes* outcomes and every *seconds* seconds; stop when that fails.

    An exception in a callback or a pipeline becomes the outcome `failed(internal_error)` of the
    candidate it struck.
    """

    def __init__(
        self, crawler: Crawler, store: CommittingStore, *, outcomes: int, seconds: float
    ) -> None:
        self._crawler = crawler
        self._store = store
        self._outcomes = outcomes
        self._seconds = seconds
        self._timer = create_looping_call(self._commit)
        self.failure: BaseException | None = None
        self._closing: Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        store = getattr(crawler, "store", None)
        if store is None:
            msg = "no output folder is open"
            raise NotConfigured(msg)
        extension = cls(
            crawler,
            store,
            outcomes=crawler.settings.getint("COMMIT_EVERY"),
            seconds=crawler.settings.getfloat("COMMIT_SECONDS"),
        )
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.spider_closed, signals.spider_closed)
        connect(extension.item_scraped, signals.item_scraped)
        connect(extension.item_error, signals.item_error)
        connect(extension.spider_error, signals.spider_error)
        return extension

    def spider_opened(self) -> None:
        self._timer.start(self._seconds, now=False)

    def spider_closed(self) -> None:
        if self._timer.running:
            self._timer.stop()

    def item_scraped(self) -> None:
        if self._store.uncommitted >= self._outcomes:
            self._commit()

    def _commit(self) -> None:
        if self.failure is not None:
            return
        try:
            self._store.commit()
        except (OSError, sqlite3.Error) as error:
            self._stop(error)

    def _stop(self, error: BaseException) -> None:
        self.failure = error
        logger.error("The crawl stops, output or state cannot be written: %s", error)
        # Kept, because the event loop alone does not keep a task alive.
        self._closing = ensure_future(
            self._crawler.engine.close_spider_async(reason="output_failed")
        )

    def item_error(self, item: Any, failure: Failure) -> None:
        if self.failure is not None:
            return  # what is not committed is undone, and waits for the next run
        if isinstance(failure.value, (OSError, sqlite3.Error)):
            self._stop(failure.value)
        elif getattr(item, "candidate", ""):
            self._fail(item.candidate, item.site, item.url, failure)

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        task = response.meta.get("task") if response is not None else None
        if self.failure is not None:
            return
        error = failure.value
        if error is not None and (response is None or isinstance(error, (OSError, sqlite3.Error))):
            self._stop(error)
        elif isinstance(task, Task) and task.kind == "article":
            self._fail(task.key, task.site, task.url, failure)

    def _fail(self, candidate: str, site: str, url: str, failure: Failure) -> None:
        self._store.book_rejection(
            Rejection(
                outcome="failed",
                url=url,
                reason="internal_error",
                detail=repr(failure.value)[:200],
                date_fetched=self._store.now().isoformat(timespec="seconds"),
                candidate=candidate,
                site=site,
            )
        )
