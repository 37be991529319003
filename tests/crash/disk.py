"""A disk that forgets what was not synced: what a folder may hold after the power was cut.

The model is POSIX at its strictest. A file's bytes are sure to be there as they were at its last
fsync, a name as it was at the last fsync of its folder. Whatever was written since may be there,
wholly, in part, sector by sector in any order, or not at all. SQLite syncs by itself: its log with
each commit where `synchronous` is FULL, and with it the name of a log that is new; the database
before the log begins anew. What it does before there is a log is atomic by its own journal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from stat import S_ISDIR

from tests.crash.taps import Step

_SECTOR = 512
# Shared memory of the log: made again by whoever opens the database first.
_VOLATILE = "-shm"

Spoil = Callable[[str, bytes, bytes], bytes]


@dataclass(slots=True)
class Folder:
    """What a folder holds now: its names, and each thing's bytes or inner folder."""

    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    folders: dict[str, tuple[int, Folder]] = field(default_factory=dict)


class Disk:
    """Follows one folder by the steps it is told of; the folder itself is there already."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._synced: dict[int, bytes] = {}
        self._names: dict[int, set[tuple[str, int]]] = {root.stat().st_ino: set()}
        # Held open, so that no number of a file that is gone is given to another.
        self._held: dict[int, int] = {}

    def close(self) -> None:
        for descriptor in self._held.values():
            os.close(descriptor)
        self._held.clear()

    def heard(self, step: Step) -> None:
        """Take note of what is durable from this step on."""
        path = step.target
        if not step.done or not step.synced:
            return
        if step.kind == "sync":
            self._sync(path)
        elif step.kind in ("commit", "mode", "close"):
            for file in (path, Path(f"{path}-wal")):
                if file.exists():
                    self._sync(file)
                    self._name(file)

    def _sync(self, path: Path) -> None:
        number = self._hold(path)
        if not path.is_dir():
            self._synced[number] = path.read_bytes()
            return
        self._names[number] = {(inner.name, self._hold(inner)) for inner in path.iterdir()}

    def _name(self, path: Path) -> None:
        names = self._names.setdefault(self._hold(path.parent), set())
        names.add((path.name, self._hold(path)))

    def _hold(self, path: Path) -> int:
        number = path.stat().st_ino
        if number not in self._held:
            self._held[number] = os.open(path, os.O_PATH)
        return number

    def now(self) -> Folder:
        """All that a process would read now."""
        return self._read(self.root)

    def _read(self, path: Path) -> Folder:
        found = Folder()
        for inner in path.iterdir():
            status = inner.stat()
            if S_ISDIR(status.st_mode):
                found.folders[inner.name] = (status.st_ino, self._read(inner))
            elif not inner.name.endswith(_VOLATILE):
                self._hold(inner)
                found.files[inner.name] = (status.st_ino, inner.read_bytes())
        return found

    def leave(self, now: Folder, target: Path, spoil: Spoil, names: Callable[[], bool]) -> None:
        """Write to *target* what a power cut at *now* may leave.

        *spoil* makes a file's bytes from those synced and those written; *names* says whether a
        folder's names are as they are, or as they were when it was synced.
        """
        self._leave(self.root.stat().st_ino, now, target, spoil, names)

    def _leave(
        self, number: int, now: Folder, target: Path, spoil: Spoil, names: Callable[[], bool]
    ) -> None:
        target.mkdir()
        sure = self._names.get(number, set())
        current = names()
        for name, (inner, data) in now.files.items():
            if current or (name, inner) in sure:
                (target / name).write_bytes(spoil(name, self._synced.get(inner, b""), data))
        if not current:
            self._leave_gone(now, sure, target)
        for name, (inner, folder) in now.folders.items():
            if current or (name, inner) in sure:
                self._leave(inner, folder, target / name, spoil, names)

    def _leave_gone(self, now: Folder, sure: set[tuple[str, int]], target: Path) -> None:
        """Bring back what was removed or renamed since the folder was synced."""
        there: Mapping[str, int] = {name: inner for name, (inner, _) in now.files.items()}
        for name, inner in sure:
            if there.get(name) != inner and inner in self._synced:
                (target / name).write_bytes(self._synced[inner])


def as_written(_name: str, _synced: bytes, written: bytes) -> bytes:
    """All of it is there, as after `kill -9`."""
    return written


def as_synced(_name: str, synced: bytes, _written: bytes) -> bytes:
    """Nothing is there but what was synced."""
    return synced


def by_chance(chance: Random) -> Spoil:
    """Any of the sectors that were written since the sync are there; the rest are old, or zeros."""

    def spoil(_name: str, synced: bytes, written: bytes) -> bytes:
        if synced == written:
            return written
        longest = max(len(synced), len(written))
        shortest = min(len(synced), len(written))
        length = chance.choice((shortest, longest, chance.randint(shortest, longest)))
        old, new = synced.ljust(longest, b"\0"), written.ljust(longest, b"\0")
        sectors = (chance.choice((old, new))[at : at + _SECTOR] for at in range(0, length, _SECTOR))
        return b"".join(sectors)[:length]

    return spoil


def cut_short(chance: Random) -> Spoil:
    """What was appended since the sync is there up to some byte."""

    def spoil(_name: str, synced: bytes, written: bytes) -> bytes:
        if not written.startswith(synced):
            return chance.choice((synced, written))
        return written[: chance.randint(len(synced), len(written))]

    return spoil


def during_a_commit(chance: Random) -> Spoil:
    """The log has some of the commit, or the database some of the log; SQLite syncs in between."""
    torn = by_chance(chance)
    log_is_done = chance.random() < 0.5

    def spoil(name: str, synced: bytes, written: bytes) -> bytes:
        if name.endswith("-wal"):
            return written if log_is_done else torn(name, synced, written)
        if name.endswith(".sqlite"):
            return torn(name, synced, written) if log_is_done else synced
        return torn(name, synced, written)

    return spoil
