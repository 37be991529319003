"""Files that lead from a shingle to the documents that have it, each written once.

A run holds the postings of a range of documents, sorted by hash, with a table that says where
each bucket of hashes begins: a look-up reads two places. A bucket's number is the upper part of
its hashes, so a posting is 32 bits: the rest of the hash, and the document's place in the run.
Runs are merged as in a log-structured merge tree (O'Neil et al. 1996), so there are only a few.
They can always be made again.
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
_MAGIC = b"firstprint-run-3"
_HEAD = struct.Struct("<16s16sQQQIIQ")  # magic, database, first, last, postings, seal, bits, size
_POSTINGS_A_BUCKET = 4
_PART_BITS = 6
_PARTS = 1 << _PART_BITS  # a merge holds this part of the postings in memory
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
        if layout.postings + 4 * postings != size:
            raise RunError(f"{path} does not have the size its head tells")
        self._starts = _view(data, layout.starts, np.uint32, layout.buckets + 1)
        self._block_starts = _view(data, layout.block_starts, np.uint32, _BLOCK_NAMES + 1)
        self._block_documents = _view(
            data, layout.block_documents, np.uint32, BLOCKS * layout.documents
        )
        self.simhashes = _view(data, layout.simhashes, np.uint64, layout.documents)
        self.postings = _view(data, layout.postings, np.uint32, postings)
        self._place_bits, self._place_mask = _places(layout.documents)

    def __len__(self) -> int:
        return int(self.last - self.first + 1)

    def lookup(self, keys: Narrow) -> Postings:
        """Find the documents that have any of these shingles as a key."""
        spread = keys * _SPREAD
        buckets = spread >> np.uint32(32 - self.bits)
        begins = self._starts.take(buckets).astype(np.int64)
        sizes = self._starts.take(buckets + np.uint32(1)) - begins
        which = np.arange(len(keys)).repeat(sizes)
        places = (begins - sizes.cumsum() + sizes).take(which)
        places += np.arange(len(which))
        # A posting has the key's rest as its upper bits if nothing but a place is left of it.
        rests = (spread << np.uint32(self.bits)) >> np.uint32(self.bits) << self._place_bits
        found = self.postings.take(places) ^ rests.take(which)
        hits = (found <= self._place_mask).nonzero()[0]
        return Postings(which.take(hits), found.take(hits) + np.int64(self.first))

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
        """The postings of one of `_PARTS` equal ranges of hashes: hash and document, 64 bits."""
        step = 1 << self.bits - _PART_BITS
        starts = self._starts[number * step : (number + 1) * step + 1].astype(np.int64)
        found = self.postings[starts[0] : starts[-1]].astype(np.uint64)
        buckets = np.arange(number * step, (number + 1) * step, dtype=np.uint64)
        hashes = buckets.repeat(np.diff(starts)) << np.uint64(32 - self.bits)
        hashes |= found >> np.uint64(self._place_bits)
        documents = (found & np.uint64(self._place_mask)) + np.uint64(self.first)
        return hashes << np.uint64(32) | documents


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
        self.documents, self.bits = documents, bits
        self.buckets = 1 << bits
        self.simhashes = _HEAD.size + -_HEAD.size % 8
        self.starts = self.simhashes + 8 * documents
        self.block_starts = self.starts + 4 * (self.buckets + 1)
        self.block_documents = self.block_starts + 4 * (_BLOCK_NAMES + 1)
        self.postings = self.block_documents + 4 * BLOCKS * documents


def _write(
    path: Path,
    database: bytes,
    seal: int,
    first: int,
    simhashes: Sequence[Wide],
    most_postings: int,
    sorted_parts: Iterable[Wide],
) -> None:
    documents = sum(map(len, simhashes))
    place_bits = int(_places(documents)[0])
    bits = max(_PART_BITS, place_bits, (most_postings // _POSTINGS_A_BUCKET).bit_length() - 1)
    layout = _Layout(documents, bits)
    draft = path.with_suffix(".draft")
    try:
        with draft.open("wb") as file:
            written = _write_postings(file, layout, sorted_parts, first)
            _write_blocks(file, layout, first, np.concatenate(simhashes))
            size = layout.postings + 4 * written
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
    file: BinaryIO, layout: _Layout, sorted_parts: Iterable[Wide], first: int
) -> int:
    """Write the postings and the table of their buckets, part by part; gives their number."""
    written = 0
    step = layout.buckets // _PARTS
    rest_bits = np.uint64(64 - layout.bits)  # of a hash with its document below it
    place_bits, _ = _places(layout.documents)
    for number, part in enumerate(sorted_parts):
        edges = np.arange(number * step, (number + 1) * step, dtype=np.uint64) << rest_bits
        file.seek(layout.starts + 4 * number * step)
        file.write((np.searchsorted(part, edges) + written).astype(np.uint32).tobytes())
        rests = part >> np.uint64(32) & np.uint64((1 << 32 - layout.bits) - 1)
        packed = rests << np.uint64(place_bits) | (part & _LOW) - np.uint64(first)
        file.seek(layout.postings + 4 * written)
        file.write(packed.astype(np.uint32).tobytes())
        written += len(part)
    file.seek(layout.starts + 4 * layout.buckets)
    file.write(np.array([written], np.uint32).tobytes())
    return written


def _places(documents: int) -> tuple[np.uint32, np.uint32]:
    """How many bits of a posting are the document's place in its run, and the mask of these."""
    bits = (documents - 1).bit_length()
    return np.uint32(bits), np.uint32((1 << bits) - 1)


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
    starts = np.zeros(_BLOCK_NAMES + 1, np.uint32)
    for block in range(BLOCKS):  # one at a time, for memory; names ascend with the block
        names = block_names_of(simhashes, block)
        first_name = block + 1 << 16
        counts = np.bincount(names - first_name, minlength=1 << 16)
        starts[first_name + 1 : first_name + 1 + len(counts)] = counts
        order = np.argsort(names.astype(np.uint16), kind="stable")  # a radix sort
        file.write((order + first).astype(np.uint32).tobytes())
    file.seek(layout.block_starts)
    file.write(np.cumsum(starts, out=starts).tobytes())


def _view(data: NDArray[np.uint8], start: int, kind: type[Any], count: int) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    return np.asarray(data[start : start + size * count]).view(kind)
