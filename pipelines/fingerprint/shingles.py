"""Shingles and numbers of a text, hashed, for a batch of texts in a few passes over arrays.

A unit is a letter of a script without blanks (Chinese, Japanese, Korean, Thai), a word of any
other script, or a number with its decimal point. A shingle is a run of units; a number is known
by the letters and words before it. Broder 1997 for shingles and for keeping the smallest hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.normalise import DIGIT, LETTER, SINGLE, Folded

WIDTH = 8
"""Units in a shingle that begins with a letter or a number."""
WORD_WIDTH = 4
"""Units in a shingle that begins with a word: as long in print, in any mixture of scripts."""
CONTEXT = 4
"""Units before a number that say which number it is."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_BASES = tuple(pow(0x2545F4914F6CDD1D, 2**i, 2**64) for i in range(4))

Wide = NDArray[np.uint64]
Narrow = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shingled:
    """What one text is compared by.

    *shingles*: distinct hashes, ascending; *contexts* and *values*: one entry a number of the
    text, in order; *units*: how many units the text has.
    """

    shingles: Narrow
    contexts: Narrow
    values: Narrow
    units: int


def shingle(folded: Folded) -> list[Shingled]:
    """Shingle every text of a batch."""
    units = _Units(folded)
    hashes, whole = units.shingles()
    contexts, values, number_starts = units.numbers()
    texts = []
    for i in range(len(folded.starts) - 1):
        first, end = units.starts[i], units.starts[i + 1]
        found = hashes[first:end][whole[first:end]]
        numbers = slice(number_starts[i], number_starts[i + 1])
        texts.append(
            Shingled(distinct(found), contexts[numbers], values[numbers], int(end - first))
        )
    return texts


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Sort and drop repeats; numpy's own `unique` takes five times as long."""
    ordered = np.sort(values)
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


class _Units:
    """The units of a batch: a hash each, which of them are numbers, where each text begins."""

    def __init__(self, folded: Folded) -> None:
        kinds = folded.kinds
        begins = np.ones(len(kinds), np.bool_)
        if len(kinds):
            begins[1:] = (kinds[1:] == SINGLE) | (kinds[1:] != kinds[:-1])
            begins[1:] |= folded.gaps[1:]
            begins[folded.starts[:-1][folded.starts[:-1] < len(kinds)]] = True
        heads = np.flatnonzero(begins)
        self._kinds = kinds[heads]
        self.hashes = _unit_hashes(folded.codes, begins, heads)
        self.starts = np.searchsorted(heads, folded.starts)

    def shingles(self) -> tuple[Narrow, NDArray[np.bool_]]:
        """Hash the shingle that begins at each unit, and say which are whole.

        The first unit of a text always counts, so that a shorter text has one shingle.
        """
        ends = np.repeat(self.starts[1:], np.diff(self.starts))
        words = self._kinds == LETTER
        narrow = _windows(self.hashes, WORD_WIDTH, ends)
        wide = _windows(narrow, WIDTH, ends, combined=WORD_WIDTH)
        hashes = np.where(words, narrow, wide)
        whole = np.arange(len(ends)) + np.where(words, WORD_WIDTH, WIDTH) <= ends
        whole[self.starts[:-1][np.diff(self.starts) > 0]] = True
        return _mixed(hashes), whole

    def numbers(self) -> tuple[Narrow, Narrow, Places]:
        """Give context and value of every number, and where each text's numbers begin."""
        are_numbers = self._kinds == DIGIT
        places = np.flatnonzero(are_numbers)
        others = np.flatnonzero(~are_numbers)
        other_starts = np.searchsorted(others, self.starts)
        ends = np.repeat(other_starts[1:], np.diff(other_starts))
        contexts = np.append(_windows(self.hashes[others], CONTEXT, ends), np.uint64(0))
        before = np.searchsorted(others, places)  # how many other units stand before each number
        number_starts = np.searchsorted(places, self.starts)
        lowest, highest = (
            np.repeat(bounds, np.diff(number_starts))
            for bounds in (other_starts[:-1], other_starts[1:])
        )
        from_here = np.maximum(before - CONTEXT, lowest)
        # At the head of a text there is less context: its length tells such numbers apart.
        short = (CONTEXT - (before - from_here)).astype(np.uint64) * _GOLDEN
        from_here[lowest == highest] = len(others)  # a text of numbers only has no context
        return _mixed(contexts[from_here] + short), _mixed(self.hashes[places]), number_starts


def _unit_hashes(codes: Narrow, begins: NDArray[np.bool_], heads: Places) -> Wide:
    """Hash each unit's codes with their places in the unit."""
    if not len(heads):
        return np.empty(0, np.uint64)
    owner = np.cumsum(begins) - 1
    place = (np.arange(len(codes)) - heads[owner]).astype(np.uint64)
    values = (codes.astype(np.uint64) + (place << np.uint64(21)) + np.uint64(1)) * _GOLDEN
    values ^= values >> np.uint64(29)
    values *= _GOLDEN
    return np.add.reduceat(values, heads)


def _windows(hashes: Wide, width: int, ends: Places, *, combined: int = 1) -> Wide:
    """Combine *width* (a power of two) neighbours; those beyond *ends* count as nothing.

    *hashes* may be windows of *combined* neighbours already.
    """
    size = len(hashes)
    index = np.arange(size)
    reach = combined
    while reach < width:
        step = np.zeros(size, np.uint64)
        step[: max(0, size - reach)] = hashes[reach:]
        step[index + reach >= ends] = 0
        step += hashes * np.uint64(_BASES[reach.bit_length() - 1])
        hashes, reach = step, reach * 2
    return hashes


def _mixed(hashes: Wide) -> Narrow:
    """Spread sums evenly over 32 bits."""
    mixed = hashes ^ (hashes >> np.uint64(32))
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return (mixed >> np.uint64(32)).astype(np.uint32)
