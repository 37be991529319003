"""Look an output folder through, file by file: what is not as it was written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.soundness.accounts import compare
from pipelines.soundness.day_file import DayFile, Piece, is_day
from pipelines.soundness.inventory import Booked, Finding, Inventory
from pipelines.soundness.lines import FOLDERS, LineError, LineReader
from pipelines.store.database import open_database, unfinished_repair
from pipelines.store.lock import is_held

# A crawl that is at work appends within moments of its commit.
_LOOKS = 20
_PAUSE = 0.25


class Inspection:
    """One look at *folder*; call `findings` once. *damaged* are then the files to be mended.

    *writing* says that a crawl is at work: of each file only what was booked when we came is
    judged, with the lines that were to follow. *fingerprints* off expects none.
    """

    def __init__(
        self,
        folder: Path,
        reader: LineReader,
        *,
        fingerprints: bool = True,
        writing: bool | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._folder = folder
        self._reader = reader
        self._fingerprints = fingerprints
        self._writing = is_held(folder / "state" / "lock") if writing is None else writing
        self._pause = pause
        self.inventory = Inventory(folder)
        self.damaged: set[str] = set()
        self.read: dict[str, DayFile] = {}

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong; nothing if the folder is sound. Raises `OSError`."""
        inventory = self.inventory
        state = str(inventory.state_path.relative_to(self._folder))
        paths = inventory.paths()
        if inventory.problem is not None and (paths or inventory.state_path.exists()):
            yield Finding(state, inventory.problem)
        elif inventory.problem is None and unfinished_repair(inventory.connection) is not None:
            yield Finding(state, "a repair has not come to its end")
        yield from self._strangers()
        for path in paths:
            yield from self._file(path, inventory.files.get(path.removesuffix(".gz"), Booked()))
        inventory.index()
        yield from compare(inventory, fingerprints=self._fingerprints)

    def close(self) -> None:
        """Give everything back."""
        self.inventory.close()

    def _strangers(self) -> Iterator[Finding]:
        for name in FOLDERS:
            for path in sorted((self._folder / name).glob("[!.]*.jsonl*")):
                if not is_day(path.name):
                    self.damaged.add(f"{name}/{path.name}")
                    yield Finding(f"{name}/{path.name}", "is not named for a day")

    # --- one file -------------------------------------------------------------------------------

    def _file(self, path: str, booked: Booked) -> Iterator[Finding]:
        if not is_day(path.partition("/")[2]):
            return
        if not (self._folder / path).exists():
            yield from self._absent(path, booked)
            return
        # A day that goes on after it was compressed is booked from its new beginning.
        restarted = path.endswith(".gz") and (self._folder / path.removesuffix(".gz")).exists()
        if restarted:
            booked = Booked()
        limit = None
        if self._writing and not path.endswith(".gz"):
            limit = booked.length = booked.length or 0
        file = self.read[path] = DayFile(self._folder, path, limit=limit, booked=booked.length)
        torn: Piece | None = None
        told = 0
        for piece in file.pieces():
            try:
                if torn is not None:
                    raise LineError("is longer than any record")
                if piece.whole:
                    record = self._reader.read(piece.raw, file.folder)
                    self.inventory.add(path, piece.number, record)
            except LineError as error:
                self.damaged.add(path)
                if piece.number != told:
                    yield Finding(f"{path}:{piece.number}", str(error))
                told = piece.number
            torn = None if piece.whole else piece
        yield from self._end(file, booked, torn)

    def _absent(self, path: str, booked: Booked) -> Iterator[Finding]:
        self._note_pending(path, booked.pending)
        if booked.length and not self._writing:
            yield Finding(path, f"is gone with the {booked.length} bytes that were written")
        if booked.pending and not self._settled(path):
            yield Finding(path, f"{_lines(booked.pending)} committed and not written")

    def _end(self, file: DayFile, booked: Booked, torn: Piece | None) -> Iterator[Finding]:
        """What the file's length, checksum and last line say."""
        path = file.path
        if file.broken is not None:
            self.damaged.add(path)
            yield Finding(path, file.broken)
        if booked.length is None:
            if torn is not None:
                self.damaged.add(path)
                yield Finding(f"{path}:{torn.number}", "the last line is torn")
            return
        if file.length < booked.length:
            lost = booked.length - file.length
            yield Finding(path, f"is {lost} bytes shorter than what was written")
        elif booked.checksum is not None and file.checksum_at != booked.checksum:
            yield Finding(path, "its bytes are not those that were written")
        if self._writing and not file.packed:
            self._note_pending(path, booked.pending)
            if not self._settled(path):
                yield Finding(path, "what follows the last booked line is not what was committed")
            return
        missing = booked.pending if file.packed else self._missing(path, booked)
        self._note_pending(path, missing)
        if missing:
            yield Finding(path, f"{_lines(missing)} committed and not written")
        if torn is not None:
            self.damaged.add(path)
            yield Finding(f"{path}:{torn.number}", "the last line is torn")

    def _note_pending(self, path: str, lines: list[bytes]) -> None:
        for line in lines:
            try:
                record = self._reader.read(line.rstrip(b"\n"), path.partition("/")[0])
            except LineError:
                continue  # found again, and told, when it is written
            self.inventory.add(path, 0, record)

    def _missing(self, path: str, booked: Booked) -> list[bytes]:
        """The pending lines that the file does not hold behind its booked length."""
        if not booked.pending:
            return []
        with (self._folder / path).open("rb") as file:
            file.seek(booked.length or 0)
            there = set(booked.pending).intersection(file)
        return [line for line in booked.pending if line not in there]

    def _settled(self, path: str) -> bool:
        """Whether what was committed comes to lie in the file, while a crawl writes to it."""
        for _ in range(_LOOKS):
            booked = self._booked_now(path)
            expected = b"".join(booked.pending)
            if _tail(self._folder / path, booked.length or 0, len(expected)) == expected:
                return True
            if not self._writing:
                return False
            self._pause(_PAUSE)
        return False

    def _booked_now(self, path: str) -> Booked:
        connection = open_database(self.inventory.state_path, readonly=True)
        try:
            connection.execute("BEGIN")
            row = connection.execute("SELECT length FROM files WHERE path=?", (path,)).fetchone()
            lines = connection.execute(
                "SELECT line FROM outbox WHERE path=? ORDER BY seq", (path,)
            ).fetchall()
        finally:
            connection.close()
        return Booked(row[0] if row else 0, None, [bytes(line) for (line,) in lines])


def _tail(path: Path, start: int, size: int) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)


def _lines(lines: list[bytes]) -> str:
    return "1 line is" if len(lines) == 1 else f"{len(lines)} lines are"
