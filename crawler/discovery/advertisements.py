"""Which entries of a feed are advertisements: `data/advertisements.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

_DATA = Path(__file__).parent / "data" / "advertisements.toml"


@dataclass(frozen=True, slots=True)
class AdvertisementMarks:
    """Categories, beginnings of titles and folder names, all in lower case."""

    categories: frozenset[str]
    titles: tuple[str, ...]
    folders: frozenset[str]

    def match(self, url: str, title: str, categories: list[str]) -> bool:
        """Whether an entry is marked as an advertisement."""
        if title.lower().lstrip().startswith(self.titles):
            return True
        if any(category.strip().lower() in self.categories for category in categories):
            return True
        folders = urlsplit(url).path.lower().split("/")[1:-1]
        return not self.folders.isdisjoint(folders)


def parse_advertisement_marks(text: str) -> AdvertisementMarks:
    """Read the TOML table; ValueError for an empty group or word, which would match everything."""
    groups = tomllib.loads(text)
    words = {
        name: tuple(entry["word"].lower() for entry in groups.get(name, []))
        for name in ("category", "title", "folder")
    }
    for name, group in words.items():
        if not group or not all(word.strip() for word in group):
            raise ValueError(f"the group {name} has no words, or an empty one")
    return AdvertisementMarks(
        frozenset(words["category"]), words["title"], frozenset(words["folder"])
    )


@cache  # read once, never changed
def advertisement_marks() -> AdvertisementMarks:
    """The project's own table."""
    return parse_advertisement_marks(_DATA.read_text(encoding="utf-8"))
