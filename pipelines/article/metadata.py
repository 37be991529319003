"""A page's metadata: what it says about its story, each field with the place it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from crawler.items import DatePrecision, DateSource, Page
from pipelines.article.credits import clean_source, people, source_labels
from pipelines.article.dates import parse_date
from pipelines.article.document import Document, Link, Mark
from pipelines.article.headline import Headline, TitleClaim, choose_headline
from pipelines.article.headline_lines import find_headline_line
from pipelines.article.json_ld import StoryData, read_json_ld
from pipelines.article.labels import Labels
from pipelines.article.language import detect_language, normalise_tag
from pipelines.article.masthead import Passage, find_authors, find_source, is_prose, masthead
from pipelines.article.meta_fields import MetaFields, read_meta_fields
from pipelines.article.publication import (
    DateClaim,
    PrintedDates,
    about_story,
    choose_published,
    read_printed_dates,
    url_date,
    without_lists,
)
from pipelines.article.text import one_line
from pipelines.article.zones import SiteZone, site_zone

_LANGUAGE_SAMPLE = 1200
_KEYWORD = re.compile(r"[,，;；、|｜\n]")
_MOST_KEYWORDS = 30
_LONGEST_META = 160  # characters of a line about the story
_COLON_OR_DIGIT = re.compile(r"[:：\d]")
_SECTION_TITLE = 8  # characters; no headline is shorter, but section names are
_STRONG_META = 16  # the first names of [published] mean nothing but publication


@dataclass(slots=True)
class Metadata:
    """What is known about a story; None and empty where the page does not say.

    Dates are ISO 8601 with an offset. *headline_blocks*, *meta_blocks* and *byline_blocks* are
    indexes of blocks (lines, for plain text) that hold nothing of the body.
    """

    headline: str | None = None
    description: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    date_precision: DatePrecision | None = None
    date_published_raw: str | None = None
    date_published_from: DateSource | None = None
    authors: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    source: str | None = None
    source_url: str | None = None
    section: str | None = None
    language: str | None = None
    image: str | None = None
    canonical_link: str | None = None
    article_body: str | None = None  # the body as JSON-LD has it
    origins: dict[str, str] = field(default_factory=dict)
    headline_blocks: list[int] = field(default_factory=list)
    meta_blocks: list[int] = field(default_factory=list)
    byline_blocks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What one page's fields are read from."""

    document: Document
    page: Page
    labels: Labels
    stories: list[StoryData]
    metas: MetaFields
    now: datetime
    texts: list[str]
    result: Metadata

    @property
    def story(self) -> StoryData:
        return self.stories[0] if self.stories else StoryData()

    def site_names(self) -> list[str]:
        names = [*self.metas.all("site_name")]
        return names + [story.publisher for story in self.stories if story.publisher]


def read_metadata(document: Document, page: Page, labels: Labels | None = None) -> Metadata:
    """Read the metadata of a parsed page.

    *page.date_fetched* is the *now* of relative dates and the bound of all; ValueError when it is
    not ISO 8601. Otherwise never raises; what cannot be read stays empty.
    """
    labels = labels or Labels.load()
    reading = _Reading(
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
    _read_story(reading, head)
    _read_plain_fields(reading)
    return reading.result


def fetched_at(page: Page) -> datetime:
    """Give the instant at which *page* was fetched; UTC where no offset is written."""
    now = datetime.fromisoformat(page.date_fetched)
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def host_of(page: Page) -> str:
    """Give the host of the page's address, empty for a document without one."""
    try:
        return urlsplit(page.url).hostname or ""
    except ValueError:
        return ""


def _read_headline(reading: _Reading) -> int:
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
    if chosen.origin == "title" and chosen.block < 0 and len(chosen.text) <= _SECTION_TITLE:
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


def _from_lines(reading: _Reading) -> Headline | None:
    """Find the headline by its lines, where the title names a section only."""
    site = site_zone(reading.page.timezone, host_of(reading.page), reading.document.language)
    place = find_headline_line(reading.texts, reading.labels, now=reading.now, site=site)
    return None if place is None else Headline(reading.texts[place], "text", place)


def _read_language(reading: _Reading, head: int) -> None:
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


def _read_story(reading: _Reading, head: int) -> None:
    """Read dates, source and writers, from metadata and from the lines around the headline."""
    result, labels, page = reading.result, reading.labels, reading.page
    site = site_zone(page.timezone, host_of(page), result.language)
    structured = list(_structured_dates(reading, site))
    site = _zone_shown(site, structured)
    head, near, found = _printed_near(reading, head, site)
    printed, modified = found.published, found.modified
    times = _times_nearby(reading, near, site)
    changes = [*_structured_changes(reading, site), *modified]
    if not printed and not structured:
        passages = [(block.index, block.text) for block in reading.document.blocks]
        printed = read_printed_dates(
            passages, labels, now=reading.now, zone=site.zone, labelled_only=True
        ).published[:1]
    known = list(_other_dates(reading, site))
    chosen = choose_published([*printed, *times], structured, known, site, changes)
    if chosen:
        set_date(result, chosen)
    if changes:
        result.date_modified = changes[0].date.iso()
        result.origins["date_modified"] = changes[0].origin
    result.meta_blocks = about_story(printed, chosen, modified)
    date = next((claim for claim in printed if claim.block in result.meta_blocks), None)
    _read_source(reading, head, near, date)
    _read_authors(reading, head, near)


def _printed_near(
    reading: _Reading, head: int, site: SiteZone
) -> tuple[int, list[Passage], PrintedDates]:
    """Read the dates printed around the headline; of its copies, around the one that has them."""
    near: list[Passage] = []
    found = PrintedDates([], [])
    for place in reading.result.headline_blocks or ([head] if head >= 0 else []):
        _space_out(reading, place)
        head, near = place, masthead(reading.texts, place)
        here = read_printed_dates(near, reading.labels, now=reading.now, zone=site.zone)
        found.published = without_lists(here.published, near, place)
        found.modified = here.modified or found.modified
        if found.published:
            break
    return head, near, found


def _space_out(reading: _Reading, head: int) -> None:
    """Part the inline elements of the lines around the headline by blanks.

    Source, date and writer are often spans that only a margin parts on the screen.
    """
    for block in reading.document.blocks[max(0, head - 4) : head + 41]:
        text = block.text
        if len(text) > _LONGEST_META or not (block.marks or block.links):
            continue
        if not _COLON_OR_DIGIT.search(text):
            continue
        pieces: list[Mark | Link] = [*block.marks, *block.links]
        for piece in pieces:
            if 1 < len(piece.text) < len(text) and piece.text in text:
                text = text.replace(piece.text, f" {piece.text} ", 1)
        reading.texts[block.index] = " ".join(text.split())


def set_date(result: Metadata, claim: DateClaim) -> None:
    """Fill the four fields of the date of publication from *claim*."""
    result.date_published = claim.date.iso()
    result.date_precision = claim.date.precision
    result.date_published_raw = claim.date.raw[:200]
    result.date_published_from = claim.origin
    result.origins["date_published"] = f"{claim.origin} {claim.name}".strip()


def _structured_dates(reading: _Reading, site: SiteZone) -> Iterator[DateClaim]:
    """Give the dates of publication in JSON-LD, then in `<meta>`, best first."""
    created: list[DateClaim] = []
    for story in reading.stories:
        weight = 6 if story.kind not in reading.labels.fields.page_types else 3
        for value, target in ((story.published, None), (story.created, created)):
            date = parse_date(value, now=reading.now, zone=site.zone) if value else None
            if date and target is None:
                yield DateClaim(date, "json-ld", weight, name="datePublished")
            elif date:
                created.append(DateClaim(date, "json-ld", 2, name="dateCreated"))
    ranks = {name: rank for rank, (name, _) in enumerate(reading.metas.values.get("published", []))}
    for name, value in reading.metas.values.get("published", []):
        date = parse_date(value, now=reading.now, zone=site.zone)
        if date and date.has_year and not date.relative:
            place = next(
                (
                    rank
                    for group, rank in reading.labels.fields.places[name]
                    if group == "published"
                ),
                ranks[name],
            )
            yield DateClaim(date, "meta", 5 if place < _STRONG_META else 2, name=name)
    yield from created


def _structured_changes(reading: _Reading, site: SiteZone) -> Iterator[DateClaim]:
    for story in reading.stories:
        date = (
            parse_date(story.modified, now=reading.now, zone=site.zone) if story.modified else None
        )
        if date:
            yield DateClaim(date, "json-ld", 4, name="dateModified")
    for name, value in reading.metas.values.get("modified", []):
        date = parse_date(value, now=reading.now, zone=site.zone)
        if date:
            yield DateClaim(date, "meta", 4, name=name)


def _zone_shown(site: SiteZone, structured: Sequence[DateClaim]) -> SiteZone:
    """Take the offset that metadata writes as the site's where nothing better names its zone."""
    if not site.firm:
        for claim in structured:
            zone = claim.date.instant.tzinfo
            if claim.date.has_offset and claim.date.instant.utcoffset() and zone:
                return SiteZone(zone, firm=True)
    return site


def _times_nearby(
    reading: _Reading, near: Sequence[tuple[int, str]], site: SiteZone
) -> list[DateClaim]:
    """Read `<time datetime>` and itemprop marks beside the headline; changes are left out."""
    found = []
    for index, _ in near:
        for mark in reading.document.blocks[index].marks:
            prop = (mark.attributes.get("itemprop") or "").lower()
            value = mark.attributes.get("datetime") or (
                mark.attributes.get("content") if prop == "datepublished" else None
            )
            if not value or "modified" in prop:
                continue
            text = reading.texts[index]
            before = text[: max(0, text.find(mark.text))] if mark.text else ""
            if reading.labels.modified.search(before) or reading.labels.modified.search(
                mark.text[:24].split("2")[0]
            ):
                continue
            date = parse_date(value, now=reading.now, zone=site.zone)
            if date:
                weight = 4 if prop == "datepublished" else 3
                found.append(DateClaim(date, "text", weight, index, "time"))
    return found


def _other_dates(reading: _Reading, site: SiteZone) -> Iterator[DateClaim]:
    """Give the listing's date and the one in the address."""
    listing = reading.page.listing
    if listing.date_published:
        date = parse_date(listing.date_published, now=reading.now, zone=site.zone)
        if date and listing.kind:
            yield DateClaim(date, listing.kind, 2, name="listing")
    claim = url_date(reading.page.url, now=reading.now, zone=site.zone)
    if claim:
        yield claim


def _read_source(
    reading: _Reading, head: int, near: Sequence[tuple[int, str]], date: DateClaim | None
) -> None:
    result = reading.result
    credit = find_source(reading.texts, head, near, date, reading.labels)
    if credit and credit.how in ("label", "meta line", "tail"):
        result.source, result.origins["source"] = credit.name, f"text {credit.how}"
        if credit.passage >= 0:
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


def _read_authors(reading: _Reading, head: int, near: Sequence[tuple[int, str]]) -> None:
    result, labels = reading.result, reading.labels
    outlets = [*reading.site_names(), result.source or ""]
    printed, result.byline_blocks = find_authors(reading.texts, head, near, labels)
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


def _is_editor(name: str, reading: _Reading) -> bool:
    """Tell whether the page prints *name* as its editor's."""
    return any(
        name in text and reading.labels.editor.search(text)
        for text in reading.texts
        if len(text) < 80
    )


def _read_plain_fields(reading: _Reading) -> None:
    """Read what metadata alone says: summary, keywords, section, picture, address, body."""
    result, metas, story = reading.result, reading.metas, reading.story
    listing = reading.page.listing
    description = metas.first("description") or story.description or listing.description
    if description:
        result.description = one_line(description) or None
    result.keywords = _keywords([*metas.all("keywords"), *story.keywords] or list(listing.keywords))
    section = story.section or metas.first("section") or listing.section
    result.section = one_line(section)[:100] or None if section else None
    picture = metas.first("image") or story.image
    result.image = _absolute(reading, picture) if picture else None
    result.article_body = story.body
    result.canonical_link = _canonical(reading)


def _keywords(values: Sequence[str]) -> list[str]:
    words: list[str] = []
    for value in values:
        parts = _KEYWORD.split(value)
        if len(parts) == 1 and len(value) > 20:
            parts = value.split()
        words += [one_line(part) for part in parts]
    return list(dict.fromkeys(word for word in words if word and len(word) <= 60))[:_MOST_KEYWORDS]


def _canonical(reading: _Reading) -> str | None:
    for link in reading.document.links:
        if "canonical" in link.get("rel", "").lower().split() and link.get("href", "").strip():
            return _absolute(reading, link["href"])
    address = reading.metas.first("canonical")
    return _absolute(reading, address) if address else None


def _absolute(reading: _Reading, address: str) -> str | None:
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
