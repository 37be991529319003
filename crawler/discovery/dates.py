"""Reads the dates that feeds, sitemaps and lists print, for order and bounds only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# W3C date-time as sitemaps and Atom print it, and its sloppy relatives.
_ISO = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?"
    r"(?:[T\s]{1,3}(\d{1,2})[:：](\d{2})(?:[:：](\d{2})(?:[.,]\d{1,12})?)?)?"
    r"\s{0,3}(Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
# 27 Nov 2026, November 27, 2026: the months of RFC 822, also written out.
_ENGLISH = re.compile(
    r"(?:[A-Za-z]{3,9},\s)?(?:(\d{1,2})\s([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.?\s(\d{1,2})),?\s(\d{4})"
)


def listed_date(raw: str | None, zone: str = "") -> datetime | None:
    """The moment that a listing's date means, with an offset; None for what is not a date.

    Reads W3C date-time (also a year or a month alone), RFC 822, 2024年5月3日 08:30, and the days
    May 3, 2024 and 3 May 2024. A date
    without an offset is in *zone*, an IANA name; UTC without one. Never raises.
    """
    text = (raw or "").strip()[:80]
    if not text:
        return None
    local = _zone(zone) if zone else UTC
    match = _ISO.fullmatch(text)
    try:
        if match is not None:
            return _from_fields(match, local)
        found = parsedate_to_datetime(_with_time(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=local)


def listed_span(raw: str | None, zone: str = "") -> tuple[datetime, datetime] | None:
    """The first and the last moment that a listing's date may mean; see `listed_date`.

    A day alone is all of that day, a month or a year all of it.
    """
    first = listed_date(raw, zone)
    if first is None:
        return None
    if not is_day(raw):
        return first, first
    match = _ISO.fullmatch((raw or "").strip()[:80])
    days = 1 if match is None or match.group(3) else 31 if match.group(2) else 366
    return first, first + timedelta(days=days) - timedelta(microseconds=1)


def is_day(raw: str | None) -> bool:
    """Whether a date has no time: what changes later on the same day is then not told."""
    text = (raw or "").strip()[:80]
    match = _ISO.fullmatch(text)
    if match is None:
        return _ENGLISH.fullmatch(text) is not None
    return match.group(4) is None


def newest_first(raw: str | None, zone: str = "") -> float:
    """A key that sorts the newest first and what has no date last."""
    found = listed_date(raw, zone)
    return -found.timestamp() if found is not None and found.year > 1 else float("inf")


def _with_time(text: str) -> str:
    """An English day as RFC 822 prints it; anything else as it is."""
    match = _ENGLISH.fullmatch(text)
    if match is None:
        return text
    day, month, other_month, other_day, year = match.groups()
    return f"{day or other_day} {(month or other_month)[:3]} {year} 00:00:00"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _from_fields(match: re.Match[str], local: tzinfo) -> datetime | None:
    year, month, day, hour, minute, second, offset = match.groups()
    found = datetime(
        int(year),
        int(month or 1),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        min(int(second or 0), 59),  # a leap second
        tzinfo=_offset(offset) or local,
    )
    return found if 1 < found.year < 9999 else None


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    delta = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-delta if text[0] == "-" else delta)  # ValueError from a day on
