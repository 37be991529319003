"""Output files that are always whole: appended to, synced, and repaired after a crash."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import IO

_BLOCK = 1 << 20


def append(path: Path, data: bytes, *, at: int) -> int:
    """Append *data* to *path*, whose length must be *at*, and sync it; return the new length.

    Nothing is left behind when the disk is full: the file is cut back to *at* and the `OSError`
    is raised on.
    """
    new = not path.exists()
    make_folder(path.parent)
    with path.open("ab") as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), at)
            raise
    if new:
        sync_folder(path.parent)
    return at + len(data)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make *folder* with *mode*, and what is missing above it; each is durable by its name."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        made.mkdir(mode if made is missing[0] else 0o777, exist_ok=True)
        sync_folder(made.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in *folder* durable; a synced file without its name is lost all the same."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def repair(path: Path, *, length: int, pending: list[bytes]) -> int:
    """Bring *path* to hold every line of *pending* once after its first *length* bytes.

    *length* is what was booked as written, *pending* the lines that are committed but not booked;
    a crash leaves some beginning of them behind, and a power cut any part of them, with holes.
    Records that somebody else appended are kept, what is no record is cut, and a file that was
    deleted or shortened by hand goes on from what is there. Returns the new length.
    """
    size = cut_torn_line(path)
    there: list[bytes] = []
    if size > length:
        with path.open("rb+") as file:
            file.seek(length)
            there = file.read().splitlines(keepends=True)
            sound = [line for line in there if _is_record(line)]
            if len(sound) < len(there):
                file.seek(length)
                file.writelines(sound)
                size = file.truncate()
                file.flush()
                os.fsync(file.fileno())
    written = set(there)
    missing = b"".join(line for line in pending if line not in written)
    return append(path, missing, at=size) if missing else size


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def cut_torn_line(path: Path) -> int:
    """Cut what follows the last newline of *path*; return its length, 0 if there is no file."""
    if not path.exists():
        return 0
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        end = _end_of_last_line(file, size)
        if end < size:
            file.truncate(end)
            os.fsync(file.fileno())
    return end


def _end_of_last_line(file: IO[bytes], size: int) -> int:
    position = size
    while position > 0:
        step = min(position, 65536)
        file.seek(position - step)
        newline = file.read(step).rfind(b"\n")
        if newline >= 0:
            return position - step + newline + 1
        position -= step
    return 0


def checksum(path: Path, *, start: int = 0, seed: int = 0) -> int:
    """The CRC-32 of *path* from byte *start* on, continuing *seed*; that of nothing is 0."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(start)
        while block := file.read(_BLOCK):
            seed = zlib.crc32(block, seed)
    return seed
