"""Metadata of a page that is only visible text: by the shape, order and labels of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.items import Page
from pipelines.article.dates.printed import parse_date
from pipelines.article.dates.zones import SiteZone, site_zone
from pipelines.article.metadata.headline_lines import find_headline_line
from pipelines.article.metadata.labels import Labels
from pipelines.article.metadata.language import detect_language
from pipelines.article.metadata.masthead import (
    Passage,
    find_authors,
    find_source,
    is_prose,
    masthead,
)
from pipelines.article.metadata.page_dates import set_date
from pipelines.article.metadata.publication import (
    DateClaim,
    PrintedDates,
    about_story,
    choose_published,
    read_printed_dates,
    url_date,
    without_lists,
)
from pipelines.article.metadata.reading import Metadata, fetched_at, host_of
from pipelines.article.text import one_line


def read_text_metadata(
    lines: Sequence[str],
    page: Page,
    labels: Labels | None = None,
    *,
    headline: int | None = None,
) -> Metadata:
    """Read the metadata of visible text, one block a line; empty lines are passed over.

    *headline* is the index of the headline's line where the caller knows it. The indexes in the
    result are indexes into *lines*. ValueError when *page.date_fetched* is not ISO 8601.
    """
    labels = labels or Labels.load()
    places = [index for index, line in enumerate(lines) if line.strip()]
    texts = [one_line(lines[index]) for index in places]
    now = fetched_at(page)
    result = Metadata()
    listing = page.listing
    head = places.index(headline) if headline in places else None
    sample = " ".join(text for text in texts if is_prose(text))[:1200] or " ".join(texts)[:1200]
    result.language = detect_language(sample, page.language or listing.language or "")
    site = site_zone(page.timezone, host_of(page), result.language)
    if head is None:
        head = find_headline_line(texts, labels, now=now, site=site)
    if head is not None:
        _read_around(texts, head, page, labels, now, site, result)
    if listing.headline and not result.headline:
        result.headline = one_line(listing.headline)
        result.origins["headline"] = listing.kind or "list"
    for name in ("headline_blocks", "meta_blocks", "byline_blocks"):
        setattr(result, name, [places[index] for index in getattr(result, name)])
    result.description = listing.description
    result.keywords, result.section = list(listing.keywords), listing.section
    return result


def _read_around(
    texts: Sequence[str],
    head: int,
    page: Page,
    labels: Labels,
    now: datetime,
    site: SiteZone,
    result: Metadata,
) -> None:
    result.headline, result.origins["headline"] = texts[head], "text"
    result.headline_blocks = [index for index, text in enumerate(texts) if text == texts[head]]
    near = masthead(texts, head)
    found = read_printed_dates(near, labels, now=now, zone=site.zone)
    found.published = without_lists(found.published, near, head)
    if not found.published:
        behind = list(enumerate(texts))[head + 1 :]
        late = read_printed_dates(behind, labels, now=now, zone=site.zone, labelled_only=True)
        found = PrintedDates(late.published[:1], found.modified)
    known = _known(page, now, site)
    chosen = choose_published(found.published, [], known, site, found.modified)
    if chosen:
        set_date(result, chosen)
    if found.modified:
        result.date_modified = found.modified[0].date.iso()
        result.origins["date_modified"] = "text"
    result.meta_blocks = about_story(found.published, chosen, found.modified)
    date = next((c for c in found.published if c.block in result.meta_blocks), None)
    _credit(texts, head, near, date, labels, page, result)


def _credit(
    texts: Sequence[str],
    head: int,
    near: Sequence[Passage],
    date: DateClaim | None,
    labels: Labels,
    page: Page,
    result: Metadata,
) -> None:
    credit = find_source(texts, head, near, date, labels)
    if credit:
        result.source, result.origins["source"] = credit.name, f"text {credit.how}"
        if credit.passage >= 0 and not is_prose(texts[credit.passage]):
            result.meta_blocks = sorted({*result.meta_blocks, credit.passage})
    result.authors, result.byline_blocks = find_authors(texts, head, near, labels)
    if result.authors:
        result.origins["authors"] = "text"
    elif page.listing.authors:
        result.authors = list(page.listing.authors)
        result.origins["authors"] = page.listing.kind or "list"


def _known(page: Page, now: datetime, site: SiteZone) -> list[DateClaim]:
    known = []
    listing = page.listing
    if listing.date_published and listing.kind:
        date = parse_date(listing.date_published, now=now, zone=site.zone)
        if date:
            known.append(DateClaim(date, listing.kind, 2, name="listing"))
    claim = url_date(page.url, now=now, zone=site.zone)
    return [*known, claim] if claim else known
