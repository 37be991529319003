"""Files that lead from a shingle to the documents that have it, each written once.

A run holds the postings of a range of documents, sorted by hash, with a table that says where
each stretch of hashes begins: a look-up reads two places. Runs are merged as in a log-structured
merge tree (O'Neil et al. 1996), so there are only a few. They can always be made again.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.index import Postings
from pipelines.fingerprint.simhash import BLOCKS, block_names_of

SUFFIX = ".run"
_MAGIC = b"firstprint-run-2"
_HEAD = struct.Struct("<16s16sQQQIIQ")  # magic, database, first, last, postings, seal, bits, size
_POSTINGS_A_BUCKET = 4
_PARTS = 64  # a merge holds this part of the postings in memory
_BLOCK_NAMES = (BLOCKS + 1) << 16
_SPREAD = np.uint32(0x9E3779B1)
_LOW = np.uint64(0xFFFFFFFF)

Narrow = NDArray[np.uint32]
Wide = NDArray[np.uint64]


class RunError(Exception):
    """A run file is truncated, foreign, or of another version."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents *first*, *first* + 1, … with their simhashes, and postings in any order."""

    first: int
    simhashes: Wide
    keys: Narrow
    documents: Narrow


class Run:
    """One run file, mapped into memory, read only."""

    def __init__(self, path: Path, database: bytes) -> None:
        """Open a run of *database*; raises `RunError`."""
        self.path = path
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD.size)
                size = os.fstat(file.fileno()).st_size
                if len(head) < _HEAD.size:
                    raise RunError(f"{path} is too short for a run")
                magic, owner, first, last, postings, seal, bits, expected = _HEAD.unpack(head)
                if magic != _MAGIC or owner != database or size != expected:
                    raise RunError(f"{path} is truncated or belongs to another database")
                data = np.memmap(file, np.uint8, "r")
        except OSError as error:
            raise RunError(f"{path} cannot be read: {error}") from error
        self.first, self.last, self.seal, self.bits = first, last, seal, bits
        layout = _Layout(last - first + 1, bits)
        if layout.postings + 8 * postings != size:
            raise RunError(f"{path} does not have the size its head tells")
        self._starts = _view(data, layout.starts, np.uint32, layout.buckets + 1)
        self._block_starts = _view(data, layout.block_starts, np.uint32, _BLOCK_NAMES + 1)
        self._block_documents = _view(
            data, layout.block_documents, np.uint32, BLOCKS * layout.documents
        )
        self.simhashes = _view(data, layout.simhashes, np.uint64, layout.documents)
        self.postings = _view(data, layout.postings, np.uint64, postings)

    def __len__(self) -> int:
        return int(self.last - self.first + 1)

    def lookup(self, keys: Narrow) -> Postings:
        """Find the documents that have any of these shingles as a key."""
        spread = keys * _SPREAD
        buckets = spread >> np.uint32(32 - self.bits) if self.bits else np.zeros_like(spread)
        begins = self._starts[buckets].astype(np.int64)
        sizes = self._starts[buckets + np.uint32(1)] - begins
        which, places = _spans(begins, sizes)
        found = self.postings[places]
        hits = np.flatnonzero((found >> np.uint64(32)).astype(np.uint32) == spread[which])
        return Postings(which[hits], (found[hits] & _LOW).astype(np.int64))

    def near(self, simhash: int, names: Sequence[int], distance: int) -> NDArray[np.int64]:
        """Find the documents that share a block and are at most *distance* bits away."""
        found = [np.empty(0, np.int64)]
        for name in names:
            stretch = slice(*self._block_starts[name : name + 2].tolist())
            documents = self._block_documents[stretch].astype(np.int64)
            apart = np.bitwise_count(self.simhashes[documents - self.first] ^ np.uint64(simhash))
            found.append(documents[apart <= distance])
        return np.unique(np.concatenate(found))

    def part(self, number: int) -> Wide:
        """The postings of one of `_PARTS` equal ranges of hashes."""
        edges = [_edge(part) for part in (number, number + 1) if part < _PARTS]
        first, *end = np.searchsorted(self.postings, np.array(edges, np.uint64)).tolist()
        return np.asarray(self.postings[first : end[0] if end else None])


def write_run(path: Path, database: bytes, seal: int, batch: Batch) -> None:
    """Write the run of a batch, whole or not at all; raises `OSError`."""
    packed = (batch.keys * _SPREAD).astype(np.uint64) << np.uint64(32)
    packed |= batch.documents.astype(np.uint64)
    packed.sort()
    _write(path, database, seal, batch.first, [batch.simhashes], len(packed), _split(packed))


def merge_runs(path: Path, database: bytes, runs: Sequence[Run], floor: int) -> None:
    """Merge neighbouring runs into one, without the postings below document *floor*."""
    merged = (_merged_part(runs, part, floor) for part in range(_PARTS))
    total = sum(len(run.postings) for run in runs)
    simhashes = [run.simhashes for run in runs]
    _write(path, database, runs[-1].seal, runs[0].first, simhashes, total, merged)


def run_name(first: int, last: int) -> str:
    """The file name of a run."""
    return f"{first:012d}-{last:012d}{SUFFIX}"


def _merged_part(runs: Sequence[Run], part: int, floor: int) -> Wide:
    together = np.concatenate([run.part(part) for run in runs])
    together.sort(kind="stable")  # which merges sorted stretches in linear time
    if floor > runs[0].first:
        together = together[(together & _LOW) >= np.uint64(floor)]
    return together


class _Layout:
    """Where the arrays of a run file begin, in bytes."""

    def __init__(self, documents: int, bits: int) -> None:
        self.documents = documents
        self.buckets = 1 << bits
        self.simhashes = _HEAD.size + -_HEAD.size % 8
        self.starts = self.simhashes + 8 * documents
        self.block_starts = self.starts + 4 * (self.buckets + 1)
        self.block_documents = self.block_starts + 4 * (_BLOCK_NAMES + 1)
        end = self.block_documents + 4 * BLOCKS * documents
        self.postings = end + -end % 8


def _write(
    path: Path,
    database: bytes,
    seal: int,
    first: int,
    simhashes: Sequence[Wide],
    most_postings: int,
    sorted_parts: Iterable[Wide],
) -> None:
    bits = max(0, (most_postings // _POSTINGS_A_BUCKET).bit_length() - 1)
    documents = sum(map(len, simhashes))
    layout = _Layout(documents, bits)
    draft = path.with_suffix(".draft")
    try:
        with draft.open("wb") as file:
            written = _write_postings(file, layout, sorted_parts, bits)
            _write_blocks(file, layout, first, np.concatenate(simhashes))
            size = layout.postings + 8 * written
            file.truncate(size)
            file.seek(0)
            last = first + documents - 1
            file.write(_HEAD.pack(_MAGIC, database, first, last, written, seal, bits, size))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write_postings(
    file: BinaryIO, layout: _Layout, sorted_parts: Iterable[Wide], bits: int
) -> int:
    """Write the postings and the table of their buckets, part by part; gives their number."""
    written, bucket = 0, 0
    for number, part in enumerate(sorted_parts):
        file.seek(layout.postings + 8 * written)
        file.write(part.tobytes())
        end = -(-layout.buckets * (number + 1) // _PARTS)
        # A shift by 64, where there is only one bucket, gives 0.
        edges = np.arange(bucket, end, dtype=np.uint64) << np.uint64(64 - bits)
        places = np.searchsorted(part, edges) + written
        file.seek(layout.starts + 4 * bucket)
        file.write(places.astype(np.uint32).tobytes())
        written, bucket = written + len(part), end
    file.seek(layout.starts + 4 * layout.buckets)
    file.write(np.array([written], np.uint32).tobytes())
    return written


def _edge(part: int) -> int:
    return (part << 64) // _PARTS


def _split(packed: Wide) -> list[Wide]:
    """Cut sorted postings into the parts in which a merge comes."""
    edges = np.array([_edge(part) for part in range(1, _PARTS)], np.uint64)
    return np.split(packed, np.searchsorted(packed, edges))


def _write_blocks(file: BinaryIO, layout: _Layout, first: int, simhashes: Wide) -> None:
    file.seek(layout.simhashes)
    file.write(simhashes.astype("<u8").tobytes())
    file.seek(layout.block_documents)
    counts = np.zeros(_BLOCK_NAMES, np.int64)
    for block in range(BLOCKS):  # one at a time, for memory; names ascend with the block
        names = block_names_of(simhashes, block)
        counts += np.bincount(names, minlength=_BLOCK_NAMES)
        order = np.argsort(names.astype(np.uint16), kind="stable")  # a radix sort
        file.write((order + first).astype(np.uint32).tobytes())
    file.seek(layout.block_starts)
    file.write(np.append(0, np.cumsum(counts)).astype(np.uint32).tobytes())


def _spans(
    begins: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the places of several stretches, and to which stretch each place belongs."""
    which = np.repeat(np.arange(len(sizes)), sizes)
    ends = np.cumsum(sizes)
    places = np.arange(len(which)) + np.repeat(begins - (ends - sizes), sizes)
    return which, places


def _view(data: NDArray[np.uint8], start: int, kind: type[Any], count: int) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    return np.asarray(data[start : start + size * count]).view(kind)
