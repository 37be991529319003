"""Bytes of a page in, an article or a rejection out, with the reasons for every cut."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from crawler.items import NewsArticle, Page, Rejection
from pipelines.article.encoding.binary import looks_binary
from pipelines.article.encoding.decoding import Decoded, decode
from pipelines.article.html_reading import HtmlReading, read_html
from pipelines.article.metadata.fields import Metadata, read_metadata
from pipelines.article.metadata.headline import TitleClaim, choose_headline
from pipelines.article.metadata.labels import Labels
from pipelines.article.page.class_names import ClassNames
from pipelines.article.page.document import Document, DocumentLimitError, parse
from pipelines.article.record import build_article
from pipelines.article.story.boilerplate import Decision
from pipelines.article.story.selected import select
from pipelines.article.story.site_memory import SiteMemory
from pipelines.article.story.verdict import Claims, Refusal
from pipelines.article.visible_text.metadata import read_text_metadata
from pipelines.article.visible_text.plain_text import read_plain_text
from pipelines.article.vocabulary import Vocabulary

_NOT_HTML = {"binary": "not text at all", "json": "JSON, not a page"}
_LEAD = 3  # so many paragraphs at the head of a further part may repeat the first one's


@dataclass(frozen=True, slots=True)
class EncodingFacts:
    """In which encoding the page was said to be, was read, and whether the two disagree."""

    claimed: tuple[str, ...] = ()
    used: str = ""
    repaired: bool = False


@dataclass(slots=True)
class Extraction:
    """What came of a page; exactly one of *article* and *rejection* is set."""

    article: NewsArticle | None = None
    rejection: Rejection | None = None
    decisions: list[Decision] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)  # field of the record: where it stood
    encoding: EncodingFacts = field(default_factory=EncodingFacts)
    paragraphs: list[str] = field(default_factory=list)  # before the site's memory was asked
    # For whoever asks why: the parts of an HTML page, and what its fields were read as.
    readings: list[HtmlReading] = field(default_factory=list)
    metadata: Metadata | None = None


class Extractor:
    """Extracts pages; make one a process with `load()`, it keeps no page."""

    def __init__(self, vocabulary: Vocabulary, names: ClassNames, labels: Labels) -> None:
        self._vocabulary = vocabulary
        self._names = names
        self._labels = labels

    @classmethod
    def load(cls) -> Self:
        """Read the vocabularies; takes some tenths of a second."""
        return cls(Vocabulary.load(), ClassNames.load(), Labels.load())

    def extract(self, page: Page, memory: SiteMemory | None = None) -> Extraction:
        """Extract *page*, all its parts; never raises, whatever the bytes are.

        *memory* is what the page's site repeats; it is asked, not told: show it
        `Extraction.paragraphs` once the article is committed.
        """
        # Keep the cyclic collector out: a page makes thousands of objects and no cycle.
        running = gc.isenabled()
        gc.disable()
        try:
            return self._extract(page, memory)
        finally:
            if running:
                gc.enable()

    def _extract(self, page: Page, memory: SiteMemory | None) -> Extraction:
        for part in page.parts:
            kind = looks_binary(part.body)
            if kind is not None:
                return _rejected(page, Refusal("not_html", _NOT_HTML[kind]))
        decoded = [decode(part.body, part.content_type, page.encoding) for part in page.parts]
        facts = _facts(decoded)
        if all(part.is_blank for part in decoded):
            return _rejected(page, Refusal("empty", "no text at all"), facts)
        if page.kind == "text":
            return self._from_text(page, "\n".join(part.text for part in decoded), facts, memory)
        try:
            documents = [parse(part.utf8) for part in decoded]
        except DocumentLimitError as error:
            return _rejected(page, Refusal(error.reason, error.detail), facts)
        selected = _selected(decoded, page.body_selector)
        return self._from_html(page, documents, facts, memory, selected)

    def _from_html(
        self,
        page: Page,
        documents: list[Document],
        facts: EncodingFacts,
        memory: SiteMemory | None,
        selected: list[Document],
    ) -> Extraction:
        first = documents[0]
        metadata = read_metadata(first, page, self._labels)
        readings = [] if selected else [self._read_first(first, metadata)]
        if readings and readings[0].refusal is not None:
            refused = _rejected(page, readings[0].refusal, facts, readings[0].decisions)
            refused.readings, refused.metadata = readings, metadata
            return refused
        title = TitleClaim(metadata.headline or first.title, "title", 1)
        for document in selected or documents[1:]:
            again = choose_headline([title], document.blocks)
            claims = Claims(article=True, dated=True, headline=again.block if again else -1)
            readings.append(read_html(document, claims, self._vocabulary, self._names))
        paragraphs, removed = _join(readings)
        if selected and not paragraphs:
            return self._from_html(page, documents, facts, memory, [])
        decisions = [decision for each in readings for decision in each.decisions]
        done = Extraction(
            None, None, decisions, metadata.origins, facts, paragraphs, readings, metadata
        )
        done.article = build_article(page, metadata, _remembered(done, removed, memory), removed)
        return done

    def _read_first(self, document: Document, metadata: Metadata) -> HtmlReading:
        claims = Claims(
            article=_claims_article(document),
            dated=metadata.date_published is not None,
            headline=metadata.headline_blocks[0] if metadata.headline_blocks else -1,
            about=frozenset((*metadata.meta_blocks, *metadata.byline_blocks)),
        )
        return read_html(document, claims, self._vocabulary, self._names)

    def _from_text(
        self, page: Page, text: str, facts: EncodingFacts, memory: SiteMemory | None
    ) -> Extraction:
        reading = read_plain_text(text, self._vocabulary, self._labels, page.listing.headline)
        decisions = [
            Decision(
                index,
                line.text,
                line.kept,
                line.rule,
                ((1.0, line.rule, "line"),) if line.rule else (),
            )
            for index, line in enumerate(reading.decisions)
        ]
        if reading.rejected is not None:
            return _rejected(page, Refusal(reading.rejected, "visible text"), facts, decisions)
        lines = [decision.text for decision in decisions]
        metadata = read_text_metadata(lines, page, self._labels, headline=reading.headline_line)
        removed = Counter(reading.removed)
        done = Extraction(
            None, None, decisions, metadata.origins, facts, reading.paragraphs, [], metadata
        )
        done.article = build_article(page, metadata, _remembered(done, removed, memory), removed)
        return done


def _remembered(done: Extraction, removed: Counter[str], memory: SiteMemory | None) -> list[str]:
    """The paragraphs without those that the site repeats; *removed* and *done* are told."""
    if memory is None:
        return done.paragraphs
    repeated = set(memory.repeats(done.paragraphs))
    removed["site_template"] += len(repeated)
    gone = {done.paragraphs[position] for position in repeated}
    for decision in done.decisions:
        if decision.kept and decision.text in gone:
            decision.kept, decision.rule = False, "site_template"
            seen = "on many pages of its site"
            decision.evidence, decision.score = ((1.0, "site_template", seen),), 1.0
    return [line for position, line in enumerate(done.paragraphs) if position not in repeated]


def _selected(decoded: list[Decoded], selector: str) -> list[Document]:
    """What a site list's selector finds, by part; nothing where the first part has no such place.

    Then the site has changed its pages, or this is no story: the page is read as any other.
    """
    found = [select(part.text, selector) for part in decoded] if selector else []
    documents = [document for document in found if document is not None]
    return documents if found and found[0] is not None and documents[0].blocks else []


def _facts(decoded: list[Decoded]) -> EncodingFacts:
    if not decoded:
        return EncodingFacts()
    claimed = tuple(f"{claim.kind}: {claim.label}" for claim in decoded[0].claimed)
    return EncodingFacts(claimed, decoded[0].encoding, any(part.repaired for part in decoded))


def _rejected(
    page: Page,
    refusal: Refusal,
    facts: EncodingFacts | None = None,
    decisions: list[Decision] | None = None,
) -> Extraction:
    rejection = Rejection(
        outcome="rejected",
        url=page.url,
        reason=refusal.reason,
        detail=refusal.detail,
        date_fetched=page.date_fetched,
        candidate=page.candidate,
    )
    return Extraction(None, rejection, decisions or [], {}, facts or EncodingFacts())


def _join(readings: list[HtmlReading]) -> tuple[list[str], Counter[str]]:
    """The parts' paragraphs in order; what the head of a further part repeats goes."""
    lines = list(readings[0].paragraphs)
    removed = readings[0].removed
    for reading in readings[1:]:
        known = set(lines)
        repeated = [line for line in reading.paragraphs[:_LEAD] if line in known]
        removed += reading.removed
        removed["repeated_part"] += len(repeated)
        lines += [
            line
            for position, line in enumerate(reading.paragraphs)
            if position >= _LEAD or line not in known
        ]
    return lines, +removed


def _claims_article(document: Document) -> bool:
    for meta in document.metas:
        if meta.get("property") == "og:type" and "article" in meta.get("content", "").lower():
            return True
    return any("Article" in text or "BlogPosting" in text for text in document.json_ld)
