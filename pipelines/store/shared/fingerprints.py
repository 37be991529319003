"""The fingerprint index of a fleet: postings and sketches on the server, what is new beside it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.index import NEAR, NOTHING, Entry, MemoryIndex, Postings
from pipelines.fingerprint.simhash import distance
from pipelines.fingerprint.sketch import Sketch, bits
from pipelines.store.shared import keys
from pipelines.store.shared.server import Server

# Documents of this process that are not committed have places from here on, above every number.
OWN = 1 << 50
_FIRST_BYTES = 5  # of an entry: the number of its first print

Narrow = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Staged:
    """A document that waits for its commit, and what its judgement rests on.

    *asked*: the shingles that were looked up; *seen*: the newest document at that moment; *near*:
    whether its simhash was looked up as well; *day*: when it is added, days since 1970.
    """

    place: int
    entry: Entry
    day: int
    asked: Narrow
    seen: int
    near: bool

    def commit_arguments(self, buckets: keys.Buckets) -> tuple[dict[str, Any], list[bytes]]:
        """What `commit.lua` gets: plain values; postings, simhash blocks and the sketch."""
        sketch = self.entry.sketch
        named, rests = buckets.spread(self.asked)
        made = bits(sketch.indexed, len(self.asked)).tolist()
        postings = b"".join(
            name[-4:] + rest.to_bytes(6, "big") + bytes((is_made,))
            for name, rest, is_made in zip(named, rests.tolist(), made, strict=True)
        )
        blocks = b"".join(name[-3:] + rest for name, rest in keys.block_keys(sketch.simhash))
        first = self.entry.first
        own = {"first_of": first} if first >= OWN else {"first": first}
        plain = {"print": True, "place": self.place, "seen": self.seen, "near": self.near}
        head = keys.id_bytes(self.entry.id), (self.entry.url or "").encode("utf-8", "replace")
        packed = struct.pack(">BH", len(head[0]), len(head[1])) + head[0] + head[1] + sketch.pack()
        values = {**plain, **own, "day": self.day, "number_bits": buckets.number_bits}
        return values, [postings, blocks, packed]


class SharedFingerprints:
    """Documents by number, in the order in which the fleet committed them.

    What this process adds is visible to it at once, under a place of its own.
    """

    def __init__(self, server: Server, buckets: keys.Buckets) -> None:
        self._server = server
        self._buckets = buckets
        self._own = MemoryIndex(OWN)
        self._latest: Staged | None = None
        self._floor = 0
        self._begin_judgement()

    def __len__(self) -> int:
        last, floor = self._server.call(lambda server: server.mget(keys.LAST, keys.FLOOR))
        return max(0, int(last or 0) - max(0, int(floor or 0) - 1))

    def _begin_judgement(self) -> None:
        self._seen: int | None = None
        self._asked: Narrow = np.empty(0, np.uint32)
        self._near = False

    # --- the index ------------------------------------------------------------------------------

    def lookup(self, shingles: Narrow) -> Postings:
        """Find the documents that have any of these shingles as a key."""
        named, rests = self._buckets.spread(shingles)
        # The newest number first: what comes after it is found at the commit, if it matters.
        last, floor, *found = self._server.call(
            lambda server: server.mget([keys.LAST, keys.FLOOR, *named])
        )
        if self._seen is None:
            self._seen, self._asked = int(last or 0), shingles
            self._floor = int(floor or 0)
        remote = self._matching(found, rests)
        own = self._own.lookup(shingles)
        if not len(own.which):
            return remote
        return Postings(
            np.concatenate([remote.which, own.which]),
            np.concatenate([remote.documents, own.documents]),
        )

    def _matching(self, found: Sequence[bytes | None], rests: keys.Wide) -> Postings:
        sizes = [len(postings or b"") // keys.ENTRY_BYTES for postings in found]
        if not any(sizes):
            return NOTHING
        which = np.arange(len(sizes)).repeat(sizes)
        there, numbers = self._buckets.read(b"".join(postings or b"" for postings in found))
        hits = ((there == rests.take(which)) & (numbers >= self._floor)).nonzero()[0]
        return Postings(which.take(hits), numbers.take(hits).astype(np.int64))

    def expect(self, keys: Sequence[Narrow]) -> None:
        """Do nothing: a look-up is one round trip, and what it finds may change at any time."""

    def near(self, simhash: int) -> Places:
        """Find the documents whose simhash is at most `NEAR` bits away."""
        self._near = True
        blocks = keys.block_keys(simhash)
        found = self._server.call(lambda server: server.mget([name for name, _ in blocks]))
        close: set[int] = set()
        for place, (postings, (_, rest)) in enumerate(zip(found, blocks, strict=True)):
            close.update(_near_in(postings or b"", simhash, place, rest))
        ours = self._own.near(simhash)
        theirs = np.array(sorted(number for number in close if number >= self._floor), np.int64)
        return np.concatenate([theirs, ours])

    def fetch(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Get documents by number; what has been forgotten is missing from the answer."""
        entries = self._own.fetch([number for number in numbers if number > OWN])
        remote = [number for number in numbers if number <= OWN]
        if not remote:
            return entries

        # A document lies among the fresh ones until its worker has put it on its shelf.
        fresh, *shelved = self._server.pipeline(
            lambda pipe: pipe.hmget(keys.FRESH, remote),
            after=lambda pipe: [pipe.get(keys.entry(number)) for number in remote],
        )
        for number, new, old in zip(remote, fresh, shelved, strict=True):
            if new or old:
                entries[number] = _entry(new or old)
        return entries

    def add(self, entry: Entry, seen: float = 0.0) -> int:
        """Stage a document, visible at once here and in the fleet when it is committed."""
        place = self._own.add(entry)
        if self._seen is None:
            msg = f"{entry.id} is added without having been judged"
            raise ValueError(msg)
        self._latest = Staged(place, entry, int(seen), self._asked, self._seen, self._near)
        self._begin_judgement()
        return place

    # --- commits --------------------------------------------------------------------------------

    def take_staged(self, article_id: str) -> Staged | None:
        """What was added last, if it is this article: its outcome is booked right after."""
        latest, self._latest = self._latest, None
        return latest if latest is not None and latest.entry.id == article_id else None

    def forget_staged(self) -> None:
        """Everything staged is on the server by now, or has to be judged again."""
        self._own = MemoryIndex(self._own.last)
        self._latest = None
        self._begin_judgement()

    def shelve(self, documents: Sequence[int]) -> None:
        """Put fresh documents where they stay."""
        if not documents:
            return
        fresh = self._server.call(lambda server: server.hmget(keys.FRESH, documents))
        put = {
            keys.entry(number): data
            for number, data in zip(documents, fresh, strict=True)
            if data is not None
        }

        self._server.pipeline(
            lambda pipe: pipe.hdel(keys.FRESH, *documents),
            before=lambda pipe: [pipe.set(name, data) for name, data in put.items()],
        )


def _near_in(postings: bytes, simhash: int, place: int, rest: bytes) -> set[int]:
    """The documents posted under a block whose whole simhash is near."""
    close: set[int] = set()
    block = simhash.to_bytes(8, "big")[2 * place : 2 * place + 2]
    for start in range(0, len(postings), keys.BLOCK_BYTES):
        others = postings[start + 5 : start + keys.BLOCK_BYTES]
        if others != rest:
            whole = others[: 2 * place] + block + others[2 * place :]
            if distance(int.from_bytes(whole, "big"), simhash) > NEAR:
                continue
        close.add(int.from_bytes(postings[start : start + 5], "big"))
    return close


def _entry(data: bytes) -> Entry:
    first = int.from_bytes(data[:_FIRST_BYTES], "big")
    id_size, url_size = struct.unpack_from(">BH", data, _FIRST_BYTES)
    start = _FIRST_BYTES + 3
    end = start + id_size + url_size
    url = data[start + id_size : end].decode("utf-8", "replace")
    id_ = keys.id_text(data[start : start + id_size])
    return Entry(id_, url or None, first, Sketch.unpack(data[end:]))
