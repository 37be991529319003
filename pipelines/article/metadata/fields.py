"""A page's metadata: what it says about its story, each field with the place it came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from crawler.items import Page
from pipelines.article.dates.zones import site_zone
from pipelines.article.metadata.credits import clean_source, people, source_labels
from pipelines.article.metadata.headline import Headline, TitleClaim, bare, choose_headline
from pipelines.article.metadata.headline_lines import find_headline_line
from pipelines.article.metadata.json_ld import read_json_ld
from pipelines.article.metadata.labels import Labels
from pipelines.article.metadata.language import detect_language, normalise_tag
from pipelines.article.metadata.masthead import find_authors, find_source, is_prose
from pipelines.article.metadata.meta_fields import read_meta_fields
from pipelines.article.metadata.page_dates import Masthead, read_dates
from pipelines.article.metadata.reading import Metadata, Reading, fetched_at, host_of
from pipelines.article.page.document import Document
from pipelines.article.text import one_line

__all__ = ["Metadata", "read_metadata"]

_LANGUAGE_SAMPLE = 1200
_KEYWORD = re.compile(r"[,，;；、|｜\n]")
_MOST_KEYWORDS = 30
_SECTION_TITLE = 8  # characters; no headline is shorter, but section names are


def read_metadata(document: Document, page: Page, labels: Labels | None = None) -> Metadata:
    """Read the metadata of a parsed page.

    *page.date_fetched* is the *now* of relative dates and the bound of all; ValueError when it is
    not ISO 8601. Otherwise never raises; what cannot be read stays empty.
    """
    labels = labels or Labels.load()
    reading = Reading(
        document,
        page,
        labels,
        read_json_ld(document.json_ld, labels.fields),
        read_meta_fields(document.metas, labels.fields),
        fetched_at(page),
        [block.text for block in document.blocks],
        Metadata(),
    )
    head = _read_headline(reading)
    _read_language(reading, head)
    around = read_dates(reading, head)
    _read_source(reading, around)
    _read_authors(reading, around)
    _read_plain_fields(reading)
    return reading.result


def _read_headline(reading: Reading) -> int:
    """Choose the headline; gives the block around which the story's dates and credits stand."""
    result, page = reading.result, reading.page
    claims: list[TitleClaim] = []
    if reading.story.headline:
        claims.append(TitleClaim(reading.story.headline, "json-ld", 2))
    for name, value in reading.metas.values.get("headline", [])[:3]:
        claims.append(TitleClaim(value, "meta", 2 if name == "og:title" else 1))
    claims.append(TitleClaim(reading.document.title, "title", 1))
    chosen = choose_headline(
        claims,
        reading.document.blocks,
        site_names=reading.site_names(),
        host=host_of(page),
    )
    if chosen is None and page.listing.headline:
        chosen = Headline(page.listing.headline, "text")
        result.origins["headline"] = page.listing.kind or "list"
    if chosen is None:
        return -1
    if chosen.origin == "title" and chosen.block < 0 and not _is_about(reading, chosen.text):
        chosen = _from_lines(reading) or chosen
    result.headline = one_line(chosen.text) or None
    result.origins.setdefault("headline", chosen.origin)
    if chosen.block >= 0:
        text = reading.texts[chosen.block]
        result.headline_blocks = [chosen.block]
        if reading.texts.count(text) > 1:
            result.headline_blocks = [
                index for index, other in enumerate(reading.texts) if other == text
            ]
    return chosen.block


def _is_about(reading: Reading, title: str) -> bool:
    """Tell whether the page's paragraphs use the words of *title*; a section's name they do not."""
    letters = bare(title)
    pairs = {letters[i : i + 2] for i in range(len(letters) - 1)}
    story = bare("".join([text for text in reading.texts if len(text) >= 40][:20])[:4000])
    shared = sum(pair in story for pair in pairs)
    return len(letters) > _SECTION_TITLE and shared >= 0.5 * len(pairs)


def _from_lines(reading: Reading) -> Headline | None:
    """Find the headline by its lines, or take the only first-level heading."""
    site = site_zone(reading.page.timezone, host_of(reading.page), reading.document.language)
    place = find_headline_line(reading.texts, reading.labels, now=reading.now, site=site)
    if place is None:
        headings = [block.index for block in reading.document.blocks if block.heading == 1]
        place = headings[0] if len(headings) == 1 else None
    return None if place is None else Headline(reading.texts[place], "text", place)


def _read_language(reading: Reading, head: int) -> None:
    document, page, result = reading.document, reading.page, reading.result
    sample = [result.headline or ""]
    size = len(sample[0])
    for text in reading.texts[max(0, head) :]:
        if len(text) >= 40 and is_prose(text):
            sample.append(text[:400])
            size += len(sample[-1])
            if size > _LANGUAGE_SAMPLE:
                break
    if size < 100:
        sample += sorted(reading.texts, key=len, reverse=True)[:5]
    claim = page.language or document.language
    if not normalise_tag(claim):
        claim = reading.story.language or reading.metas.first("language") or ""
    result.language = detect_language(" ".join(sample), claim or page.listing.language or "")
    if result.language:
        result.origins["language"] = "text"


def _read_source(reading: Reading, around: Masthead) -> None:
    result = reading.result
    credit = find_source(reading.texts, around.head, around.near, around.date, reading.labels)
    if credit and credit.how in ("label", "meta line", "tail"):
        result.source, result.origins["source"] = credit.name, f"text {credit.how}"
        if credit.passage >= 0 and not is_prose(reading.texts[credit.passage]):
            result.meta_blocks = sorted({*result.meta_blocks, credit.passage})
            for link in reading.document.blocks[credit.passage].links:
                if credit.name in link.text or link.text in credit.name:
                    result.source_url = _absolute(reading, link.href)
                    break
        return
    value = reading.metas.first("source")
    name = _unlabelled(value, reading.labels) if value else None
    if name:
        result.source, result.origins["source"] = name, "meta"
    elif credit:
        result.source, result.origins["source"] = credit.name, f"text {credit.how}"


def _unlabelled(value: str, labels: Labels) -> str | None:
    """Read a meta value that may begin with its own label."""
    end = next(source_labels(value[:24], labels), 0)
    return clean_source(value[end:], labels)


def _read_authors(reading: Reading, around: Masthead) -> None:
    result, labels = reading.result, reading.labels
    outlets = [*reading.site_names(), result.source or ""]
    printed, result.byline_blocks = find_authors(reading.texts, around.head, around.near, labels)
    written = people(reading.story.authors, labels, outlets=outlets)
    candidates = [("json-ld", written), ("text", printed)]
    if result.language and result.language.startswith("zh"):
        candidates.reverse()
    for origin, names in candidates:
        if names:
            result.authors, result.origins["authors"] = names, origin
            return
    named = people(reading.metas.all("author")[:3], labels, outlets=outlets)
    named = [name for name in named if not _is_editor(name, reading)]
    if named:
        result.authors, result.origins["authors"] = named, "meta"
    elif reading.page.listing.authors:
        result.authors = people(reading.page.listing.authors, labels, outlets=outlets)
        result.origins["authors"] = reading.page.listing.kind or "list"


def _is_editor(name: str, reading: Reading) -> bool:
    """Tell whether the page prints *name* as its editor's."""
    naming = [text for text in reading.texts if name in text and len(text) < 80]
    return any(reading.labels.editor.search(text) for text in naming)


def _read_plain_fields(reading: Reading) -> None:
    """Read what metadata alone says: summary, keywords, section, picture, address, body."""
    result, metas, story = reading.result, reading.metas, reading.story
    listing = reading.page.listing
    listed = listing.kind or "list"
    description = _first(
        result,
        "description",
        ("meta", metas.first("description")),
        ("json-ld", story.description),
        (listed, listing.description),
    )
    result.description = one_line(description) or None if description else None
    words = [("meta", metas.all("keywords")), ("json-ld", story.keywords)]
    given = [origin for origin, values in words if values] or [listed]
    result.keywords = _keywords([*words[0][1], *words[1][1]] or list(listing.keywords))
    result.origins["keywords"] = ", ".join(given)
    section = _first(
        result,
        "section",
        ("json-ld", story.section),
        ("meta", metas.first("section")),
        (listed, listing.section),
    )
    result.section = one_line(section)[:100] or None if section else None
    picture = _first(result, "image", ("meta", metas.first("image")), ("json-ld", story.image))
    result.image = _absolute(reading, picture) if picture else None
    result.article_body = story.body
    result.canonical_link = _canonical(reading)


def _first(result: Metadata, name: str, *claims: tuple[str, str | None]) -> str | None:
    """Give the first claim about the field *name* that says anything, and note its origin."""
    for origin, value in claims:
        if value:
            result.origins[name] = origin
            return value
    return None


def _keywords(values: Sequence[str]) -> list[str]:
    words: list[str] = []
    for value in values:
        parts = _KEYWORD.split(value)
        if len(parts) == 1 and len(value) > 20:
            parts = value.split()
        words += [one_line(part) for part in parts]
    return list(dict.fromkeys(word for word in words if word and len(word) <= 60))[:_MOST_KEYWORDS]


def _canonical(reading: Reading) -> str | None:
    for link in reading.document.links:
        if "canonical" in link.get("rel", "").lower().split() and link.get("href", "").strip():
            return _absolute(reading, link["href"])
    address = reading.metas.first("canonical")
    return _absolute(reading, address) if address else None


def _absolute(reading: Reading, address: str) -> str | None:
    """Resolve *address* against the page; only http and https come out."""
    base = reading.page.url
    address = address.strip()
    if address.startswith(("https://", "http://")):
        return address
    try:
        if reading.document.base_href:
            base = urljoin(base, reading.document.base_href.strip())
        resolved = urljoin(base, address)
        scheme = urlsplit(resolved).scheme
    except ValueError:
        return None
    return resolved if scheme in ("http", "https") else None
