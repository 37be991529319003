"""Names of months in addresses: `data/months.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "months.toml"
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NAMED = re.compile(r"(\d{4})[-_]([a-z]{3,12})|([a-z]{3,12})[-_](\d{4})")


def parse_month_names(text: str) -> dict[str, int]:
    """Read the TOML table; ValueError for a missing month, or a word of none or of two."""
    found: dict[str, int] = {}
    for entry in tomllib.loads(text).get("month", []):
        words = [word for word, _note, _example in entry["words"]]
        if not all(words) or not found.keys().isdisjoint(words):
            raise ValueError(f"month {entry['number']} has an empty word, or one of another month")
        found |= dict.fromkeys(words, entry["number"])
    if set(found.values()) != set(range(1, 13)):
        raise ValueError("there are twelve months with words")
    return found


@cache  # read once, never changed
def month_names() -> dict[str, int]:
    """The project's own table: the number of each name."""
    return parse_month_names(_DATA.read_text(encoding="utf-8"))


def in_numbers(segments: Sequence[str]) -> list[str]:
    """The segments of a path with its months as numbers: `2026`, `mar` and `march-2026`.

    A name counts where a year stands before it or in the same segment: `may` is also a person.
    """
    names = month_names()
    found = list(segments)
    for index, segment in enumerate(segments):
        if segment in names:
            if index and _YEAR.fullmatch(segments[index - 1]):
                found[index] = f"{names[segment]:02}"
        elif match := _NAMED.fullmatch(segment):
            name, year = match[2] or match[3], match[1] or match[4]
            found[index] = f"{year}-{names[name]:02}" if name in names else segment
    return found
