"""What the texts of links say: `data/link_words.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "link_words.toml"


@dataclass(frozen=True, slots=True)
class LinkWords:
    """The groups of the file, all in lower case; what each means stands at its head."""

    next: frozenset[str]
    onward: frozenset[str]
    turning: frozenset[str]
    whole: frozenset[str]
    stranger: frozenset[str]
    record: frozenset[str]
    teased: frozenset[str]
    more: frozenset[str]
    framework: frozenset[str]

    def is_stranger(self, text: str) -> bool:
        """Whether a link text names a page about the site."""
        text = text.lower().strip()
        if len(text) > 40:
            return False
        if any(word in text for word in self.record):
            return True
        return any(
            word in text and len(text) - len(word) <= (8 if word.isascii() else 4)
            for word in self.stranger
        )


def parse_link_words(text: str) -> LinkWords:
    """Read the TOML groups; ValueError for an empty group or word, which would match everything."""
    groups = tomllib.loads(text)
    found: dict[str, frozenset[str]] = {}
    for name in (field.name for field in fields(LinkWords)):
        words = [word for word, _example in groups.get(name, {}).get("words", [])]
        if not words or not all(word.strip() and word == word.lower() for word in words):
            raise ValueError(f"the group {name} is empty or has a word that is not lower case")
        found[name] = frozenset(words)
    return LinkWords(**found)


@cache  # read once, never changed
def link_words() -> LinkWords:
    """The project's own words."""
    return parse_link_words(_DATA.read_text(encoding="utf-8"))
