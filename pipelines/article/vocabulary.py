"""The marker phrases of news pages, read from `vocabulary/*.toml`.

A *group* is one kind of marker (`recommendation`, `editor_credit`, ...) and its name is the rule's
name. Its entries are families of phrases of one language and one kind:

- `whole`: the line is the phrase and nothing else, decoration (【】「」· » : ...) aside; in a group
  of the scope `section` also the phrase, a colon, and one story behind it;
- `label`: the line begins with the phrase, then a colon or a bar, then at most `limit` characters;
- `start`: the line begins with the phrase; `part`: the phrase is somewhere in the line, one of
  Latin, Greek or Cyrillic letters from a word's beginning;
- `pattern`: a regular expression for the whole line.

A pattern's entry may name what it `needs`: characters of which each of its lines has at least one,
so that a line without them is not searched.

Lines longer than an entry's `limit` are never its. Letter case does not matter. A long line that
ends like a sentence is looked at only by patterns with `sentences = true`; one of any length not by
labels and parts with `sentences = false`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pipelines.article.word_lists import PHRASES

KINDS: Final = ("whole", "label", "start", "part", "pattern")
SCOPES: Final = ("line", "section")  # a section marker speaks for what stands under it, too
LIMITS: Final = {"whole": 60, "label": 80, "start": 200, "part": 200, "pattern": 120}
DECORATION: Final = (
    " \t\u3000\xa0【】[]「」『』《》〈〉<>«»‹›()（）{}|｜丨·•●■◆▲▶►▍#*＊※→-—–_=+~"
    ".…。,，:：!！?？\"“”'"
)
_HEADING_LIMIT: Final = 160  # of a section's heading with a story behind its colon
_LONG_SENTENCE: Final = 45  # characters, twice as many where they are letters
_STOPS: Final = frozenset("。！？.!?”")
# Their patterns ask for a letter, which most lines of a Chinese page lack.
_REMEMBERED: Final = 1024  # lines; a site's furniture has some hundreds
_LATIN: Final = frozenset(("en", "de", "fr", "es", "it", "pt", "nl"))
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
# How a word of an alphabet begins; Chinese runs into it without a blank.
_WORD: Final = "(?<![a-z\u00c0-\u058f])[a-z\u00c0-\u058f]"
_WORD_HEAD: Final = re.compile(f"{_WORD}[a-z\u00c0-\u058f]{{0,3}}")
_BARS: Final = ":：|｜丨/／ \u3000】]」』)）>》"


class VocabularyError(ValueError):
    """A vocabulary file that would match everything or nothing, or that is not well formed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A family of phrases of one language and one kind."""

    group: str
    language: str
    kind: str
    limit: int
    phrases: tuple[str, ...]
    note: str
    example: str
    counter_example: str
    sentences: bool = False  # also of lines that end as sentences do
    needs: frozenset[str] = frozenset()  # in lower case; empty where nothing is known of it


@dataclass(frozen=True, slots=True)
class Marker:
    """A hit: the group (the rule's name), its scope, and how the phrase stood in the line."""

    group: str
    scope: str
    kind: str


class Vocabulary:
    """Marker phrases compiled for look-up; build one a process with `load()` and hand it around."""

    def __init__(self, entries: Iterable[Entry], scopes: Mapping[str, str]) -> None:
        self.entries = tuple(entries)
        self.scopes = dict(scopes)
        self._groups: dict[str, _Group] = {}  # those that were asked for alone
        self._all = _Group(self.entries, scopes)

    @classmethod
    def load(cls, folder: Path = PHRASES) -> Vocabulary:
        """Read every `*.toml` of *folder*; an empty group or phrase raises `VocabularyError`."""
        entries: list[Entry] = []
        scopes: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            with path.open("rb") as file:
                content = tomllib.load(file)
            for table in content.get("group", []):
                name, scope, of = _read_group(table, path.name)
                if scopes.setdefault(name, scope) != scope:
                    raise VocabularyError(f"{path.name}: {name} has two scopes")
                entries += of
        if not entries:
            raise VocabularyError(f"{folder.name}: no group at all")
        return cls(entries, scopes)

    def match(self, group: str, line: str) -> str | None:
        """The rule's name where *line* is a marker of *group*, else None; linear in the line."""
        alone = self._groups.get(group)
        if alone is None:
            scope = {group: self.scopes[group]}
            of = [entry for entry in self.entries if entry.group == group]
            alone = self._groups[group] = _Group(of, scope)
        found = alone.find(line)
        return found.group if found is not None else None

    def find(
        self, line: str, groups: frozenset[str] | None = None, *, heads_only: bool = False
    ) -> Marker | None:
        """The first marker that *line* is, of *groups* or of any; linear in the line's length.

        Whole lines come first, then labels and beginnings, then patterns, then parts.
        *heads_only* leaves the last two out: they are slower, and weak evidence in a paragraph.
        """
        entry = self._all.find(line, groups, heads_only=heads_only)
        if entry is None:
            return None
        return Marker(entry.group, self.scopes[entry.group], entry.kind)


_Pattern = tuple[int, Callable[[str], re.Match[str] | None], Entry]  # limit, fullmatch, whose


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns that lines of one kind are asked for, in order, and which of them a line needs.

    Sets of patterns are integers, with the bit `1 << position` for each.
    """

    fullmatch: list[_Pattern]
    always: int  # those that need nothing
    by_character: dict[str, int]

    @classmethod
    def of(cls, patterns: Iterable[tuple[re.Pattern[str], Entry]]) -> _Patterns:
        fullmatch: list[_Pattern] = [(e.limit, p.fullmatch, e) for p, e in patterns]
        always, by_character = 0, dict[str, int]()
        for position, (_, _, entry) in enumerate(fullmatch):
            if not entry.needs:
                always |= 1 << position
            for character in entry.needs:
                by_character[character] = by_character.get(character, 0) | 1 << position
        return cls(fullmatch, always, by_character)

    def match(self, line: str, characters: frozenset[str]) -> Entry | None:
        """The first whose pattern is *line*, which has *characters* when in lower case."""
        asked = self.always
        for character in self.by_character.keys() & characters:
            asked |= self.by_character[character]
        length = len(line)
        while asked:
            lowest = asked & -asked
            asked ^= lowest
            limit, fullmatch, entry = self.fullmatch[lowest.bit_length() - 1]
            if length <= limit and fullmatch(line):
                return entry
        return None


class _Group:
    """The entries of a group by the way in which they are looked up."""

    def __init__(self, entries: Iterable[Entry], sections: Mapping[str, str]) -> None:
        self._whole: dict[str, list[Entry]] = {}
        # By first character: most lines fail on it, so that the rest is never looked at.
        self._starts: dict[str, list[tuple[str, Entry]]] = {}
        self._patterns: list[tuple[re.Pattern[str], Entry]] = []
        self._asked: dict[tuple[frozenset[str] | None, bool, bool], _Patterns] = {}
        parts: list[tuple[str, Entry]] = []
        self.longest = 0
        for entry in entries:
            self.longest = max(self.longest, entry.limit)
            for phrase in entry.phrases:
                if entry.kind == "pattern":
                    continue
                folded = phrase.casefold()
                if entry.kind == "whole":
                    self._whole.setdefault(folded.strip(DECORATION) or folded, []).append(entry)
                    if sections.get(entry.group) == "section" and len(phrase) > 1:
                        self._starts.setdefault(folded[0], []).append((folded, entry))
                elif entry.kind == "part":
                    parts.append((folded, entry))
                else:
                    key = folded.lstrip(DECORATION) or folded
                    self._starts.setdefault(key[0], []).append((key, entry))
            if entry.kind == "whole":
                self.longest = max(self.longest, _HEADING_LIMIT)
            if entry.kind == "pattern":
                self._patterns.append((_joined(entry.phrases), entry))
        for of in self._starts.values():
            of.sort(key=lambda pair: -len(pair[0]))
        self._parts: dict[str, list[Entry]] = {}
        for folded, entry in parts:
            self._parts.setdefault(folded, []).append(entry)
        # Nearly every letter begins one of the words: they are looked up by their first four.
        self._words: dict[str, list[str]] = {}
        others: list[str] = []
        for phrase in self._parts:
            head = _WORD_HEAD.match(phrase)
            (self._words.setdefault(head[0], []) if head else others).append(phrase)
        self._other = re.compile("|".join(map(re.escape, others))) if others else None
        self._any_other = _any_of(others) if others else None
        # A site's pages share many lines: menus, notices, headings of sections.
        self._inside = lru_cache(_REMEMBERED)(self._look_inside)

    def find(
        self, line: str, groups: frozenset[str] | None = None, *, heads_only: bool = False
    ) -> Entry | None:
        length = len(line)
        if length > self.longest:
            return None
        folded = line.casefold()
        for entry in self._heads(folded, length):
            if groups is None or entry.group in groups:
                return entry
        return None if heads_only else self._inside(line, groups)

    def _heads(self, folded: str, length: int) -> Iterable[Entry]:
        """Entries whose phrase is the line, or begins it."""
        bare = folded.strip(DECORATION)
        if length <= LIMITS["whole"]:
            yield from self._whole.get(bare or folded.strip(), ())
        if not bare:
            return
        for phrase, entry in self._starts.get(bare[0], ()):
            limit = _HEADING_LIMIT if entry.kind == "whole" else entry.limit
            if (
                length <= limit
                and bare.startswith(phrase)
                and (entry.kind == "start" or _labels(folded, phrase, entry.kind))
                and (entry.sentences or folded[-1] not in _STOPS)
            ):
                yield entry

    def _look_inside(self, line: str, groups: frozenset[str] | None) -> Entry | None:
        """The entry whose pattern is the line, or whose phrase is somewhere in it."""
        length, folded = len(line), line.casefold()
        # Patterns are for lines about the story, and those do not end as long sentences do.
        sentence = line[-1:] in _STOPS and length > _LONG_SENTENCE * (1 + line.isascii())
        characters = frozenset(folded)
        letters = not _LETTERS.isdisjoint(characters)
        found = self._patterns_for(groups, letters, sentence).match(line, characters)
        if found is not None:
            return found
        for phrase in self._parts_of(folded):
            for entry in self._parts[phrase]:
                if (
                    length <= entry.limit
                    and (groups is None or entry.group in groups)
                    and (entry.sentences or line[-1] not in _STOPS)
                ):
                    return entry
        return None

    def _parts_of(self, folded: str) -> list[str]:
        """The phrases that may stand anywhere and stand in the line, in their order."""
        hits: list[tuple[int, str]] = []
        if self._other and self._any_other and self._any_other.search(folded):
            hits += [(hit.start(), hit.group()) for hit in self._other.finditer(folded)]
        if not self._words.keys().isdisjoint(_WORD_HEAD.findall(folded)):
            hits += [
                (word.start(), phrase)
                for word in _WORD_HEAD.finditer(folded)
                for phrase in self._words.get(word[0], ())
                if folded.startswith(phrase, word.start())
            ]
        return [phrase for _, phrase in sorted(hits, key=lambda hit: hit[0])]

    def _patterns_for(
        self, groups: frozenset[str] | None, letters: bool, sentence: bool
    ) -> _Patterns:
        """The patterns that a line is asked for; worked out once for each kind of line."""
        kind = groups, letters, sentence
        known = self._asked.get(kind)
        if known is None:
            known = self._asked[kind] = _Patterns.of(
                (pattern, entry)
                for pattern, entry in self._patterns
                if (letters or entry.language not in _LATIN)
                and (entry.sentences or not sentence)
                and (groups is None or entry.group in groups)
            )
        return known


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Match where any of the phrases stands; by first character, so that few are tried anywhere."""
    rests: dict[str, list[str]] = {}
    for phrase in phrases:
        rests.setdefault(phrase[0], []).append(re.escape(phrase[1:]))
    return re.compile("|".join(f"{re.escape(key)}(?:{'|'.join(of)})" for key, of in rests.items()))


def _labels(folded: str, phrase: str, kind: str) -> bool:
    """Whether a colon, a bar or the end follows the phrase at the line's beginning."""
    if kind == "whole":
        return folded[folded.index(phrase) + len(phrase) :].lstrip()[:1] in (":", "：")
    after = folded[folded.index(phrase) + len(phrase) :]
    if phrase[-1] in _BARS:
        return True
    if not after or after[0] in ":：|｜丨/／】]」』)）>》":
        return True
    rest = after.lstrip(" \u3000】]」』)）")
    if not rest:
        return True
    return rest[0] in ":：|｜丨/／"


def _read_group(table: dict[str, Any], file: str) -> tuple[str, str, list[Entry]]:
    name = str(table.get("name", ""))
    scope = str(table.get("scope", "line"))
    if not re.fullmatch(r"[a-z][a-z_]*", name) or scope not in SCOPES:
        raise VocabularyError(f"{file}: a group needs a snake_case name and a scope of {SCOPES}")
    if not table.get("entry"):
        raise VocabularyError(f"{file}: group {name} is empty and would match everything")
    return name, scope, [_read_entry(entry, name, file) for entry in table["entry"]]


def _read_entry(table: dict[str, Any], group: str, file: str) -> Entry:
    kind = table.get("kind", "")
    phrases = tuple(table.get("phrases", ()))
    told = (table.get("language"), table.get("note"), table.get("example"), table.get("not"))
    if kind not in KINDS or not all(told):
        raise VocabularyError(f"{file}: an entry of {group} lacks kind, language, note or examples")
    if not phrases or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise VocabularyError(f"{file}: an entry of {group} has an empty phrase")
    if kind == "pattern":
        _check_patterns(phrases, f"{file}: {group}")
    limit = int(table.get("limit", LIMITS[kind]))
    language, note, example, counter = (str(value) for value in told)
    sentences = table.get("sentences", kind != "pattern") is True
    needs = frozenset(str(table.get("needs", "")).casefold())
    if needs and kind != "pattern":
        raise VocabularyError(f"{file}: an entry of {group} needs what only patterns may name")
    return Entry(group, language, kind, limit, phrases, note, example, counter, sentences, needs)


def _joined(phrases: Iterable[str]) -> re.Pattern[str]:
    # `re` keeps what it compiled: what was checked here costs nothing when it is put to use.
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)


def _check_patterns(phrases: Sequence[str], where: str) -> None:
    try:
        empty = _joined(phrases).fullmatch("")
    except re.error as error:
        raise VocabularyError(f"{where}: {phrases} hold no regular expression: {error}") from error
    if empty:
        raise VocabularyError(f"{where}: {phrases} match nothing at all, so everything")
