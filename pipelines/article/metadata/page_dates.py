"""The dates of a parsed page, collected from every place that may give one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipelines.article.dates.printed import parse_date
from pipelines.article.dates.zones import SiteZone, site_zone
from pipelines.article.metadata.masthead import Passage, masthead
from pipelines.article.metadata.publication import (
    DateClaim,
    PrintedDates,
    about_story,
    choose_published,
    read_printed_dates,
    url_date,
    without_lists,
)
from pipelines.article.metadata.reading import Metadata, Reading, host_of
from pipelines.article.page.document import Link, Mark

_LONGEST_META = 160  # characters of a line about the story
_COLON_OR_DIGIT = re.compile(r"[:：\d]")
_MOST_SCRIPTS, _LONGEST_SCRIPT = 60, 400_000
_STRONG_META = 16  # the first names of [published] mean nothing but publication


@dataclass(frozen=True, slots=True)
class Masthead:
    """The headline's block, the passages around it, and the date printed among them."""

    head: int
    near: list[Passage]
    date: DateClaim | None


def read_dates(reading: Reading, head: int) -> Masthead:
    """Fill the dates of *reading.result*; *head* is the block of the headline, -1 without one.

    Gives the passages around the headline, for whoever reads their credits.
    """
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
    if not printed and not structured and not times:
        structured = list(_script_dates(reading, site))
    known = list(_other_dates(reading, site))
    chosen = choose_published([*printed, *times], structured, known, site, changes)
    if chosen:
        set_date(result, chosen)
    if changes:
        result.date_modified = changes[0].date.iso()
        result.origins["date_modified"] = changes[0].origin
    result.meta_blocks = about_story(printed, chosen, modified)
    date = next((claim for claim in printed if claim.block in result.meta_blocks), None)
    return Masthead(head, near, date)


def set_date(result: Metadata, claim: DateClaim) -> None:
    """Fill the four fields of the date of publication from *claim*."""
    result.date_published = claim.date.iso()
    result.date_precision = claim.date.precision
    result.date_published_raw = claim.date.raw[:200]
    result.date_published_from = claim.origin
    result.origins["date_published"] = f"{claim.origin} {claim.name}".strip()


def _printed_near(
    reading: Reading, head: int, site: SiteZone
) -> tuple[int, list[Passage], PrintedDates]:
    """Read the dates printed around the headline; of its copies, around the one that has them."""
    near: list[Passage] = []
    found = PrintedDates([], [])
    for place in reading.result.headline_blocks or ([head] if head >= 0 else []):
        _space_out(reading, place)
        head, near = place, masthead(reading.texts, place)
        text, headline = reading.document.blocks[place].text, reading.result.headline or ""
        if text != headline and text.startswith(headline):
            near.insert(0, (place, text[len(headline) :].strip()))
        here = read_printed_dates(near, reading.labels, now=reading.now, zone=site.zone)
        found.published = without_lists(here.published, near, place)
        found.modified = here.modified or found.modified
        if found.published:
            break
    copies = reading.result.headline_blocks
    if head in copies:  # the one that heads the story comes first
        copies.insert(0, copies.pop(copies.index(head)))
    return head, near, found


def _space_out(reading: Reading, head: int) -> None:
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


def _structured_dates(reading: Reading, site: SiteZone) -> Iterator[DateClaim]:
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


def _structured_changes(reading: Reading, site: SiteZone) -> Iterator[DateClaim]:
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
    reading: Reading, near: Sequence[tuple[int, str]], site: SiteZone
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


def _script_dates(reading: Reading, site: SiteZone) -> Iterator[DateClaim]:
    """Read the date that a page keeps in scripts only, under a name that means publication.

    Scripts list other stories as well: where their dates name two days, none is the story's.
    """
    pattern = reading.labels.fields.script_published
    found: list[DateClaim] = []
    for script in reading.document.scripts[:_MOST_SCRIPTS]:
        for match in islice(pattern.finditer(script.text[:_LONGEST_SCRIPT]), 20):
            date = parse_date(match[2], now=reading.now, zone=site.zone)
            if date and date.has_year and not date.relative:
                found.append(DateClaim(date, "meta", 3, name=match[1]))
    if len({claim.date.instant.astimezone(site.zone).date() for claim in found}) == 1:
        yield from found


def _other_dates(reading: Reading, site: SiteZone) -> Iterator[DateClaim]:
    """Give the listing's date and the one in the address."""
    listing = reading.page.listing
    if listing.date_published:
        date = parse_date(listing.date_published, now=reading.now, zone=site.zone)
        if date and listing.kind:
            yield DateClaim(date, listing.kind, 2, name="listing")
    claim = url_date(reading.page.url, now=reading.now, zone=site.zone)
    if claim:
        yield claim
