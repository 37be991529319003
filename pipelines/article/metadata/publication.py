"""Which of a page's dates is the story's: what is printed beside the headline, what metadata says.

A date of publication comes from a place that means one. The last change, other stories, the site's
clock and deadlines never stand in for it, and it never stands in for the last change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from crawler.items import DateSource
from pipelines.article.dates.printed import ParsedDate, complete_year, find_dates
from pipelines.article.dates.words import date_words
from pipelines.article.dates.zones import SiteZone
from pipelines.article.metadata.labels import Labels

_DATE_HINT = re.compile(r"(?:19|20)\d\d|\d[:：]\d\d|\d\s?[-/.月월]\s?\d|[年]\s?\d")
_DIGIT = re.compile(r"\d")
_NO_END, _AFTER_DATE = 1_000_000, 5  # passages read once a good date is found
_SHORT = 40  # only so short a text may say "3 hours ago"
_LABEL_ROOM = 28  # characters before a date in which its label stands
_LONGEST_LABEL = 14  # a block that is only a label
_PROSE = 60  # a longer passage with the stops of sentences is text
_CHINESE_PROSE = 24  # the same with Chinese stops, which no meta line has
_LONGEST_REVISION = timedelta(days=60)
_META = 200  # no meta line is longer
_STOPS = re.compile(r"[。，！？]|(?<!\d)\.\s|,\s[^,]{1,80},\s")
_CHINESE_STOPS = re.compile(r"[。，！？]")
_LONGEST_PIECE = 12
_PIECE = re.compile(r"(?<![\d\s/:：.\-年月日])[\s/:：.\-年月日]*\d[\d\s/:：.\-年月日]*")
_URL_DATE = re.compile(
    r"(?<!\d)(20[0-3]\d)[-/_.]?(0[1-9]|1[0-2])[-/_.]?(0[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class DateClaim:
    """A date that some place of the page gives; *weight* is how much that place is worth."""

    date: ParsedDate
    origin: DateSource
    weight: int
    block: int = -1
    name: str = ""  # the meta name, the label


@dataclass(slots=True)
class PrintedDates:
    """Dates of publication and of change that the visible text gives, in order."""

    published: list[DateClaim]
    modified: list[DateClaim]


def read_printed_dates(
    passages: Iterable[tuple[int, str]],
    labels: Labels,
    *,
    now: datetime,
    zone: tzinfo,
    labelled_only: bool = False,
) -> PrintedDates:
    """Read the dates of *passages*, (index, text) in the order of the page.

    A label may end the passage before. Prose counts only for a date with a label;
    *labelled_only* asks that of every passage.
    """
    found = PrintedDates([], [])
    before_it = ""
    left = _NO_END
    for index, text in _with_pieces_joined(passages):
        if len(text) <= _META and _may_hold_date(text):
            prose = _is_text(text)
            if not prose or ":" in text or "：" in text:
                strict = labelled_only or prose
                _read_passage(index, text, before_it, labels, now, zone, strict, found)
                if left == _NO_END and any(claim.weight >= 3 for claim in found.published):
                    left = _AFTER_DATE
        left -= 1
        if not left:
            break
        before_it = text if len(text) <= _LONGEST_LABEL else ""
    return found


def _with_pieces_joined(passages: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join the pieces of a date that stand in passages of their own: 2024, 05/13, 16:40."""
    pieces: list[str] = []
    first = last = -2
    for index, text in passages:
        if len(text) <= _LONGEST_PIECE and _PIECE.fullmatch(text):
            if pieces and index == last + 1:
                pieces.append(text)
            else:
                if pieces:
                    yield first, " ".join(pieces)
                pieces, first = [text], index
            last = index
            continue
        if pieces:
            yield first, " ".join(pieces)
            pieces = []
        yield index, text
    if pieces:
        yield first, " ".join(pieces)


def _is_text(text: str) -> bool:
    """Tell whether a passage is a part of a text rather than a line about one."""
    if len(text) <= _CHINESE_PROSE:
        return False
    return bool(_CHINESE_STOPS.search(text) or (len(text) > _PROSE and _STOPS.search(text)))


def without_lists(
    claims: Sequence[DateClaim], near: Sequence[tuple[int, str]], head: int
) -> list[DateClaim]:
    """Leave out the dates of a list of other stories.

    A story prints one day, or two with its change. Where the passages above its headline *head*
    and behind its first paragraph print three different days without a label, they list others.
    """
    first = next((index for index, text in near if index > head and _is_text(text)), None)
    outside = [
        claim
        for claim in claims
        if not claim.name and (claim.block < head or (first is not None and claim.block > first))
    ]
    if len({claim.date.instant.date() for claim in outside}) < 3:
        return list(claims)
    return [claim for claim in claims if claim not in outside]


def about_story(
    claims: Sequence[DateClaim], chosen: DateClaim | None, modified: Sequence[DateClaim]
) -> list[int]:
    """List the passages whose dates are the story's: labelled, or in accord with the chosen one."""
    return sorted(
        {
            claim.block
            for claim in (*claims, *modified)
            if claim.block >= 0 and (claim.name or (chosen and agrees(claim.date, chosen.date)))
        }
    )


def _may_hold_date(text: str) -> bool:
    """Look cheaply whether reading *text* for dates is worth its cost."""
    if _DATE_HINT.search(text):
        return True
    if len(text) > _SHORT or not _DIGIT.search(text):
        return False
    return bool(date_words().relative_hint.search(text))


def _read_passage(
    index: int,
    text: str,
    before_it: str,
    labels: Labels,
    now: datetime,
    zone: tzinfo,
    strict: bool,
    found: PrintedDates,
) -> None:
    previous_end = 0
    for date in find_dates(text, now=now, zone=zone):
        before = text[max(previous_end, date.start - _LABEL_ROOM) : date.start]
        if not before.strip():
            before = before_it if date.start < 3 else before
        # A printed zone may stand inside the date: its label stands before both.
        previous_end = date.end
        if labels.modified.search(before):
            found.modified.append(DateClaim(date, "text", 4, index, before.strip()))
        elif labels.published.search(before):
            weight = 2 if date.relative else 5
            found.published.append(DateClaim(date, "text", weight, index, before.strip()))
        elif not strict and not labels.foreign_date.search(text[: date.start + 4]):
            weight = 3 - (date.precision == "day") - (not date.has_year or date.relative)
            found.published.append(DateClaim(date, "text", weight, index))


def url_date(url: str, *, now: datetime, zone: tzinfo) -> DateClaim | None:
    """Read the day that an address holds, such as /2018/08/31/ or t20180831_."""
    path = url.partition("://")[2].partition("?")[0]
    for match in _URL_DATE.finditer(path[:400]):
        try:
            instant = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=zone)
        except ValueError:
            continue
        if instant - now <= timedelta(hours=24):
            return DateClaim(ParsedDate(instant, "day", match[0]), "url", 1)
    return None


def choose_published(
    printed: Sequence[DateClaim],
    structured: Sequence[DateClaim],
    known: Sequence[DateClaim],
    site: SiteZone,
    changes: Sequence[DateClaim] = (),
) -> DateClaim | None:
    """Choose the date of publication, in the site's zone.

    *printed* stood in the text around the headline, nearest first; *structured* in metadata, best
    first; *changes* are the page's dates of modification; *known* are its address's and its
    listing's dates, for when there is nothing else. Agreement between places wins over rank.
    """
    printed, structured = _without_changes(printed, structured, changes)
    visible = _visible(printed, [*structured, *changes, *known])
    chosen = _choose(visible, structured, known, site)
    return _localised(chosen, site) if chosen else None


def _choose(
    visible: DateClaim | None,
    structured: Sequence[DateClaim],
    known: Sequence[DateClaim],
    site: SiteZone,
) -> DateClaim | None:
    if visible is None:
        return _best_structured(structured) or _first_of(known)
    if not structured:
        return _confirmed(visible, known)
    for claim in structured:
        if agrees(visible.date, claim.date):
            return _joined(visible, claim, structured, site)
    # Nothing agrees: a label beside the headline outweighs a weak name in the metadata.
    if visible.weight >= 5 and visible.date.has_year:
        return visible
    if structured[0].weight < 4 and visible.weight > structured[0].weight:
        return visible
    return _best_structured(structured)


def _without_changes(
    printed: Sequence[DateClaim], structured: Sequence[DateClaim], changes: Sequence[DateClaim]
) -> tuple[list[DateClaim], list[DateClaim]]:
    """Leave out dates of change that stand under a name of publication.

    Some sites write the last change there. It shows when another place, one that means
    publication, names an earlier time.
    """
    first = min((claim.date.instant for claim in changes if not claim.date.relative), default=None)
    if first is None:
        return list(printed), list(structured)
    shown = any(claim.origin == "text" for claim in changes)
    earlier = any(
        timedelta(seconds=60) <= first - claim.date.instant <= _LONGEST_REVISION
        for claim in (*printed, *structured)
        if claim.date.has_year and not _day_only(claim.date) and _means_it(claim, shown=shown)
    )
    if not earlier:
        return list(printed), list(structured)

    def is_change(claim: DateClaim) -> bool:
        if _day_only(claim.date):
            return False
        return any(
            abs(claim.date.instant - change.date.instant) < timedelta(seconds=60)
            for change in changes
        )

    return (
        [claim for claim in printed if not is_change(claim)],
        [claim for claim in structured if not is_change(claim)],
    )


def _means_it(claim: DateClaim, *, shown: bool) -> bool:
    """Tell whether *claim* can expose another as a date of change.

    A bare printed date can only where the page prints its change as well (*shown*).
    """
    if claim.origin == "text":
        return claim.weight >= (3 if shown else 5)
    return claim.weight >= 4


def _localised(claim: DateClaim, site: SiteZone) -> DateClaim:
    """Write an instant that was given in UTC as the site's own time, whose day readers mean."""
    instant = claim.date.instant
    if site.firm and not instant.utcoffset() and claim.date.precision != "day":
        return replace(claim, date=replace(claim.date, instant=instant.astimezone(site.zone)))
    return claim


def _day_only(date: ParsedDate) -> bool:
    """Tell whether a date names a day; machines write midnight for that."""
    return date.precision == "day" or (
        not date.fraction and date.instant.hour == date.instant.minute == date.instant.second == 0
    )


def _visible(printed: Sequence[DateClaim], others: Sequence[DateClaim]) -> DateClaim | None:
    """Give the best printed date; a missing year comes from another date of the page."""
    best: DateClaim | None = None
    for claim in printed:
        if not claim.date.has_year:
            for other in others:
                date = complete_year(claim.date, other.date.instant)
                if date:
                    claim = replace(claim, date=date)  # noqa: PLW2901 - the same claim, completed
                    break
        if not claim.date.has_year and claim.weight < 2:
            continue  # a day and a month alone may be anybody's
        better = best is None or claim.weight > best.weight
        if better or (best and claim.weight == best.weight and _finer(claim.date, best.date)):
            best = claim
    if best is None:
        return None
    # A label beside a day, and the minute of that day in a <time> or on another line.
    found = best
    return next((c for c in printed if c.weight >= 3 and _finer(c.date, found.date)), best)


def _finer(one: ParsedDate, other: ParsedDate) -> bool:
    """Tell whether *one* says the same day as *other* more exactly."""
    return _exactness(one) > _exactness(other) and agrees(one, other)


def _exactness(date: ParsedDate) -> int:
    return 0 if _day_only(date) else {"day": 0, "minute": 1, "second": 2}[date.precision]


def agrees(one: ParsedDate, other: ParsedDate) -> bool:
    """Tell whether two dates can be the same: the same minute, wall clock, or day for a day."""
    first, second = one.instant, other.instant
    if _day_only(one) or _day_only(other):
        if first.date() == second.date():
            return True
        zone = first.tzinfo if _day_only(one) else second.tzinfo
        return first.astimezone(zone).date() == second.astimezone(zone).date()
    if abs(first - second) < timedelta(seconds=60):
        return True
    return abs(first.replace(tzinfo=None) - second.replace(tzinfo=None)) < timedelta(seconds=60)


def _joined(
    visible: DateClaim, claim: DateClaim, trusted: Sequence[DateClaim], site: SiteZone
) -> DateClaim:
    """Give the more exact of two claims that agree, with the offset that is right."""
    if _day_only(claim.date):
        finer = next((c for c in trusted if _finer(c.date, claim.date)), None)
        if _day_only(visible.date):
            return finer or (visible if visible.date.precision == "day" else claim)
        return visible
    if _day_only(visible.date) or visible.date.relative:
        return claim
    if abs(visible.date.instant - claim.date.instant) < timedelta(seconds=60):
        return claim if claim.date.precision == "second" else visible
    # The same wall clock at another instant: one of the two names the wrong offset.
    return _wrong_offset(visible, claim, site)


def _wrong_offset(visible: DateClaim, claim: DateClaim, site: SiteZone) -> DateClaim:
    """Decide between a printed local time and metadata that puts the same hour into UTC.

    Many sites write their local time with a Z behind it. A time with split seconds was made by a
    machine that knows its zone, so that one stays.
    """
    zero = not claim.date.instant.utcoffset()
    suspicious = zero and claim.date.has_offset and not claim.date.fraction
    if suspicious and site.firm and not visible.date.has_offset:
        local = claim.date.instant.replace(tzinfo=visible.date.instant.tzinfo)
        return replace(claim, date=replace(claim.date, instant=local))
    return claim


def _best_structured(trusted: Sequence[DateClaim]) -> DateClaim | None:
    """Give the first claim, or a finer one of the same day; a bare offset beats none."""
    if not trusted:
        return None
    best = trusted[0]
    for claim in trusted[1:]:
        if _day_only(best.date) and _finer(claim.date, best.date):
            return claim
        if not best.date.has_offset and claim.date.has_offset and agrees(claim.date, best.date):
            return replace(claim, origin=best.origin)
    return best


def _confirmed(visible: DateClaim, known: Sequence[DateClaim]) -> DateClaim:
    """Prefer a printed date; a listing's exact time completes a printed day."""
    if _day_only(visible.date):
        for claim in known:
            if claim.origin in ("feed", "sitemap") and _finer(claim.date, visible.date):
                return claim
    return visible


def _first_of(known: Sequence[DateClaim]) -> DateClaim | None:
    usable = [claim for claim in known if claim.weight > 0]
    listed = [claim for claim in usable if claim.origin in ("feed", "sitemap")]
    return next(iter(listed or usable), None)
