"""Is this the first print, or a repost of one that we have?

Candidates come from the index: near-exact copies by their simhash, edited, cut, merged and
embedding ones by the rare shingles they share. Each is then verified against its sketch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import numpy as np

from pipelines.fingerprint.document import Fingerprint, Fingerprinter, Narrow, Text
from pipelines.fingerprint.index import COMMON, Entry, Index, Places, Postings
from pipelines.fingerprint.sketch import KEYS, SHINGLES, choose_keys
from pipelines.fingerprint.verification import (
    Comparison,
    Policy,
    compare,
    could_be,
    is_repost,
    overlap,
    shares,
)

MAX_CANDIDATES = 12
"""Documents verified at most, those with the most and rarest shared keys."""
MIN_SHARED_KEYS = 3
"""A candidate shares at least this many keys, or all that a short text has."""
_FETCHED = 4  # candidates read at a time: a copy's original is mostly among the first


@dataclass(frozen=True, slots=True)
class Document:
    """A document to be judged; *url* only travels with it."""

    id: str
    fingerprint: Fingerprint
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a document may reprint, by number, the best first; *indexed* as in `Sketch`."""

    numbers: list[int]
    indexed: int
    known: Known


@dataclass(frozen=True, slots=True)
class FirstPrint:
    """Of what a document is a repost, and why."""

    number: int
    id: str
    url: str | None
    similarity: float
    containment: float
    hamming_distance: int
    matched: str
    evidence: Comparison


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on a document: kept, or the repost of *first_print*."""

    first_print: FirstPrint | None
    indexed: int

    @property
    def kept(self) -> bool:
        """Whether nothing earlier tells the same story in the same words."""
        return self.first_print is None


class Detector:
    """Judges documents against everything added to *index* before."""

    def __init__(
        self,
        index: Index,
        *,
        policy: Policy | None = None,
        fingerprinter: Fingerprinter | None = None,
    ) -> None:
        self.index = index
        self.policy = policy or Policy.load()
        if fingerprinter is not None:
            self._fingerprinter = fingerprinter

    @cached_property
    def _fingerprinter(self) -> Fingerprinter:
        """Made when it is needed: who judges ready fingerprints can do without its tables."""
        return Fingerprinter()

    def fingerprint(self, body: str, date_published: str | None = None) -> Fingerprint:
        """Fingerprint one text; pure, so a worker process may do it with its own detector."""
        return self._fingerprinter.one(body, date_published)

    def fingerprints(self, texts: Sequence[Text]) -> list[Fingerprint]:
        """Fingerprint several texts that will be judged next, at a third of the cost each."""
        prints = self._fingerprinter.many(texts)
        self.index.expect([print_.shingles[:SHINGLES] for print_ in prints])
        return prints

    def judge(self, document: Document) -> Verdict:
        """Say whether *document* reprints one that was added before under another id."""
        return self.judge_among(document, self.candidates(document))

    def judge_among(self, document: Document, candidates: Candidates) -> Verdict:
        """Say which of *candidates* is the first one that the policy accepts."""
        for number, entry, found in self.matches(document, candidates):
            first_print = self._first_print(document, entry, number, found, candidates.known)
            if first_print is not None:
                return Verdict(first_print, candidates.indexed)
        return Verdict(None, candidates.indexed)

    def candidates(self, document: Document) -> Candidates:
        """List what *document* may reprint, those that share the most and rarest keys first."""
        keys = document.fingerprint.shingles[:SHINGLES]
        postings = self.index.lookup(keys)
        lengths = postings.lengths(len(keys))
        indexed = choose_keys(lengths, COMMON)
        known = Known(self.index, keys, lengths)
        if not document.fingerprint.units:  # an empty text reprints nothing
            return Candidates([], indexed, known)
        numbers = _rank(postings, lengths)
        if indexed.bit_count() < KEYS:
            # Few of its shingles are rare: a copy would not be found by them alone.
            near = self.index.near(document.fingerprint.simhash)[:MAX_CANDIDATES].tolist()
            numbers = list(dict.fromkeys([*near, *numbers]))
        return Candidates(numbers, indexed, known)

    def matches(
        self, document: Document, candidates: Candidates
    ) -> Iterator[tuple[int, Entry, Comparison]]:
        """Verify *candidates* in their order; yields those that the policy accepts."""
        for start in range(0, len(candidates.numbers), _FETCHED):
            numbers = candidates.numbers[start : start + _FETCHED]
            entries = self.index.fetch(numbers)
            for number in numbers:
                entry = entries.get(number)
                if entry is None or entry.id == document.id:
                    continue
                found = self._compare(document.fingerprint, entry, candidates.known)
                if found is not None and is_repost(found, self.policy):
                    yield number, entry, found

    def add(self, document: Document, verdict: Verdict, seen: float = 0.0) -> int:
        """Add *document* as it was judged on day *seen* (days since 1970); gives its number."""
        first = verdict.first_print.number if verdict.first_print else 0
        sketch = document.fingerprint.sketch(verdict.indexed)
        return self.index.add(Entry(document.id, document.url, first, sketch), seen)

    def _compare(self, new: Fingerprint, old: Entry, known: Known) -> Comparison | None:
        common = overlap(new, old.sketch)
        if not could_be(new, old.sketch, common, self.policy):
            return None
        return compare(new, old.sketch, common, known)

    def _first_print(
        self,
        document: Document,
        matched: Entry,
        number: int,
        found: Comparison,
        known: Known,
    ) -> FirstPrint | None:
        """Follow a match to its first print, which has to share something with the document."""
        root = matched
        if matched.first != number:
            root = self.index.fetch([matched.first]).get(matched.first, matched)
            if root.id == document.id:
                return None
            common = overlap(document.fingerprint, root.sketch)
            if max(shares(common)) < self.policy.root_share:
                return None
            direct = compare(document.fingerprint, root.sketch, common, known)
        else:
            direct = found
        return FirstPrint(
            matched.first,
            root.id,
            root.url,
            direct.resemblance,
            direct.containment,
            direct.hamming_distance,
            matched.id,
            found,
        )


class Known:
    """How common shingles are, without asking again for those that were looked up already."""

    def __init__(self, index: Index, keys: Narrow, lengths: Places) -> None:
        self._index = index
        self._keys = keys
        self._lengths = lengths

    def __call__(self, shingles: Narrow) -> Places:
        """In how many documents each of these shingles is a key."""
        if not len(self._keys):
            return self._index.lookup(shingles).lengths(len(shingles))
        places = self._keys.searchsorted(shingles)
        lengths = self._lengths.take(places, mode="clip")
        missing = (self._keys.take(places, mode="clip") != shingles).nonzero()[0]
        if len(missing):
            asked = shingles[missing]
            lengths[missing] = self._index.lookup(asked).lengths(len(asked))
        return lengths


def _rank(postings: Postings, lengths: Places) -> list[int]:
    """Order the documents found by the keys they share, rare keys first."""
    needed = min(MIN_SHARED_KEYS, len(lengths))
    ordered = np.sort(postings.documents)
    later = ordered[needed - 1 :]
    enough = later[later == ordered[: len(later)]]  # each found *needed* times or more
    if not len(enough):
        return []
    places = enough.searchsorted(postings.documents)
    hits = (enough.take(places, mode="clip") == postings.documents).nonzero()[0]
    numbers = postings.documents[hits].tolist()
    weights: dict[int, list[float]] = {number: [] for number in numbers}
    for number, weight in zip(numbers, (1.0 / lengths[postings.which[hits]]).tolist(), strict=True):
        weights[number].append(weight)
    # Equal scores, summed exactly, go to the earlier document.
    best = sorted((-fsum(shared), number) for number, shared in weights.items())
    return [number for _, number in best[:MAX_CANDIDATES]]
