"""A page through extraction and repost detection, with the reasons, as values to be shown."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from crawler.discovery.urls import canonical_url
from crawler.items import NewsArticle, Page, record_keys
from crawler.reports.explained import OUTSIDE, Block, Explained, Field
from pipelines.article import Extractor
from pipelines.article.extractor import Extraction
from pipelines.article.html_reading import HtmlReading
from pipelines.article.metadata.fields import Metadata
from pipelines.article.story.boilerplate import Decision
from pipelines.article.story.site_memory import SiteMemory

# Shown elsewhere on the page, or the same for every record.
_NO_FIELDS = frozenset(("schema_version", "version", "article_body", "removed"))
_OF_DATE = ("date_precision", "date_published_raw", "date_published_from")


class TooSlowError(Exception):
    """The page takes longer than a crawl would give it."""


def explain(
    extractor: Extractor, page: Page, name: str, memory: SiteMemory | None, seconds: float
) -> tuple[Explained, NewsArticle | None]:
    """Extract *page* and say why; raises `TooSlowError` after *seconds*.

    *memory* is what the page's site repeats, where it is known.
    """
    with _time_limit(seconds):
        extraction = extractor.extract(page, memory)
    article = extraction.article
    explained = Explained(name, page.url, _verdict(extraction), _blocks(extraction))
    if article is not None:
        explained.fields = list(_fields(article, extraction))
        explained.removed = article.removed
    explained.notes = list(_notes(extraction, memory))
    return explained, article


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: Any) -> None:
        msg = f"extraction takes more than {seconds:g} seconds: a crawl rejects the page (too_slow)"
        raise TooSlowError(msg)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _verdict(extraction: Extraction) -> str:
    rejection = extraction.rejection
    if rejection is None:
        return "article"
    return f"rejected({rejection.reason}): {rejection.detail}"


def _blocks(extraction: Extraction) -> list[Block]:
    if not extraction.readings:
        return [_block(decision) for decision in extraction.decisions]
    blocks: list[Block] = []
    for number, reading in enumerate(extraction.readings):
        roles = _roles(extraction.metadata) if number == 0 and not reading.embedded else {}
        blocks += _blocks_of_part(reading, roles)
    return blocks


def _blocks_of_part(reading: HtmlReading, roles: dict[int, str]) -> Iterator[Block]:
    decisions: dict[int, list[Decision]] = defaultdict(list)
    for decision in reading.decisions:
        decisions[decision.block].append(decision)
    for each in reading.document.blocks:
        # A prompt behind a paragraph's last sentence has a decision of its own.
        shown = [_block(decision) for decision in decisions.get(each.index, ())]
        for block in shown or [Block(each.text, False, OUTSIDE)]:
            block.heading, block.role = each.heading, roles.get(each.index, "")
            yield block


def _block(decision: Decision) -> Block:
    evidence = sorted(decision.evidence, key=lambda piece: -piece[0])
    return Block(
        decision.text,
        decision.kept,
        decision.rule,
        decision.score,
        [(rule, weight, seen) for weight, rule, seen in evidence],
    )


def _element(reading: HtmlReading) -> str:
    """The element that holds the story, as a selector: the deepest around all its blocks."""
    first, last = reading.decisions[0].block, reading.decisions[-1].block
    around = [
        each for each in reading.document.containers if each.first <= first <= last < each.end
    ]
    named = around[-1]
    classes = "".join(f".{each}" for each in (named.class_name or "").split())
    return f"<{named.tag}{'#' if named.id_name else ''}{named.id_name or ''}{classes}>"


def _roles(metadata: Metadata | None) -> dict[int, str]:
    if metadata is None:
        return {}
    roles = dict.fromkeys(metadata.byline_blocks, "byline")
    roles |= dict.fromkeys(metadata.meta_blocks, "date and source")
    return roles | dict.fromkeys(metadata.headline_blocks, "headline")


def _fields(article: NewsArticle, extraction: Extraction) -> Iterator[Field]:
    values = asdict(article)
    for name in record_keys(NewsArticle):
        if name not in _NO_FIELDS and values[name] not in (None, "", []):
            yield Field(name, _shown(values[name]), _origin(name, article, extraction))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(
            each if isinstance(each, str) else " ".join(filter(None, each.values()))
            for each in value
        )
    return str(value)


def _origin(name: str, article: NewsArticle, extraction: Extraction) -> str:
    if name in _OF_DATE:
        name = "date_published"
    if name == "canonical_url":
        link = extraction.metadata.canonical_link if extraction.metadata else None
        named = link is not None and canonical_url(link) == article.canonical_url
        return "the page's canonical link" if named else "its address"
    made = {
        "id": "canonical_url" if article.url.startswith("http") else "its name",
        "url": "the fetch" if article.url.startswith("http") else "its name",
        "site": "its address",
        "date_fetched": "the clock",
        "securities": "text",
        "source_url": "the link on the source",
        "simhash": "article_body",
    }
    return extraction.origins.get(name) or made.get(name, "")


def _notes(extraction: Extraction, memory: SiteMemory | None) -> Iterator[str]:
    facts = extraction.encoding
    if facts.used:
        claimed = ", ".join(facts.claimed) or "nothing"
        repaired = "; the two disagree" if facts.repaired else ""
        yield f"Read as {facts.used}; claimed: {claimed}{repaired}."
    if any(reading.embedded for reading in extraction.readings):
        yield "The story stood in a script; these are its blocks, not those of the visible page."
    for reading in extraction.readings[:1]:
        if reading.decisions:
            yield f"The story stands in {_element(reading)}."
    if len(extraction.readings) > 1:
        yield f"The article was printed on {len(extraction.readings)} pages."
    if memory is not None:
        yield f"What its site repeats is known from {memory.pages} pages of it."
