"""Shingles and numbers of a text, hashed, for a batch of texts in a few passes over arrays.

A unit is a letter of a script without blanks (Chinese, Japanese, Korean, Thai), a word of any
other script, or a number with its decimal point. A shingle is a run of units; a number is known
by the letters and words before it. Broder 1997 for shingles and for keeping the smallest hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.normalise import DIGIT, LETTER, POINT, SINGLE, Folded

WIDTH = 8
"""Units in a shingle that begins with a letter or a number."""
WORD_WIDTH = 4
"""Units in a shingle that begins with a word: as long in print, in any mixture of scripts."""
CONTEXT = 4
"""Units before a number that say which number it is."""
CODE_DIGITS = 6
"""Digits of a security's code in mainland China; other markets write letters or mixed lengths."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_BASES = tuple(pow(0x2545F4914F6CDD1D, 2**i, 2**64) for i in range(4))
# What a window of four multiplies its units by.
_FACTORS = tuple(
    np.uint64(factor % 2**64) for factor in (_BASES[0] * _BASES[1], _BASES[1], _BASES[0], 1)
)

Wide = NDArray[np.uint64]
Narrow = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shingled:
    """What one text is compared by.

    *shingles*: distinct hashes, ascending; *contexts* and *values*: one entry a number of the
    text, in order; *securities*: which of these are the codes of securities; *units*: how many
    units the text has.
    """

    shingles: Narrow
    contexts: Narrow
    values: Narrow
    securities: NDArray[np.bool_]
    units: int


def shingle(folded: Folded) -> list[Shingled]:
    """Shingle every text of a batch."""
    units = _Units(folded)
    hashes, hash_starts = units.shingles()
    contexts, values, securities, number_starts = units.numbers()
    sizes = np.diff(units.starts).tolist()
    found = _parts(hashes, hash_starts)
    numbers = (_parts(part, number_starts) for part in (contexts, values, securities))
    return [
        Shingled(distinct(part), before, value, code, size)
        for part, before, value, code, size in zip(found, *numbers, sizes, strict=True)
    ]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Sort and drop repeats; numpy's own `unique` takes five times as long."""
    ordered = np.sort(values)
    fresh = ordered[1:] != ordered[:-1]
    if np.count_nonzero(fresh) == len(fresh):
        return ordered
    return np.concatenate([ordered[:1], ordered[1:][fresh]])


def _parts(values: NDArray[Any], starts: Places) -> list[NDArray[Any]]:
    """Cut what a batch has into what each of its texts has."""
    edges = starts.tolist()
    return [values[first:end] for first, end in pairwise(edges)]


class _Units:
    """The units of a batch: a hash each, which of them are numbers, where each text begins."""

    def __init__(self, folded: Folded) -> None:
        kinds = folded.kinds
        begins = np.ones(len(kinds), np.bool_)
        if len(kinds):
            begins[1:] = (kinds[1:] == SINGLE) | (kinds[1:] != kinds[:-1])
            begins[1:] |= folded.gaps[1:]
            begins[folded.starts[:-1][folded.starts[:-1] < len(kinds)]] = True
        heads = begins.nonzero()[0]
        self._folded = folded
        self._heads = heads
        self._kinds = kinds.take(heads)
        self.hashes = _unit_hashes(folded.codes, heads)
        self.starts = heads.searchsorted(folded.starts)

    def shingles(self) -> tuple[Narrow, Places]:
        """Hash the shingles that begin at each unit, and say where each text's begin.

        The first unit of a text always begins one, so that a shorter text has one shingle.
        """
        words = (self._kinds == LETTER).nonzero()[0]
        narrow = _windows(self.hashes, WORD_WIDTH, self.starts)
        hashes = _windows(narrow, WIDTH, self.starts, combined=WORD_WIDTH)
        hashes[words] = narrow[words]
        tails, ends = _tails(self.starts, WIDTH - 1)
        widths = np.where(self._kinds[tails] == LETTER, WORD_WIDTH, WIDTH)
        whole = np.ones(len(hashes), np.bool_)
        whole[tails[tails + widths > ends]] = False
        whole[self.starts[:-1][np.diff(self.starts) > 0]] = True
        partial = (~whole).nonzero()[0]
        return _mixed(hashes[whole]), self.starts - partial.searchsorted(self.starts)

    def numbers(self) -> tuple[Narrow, Narrow, NDArray[np.bool_], Places]:
        """Give every number's context and value, which are codes, and where each text's begin."""
        are_numbers = self._kinds == DIGIT
        places = are_numbers.nonzero()[0]
        number_starts = places.searchsorted(self.starts)
        others = (~are_numbers).nonzero()[0]
        other_starts = self.starts - number_starts
        counts = np.diff(number_starts)
        lowest, highest = other_starts[:-1].repeat(counts), other_starts[1:].repeat(counts)
        before = places - np.arange(len(places))  # other units that stand before each number
        from_here = np.maximum(before - CONTEXT, lowest)
        contexts = np.zeros(len(places), np.uint64)
        hashes = np.append(self.hashes[others], np.uint64(0))
        # A number without another unit behind its context has a shorter one.
        for place, factor in enumerate(_FACTORS):
            units = np.where(from_here + place < highest, from_here + place, len(others))
            contexts += hashes[units] * factor
        # At the head of a text there is less context: its length tells such numbers apart.
        contexts += (CONTEXT - (before - from_here)).astype(np.uint64) * _GOLDEN
        values = _mixed(self.hashes[places])
        return _mixed(contexts), values, self._securities(places), number_starts

    def _securities(self, places: Places) -> NDArray[np.bool_]:
        """Say which numbers are the code of a security: six digits that stand alone, (600519)."""
        folded = self._folded
        begins = self._heads[places]
        ends = np.append(self._heads, len(folded.codes))[places + 1]
        possible = (ends - begins == CODE_DIGITS).nonzero()[0]
        begins, ends = begins[possible], ends[possible]
        alone = folded.gaps[begins] | np.isin(begins, folded.starts)
        alone &= np.append(folded.gaps, True)[ends] | np.isin(ends, folded.starts)
        # 10.245 has as many characters.
        digits = folded.codes[begins[:, None] + np.arange(CODE_DIGITS)]
        found = np.zeros(len(places), np.bool_)
        found[possible] = alone & (digits != POINT).all(axis=1)
        return found


def _unit_hashes(codes: Narrow, heads: Places) -> Wide:
    """Hash each unit's codes with their places in the unit."""
    if not len(heads):
        return np.empty(0, np.uint64)
    ends = np.append(heads[1:], len(codes))
    place = np.arange(len(codes)) - heads.repeat(ends - heads)
    values = place.astype(np.uint64)
    values <<= np.uint64(21)
    values += codes
    values += np.uint64(1)
    values *= _GOLDEN
    values ^= values >> np.uint64(29)
    values *= _GOLDEN
    totals = values.cumsum()
    sums: Wide = totals[ends - 1]
    sums[1:] -= totals[heads[1:] - 1]
    return sums


def _windows(hashes: Wide, width: int, starts: Places, *, combined: int = 1) -> Wide:
    """Combine *width* (a power of two) neighbours; those of the next text count as nothing.

    *hashes* may be windows of *combined* neighbours already.
    """
    reach = combined
    while reach < width:
        step = hashes * np.uint64(_BASES[reach.bit_length() - 1])
        following = hashes[reach:].copy()
        tails, _ = _tails(starts, reach)
        following[tails[tails < len(following)]] = 0
        step[: len(following)] += following
        hashes, reach = step, reach * 2
    return hashes


def _tails(starts: Places, size: int) -> tuple[Places, Places]:
    """List the last *size* places of every text, each with the end of its text."""
    ends = starts[1:, None].repeat(size, axis=1)
    places = ends - np.arange(1, size + 1)
    inside = places >= starts[:-1, None]
    return places[inside], ends[inside]


def _mixed(hashes: Wide) -> Narrow:
    """Spread sums evenly over 32 bits."""
    mixed = hashes ^ (hashes >> np.uint64(32))
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return (mixed >> np.uint64(32)).astype(np.uint32)
