"""Printed dates: from text to an instant with an offset, and how exactly it was printed.

A date is read by fixed, linear patterns; words in many languages are data (`labels/`). Nothing
here knows where on a page the text stood; `metadata/publication.py` decides which date is the
story's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from crawler.items import DatePrecision
from pipelines.article.dates.clock_times import NO_TIME, Clock, read_clock
from pipelines.article.dates.words import DateWords, date_words

# A longer text than this is no date; find_dates() looks no further either.
_LONGEST = 600
# News sites print no earlier dates of publication, and the zone database's local mean times,
# which are no whole minutes, end well before.
_EARLIEST_YEAR = 1950
# Clocks differ, and a page may print the local time of a zone fourteen hours ahead as if in UTC.
_FUTURE = timedelta(hours=24)

_NUMERIC = re.compile(
    r"""(?<!\d)(?:
      (?P<y1>(?:19|20)\d\d) \s?[-/.\u2010-\u2014年년]\s? (?P<m1>\d{1,2})
          \s?[-/.\u2010-\u2014月월]\s? (?P<d1>\d{1,2}) (?:\s?[日号號일])?
    | (?P<y2>(?:19|20)\d\d) \s{1,3} (?P<m2>\d{1,2}) \s?[-/]\s? (?P<d2>\d{1,2}) (?=\s)
    | (?P<y3>1\d\d) 年 (?P<m3>\d{1,2}) 月 (?P<d3>\d{1,2}) 日
    | (?P<a4>\d{1,2}) \s?(?P<sep4>[./-])\s? (?P<b4>\d{1,2}) \s?[./-]\s?
          (?P<y4>(?:19|20)\d\d|\d\d(?!\d))
    | (?P<m5>\d{1,2}) \s?[月월]\s? (?P<d5>\d{1,2}) \s?[日号號일]
    | (?P<m6>\d{1,2}) [-/] (?P<d6>\d{1,2}?) \s{0,3} (?=\d\d?[:：]\d\d)
    | (?P<m7>\d{1,2}) / (?P<d7>\d{1,2}) (?=\s?[(（][月火水木金土日][)）])
    )""",
    re.X,
)
_NAME = r"[^\s\d,.;:/()|·\-]{2,15}"
_WORDED = re.compile(
    rf"""(?<!\d)(?:
      (?P<d1>\d{{1,2}}) (?:st|nd|rd|th|er|º|ª|\.)? [\s\-/.]{{0,3}} (?:(?:de|of)\s)?
          (?P<n1>{_NAME}) [.,]{{0,2}} [\s\-/]{{0,3}} (?:(?:de|del)\s)?
          (?P<y1>(?:19|20|25)\d\d(?!\d))?
    | (?P<y2>(?:19|20)\d\d) \.?\s (?:m\.\s)? (?P<n2>{_NAME}) \s (?P<d2>\d{{1,2}})
    )
    | (?<![^\s\d,.;:/()|·\-]) (?P<n3>{_NAME}) \.? \s{{1,2}} (?P<d3>\d{{1,2}})
          (?:st|nd|rd|th)? (?![\d:：]) (?:,?\s{{0,2}} (?P<y3>(?:19|20)\d\d(?!\d)))?
    """,
    re.X | re.I,
)
# What Java prints for a date: Wed May 22 07:16:06 CST 2024.
_JAVA = re.compile(
    r"\b([A-Z][a-z]{2})\s{1,2}(\d{1,2})\s(\d\d):(\d\d):(\d\d)\s([A-Z]{1,5})?\s?((?:19|20)\d\d)\b"
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile("[a-zA-Z\u00c0-\u0e7f]{2}")  # scripts that write months as words
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?Z?")
_ISO_START = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d|$)")
_ONLY_LABEL = re.compile(r"[^\w]*(?:[^\W\d]{1,12}[:：])?\s{0,3}")


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date that was printed: the aware instant, how exact, and the very characters."""

    instant: datetime
    precision: DatePrecision
    raw: str
    has_offset: bool = False  # an offset or a zone was printed
    has_year: bool = True  # False: the year comes from *now*
    relative: bool = False  # counted back from *now*
    fraction: bool = False  # split seconds were printed, so a machine wrote it
    start: int = 0
    end: int = 0

    def iso(self) -> str:
        """Give the instant in ISO 8601 with its offset, to the second."""
        return self.instant.isoformat(timespec="seconds")


def parse_date(raw: str, *, now: datetime, zone: tzinfo) -> ParsedDate | None:
    """Read the one date that *raw* prints, in any of the forms of find_dates() or as a number.

    *now* must be aware: relative dates and missing years are counted from it, and no date lies
    more than a day after it. *zone* holds where nothing is printed. None when there is no date.
    Seconds or milliseconds since 1970 and compact digits (20180831164036) are read only here.
    """
    text = raw.strip()[:_LONGEST]
    if not text:
        return None
    if text.isdecimal():
        return _from_digits(text, now, zone)
    # 2018-08-31 09:00-10:30 is a span of hours to people; only machines write a T.
    if _ISO_START.match(text) and text[16:17] != "-":
        parsed = _from_iso(text, now, zone)
        if parsed:
            return parsed
    found = next(find_dates(text, now=now, zone=zone), None)
    if found:
        return found
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _from_digits(text, now, zone)
    return _from_day_word(text, now, zone)


def find_dates(text: str, *, now: datetime, zone: tzinfo) -> Iterator[ParsedDate]:
    """Give every date printed in *text* (its first 600 characters), in order of their place.

    A day word (今天, yesterday) counts only with a time behind it, because headlines use them too.
    """
    text = text[:_LONGEST]
    if not _DIGIT.search(text):
        return
    words = date_words()
    found = list(_numeric(text, now, zone, words))
    if "年" in text:
        found += _eras(text, now, zone, words)
    # One line prints its dates in one manner; a date in words beside figures is part of a title.
    if not found and _LETTERS.search(text):
        found += _worded(text, now, zone, words)
    if not found and words.relative_hint.search(text):
        found += _relative(text, now, zone, words)
    found.sort(key=lambda date: (date.start, -date.end))
    end = 0
    for date in found:
        if date.start >= end:
            yield date
            end = date.end


def complete_year(date: ParsedDate, known: datetime) -> ParsedDate | None:
    """Give *date*, printed without a year, the year in which it falls beside *known*.

    None when the two are more than two days apart, so that they speak of different things.
    """
    for year in (known.year, known.year - 1, known.year + 1):
        moved = _moved(date.instant, year)
        if moved and abs(moved - known) <= timedelta(days=2):
            return replace(date, instant=moved, has_year=True)
    return None


def _moved(instant: datetime, year: int) -> datetime | None:
    try:
        return instant.replace(year=year)
    except ValueError:  # 29 February
        return None


def _from_iso(text: str, now: datetime, zone: tzinfo) -> ParsedDate | None:
    """Read what the standard library reads; its offset may be missing."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=zone)
    if not _plausible(aware, now):
        return None
    precision: DatePrecision = "day"
    if len(text) > 10:
        precision = "second" if text[16:17] == ":" else "minute"
    return ParsedDate(
        aware,
        precision,
        text,
        has_offset=instant.tzinfo is not None,
        fraction="." in text,
        end=len(text),
    )


def _from_digits(text: str, now: datetime, zone: tzinfo) -> ParsedDate | None:
    """Read seconds or milliseconds since 1970, or YYYYMMDD[HHMM[SS]]."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        year, month, day, hour, minute, second = (int(g) if g else 0 for g in compact.groups())
        clock = NO_TIME
        if compact[4]:
            clock = Clock(hour, minute, second, "second" if compact[6] else "minute")
        date = _build(text, (0, len(text)), (year, month, day), clock, now, zone)
        if date:
            return date
    if text.isdecimal() and len(text) in (9, 10, 13):
        number = int(text) / (1000 if len(text) == 13 else 1)
        instant = datetime.fromtimestamp(number, tz=zone)
        if number > 100_000_000 and _plausible(instant, now):
            return ParsedDate(
                instant, "second", text, has_offset=True, fraction=True, end=len(text)
            )
    return None


def _from_day_word(text: str, now: datetime, zone: tzinfo) -> ParsedDate | None:
    """Read a text that is nothing but 今天, yesterday or 刚刚, with a label before it or not."""
    label = _ONLY_LABEL.match(text)
    word = text[label.end() if label else 0 :].strip(" .。)）]】").lower()
    words = date_words()
    local = now.astimezone(zone)
    if word in words.days:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        instant = midnight - timedelta(days=words.days[word])
        return ParsedDate(instant, "day", text, relative=True, end=len(text))
    if word in words.moments:
        instant = local.replace(second=0, microsecond=0)
        return ParsedDate(instant, "minute", text, relative=True, end=len(text))
    return None


def _numeric(text: str, now: datetime, zone: tzinfo, words: DateWords) -> Iterator[ParsedDate]:
    for match in _NUMERIC.finditer(text):
        ymd = _numeric_parts(match, now, zone, words)
        if ymd is None:
            continue
        clock = read_clock(text, match.start(), match.end(), words, zone)
        date = _build(text, match.span(), ymd, clock, now, zone)
        if date:
            yield date


def _numeric_parts(
    match: re.Match[str], now: datetime, zone: tzinfo, words: DateWords
) -> tuple[int | None, int, int] | None:
    """Name year, month and day of a match of _NUMERIC; a missing year is None."""
    for form in "12":
        if match[f"y{form}"]:
            return int(match[f"y{form}"]), int(match[f"m{form}"]), int(match[f"d{form}"])
    key = getattr(zone, "key", "")
    if match["y3"]:  # the Republic's years without their era's name are printed in Taiwan only
        taiwan = key == "Asia/Taipei"
        return (int(match["y3"]) + 1911, int(match["m3"]), int(match["d3"])) if taiwan else None
    if match["y4"]:
        return _year_last(match, now, month_first=key in words.month_first)
    form = next(form for form in "567" if match[f"m{form}"])
    return None, int(match[f"m{form}"]), int(match[f"d{form}"])


def _year_last(
    match: re.Match[str], now: datetime, *, month_first: bool
) -> tuple[int, int, int] | None:
    """Read 31.08.2018, 31/08/18, and 08/31/2018 where that is the custom or the only sense."""
    year, dotted = int(match["y4"]), match["sep4"] == "."
    if year < 100:
        if match["sep4"] == "-":  # 18-08-31 may as well begin with its year
            return None
        year += 2000 if 2000 + year <= now.year + 1 else 1900
    first, second = int(match["a4"]), int(match["b4"])
    if second > 12 or (month_first and first <= 12 and not dotted):
        return year, first, second
    return year, second, first


def _worded(text: str, now: datetime, zone: tzinfo, words: DateWords) -> Iterator[ParsedDate]:
    for match in _JAVA.finditer(text):
        month = words.months.get(match[1].lower())
        if month:
            clock = Clock(int(match[3]), int(match[4]), int(match[5]), "second")
            yield from _maybe(
                _build(text, match.span(), (int(match[7]), month, int(match[2])), clock, now, zone)
            )
    for match in _words_beside_numbers(text, words):
        month = words.months[(match["n1"] or match["n2"] or match["n3"]).lower()]
        year = match["y1"] or match["y2"] or match["y3"]
        day = int(match["d1"] or match["d2"] or match["d3"])
        number = int(year) if year else None
        if number and number > 2400:
            number -= 543  # the Buddhist years of Thailand
        clock = read_clock(text, match.start(), match.end(), words, zone)
        yield from _maybe(_build(text, match.span(), (number, month, day), clock, now, zone))


def _words_beside_numbers(text: str, words: DateWords) -> Iterator[re.Match[str]]:
    """Give the matches of _WORDED with a month; in `le 31 août` the number is not the article's."""
    at = 0
    while match := _WORDED.search(text, at):
        form = next(name for name in ("n1", "n2", "n3") if match[name])
        if match[form].lower() in words.months:
            yield match
            at = match.end()
        else:
            at = match.end(form) if form == "n3" else match.start(form)


def _eras(text: str, now: datetime, zone: tzinfo, words: DateWords) -> Iterator[ParsedDate]:
    for match in words.era.finditer(text):
        year = words.eras[match[1]] + (1 if match[2] == "元" else int(match[2]))
        clock = read_clock(text, match.start(), match.end(), words, zone)
        ymd = (year, int(match[3]), int(match[4]))
        yield from _maybe(_build(text, match.span(), ymd, clock, now, zone))


def _relative(text: str, now: datetime, zone: tzinfo, words: DateWords) -> Iterator[ParsedDate]:
    local = now.astimezone(zone)
    for match in words.span.finditer(text):
        number, start = match["number"], match.start()
        before = words.before_span.search(text, max(0, start - 10), start)
        if len(number) > 3 or not (before or match["after"]):
            continue
        start = before.start() if before else start
        seconds = int(number) * words.units[match["unit"].lower()]
        instant = (local - timedelta(seconds=seconds)).replace(microsecond=0)
        precision: DatePrecision = "minute"
        if seconds % 86400 == 0 and words.units[match["unit"].lower()] >= 86400:
            instant, precision = instant.replace(hour=0, minute=0, second=0), "day"
        elif words.units[match["unit"].lower()] >= 60:
            instant = instant.replace(second=0)
        yield ParsedDate(
            instant,
            precision,
            text[start : match.end()].strip(),
            relative=True,
            start=start,
            end=match.end(),
        )
    for match in words.day.finditer(text):
        clock = read_clock(text, match.start(), match.end(), words, zone)
        if clock.precision == "day" or clock.start is not None:
            continue  # the word alone, or a time that stood before it
        day = local - timedelta(days=words.days[match[1].lower()])
        ymd = (day.year, day.month, day.day)
        date = _build(text, match.span(), ymd, clock, now, zone)
        if date:
            yield replace(date, relative=True)


def _maybe(date: ParsedDate | None) -> Iterator[ParsedDate]:
    if date:
        yield date


def _build(
    text: str,
    span: tuple[int, int],
    ymd: tuple[int | None, int, int],
    clock: Clock,
    now: datetime,
    zone: tzinfo,
) -> ParsedDate | None:
    """Put day and clock together; None when there is no such day or it lies out of range."""
    where = clock.zone or zone
    year, month, day = ymd
    years = [year] if year else range(now.year + 1, now.year - 9, -1)
    for candidate in years:
        instant = _instant(candidate, month, day, clock, where)
        if instant and _plausible(instant, now):
            start = span[0] if clock.start is None else min(span[0], clock.start)
            end = max(span[1], clock.end)
            return ParsedDate(
                instant,
                clock.precision,
                text[start:end].strip(),
                has_offset=clock.zone is not None,
                has_year=year is not None,
                fraction=clock.fraction,
                start=start,
                end=end,
            )
    return None


def _instant(year: int, month: int, day: int, clock: Clock, zone: tzinfo) -> datetime | None:
    try:
        midnight = datetime(year, month, day, tzinfo=zone)
    except ValueError:
        return None
    if clock.hour == 24:
        return midnight + timedelta(days=1)
    return midnight.replace(hour=clock.hour, minute=clock.minute, second=clock.second)


def _plausible(instant: datetime, now: datetime) -> bool:
    """Tell whether a site may have published then: no empty epoch, no far past, no future."""
    if instant.year < _EARLIEST_YEAR or instant.timestamp() == 0:
        return False
    return instant - now <= _FUTURE


def zone_named(name: str) -> ZoneInfo | None:
    """Give the IANA zone *name*, or None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
