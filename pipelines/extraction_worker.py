"""What runs in a worker process: one extractor, made once, and a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from crawler.items import NewsArticle
from pipelines.article import Extractor
from pipelines.store.versions import text_digest

if TYPE_CHECKING:
    from crawler.items import Page, Rejection

# A process has one extractor; a pool hands its workers no other place to keep it.
_extractors: list[Extractor] = []


@dataclass(slots=True)
class Extracted:
    """An article or a rejection, the stats to count, and the body for its site's memory."""

    result: NewsArticle | Rejection
    facts: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def start() -> None:
    """Load the vocabulary; called once in each worker."""
    _extractors.append(Extractor.load())


def extract(page: Page) -> Extracted:
    """Extract *page*."""
    begun = perf_counter()
    extraction = _extractors[0].extract(page)
    result = extraction.article or extraction.rejection
    assert result is not None  # noqa: S101 - an extraction is one or the other
    result.candidate, result.site = page.candidate, page.site
    result.extraction_seconds = perf_counter() - begun
    if isinstance(result, NewsArticle):
        result.text_digest = text_digest(result.headline, result.article_body)
    facts = ["encoding/repaired"] if extraction.encoding.repaired else []
    return Extracted(result, facts, extraction.paragraphs)
