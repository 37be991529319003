"""The time of day beside a printed date: hours, minutes, halves of the day, offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from crawler.items import DatePrecision
from pipelines.article.dates.words import DateWords

# From the end of a date to the hour. Longer gaps hold other things than connectors.
_GAP = re.compile(r"[^\d\n]{0,28}(?=\d)")
_TIME = re.compile(
    r"""(?P<h>\d{1,2}) (?:
        \s?[:：]\s? (?P<m1>\d\d) (?: \s?[:：]\s? (?P<s1>\d\d) (?P<f>[.,]\d{1,9})? )?
      | \s?[时時点點시]\s? (?: (?P<m2>\d{1,2}) \s?[分분]? (?: \s?(?P<s2>\d{1,2})\s?[秒초] )? )?
      | [hH] (?P<m3>\d\d)?
      | \. (?P<m4>\d\d) (?![\d.%])
      | (?= \s?[ap]\.?m\b )
    )""",
    re.X | re.I,
)
_BEFORE = re.compile(
    r"(?<!\d)(\d{1,2})[:：.](\d\d)(?:[:：](\d\d))?\s{0,2}([ap]\.?m\.?)?\s{0,2}([A-Z]{2,5})?"
    r"[\s,，|·\-–—]{0,4}(?:on|le|del|el|am|den|ngày)?\s{0,2}\Z",
    re.I,
)
_OFFSET = re.compile(
    r"\s{0,2}\(?(?:(?P<utc>GMT|UTC)\s?)?(?P<sign>[+\-−])(?P<h>\d{1,2}):?(?P<m>[0-5]\d)?(?!\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; *start* is where it begins if it stood before its date."""

    hour: int = 0
    minute: int = 0
    second: int = 0
    precision: DatePrecision = "day"
    zone: tzinfo | None = None
    fraction: bool = False
    start: int | None = None
    end: int = 0


NO_TIME = Clock()


def read_clock(text: str, start: int, end: int, words: DateWords, zone: tzinfo) -> Clock:
    """Read the time printed after the date *text[start:end]*, or else before it.

    NO_TIME when there is none. *zone* decides what an ambiguous CST means.
    """
    gap = _GAP.match(text, end)
    if gap:
        known = _gap_words(gap[0], words)
        clock = _after(text, gap.end(), known, words) if known is not None else None
        if clock:
            printed = words.printed_zone.search(gap[0]) if len(gap[0]) > 3 else None
            if printed:
                return replace(clock, zone=_zone(printed[1], words, zone))
            return _with_zone(text, clock, gap[0], words, zone)
    before = _BEFORE.search(text, max(0, start - 24), start)
    if before:
        return _earlier(before, words, zone)
    return NO_TIME


def _gap_words(gap: str, words: DateWords) -> list[str] | None:
    """List the words between date and hour; None when one of them is no connector."""
    found: list[str] = []
    if not gap.strip(" \t,，|·•-–—/()（）T"):
        return found
    bare = words.printed_zone.sub(" ", words.half.sub(lambda half: f" {half[1]} ", gap))
    for match in _WORD.finditer(bare):
        word = match[0].lower()
        if word in words.between or word in words.halves:
            found.append(word)
        elif not all(c in words.between_cjk for c in word):
            return None
    return found


def _after(text: str, position: int, known: list[str], words: DateWords) -> Clock | None:
    match = _TIME.match(text, position)
    if not match:
        return None
    end = match.end()
    half = next((word for word in known if word in words.halves), None)
    suffix = words.half.match(text, end + (text[end : end + 1] == " "))
    if suffix and suffix[1].isascii() and half is None:
        half, end = suffix[1].lower(), suffix.end()
    dotted = half or words.dotted.intersection(known) or words.dotted_behind.match(text, end)
    if match["m4"] and not dotted:
        return None
    hour = _hour(int(match["h"]), half, words)
    minute = int(match["m1"] or match["m2"] or match["m3"] or match["m4"] or 0)
    printed_second = match["s1"] or match["s2"]
    second = int(printed_second or 0)
    if not _valid(hour, minute, second):
        return None
    precision: DatePrecision = "second" if printed_second else "minute"
    return Clock(hour, minute, second, precision, fraction=bool(match["f"]), end=end)


def _earlier(match: re.Match[str], words: DateWords, zone: tzinfo) -> Clock:
    hour = _hour(int(match[1]), (match[4] or "").lower() or None, words)
    minute, second = int(match[2]), int(match[3] or 0)
    if not _valid(hour, minute, second):
        return NO_TIME
    printed = words.printed_zone.fullmatch(match[5]) if match[5] else None
    return Clock(
        hour,
        minute,
        second,
        "second" if match[3] else "minute",
        zone=_zone(printed[1], words, zone) if printed else None,
        start=match.start(),
    )


def _valid(hour: int, minute: int, second: int) -> bool:
    if hour == 24:
        return minute == second == 0
    return hour < 24 and minute < 60 and second < 60


def _hour(hour: int, half: str | None, words: DateWords) -> int:
    if half is None or hour > 12:
        return hour
    add = words.halves.get(half, 0)
    if half == "中午":
        return hour + 12 if hour < 11 else hour
    return (hour % 12) + add


def _with_zone(text: str, clock: Clock, gap: str, words: DateWords, zone: tzinfo) -> Clock:
    """Add the offset or zone printed behind the time."""
    offset = _OFFSET.match(text, clock.end)
    if offset:
        found = _offset_zone(offset)
        # 09:00-10:30 is a span of time and no offset, unless a machine wrote it.
        sure = offset["utc"] or offset["sign"] == "+" or clock.precision == "second"
        if found and (sure or gap == "T") and (offset["m"] or offset["utc"]):
            return replace(clock, zone=found, end=offset.end())
    skip = clock.end
    while skip < clock.end + 3 and text[skip : skip + 1] in (" ", "(", "\xa0"):
        skip += 1
    printed = words.printed_zone.match(text, skip)
    if printed and (printed[1].isupper() or not printed[1].isascii()):
        return replace(clock, zone=_zone(printed[1], words, zone), end=printed.end())
    return clock


def _offset_zone(match: re.Match[str]) -> timezone | None:
    hours, minutes = match["h"], match["m"] or "00"
    if len(hours) == 1 and match["m"] and not match["utc"]:
        return None
    span = timedelta(hours=int(hours), minutes=int(minutes))
    if span > timedelta(hours=14):
        return None
    return timezone(span if match["sign"] == "+" else -span)


def _zone(name: str, words: DateWords, zone: tzinfo) -> tzinfo | None:
    """Give the zone that a printed name means here."""
    upper = name.upper()
    if upper == "CST" and getattr(zone, "key", "").startswith("Asia/"):
        return ZoneInfo("Asia/Shanghai")
    meant = words.printed_zones.get(upper, words.printed_zones.get(name))
    if isinstance(meant, str):
        return ZoneInfo(meant)
    return None if meant is None else timezone(timedelta(minutes=meant))
