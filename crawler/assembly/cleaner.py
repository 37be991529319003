"""Documents to lines of JSON, in order, over several worker processes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from crawler.discovery.urls import canonical_url, site_name
from crawler.documents import Document
from crawler.items import NewsArticle, Page, Rejection, record_keys
from pipelines.fingerprint.document import Fingerprinter
from pipelines.record_lines import json_line, to_line
from pipelines.site_memories import SiteMemories
from pipelines.workers.pool import ExtractionPool
from pipelines.workers.process import WorkerDiedError
from pipelines.workers.worker import Extracted

# Documents in hand at once for each worker: enough to keep it busy, few enough to stay small.
_AHEAD = 4


class Cleaner:
    """Clean documents as if each were alone.

    *url* is the address of documents that do not bring their own; *now* is when they were read.
    A record's `id` is its document's name, or *ids_from_urls* as in a crawl, where it has a URL.
    """

    def __init__(
        self,
        *,
        now: str,
        url: str | None,
        workers: int,
        timeout: float,
        memory: int,
        site_memory: bool,
        ids_from_urls: bool = False,
    ) -> None:
        self._now = now
        self._url = url
        self._ids_from_urls = ids_from_urls
        self._window = workers * _AHEAD
        self._loop = asyncio.new_event_loop()
        self._pool = ExtractionPool(workers=workers, timeout=timeout, memory=memory)
        self._fingerprinter = Fingerprinter()
        self._memories = SiteMemories() if site_memory else None

    def clean(self, documents: Iterable[Document]) -> Iterator[bytes]:
        """One line a document, in the order of *documents*."""
        waiting: deque[tuple[Page, asyncio.Task[Extracted] | Rejection]] = deque()
        for document in documents:
            waiting.append(self._begin(document))
            if len(waiting) >= self._window:
                yield self._end(*waiting.popleft())
        while waiting:
            yield self._end(*waiting.popleft())

    def close(self) -> None:
        """End the workers."""
        self._pool.close()
        self._loop.run_until_complete(asyncio.sleep(0))  # the sockets are closed by the loop
        self._loop.close()

    def _begin(self, document: Document) -> tuple[Page, asyncio.Task[Extracted] | Rejection]:
        document.url = document.url or self._url
        site = site_name(document.url) if document.url else "file"
        page = document.page(candidate=document.name, site=site, now=self._now)
        if not (self._ids_from_urls and document.url):
            page.record_id = document.name
        problem = document.rejection(candidate=document.name, site=site, now=self._now)
        return page, problem or self._loop.create_task(self._pool.extract(page))

    def _end(self, page: Page, running: asyncio.Task[Extracted] | Rejection) -> bytes:
        if isinstance(running, Rejection):
            return _rejected_line(page, running)
        try:
            extracted = self._loop.run_until_complete(running)
        except (TimeoutError, WorkerDiedError) as error:
            return _rejected_line(page, self._pool.failure(page, error))
        if isinstance(extracted.result, Rejection):
            return _rejected_line(page, extracted.result)
        article, fingerprint = extracted.result, extracted.fingerprint
        if self._memories is not None and self._memories.clean(article, extracted.paragraphs):
            fingerprint = None
        if fingerprint is None:
            fingerprint = self._fingerprinter.one(article.article_body, article.date_published)
        article.simhash = fingerprint.hexadecimal
        return to_line(article)


def _rejected_line(page: Page, rejection: Rejection) -> bytes:
    article = NewsArticle(
        id=page.record_id or "",
        url=page.url,
        canonical_url=canonical_url(page.url),
        site=page.site,
        date_fetched=page.date_fetched,
    )
    values = asdict(article)
    line = {key: values[key] for key in record_keys(NewsArticle)}
    return json_line(line | {"article_body": None, "rejected": rejection.reason})
