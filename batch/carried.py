"""An index that holds what a few documents carry with them, so that they can be judged anywhere.

The detector asks it as it asks any other; what it would look up among all documents was joined
to the rows before.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from batch.rows import Row
from pipelines.fingerprint.detector import Detector, Document, Verdict
from pipelines.fingerprint.document import Fingerprint
from pipelines.fingerprint.index import NOTHING, Entry, Postings
from pipelines.fingerprint.sketch import Sketch
from pipelines.fingerprint.verification import Policy

Narrow = NDArray[np.uint32]
Places = NDArray[np.int64]


class CarriedIndex:
    """Documents numbered by their order in the archives; *now* is the one that is judged."""

    def __init__(self) -> None:
        self.now = 0
        self._postings: dict[int, Places] = {}
        self._near: list[int] = []
        self._entries: dict[int, Entry] = {}

    def carry(self, found: Iterable[Row] | None) -> None:
        """Know the documents under each shingle of *found*, `key` and `orders`."""
        for row in found or ():
            self._postings[row["key"]] = np.array(row["orders"], np.int64)

    def turn_to(self, row: Row) -> None:
        """Judge the document of *row* next: only what came before it is there."""
        self.now = row["order"]
        self._near = row["near"] or []
        self.carry(row["found"])

    def put(self, number: int, entry: Entry) -> None:
        """Hold a document that may be fetched."""
        self._entries[number] = entry

    def lookup(self, keys: Narrow) -> Postings:
        """Find the documents before this one that have any of these shingles as a key."""
        which: list[int] = []
        found: list[Places] = []
        for place, key in enumerate(keys.tolist()):
            orders = self._postings.get(key)
            if orders is None:
                continue
            before = orders[: orders.searchsorted(self.now)]
            which.extend([place] * len(before))
            found.append(before)
        if not which:
            return NOTHING
        return Postings(np.array(which, np.int64), np.concatenate(found))

    def expect(self, keys: Sequence[Narrow]) -> None:
        """Do nothing: everything is here already."""

    def near(self, simhash: int) -> Places:  # noqa: ARG002  (they were joined by it)
        """Find the documents before this one whose simhash is near."""
        return np.array(self._near, np.int64)

    def fetch(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Get documents by number, as far as they are carried."""
        return {number: self._entries[number] for number in numbers if number in self._entries}

    def add(self, entry: Entry, seen: float = 0.0) -> int:  # noqa: ARG002  (nothing expires)
        """Hold the document that is judged."""
        first = entry.first or self.now
        self.put(self.now, Entry(entry.id, entry.url, first, entry.sketch))
        return self.now


def document_of(row: Row) -> Document:
    """The document of a row as the detector takes it."""
    # Written by this job a stage ago, by the same version of this program.
    fingerprint: Fingerprint = pickle.loads(row["print"])  # noqa: S301
    return Document(row["id"], fingerprint, row["url"])


def rank(rows: Iterable[Row]) -> Iterator[Row]:
    """Add to each row its `candidates`, and the `sketch` that others compare with."""
    policy = Policy.load()
    for row in rows:
        index = CarriedIndex()
        index.turn_to(row)
        document = document_of(row)
        candidates = Detector(index, policy=policy).candidates(document)
        sketch = document.fingerprint.sketch(candidates.indexed).pack()
        yield {**row, "candidates": candidates.numbers, "sketch": sketch}


def verify(rows: Iterable[Row]) -> Iterator[Row]:
    """Of each row's `others`, the candidates with what they carry, give those that match."""
    policy = Policy.load()
    for row in rows:
        index = CarriedIndex()
        for other in row["others"]:
            index.carry(other["found"])
            sketch = Sketch.unpack(other["sketch"])
            index.put(other["order"], Entry(other["id"], None, other["order"], sketch))
        index.turn_to(row)
        detector = Detector(index, policy=policy)
        document = document_of(row)
        for number, _, _ in detector.matches(document, detector.candidates(document)):
            yield {"one": row["order"], "other": number}


def judge(rows: Iterable[Row]) -> list[tuple[int, Verdict]]:
    """Judge documents that matched each other, directly or through others, in their order.

    What a document is compared with beside these was refused already, and is not fetched again.
    """
    index = CarriedIndex()
    detector = Detector(index)
    ordered = sorted(rows, key=lambda row: int(row["order"]))
    for row in ordered:
        index.carry(row["found"])
    verdicts = []
    for row in ordered:
        index.turn_to(row)
        document = document_of(row)
        verdict = detector.judge(document)
        detector.add(document, verdict)
        verdicts.append((index.now, verdict))
    return verdicts
