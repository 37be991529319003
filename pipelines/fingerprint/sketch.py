"""What is kept of a document: a few hundred bytes that verification can work with.

The smallest hashes of a set of shingles are a fair sample of it (Broder 1997, bottom-k), and the
samples of two documents are comparable. Numbers are sampled the same way, by their contexts.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHINGLES = 48
"""Shingles kept of a document."""
KEYS = 28
"""Of these, how many are index keys: the smallest that are not common yet."""
NUMBERS = 32
"""Numbers kept of a document."""
SECURITIES = 8
"""Codes of securities kept of a document, among its numbers; a text with more is a list."""

_HEAD = struct.Struct("<BQIdBBQ")
_FORMAT = 1
_NO_DAY = float("nan")

Narrow = NDArray[np.uint32]


class SketchError(ValueError):
    """These bytes are not a sketch."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a document.

    *simhash*: 64 bits; *units*: its length; *day*: when it was published, days since 1970 in
    UTC, if known; *shingles*: its smallest hashes, ascending; *indexed*: bit *i* says that
    shingle *i* is a key of the index; *contexts*, *values*: a sample of its numbers, the
    contexts ascending.
    """

    simhash: int
    units: int
    day: float | None
    shingles: Narrow
    indexed: int
    contexts: Narrow
    values: NDArray[np.uint16]

    @property
    def keys(self) -> Narrow:
        """The shingles under which the index finds the document."""
        first = self.indexed.bit_length()
        if self.indexed.bit_count() == first:  # as nearly always, none is left out
            return self.shingles[:first]
        return self.shingles[bits(self.indexed, len(self.shingles))]

    @property
    def weighed(self) -> int:
        """Up to which hash (included) the index knows how common the shingles are."""
        top = self.indexed.bit_length()
        return int(self.shingles[top - 1]) if top else 0

    def pack(self) -> bytes:
        """Write the sketch as bytes, the same on every machine."""
        head = _HEAD.pack(
            _FORMAT,
            self.simhash,
            self.units,
            _NO_DAY if self.day is None else self.day,
            len(self.shingles),
            len(self.contexts),
            self.indexed,
        )
        arrays = (
            self.shingles.astype("<u4"),
            self.contexts.astype("<u4"),
            self.values.astype("<u2"),
        )
        return head + b"".join(array.tobytes() for array in arrays)

    @classmethod
    def unpack(cls, data: bytes) -> Sketch:
        """Read what `pack` wrote; raises `SketchError`."""
        try:
            version, simhash, units, day, shingles, numbers, indexed = _HEAD.unpack_from(data)
            if version != _FORMAT or len(data) != _HEAD.size + 4 * shingles + 6 * numbers:
                raise SketchError(f"{len(data)} bytes of format {version} are no sketch")
            place = _HEAD.size
            return cls(
                simhash,
                units,
                None if day != day else day,  # noqa: PLR0124  (not a number is unequal to itself)
                np.frombuffer(data, "<u4", shingles, place),
                indexed,
                np.frombuffer(data, "<u4", numbers, place + 4 * shingles),
                np.frombuffer(data, "<u2", numbers, place + 4 * (shingles + numbers)),
            )
        except struct.error as error:
            raise SketchError(f"{len(data)} bytes are no sketch") from error


def bits(mask: int, size: int) -> NDArray[np.bool_]:
    """Spread the lowest *size* bits of a mask."""
    raw = np.frombuffer(mask.to_bytes(8, "little"), np.uint8)
    return np.unpackbits(raw, count=size, bitorder="little").astype(np.bool_)


def choose_keys(lengths: NDArray[np.int64], common: int) -> int:
    """Choose a sketch's keys: of shingles found in *lengths* documents, those below *common*."""
    rare = (lengths < common).nonzero()[0][:KEYS]
    if len(rare) and rare[-1] == len(rare) - 1:
        return (1 << len(rare)) - 1
    return sum(1 << place for place in rare.tolist())
