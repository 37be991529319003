"""Bytes of a page in, an article or a rejection out, with the reasons for every cut."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urljoin, urlsplit

from crawler.discovery.urls import canonical_url, same_site
from crawler.items import NewsArticle, Page, Rejection
from pipelines.article.binary import looks_binary
from pipelines.article.boilerplate import Decision
from pipelines.article.class_names import ClassNames
from pipelines.article.decoding import Decoded, decode
from pipelines.article.document import Document, DocumentLimitError, parse
from pipelines.article.headline import TitleClaim, choose_headline
from pipelines.article.html_reading import HtmlReading, read_html
from pipelines.article.labels import Labels
from pipelines.article.language import detect_language
from pipelines.article.plain_text import read_plain_text
from pipelines.article.securities import find_securities
from pipelines.article.text import one_line
from pipelines.article.verdict import Claims, Refusal
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

    def extract(self, page: Page) -> Extraction:
        """Extract *page*, all its parts; never raises, whatever the bytes are."""
        for part in page.parts:
            kind = looks_binary(part.body)
            if kind is not None:
                return _rejected(page, Refusal("not_html", _NOT_HTML[kind]))
        decoded = [decode(part.body, part.content_type, page.encoding) for part in page.parts]
        facts = _facts(decoded)
        if not any(text.text.strip() for text in decoded):
            return _rejected(page, Refusal("empty", "no text at all"), facts)
        if page.kind == "text":
            return self._from_text(page, "\n".join(part.text for part in decoded), facts)
        try:
            documents = [parse(part.text) for part in decoded]
        except DocumentLimitError as error:
            return _rejected(page, Refusal(error.reason, error.detail), facts)
        return self._from_html(page, documents, facts)

    def _from_html(self, page: Page, documents: list[Document], facts: EncodingFacts) -> Extraction:
        first = documents[0]
        headline = choose_headline([TitleClaim(first.title, "title", 1)], first.blocks)
        block = headline.block if headline else -1
        claims = Claims(_claims_article(first), dated=False, headline=block)
        reading = read_html(first, claims, self._vocabulary, self._names)
        if reading.refusal is not None:
            return _rejected(page, reading.refusal, facts, reading.decisions)
        readings = [reading]
        for document in documents[1:]:
            again = choose_headline([TitleClaim(first.title, "title", 1)], document.blocks)
            claims = Claims(article=True, dated=True, headline=again.block if again else -1)
            readings.append(read_html(document, claims, self._vocabulary, self._names))
        article = NewsArticle(headline=one_line(headline.text) if headline else "")
        lines, removed = _join(readings)
        self._complete(article, page, lines, removed)
        article.canonical_url = _canonical(page, first)
        article.id = _identity(page, article.canonical_url)
        decisions = [decision for each in readings for decision in each.decisions]
        return Extraction(article, None, decisions, {}, facts)

    def _from_text(self, page: Page, text: str, facts: EncodingFacts) -> Extraction:
        reading = read_plain_text(text, self._vocabulary, self._labels, page.listing.headline)
        decisions = [
            Decision(index, line.text, line.kept, line.rule, (line.rule,) if line.rule else ())
            for index, line in enumerate(reading.decisions)
        ]
        if reading.rejected is not None:
            return _rejected(page, Refusal(reading.rejected, "plain text"), facts, decisions)
        article = NewsArticle(headline=one_line(reading.headline))
        self._complete(article, page, reading.paragraphs, Counter(reading.removed))
        article.canonical_url = canonical_url(page.url)
        article.id = _identity(page, article.canonical_url)
        return Extraction(article, None, decisions, {}, facts)

    def _complete(
        self, article: NewsArticle, page: Page, lines: list[str], removed: Counter[str]
    ) -> None:
        """Fill in what every kind of page has."""
        article.url = page.url
        article.site = page.site
        article.date_fetched = page.date_fetched
        article.candidate = page.candidate
        article.article_body = "\n".join(lines)
        article.removed = dict(sorted(removed.items()))
        article.securities = find_securities(article.article_body)
        article.language = detect_language(
            article.article_body, article.language or page.language or ""
        )


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


def _canonical(page: Page, document: Document) -> str:
    """The page's own canonical link where it stays on the site and is no front page."""
    for link in document.links:
        if link.get("rel", "").lower() != "canonical" or not link.get("href"):
            continue
        named = _joined(page.url, document.base_href, link["href"])
        if named and same_site(page.url, named) and not _is_front(named, page.url):
            return canonical_url(named)
    return canonical_url(page.url)


def _joined(url: str, base: str, href: str) -> str:
    try:
        return urljoin(urljoin(url, base), href.strip())
    except ValueError:
        return ""  # a broken address names nothing


def _is_front(named: str, url: str) -> bool:
    try:
        return not urlsplit(named).path.strip("/") and bool(urlsplit(url).path.strip("/"))
    except ValueError:
        return True


def _identity(page: Page, canonical: str) -> str:
    if page.record_id is not None:
        return page.record_id
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()[:16]
