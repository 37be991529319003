"""Words in addresses that say what kind of page it is: `data/page_words.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "page_words.toml"


@dataclass(frozen=True, slots=True)
class PageWords:
    """The groups of the file, all in lower case; what each means stands at its head."""

    stranger: frozenset[str]
    aside: frozenset[str]
    formal: frozenset[str]
    list: frozenset[str]
    closed: frozenset[str]
    article: frozenset[str]
    query: frozenset[str]
    media: frozenset[str]
    calendar: frozenset[str]
    facet: frozenset[str]
    target: frozenset[str]
    pager: frozenset[str]
    offset: frozenset[str]
    almanac: frozenset[str]


def parse_page_words(text: str) -> PageWords:
    """Read the TOML groups; ValueError for a missing, empty or doubled one."""
    groups = tomllib.loads(text)
    found: dict[str, frozenset[str]] = {}
    for name in (field.name for field in fields(PageWords)):
        words = [word for word, _example in groups.get(name, {}).get("words", [])]
        if not words or not all(word and word == word.lower() for word in words):
            raise ValueError(f"the group {name} is empty or has a word that is not lower case")
        if len(set(words)) != len(words):
            raise ValueError(f"the group {name} names a word twice")
        found[name] = frozenset(words)
    return PageWords(**found)


@cache  # read once, never changed
def page_words() -> PageWords:
    """The project's own words."""
    return parse_page_words(_DATA.read_text(encoding="utf-8"))
