"""Where documents are looked up: what an index must do, and the one that lives in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.simhash import BLOCKS, block_names, distance
from pipelines.fingerprint.sketch import Sketch

COMMON = 40
"""A shingle found in this many documents is no key any more, and counts as common."""
NEAR = BLOCKS - 1
"""Bits in which the simhashes of near-exact copies differ at most (Manku et al. 2007)."""

Narrow = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the index: *first* is the number of its first print, often its own."""

    id: str
    url: str | None
    first: int
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents found under keys: key number *which[i]* leads to document *documents[i]*."""

    which: Places
    documents: Places

    def lengths(self, keys: int) -> Places:
        """How many documents each of *keys* keys leads to."""
        return np.bincount(self.which, minlength=keys)


NOTHING = Postings(np.empty(0, np.int64), np.empty(0, np.int64))
"""What keys lead to that no document has."""


class Index(Protocol):
    """Documents by number, counted up from 1 in the order in which they were added."""

    def lookup(self, keys: Narrow) -> Postings:
        """Find the documents that have any of these shingles as a key."""

    def expect(self, keys: Sequence[Narrow]) -> None:
        """Hear which keys will be looked up next, to do in one go what many can share."""

    def near(self, simhash: int) -> Places:
        """Find the documents whose simhash is at most `NEAR` bits away, ascending."""

    def fetch(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Get documents by number; what has been forgotten is missing from the answer."""

    def add(self, entry: Entry, seen: float = 0.0) -> int:
        """Add a document, visible at once, and give its number.

        A *first* of 0 stands for its own number; *seen* is the day of its adding, by which it
        may be forgotten one day.
        """


class MemoryIndex:
    """An index in dictionaries: the new documents of a store, and the whole index of a test."""

    def __init__(self, after: int = 0) -> None:
        self._next = after + 1
        self._entries: dict[int, Entry] = {}
        # Most keys lead to one document: a number takes a tenth of the memory of a list.
        self._keys: dict[int, int | list[int]] = {}
        self._blocks: defaultdict[int, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def last(self) -> int:
        """The number of the newest document."""
        return self._next - 1

    @property
    def entries(self) -> dict[int, Entry]:
        """The documents by number, oldest first."""
        return self._entries

    def lookup(self, keys: Narrow) -> Postings:
        """Find the documents that have any of these shingles as a key."""
        which: list[int] = []
        documents: list[int] = []
        for place, found in enumerate(map(self._keys.get, keys.tolist())):
            if found is None:
                continue
            if isinstance(found, int):
                which.append(place)
                documents.append(found)
            else:
                which.extend([place] * len(found))
                documents.extend(found)
        if not which:
            return NOTHING
        return Postings(np.array(which, np.int64), np.array(documents, np.int64))

    def expect(self, keys: Sequence[Narrow]) -> None:
        """Do nothing: a dictionary gains nothing from knowing."""

    def near(self, simhash: int) -> Places:
        """Find the documents whose simhash is at most `NEAR` bits away."""
        found: set[int] = set()
        for block in block_names(simhash):
            found.update(self._blocks.get(block, ()))
        close = [
            number
            for number in found
            if distance(self._entries[number].sketch.simhash, simhash) <= NEAR
        ]
        return np.array(sorted(close), np.int64)

    def fetch(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Get documents by number."""
        return {number: self._entries[number] for number in numbers if number in self._entries}

    def add(self, entry: Entry, seen: float = 0.0) -> int:  # noqa: ARG002  (never forgets)
        """Add a document and give its number."""
        number = self._next
        self._next += 1
        if not entry.first:
            entry = Entry(entry.id, entry.url, number, entry.sketch)
        self._entries[number] = entry
        keys = self._keys
        for key in entry.sketch.keys.tolist():
            known = keys.get(key)
            if known is None:
                keys[key] = number
            elif isinstance(known, int):
                keys[key] = [known, number]
            else:
                known.append(number)
        for block in block_names(entry.sketch.simhash):
            self._blocks[block].append(number)
        return number

    def skip(self) -> None:
        """Leave a number out."""
        self._next += 1
