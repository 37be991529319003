"""The words of printed dates, read from `labels/`: months, clocks, spans, eras, zones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.article.word_lists import alternatives, read_labels


@dataclass(frozen=True, slots=True)
class DateWords:
    """Everything that a printed date is read with; all words are lower case."""

    months: dict[str, int]
    halves: dict[str, int]  # what an hour below twelve gets
    half: re.Pattern[str]
    between: frozenset[str]
    between_cjk: frozenset[str]  # single characters
    dotted: frozenset[str]
    dotted_behind: re.Pattern[str]  # what makes a dot before it a time's
    days: dict[str, int]  # days back from today
    day: re.Pattern[str]
    moments: frozenset[str]
    units: dict[str, int]  # seconds
    span: re.Pattern[str]
    before_span: re.Pattern[str]
    relative_hint: re.Pattern[str]  # without one of these a text counts nothing back from now
    eras: dict[str, int]
    era: re.Pattern[str]
    printed_zones: dict[str, int | str]
    printed_zone: re.Pattern[str]
    country_zones: dict[str, str]
    language_zones: dict[str, str]
    month_first: frozenset[str]


@cache
def date_words() -> DateWords:
    """Read the word lists once a process; the result is never changed."""
    words, zones = read_labels("dates"), read_labels("zones")
    days = _valued(words["day"], "back")
    between = {word for entry in words["between"] for word in entry["words"]}
    printed = dict(zones["printed"])
    halves = _valued(words["half"], "add")
    span, before_span = _span_patterns(words)
    eras = _valued(words["era"], "base")
    return DateWords(
        months=_months(),
        halves=halves,
        half=re.compile(rf"({alternatives(halves)})", re.I),
        between=frozenset(word for word in between if word[0] < "\u2e80"),
        between_cjk=frozenset(c for word in between for c in word if c > "\u2e80"),
        dotted_behind=re.compile(
            rf"\s{{0,2}}(?:{alternatives(_words(words['dotted_behind']))}"
            rf"|(?-i:{alternatives(name for name in printed if name.isupper())}))(?![a-z])",
            re.I,
        ),
        dotted=frozenset(word for entry in words["dotted"] for word in entry["words"]),
        days=days,
        day=re.compile(rf"(?<![^\W\d_a-z])(?<![a-z])({alternatives(days)})", re.I),
        moments=frozenset(word for entry in words["moment"] for word in entry["words"]),
        units=_valued(words["unit"], "seconds"),
        span=span,
        before_span=before_span,
        relative_hint=re.compile(
            alternatives(
                (
                    *days,
                    *(
                        w
                        for g in ("before_span", "after_span")
                        for e in words[g]
                        for w in e["words"]
                    ),
                )
            ),
            re.I,
        ),
        eras=eras,
        era=re.compile(
            rf"({alternatives(eras)})\s?(元|\d{{1,3}})\s?年\s?(\d{{1,2}})\s?月\s?(\d{{1,2}})\s?日?"
        ),
        printed_zones=printed,
        printed_zone=re.compile(rf"({alternatives(printed)})(?![a-z])", re.I),
        country_zones=zones["country"],
        language_zones=zones["language"],
        month_first=frozenset(zones["month_first"]["zones"]),
    )


def _words(entries: list[dict[str, Any]]) -> Iterable[str]:
    return (word for entry in entries for word in entry["words"])


def _valued(entries: list[dict[str, Any]], value: str) -> dict[str, int]:
    return {word: int(entry[value]) for entry in entries for word in entry["words"]}


def _months() -> dict[str, int]:
    """Month names of all languages in one table; no name means two months."""
    months: dict[str, int] = {}
    for table in read_labels("months").values():
        for number, row in enumerate(table["names"], start=1):
            for name in row.split("|"):
                if months.setdefault(name, number) != number:
                    raise ValueError(f"month name {name!r} means two months")
    return months


def _span_patterns(words: dict[str, Any]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A number and a unit, perhaps a word behind them; and a word that may stand before."""
    units = alternatives(word for entry in words["unit"] for word in entry["words"])
    before = alternatives(word for entry in words["before_span"] for word in entry["words"])
    after = alternatives(word for entry in words["after_span"] for word in entry["words"])
    return re.compile(
        rf"(?<!\d)(?P<number>\d{{1,9}})\s?(?:个|個)?\s?(?P<unit>{units})(?![a-z])\s?"
        rf"(?P<after>{after})?",
        re.I,
    ), re.compile(rf"(?:{before})\s{{0,2}}$", re.I)
