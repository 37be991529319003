"""What the words of class and id attributes say an element is for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("shapes") / "class_names.toml"
_WORD: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PARTS: Final = re.compile("[^A-Za-z]+")
_MAX_NAMES: Final = 200  # characters; utility classes can run to thousands
_MAX_KNOWN: Final = 20_000  # strings remembered; a site uses a few hundred
_LAYOUT: Final = "layout"
NOTHING: Final[frozenset[str]] = frozenset()


class ClassNames:
    """Looks up the purposes of class and id strings; remembers what it has seen."""

    def __init__(self, words: dict[str, str], beginnings: dict[str, str]) -> None:
        self._words = words
        self._beginnings = beginnings
        self._begins = re.compile("|".join(sorted(map(re.escape, beginnings), key=len)[::-1]))
        self._known: dict[tuple[str | None, str | None], frozenset[str]] = {}

    @classmethod
    def load(cls, file: Path = FILE) -> ClassNames:
        """Read the words from a TOML file; a group without words raises `ValueError`."""
        with file.open("rb") as opened:
            groups = tomllib.load(opened)
        words: dict[str, str] = {}
        beginnings: dict[str, str] = {}
        for purpose, group in groups.items():
            if not group.get("words"):
                raise ValueError(f"{file.name}: {purpose} has no words")
            words.update(dict.fromkeys(group["words"], purpose))
            beginnings.update(dict.fromkeys(group.get("beginnings", ()), purpose))
        return cls(words, beginnings)

    def purposes(self, class_name: str | None, id_name: str | None) -> frozenset[str]:
        """The purposes that class and id name, such as `{"share"}`; mostly none."""
        given = class_name, id_name
        known = self._known.get(given)
        if known is None:
            known = self._look_up(f"{given[0] or ''} {given[1] or ''}"[:_MAX_NAMES])
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[given] = known
        return known

    def _look_up(self, names: str) -> frozenset[str]:
        found: set[str] = set()
        for name in names.split():
            said = self._say(name)
            if _LAYOUT in said:
                # A grid with a side bar is no side bar.
                said -= {"navigation", _LAYOUT}
            found |= said
        return frozenset(found)

    def _say(self, name: str) -> set[str]:
        said = set()
        words = [word.lower() for word in _WORD.findall(name)]
        whole = ["".join(words)]
        if len(words) > 2:
            # RelatedLinks-keyPoints: what stands between the hyphens is a name as well.
            whole += ["".join(_WORD.findall(part)).lower() for part in _PARTS.split(name)]
        for word in (*words, *whole):
            purpose = self._words.get(word)
            if purpose is None:
                begun = self._begins.match(word)
                purpose = self._beginnings[begun.group()] if begun else None
            if purpose is not None:
                said.add(purpose)
        return said
