"""Memory that two processes have open: one lays bytes into it, the other reads them."""

from __future__ import annotations

import os
import tempfile
from bisect import insort
from typing import BinaryIO, NamedTuple


class Region(NamedTuple):
    """A stretch of the memory, from *start* up to *end*."""

    start: int
    end: int


class SharedMemory:
    """Bytes for another process, each in a region that stays untouched until it is freed.

    A file without a name and not mapped: it counts against no process's limit of memory, and
    nothing of it is left when the last process that has it open has ended, however it did.
    """

    # What the file keeps while it is empty, so that common pages find memory that is there.
    KEPT = 2 << 20

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._file = memory_file()
        self._size = 0
        self._held: list[Region] = []  # by where they are; none overlaps another

    def fileno(self) -> int:
        return self._file.fileno()

    def put(self, content: bytes | memoryview) -> Region:
        """Lay *content* into the lowest gap that holds it."""
        region = self._gap(len(content))
        _write(self.fileno(), memoryview(content), region)
        insort(self._held, region)
        self._size = max(self._size, region.end)
        return region

    def _gap(self, size: int) -> Region:
        start = 0
        for held in self._held:
            if start + size <= held.start:
                break
            start = held.end
        return Region(start, start + size)

    def free(self, region: Region) -> None:
        """Let *region* be used again; what a large one needed goes back to the system."""
        self._held.remove(region)
        needed = max(self._kept, self._held[-1].end if self._held else 0)
        if self._size > needed:
            self._size = needed
            self._file.truncate(needed)

    def close(self) -> None:
        self._file.close()


def _write(file: int, content: memoryview, region: Region) -> None:
    while content:
        content = content[os.pwrite(file, content, region.end - len(content)) :]


def read(file: int, region: Region) -> bytes:
    """What lies in *region* of the memory whose descriptor is *file*."""
    return os.pread(file, region.end - region.start, region.start)


def memory_file() -> BinaryIO:
    """An open file without a name: in memory where the system has such, else a temporary one."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("pages"), "r+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)
