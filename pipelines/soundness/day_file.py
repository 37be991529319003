"""Read a day's file in pieces of bounded size, whatever lies in it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.store.days import open_day

LONGEST_LINE = 64 << 20
"""Bytes; no record is longer, and a hole of NUL bytes can be."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.jsonl(\.gz)?")


@dataclass(slots=True)
class Piece:
    """A line with its number, without its newline; *whole* tells whether it had one."""

    number: int
    raw: bytes
    whole: bool = True


class DayFile:
    """A file `DATE.jsonl` or `DATE.jsonl.gz` below *root*; *path* is relative to that.

    *limit* is how many of its bytes count, None for all. After reading, *length* and *checksum*
    (CRC-32) are of the bytes as they would lie uncompressed, *checksum_at* those of the first
    *booked* of them, and *broken* says why reading ended early.
    """

    def __init__(
        self, root: Path, path: str, *, limit: int | None = None, booked: int | None = None
    ) -> None:
        self.path = path
        self.folder = path.partition("/")[0]
        self.booked_as = path.removesuffix(".gz")
        self.packed = path.endswith(".gz")
        self.length = 0
        self.checksum = 0
        self.checksum_at: int | None = 0 if booked == 0 else None
        self.broken: str | None = None
        self._file = root / path
        self._limit = limit
        self._booked = booked

    def pieces(self) -> Iterator[Piece]:
        """The lines; one that is longer than `LONGEST_LINE` comes in several, none of them whole.

        Raises `OSError` where the file cannot be opened.
        """
        number = 1
        with open_day(self._file) as file:
            while True:
                size = LONGEST_LINE
                if self._limit is not None:
                    size = min(size, self._limit - self.length)
                try:
                    raw = file.readline(size) if size else b""
                except (OSError, EOFError, zlib.error) as error:
                    self.broken = f"cannot be read to its end: {error}"
                    return
                if not raw:
                    return
                self._account(raw)
                whole = raw.endswith(b"\n")
                yield Piece(number, raw[:-1] if whole else raw, whole)
                number += whole

    def _account(self, raw: bytes) -> None:
        booked = self._booked
        if booked is not None and self.length < booked <= self.length + len(raw):
            self.checksum_at = zlib.crc32(raw[: booked - self.length], self.checksum)
        self.checksum = zlib.crc32(raw, self.checksum)
        self.length += len(raw)


def is_day(name: str) -> bool:
    """Whether *name* is that of a day's file: a date that there is, and an ending of ours."""
    match = _NAME.fullmatch(name)
    if match is None:
        return False
    try:
        date.fromisoformat(match[1])
    except ValueError:
        return False
    return True
