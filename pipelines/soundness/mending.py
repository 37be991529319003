"""Bring a day's file back to whole lines; what is taken out of it lies beside."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import IO

from pipelines.soundness.day_file import DayFile
from pipelines.soundness.inventory import Inventory
from pipelines.soundness.lines import LineError, LineReader
from pipelines.store.output import append, sync_folder


class Aside:
    """The folder that takes what a repair removes, in files named like those it came from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pieces = 0

    def put(self, path: str, raw: bytes) -> None:
        """Keep the bytes of a line of *path*; a hole holds nothing worth keeping."""
        raw = raw.strip(b"\0")
        if raw.strip():
            target = self._target(path.removesuffix(".gz"))
            size = target.stat().st_size if target.exists() else 0
            append(target, raw + b"\n", at=size)
            self.pieces += 1

    def move(self, path: Path, name: str) -> None:
        """Keep a whole file as *name*."""
        target = self._target(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        sync_folder(target.parent)
        sync_folder(path.parent)
        self.pieces += 1

    def copy(self, path: Path, name: str) -> None:
        """Keep a whole file as *name*, and leave it where it is."""
        target = self._target(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        self.pieces += 1

    def _target(self, name: str) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder / name


class Mender:
    """Rewrites files of *inventory*'s folder; every line of them is noted there."""

    def __init__(self, inventory: Inventory, reader: LineReader, aside: Aside) -> None:
        self._inventory = inventory
        self._folder = inventory.folder
        self._reader = reader
        self._aside = aside
        self.rescued = 0

    def mend(self, path: str, doubled: frozenset[int], pending: Iterable[bytes], spare: int) -> int:
        """Rewrite *path* whole: without the lines *doubled*, with each of *pending* at its end.

        Lines that are none go aside, but for the whole records that hide in them. Of lines that
        are the same byte for byte up to *spare* go aside too; returns how many did.
        """
        missing = dict.fromkeys(pending)
        seen: set[bytes] = set()
        dropped = 0
        draft = (self._folder / path).with_name(f".{Path(path).name}.draft")
        draft.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as plain:
            out: IO[bytes] = plain
            if path.endswith(".gz"):
                out = gzip.GzipFile(fileobj=plain, mode="wb", filename="")  # type: ignore[assignment]
            for raw in self._good_lines(path, doubled):
                digest = blake2b(raw, digest_size=16).digest() if spare else b""
                if digest in seen and dropped < spare:
                    self._aside.put(path, raw)
                    dropped += 1
                    continue
                if spare:
                    seen.add(digest)
                line = raw + b"\n"
                missing.pop(line, None)
                out.write(line)
            folder = path.partition("/")[0]
            out.write(b"".join(line for line in missing if self._is_record(line[:-1], folder)))
            if out is not plain:
                out.close()
            plain.flush()
            os.fsync(plain.fileno())
        draft.replace(self._folder / path)
        sync_folder(draft.parent)
        return dropped

    def _good_lines(self, path: str, doubled: frozenset[int]) -> Iterable[bytes]:
        if not (self._folder / path).exists():
            return
        file = DayFile(self._folder, path)
        whole = True
        for piece in file.pieces():
            good = piece.whole and whole and self._is_record(piece.raw, file.folder)
            whole = piece.whole
            if not good:
                yield from self._rescued(path, piece.raw)
            elif piece.number in doubled:
                self._aside.put(path, piece.raw)
            else:
                yield piece.raw
        if file.broken is not None:
            self._keep_copy(path)

    def _rescued(self, path: str, raw: bytes) -> Iterable[bytes]:
        self._aside.put(path, raw)
        for line, record in self._reader.rescue(raw, path.partition("/")[0]):
            if record.id and self._inventory.has(record):
                continue
            self._inventory.add(path, 0, record)
            self.rescued += 1
            yield line

    def _is_record(self, raw: bytes, folder: str) -> bool:
        try:
            self._reader.read(raw, folder)
        except LineError:
            return False
        return True

    def _keep_copy(self, path: str) -> None:
        """A damaged archive is kept as it was: somebody may know how to read on."""
        target = self._aside.folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes((self._folder / path).read_bytes())
