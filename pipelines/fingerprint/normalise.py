"""Text as it is compared: compatible forms folded, lower case, one script, letters and digits only.

The definition is `normalised`, one line of plain Python. The arrays that the rest of the package
works on come from one table look-up a character; a text that holds a character which the table
cannot decide alone (a combining mark, a letter that folds to several) takes the plain way.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import opencc
from numpy.typing import NDArray

Codes = NDArray[np.uint32]

BASIC_PLANE = 0x10000
DROPPED, SINGLE, LETTER, DIGIT = 0, 1, 2, 3
"""Kinds of a code: dropped; a unit of its own; part of a word; part of a number."""
POINT = 0x2E
_COMMA = 0x2C
_UNDECIDED = 0xFFFFFFFF  # the text around the character decides
_UNSEEN = 0xFFFFFFFE  # nobody asked for it yet
# Scripts without blanks between words: each letter is a unit. Thai to Myanmar; Khmer; kana;
# ideographs; hangul; compatibility ideographs.
_UNSPACED = (
    (0x0E00, 0x10A0),
    (0x1780, 0x1800),
    (0x3040, 0x3100),
    (0x3100, 0x3130),
    (0x31F0, 0x3200),
    (0x3400, 0xA000),
    (0xAC00, 0xD7B0),
    (0xF900, 0xFB00),
)
# Letters that are their own compatible form and have no case: asking for 39,000 of them would
# take four fifths of the time that the tables take.
_REGULAR = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4))
# Surrogates and private use: no letters, and nothing merges with them.
_NOTHING = (0xD800, 0xF900)


@dataclass(frozen=True, slots=True)
class Folded:
    """A batch of texts as arrays of folded characters, one after the other.

    *codes* holds what is left of all texts: letters and digits, and the point inside a number;
    *kinds* the kind of each; *gaps* whether a dropped character stands right before it; text *i*
    is `codes[starts[i]:starts[i + 1]]`.
    """

    codes: Codes
    kinds: NDArray[np.uint8]
    gaps: NDArray[np.bool_]
    starts: NDArray[np.int64]


class Folding:
    """The tables of normalisation; making one takes some 30 ms, so make it once a process.

    Characters whose form has to be asked for one by one are folded when a text first holds them.
    """

    def __init__(self) -> None:
        self._simple = _simplified()
        self._plain = self._plain_table()
        self._composing = _second_parts()
        self._table = self._full_table()
        self._kinds = _kinds_table()

    def normalised(self, text: str) -> str:
        """Give the letters and digits of *text*: NFKC, lower case, simplified characters."""
        folded = unicodedata.normalize("NFKC", text).lower().translate(self._simple)
        return "".join(filter(str.isalnum, folded))

    def fold(self, texts: Sequence[str]) -> Folded:
        """Fold *texts* (any code points, lone surrogates too) into one batch of arrays."""
        raws = [_codes(text) for text in texts]
        lengths = np.fromiter(map(len, raws), np.int64, len(raws))
        joined = np.concatenate(raws) if raws else np.empty(0, np.uint32)
        folded = self._table.take(joined, mode="clip")
        undecided = folded >= _UNSEEN
        if undecided.any():
            self._see(joined[folded == _UNSEEN])
            folded = self._table.take(joined, mode="clip")
            undecided = folded == _UNDECIDED
        if undecided.any():
            bounds = _bounds(lengths)
            owners = np.searchsorted(bounds, np.flatnonzero(undecided), side="right") - 1
            return self._fold_plainly(texts, raws, np.unique(owners))
        return self._keep(joined, folded, _bounds(lengths))

    def _fold_plainly(
        self, texts: Sequence[str], raws: list[Codes], owners: NDArray[np.int64]
    ) -> Folded:
        """Fold a batch in which the texts *owners* hold characters the table cannot decide."""
        folded = [self._table.take(raw, mode="clip") for raw in raws]
        for owner in owners.tolist():
            raws[owner] = _codes(unicodedata.normalize("NFKC", texts[owner]).lower())
            folded[owner] = self._fold_normal(raws[owner])
        lengths = np.fromiter(map(len, raws), np.int64, len(raws))
        return self._keep(np.concatenate(raws), np.concatenate(folded), _bounds(lengths))

    def _fold_normal(self, raw: Codes) -> Codes:
        """Fold codes that are NFKC and lower case already; outside the basic plane one by one."""
        folded = self._plain.take(raw, mode="clip")
        for position in np.flatnonzero(raw >= BASIC_PLANE).tolist():
            code = int(raw[position])
            folded[position] = code if chr(code).isalnum() else 0
        return folded

    def _keep(self, raw: Codes, folded: Codes, bounds: NDArray[np.int64]) -> Folded:
        """Drop what is neither letter nor digit, but keep the point between two digits."""
        kinds = self._kinds.take(folded, mode="clip")
        dropped = (kinds == DROPPED).nonzero()[0]
        joints = _joints(raw, kinds, dropped, bounds)
        folded[joints] = POINT
        commas = (raw[joints] == _COMMA) | (raw[joints] == 0xFF0C)
        kinds[joints[~commas]] = DIGIT
        dropped = (kinds == DROPPED).nonzero()[0]
        kept = kinds.nonzero()[0]
        gaps = np.zeros(len(kept) + 1, np.bool_)
        gaps[0] = True
        follows = dropped - np.arange(len(dropped))  # what is kept next
        gaps[follows] = True
        gaps[follows[dropped.searchsorted(joints[commas])]] = False
        starts = bounds - dropped.searchsorted(bounds)
        return Folded(folded.take(kept), kinds.take(kept), gaps[:-1], starts)

    def _plain_table(self) -> Codes:
        """Fold a character that is NFKC and lower case already: simplify it or drop it."""
        table = np.zeros(BASIC_PLANE, np.uint32)
        for first, end in _REGULAR:
            table[first:end] = np.arange(first, end)
        for code in _irregular():
            table[code] = code if chr(code).isalnum() else 0
        for source, target in self._simple.items():
            table[source] = target
        return table

    def _full_table(self) -> Codes:
        """Fold the regular characters of the basic plane; the others are folded when seen."""
        table = np.full(BASIC_PLANE, _UNSEEN, np.uint32)
        for first, end in _REGULAR:
            table[first:end] = self._plain[first:end]
        table[slice(*_NOTHING)] = 0
        table[-1] = _UNDECIDED  # stands for all codes outside the basic plane
        return table

    def _see(self, codes: Codes) -> None:
        """Fold characters of the basic plane, or say that the text around them decides."""
        for code in np.unique(codes).tolist():
            char = chr(code)
            folded = unicodedata.normalize("NFKC", char).lower()
            kept = [ord(part) for part in folded if part.isalnum()]
            alone = not any(ord(part) in self._composing for part in folded)
            alone = alone and max(map(ord, folded), default=0) < BASIC_PLANE
            # The lower case of a capital sigma depends on its place in the word.
            if alone and len(kept) <= 1 and char != "Σ":
                self._table[code] = self._plain[kept[0]] if kept else 0
            else:
                self._table[code] = _UNDECIDED


def _irregular() -> list[int]:
    """The codes of the basic plane whose form, case or class has to be asked for one by one."""
    regular = {code for first, end in (*_REGULAR, _NOTHING) for code in range(first, end)}
    return [code for code in range(BASIC_PLANE - 1) if code not in regular]


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _bounds(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    bounds = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def _joints(
    raw: Codes,
    kinds: NDArray[np.uint8],
    dropped: NDArray[np.int64],
    bounds: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Find the points and commas between two digits: 1.5 and 8,882 are one number each."""
    codes = raw[dropped]
    marks = (codes == POINT) | (codes == _COMMA) | (codes == 0xFF0E) | (codes == 0xFF0C)
    places = dropped[marks]
    places = places[(places > 0) & (places < len(raw) - 1)]
    places = places[(kinds[places - 1] == DIGIT) & (kinds[places + 1] == DIGIT)]
    # A mark that ends one text or begins the next joins nothing.
    edges = np.zeros(len(raw) + 1, np.bool_)
    edges[bounds] = True
    joints: NDArray[np.int64] = places[~(edges[places] | edges[places + 1])]
    return joints


def _second_parts() -> set[int]:
    """Characters that can merge with the one before them under composition."""
    parts = set(range(0x1161, 0x1200))  # vowels and final consonants of hangul
    for code in _irregular():
        if unicodedata.combining(chr(code)):
            parts.add(code)
        decomposed = unicodedata.decomposition(chr(code)).split()
        if len(decomposed) == 2 and not decomposed[0].startswith("<"):
            parts.add(int(decomposed[1], 16))
    return parts


def _simplified() -> dict[int, int]:
    """Map traditional characters to simplified ones, one to one, from OpenCC's dictionaries."""
    chars = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
    simple = opencc.OpenCC("hk2s").convert("\n".join(chars)).split("\n")
    table = {ord(a): ord(b) for a, b in zip(chars, simple, strict=True) if a != b and len(b) == 1}
    source = Path(__file__).with_name("variants.toml").read_text(encoding="utf-8")
    for entry in tomllib.loads(source)["variant"]:
        table[ord(entry["from"])] = ord(entry["to"])
    return {source: table.get(target, target) for source, target in table.items()}


def _kinds_table() -> NDArray[np.uint8]:
    """The kind of every code; the last entry stands for all codes outside the basic plane."""
    kinds = np.full(BASIC_PLANE, LETTER, np.uint8)
    for first, end in _UNSPACED:
        kinds[first:end] = SINGLE
    for code in _irregular():
        if chr(code).isdecimal():
            kinds[code] = DIGIT
    kinds[0] = DROPPED
    kinds[BASIC_PLANE - 1] = SINGLE
    return kinds
