"""What runs in a worker process: pages in, records out, one after the other."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import sys
import traceback
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from time import perf_counter
from typing import TYPE_CHECKING

from crawler.items import NewsArticle
from pipelines.article import Extractor
from pipelines.fingerprint.document import Fingerprinter, Text
from pipelines.store.versions import text_digest
from pipelines.workers.heap import trim
from pipelines.workers.shared_memory import Region, read

if TYPE_CHECKING:
    from crawler.items import Page, Rejection
    from pipelines.fingerprint.document import Fingerprint

# Records that are fingerprinted together at most; four together cost a third of four alone.
BATCH = 8
# How a process ends whose page takes more memory than it may.
NO_MEMORY = 86
_SWEEP_EVERY = 256  # pages
_TRIM_EVERY = 32  # pages
# The note's whole content: a big-endian number.
NOTE_BYTES = 8


class ExtractionError(Exception):
    """A page broke the extractor; the note is the worker's traceback."""


@dataclass(slots=True)
class Extracted:
    """An article or a rejection, the stats to count, and the body for its site's memory.

    *fingerprint* is of the article's body as it is here.
    """

    result: NewsArticle | Rejection
    facts: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    fingerprint: Fingerprint | None = None


Answer = Extracted | ExtractionError


def work() -> None:
    """Answer the pages that come through a socket until it is closed.

    The command line: the file descriptors of the socket, the note and the bodies, the seconds of
    one page, the megabytes of this process (0: no limit).
    Each message is a pickled page, with the regions in which the bodies of its parts lie; each
    answer a pickled list of what came of the oldest pages, whose bodies may go then.
    The note says how many pages were begun, for whoever finds this process dead. A page that takes
    longer ends the process, whatever code it hangs in, and whether or not anybody is left to see.
    """
    pipe, note, bodies = map(int, sys.argv[1:4])
    seconds, memory = float(sys.argv[4]), int(sys.argv[5])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    worker = _Worker(Connection(pipe), bodies)
    _limit_memory(memory << 20)
    # The collector would look through all that the program knows after every few pages, and what a
    # page makes has no cycles; what mistakes leave behind is swept up now and then.
    gc.freeze()
    gc.disable()
    for begun in count(1):
        page = worker.next_page()
        if page is None:
            return
        os.pwrite(note, begun.to_bytes(NOTE_BYTES, "big"), 0)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = worker.extract(page)
        signal.setitimer(signal.ITIMER_REAL, 0)
        worker.answer(answer)
        if begun % _SWEEP_EVERY == 0:
            gc.collect()
        if begun % _TRIM_EVERY == 0:
            trim()


def _limit_memory(most: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if most and (hard == resource.RLIM_INFINITY or most < hard):
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


class _Worker:
    def __init__(self, pipe: Connection, bodies: int) -> None:
        self._pipe = pipe
        self._bodies = bodies
        self._extractor = Extractor.load()
        self._fingerprinter = Fingerprinter()
        self._pages: deque[Page] = deque()
        self._answers: list[Answer] = []

    def next_page(self) -> Page | None:
        """The next page, with those that wait behind it taken in; None when no more will come."""
        try:
            while not self._pages or (len(self._pages) < BATCH and self._pipe.poll()):
                self._pages.append(self._receive())
        except EOFError:
            return None
        return self._pages.popleft()

    def _receive(self) -> Page:
        pickled, places = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - our own
        bodies = [read(self._bodies, at) if isinstance(at, Region) else at for at in places]
        page: Page = pickle.loads(pickled, buffers=bodies)  # noqa: S301 - our own
        return page

    def extract(self, page: Page) -> Answer:
        try:
            return extract(self._extractor, page)
        except MemoryError:
            # What a heap looks like after that is anybody's guess.
            os._exit(NO_MEMORY)
        except Exception as error:  # noqa: BLE001 - handed on, and raised where the page is booked
            failure = ExtractionError(repr(error))
            failure.add_note(traceback.format_exc())
            return failure

    def answer(self, answer: Answer) -> None:
        """Keep *answer* while more pages wait, to fingerprint several at once; else send."""
        self._answers.append(answer)
        if len(self._answers) < BATCH and (self._pages or self._pipe.poll()):
            return
        self._fingerprint()
        self._pipe.send_bytes(pickle.dumps(self._answers, pickle.HIGHEST_PROTOCOL))
        self._answers = []

    def _fingerprint(self) -> None:
        articles = [
            (answer, answer.result)
            for answer in self._answers
            if isinstance(answer, Extracted) and isinstance(answer.result, NewsArticle)
        ]
        texts = [Text(article.article_body, article.date_published) for _, article in articles]
        for (answer, _), print_ in zip(articles, self._fingerprinter.many(texts), strict=True):
            answer.fingerprint = print_


def extract(extractor: Extractor, page: Page) -> Extracted:
    """Extract *page*."""
    begun = perf_counter()
    extraction = extractor.extract(page)
    result = extraction.article or extraction.rejection
    assert result is not None  # noqa: S101 - an extraction is one or the other
    result.candidate, result.site = page.candidate, page.site
    result.extraction_seconds = perf_counter() - begun
    if isinstance(result, NewsArticle):
        result.text_digest = text_digest(result.headline, result.article_body)
    facts = ["encoding/repaired"] if extraction.encoding.repaired else []
    return Extracted(result, facts, extraction.paragraphs)
