"""The fingerprints of an output folder: their truth in its database, the index beside it.

A fingerprint is written in the transaction that books its article's outcome, so that one exists
if and only if its line does. Rows are only ever appended. The index that finds them is a set of
run files made from the rows, plus what is newer than the runs, in memory; runs that are missing,
torn, foreign or ahead of the database are made again.
"""

from __future__ import annotations

import logging
import sqlite3
import uuid
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.index import NEAR, NOTHING, Entry, MemoryIndex, Postings
from pipelines.fingerprint.simhash import block_names
from pipelines.fingerprint.sketch import Sketch, SketchError
from pipelines.store.fingerprint_runs import (
    SUFFIX,
    Batch,
    Run,
    RunError,
    merge_runs,
    run_name,
    write_run,
)

FLUSH = 512
"""New documents that are kept in memory, at 4 kB each, before they become a run."""
GROWTH = 10
"""A run is at least this many times as large as the next newer one."""
LARGEST = 100_000_000
"""Documents in a run at most: its table counts postings, up to 28 a document, in 32 bits."""
_LOOKS = 5  # a writer replaces runs in a moment, and rarely
_REBUILD = 65_536  # documents in a run while the index is made again

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fingerprints (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, url TEXT, first INTEGER NOT NULL,
    seen INTEGER NOT NULL, sketch BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS fingerprint_facts (name TEXT PRIMARY KEY, value BLOB NOT NULL)
    WITHOUT ROWID;
"""
_INSERT = "INSERT INTO fingerprints VALUES (?, ?, ?, ?, ?, ?)"
_COLUMNS = "SELECT number, id, url, first, sketch FROM fingerprints"

log = logging.getLogger(__name__)

Narrow = NDArray[np.uint32]
Places = NDArray[np.int64]


class FingerprintError(Exception):
    """The fingerprints in the database cannot be read."""


class FingerprintStore:
    """The persistent index of an output folder; takes part in its store's transactions."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        folder: Path,
        *,
        keep_days: int = 0,
        readonly: bool = False,
    ) -> None:
        """Open the fingerprints in *connection*, with run files in *folder*.

        *keep_days*: forget what was added longer ago; 0 keeps all. A reader changes nothing and
        sees the last commit. Raises `FingerprintError`, `sqlite3.Error` and `OSError`.
        """
        self._connection = connection
        self._folder = folder
        self._keep_days = keep_days
        self._readonly = readonly
        if not readonly:
            folder.mkdir(parents=True, exist_ok=True)
        self._prepare()
        self._database = self._identity()
        self._undo_attempt()
        self._floor = self._fact("floor") or 0
        self._last, self._runs = self._settled()
        self._written = self._last
        self._tail = MemoryIndex(self._runs[-1].last if self._runs else 0)
        self._seen: dict[int, int] = {}
        self._expected: dict[bytes, list[Postings]] = {}
        self._load_tail()

    def __len__(self) -> int:
        return max(0, self._tail.last - max(0, self._floor - 1))

    # --- the index ------------------------------------------------------------------------------

    def lookup(self, keys: Narrow) -> Postings:
        """Find the documents that have any of these shingles as a key."""
        found = self._expected.pop(keys.tobytes(), None)
        if found is None:
            found = [run.lookup(keys) for run in self._runs]
        found = [postings for postings in [*found, self._tail.lookup(keys)] if len(postings.which)]
        if not found:
            return NOTHING
        if len(found) == 1 and not self._floor:
            return found[0]
        which = np.concatenate([postings.which for postings in found])
        documents = np.concatenate([postings.documents for postings in found])
        if self._floor:
            alive = documents >= self._floor
            which, documents = which[alive], documents[alive]
        return Postings(which, documents)

    def expect(self, keys: Sequence[Narrow]) -> None:
        """Look these keys up in the runs, which do not change before the next commit."""
        self._expected.clear()
        if not keys:
            return
        asked = np.concatenate(keys)
        bounds = np.cumsum([0, *map(len, keys)])
        by_run = [_cut(run.lookup(asked), bounds) for run in self._runs]
        self._expected = {
            part.tobytes(): list(found) for part, *found in zip(keys, *by_run, strict=True)
        }

    def near(self, simhash: int) -> Places:
        """Find the documents whose simhash is at most `NEAR` bits away."""
        names = block_names(simhash)
        found = [run.near(simhash, names, NEAR) for run in self._runs]
        found.append(self._tail.near(simhash))
        documents = np.concatenate(found)
        return documents[documents >= self._floor]

    def fetch(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Get documents by number; what has been forgotten is missing from the answer."""
        entries = self._tail.fetch(numbers)
        missing = [number for number in numbers if number not in entries and number >= self._floor]
        if missing:
            marks = ",".join("?" * len(missing))
            rows = self._connection.execute(f"{_COLUMNS} WHERE number IN ({marks})", missing)
            entries.update(_entry(row) for row in rows)
        return entries

    def add(self, entry: Entry, seen: float = 0.0) -> int:
        """Stage a document, visible at once; *seen*: the day of its adding, days since 1970."""
        number = self._tail.add(entry)
        self._last = number
        self._seen[number] = int(seen)
        return number

    # --- the transaction ------------------------------------------------------------------------

    def write(self) -> None:
        """Write what is staged, inside the caller's transaction."""
        rows = (
            (number, entry.id, entry.url, entry.first, self._seen[number], entry.sketch.pack())
            for number, entry in self._staged()
        )
        self._connection.executemany(_INSERT, rows)
        if self._keep_days and self._seen:
            self._forget(max(self._seen.values()) - self._keep_days)

    def committed(self) -> None:
        """Take note that the transaction is durable; now and then move the new into a run."""
        self._written = self._last
        self._expected.clear()
        self._seen.clear()
        self._floor = self._fact("floor") or 0
        if len(self._tail) >= FLUSH:
            self._flush()

    def begin_attempt(self) -> None:
        """From here on, what is added is undone at the next opening, until `end_attempt`.

        For a command whose output appears all at once at its end.
        """
        self._remember("attempt", self._last)

    def end_attempt(self) -> None:
        """Keep what was added, inside the caller's transaction."""
        self._connection.execute("DELETE FROM fingerprint_facts WHERE name='attempt'")

    def _undo_attempt(self) -> None:
        last = self._fact("attempt")
        if last is not None and not self._readonly:
            self._connection.execute("DELETE FROM fingerprints WHERE number > ?", (last,))
            self.end_attempt()

    def clear(self) -> None:
        """Forget every fingerprint, inside the caller's transaction, to add them all again."""
        self._connection.execute("DELETE FROM fingerprints")
        self._connection.execute("DELETE FROM fingerprint_facts")
        self._database = self._identity()
        self._floor = self._last = self._written = 0
        self._runs = self._open_runs()
        self._tail = MemoryIndex()
        self._expected.clear()
        self._seen.clear()

    def _staged(self) -> Iterator[tuple[int, Entry]]:
        for number in range(self._written + 1, self._last + 1):
            yield number, self._tail.entries[number]

    def _forget(self, day: int) -> None:
        """Forget the oldest documents, up to the first that was added after *day*."""
        row = self._connection.execute(
            "SELECT number FROM fingerprints WHERE seen >= ? ORDER BY number LIMIT 1", (day,)
        ).fetchone()
        if row is not None and row[0] > self._floor:
            self._connection.execute("DELETE FROM fingerprints WHERE number < ?", row)
            self._remember("floor", row[0])

    # --- what the database knows ----------------------------------------------------------------

    def _prepare(self) -> None:
        # A reader of a folder without fingerprints finds empty tables, its own.
        schema = _SCHEMA
        if self._readonly:
            known = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'fingerprint%'"
            if self._connection.execute(known).fetchone()[0]:
                return
            schema = schema.replace("CREATE TABLE", "CREATE TEMP TABLE")
        # Not executescript, which would commit a transaction that is open.
        for statement in filter(str.strip, schema.split(";")):
            self._connection.execute(statement)

    def _fact(self, name: str) -> int | None:
        row = self._connection.execute(
            "SELECT value FROM fingerprint_facts WHERE name=?", (name,)
        ).fetchone()
        return None if row is None else int(row[0])

    def _remember(self, name: str, value: object) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO fingerprint_facts VALUES (?, ?)", (name, value)
        )

    def _identity(self) -> bytes:
        """The mark that tells this database's runs from another's."""
        row = self._connection.execute(
            "SELECT value FROM fingerprint_facts WHERE name='database'"
        ).fetchone()
        if row is not None:
            return bytes(row[0])
        mark = uuid.uuid4().bytes
        if not self._readonly:
            self._remember("database", mark)
        return mark

    def _newest(self) -> int:
        (number,) = self._connection.execute("SELECT max(number) FROM fingerprints").fetchone()
        return number or 0

    def _rows(self, first: int, last: int) -> Iterator[tuple[int, Entry]]:
        rows = self._connection.execute(
            f"{_COLUMNS} WHERE number BETWEEN ? AND ? ORDER BY number", (first, last)
        )
        return map(_entry, rows)

    def _seal(self, number: int) -> int:
        """A checksum of one row: a run whose last row differs is of another history."""
        row = self._connection.execute(
            "SELECT id, first, sketch FROM fingerprints WHERE number=?", (number,)
        ).fetchone()
        return 0 if row is None else zlib.crc32(row[2], zlib.crc32(f"{row[0]} {row[1]}".encode()))

    # --- runs -----------------------------------------------------------------------------------

    def _settled(self) -> tuple[int, list[Run]]:
        """The newest row and the runs; a reader looks again when a writer has just merged some."""
        for _ in range(_LOOKS):
            last = self._last = self._newest()
            runs = self._open_runs()
            if not self._readonly or last - (runs[-1].last if runs else 0) < 2 * FLUSH:
                break
        return last, runs

    def _open_runs(self) -> list[Run]:
        """Open the runs that cover the rows from the first on; drop every other file."""
        runs: list[Run] = []
        names = sorted(self._folder.glob(f"*{SUFFIX}"), key=lambda path: path.name)
        paths = {path.name: path for path in names}
        wanted = 1
        while True:
            starting = [name for name in paths if name.startswith(f"{wanted:012d}-")]
            run = next(filter(None, (self._sound(paths[name]) for name in starting[::-1])), None)
            if run is None:
                break
            runs.append(run)
            del paths[run.path.name]
            wanted = run.last + 1
        if not self._readonly:
            for path in [*paths.values(), *self._folder.glob("*.draft")]:
                path.unlink(missing_ok=True)
        return runs

    def _sound(self, path: Path) -> Run | None:
        try:
            run = Run(path, self._database)
        except RunError as error:
            self._warn("%s; the index is made again from the database", error)
            return None
        forgotten = run.last < self._floor
        if run.last > self._last or not (forgotten or self._seal(run.last) == run.seal):
            self._warn("%s does not belong to these rows; it is made again", path)
            return None
        return run

    def _warn(self, sentence: str, what: object) -> None:
        if not self._readonly:  # a reader makes nothing, and a writer may be at work
            log.warning(sentence, what)

    def _load_tail(self) -> None:
        """Read what is newer than the runs; if that is much, make runs of it first."""
        done = self._tail.last
        if not self._readonly and self._last - done >= 2 * FLUSH:
            log.warning("making the index of %d fingerprints again", self._last - done)
            while self._last - done >= FLUSH:
                done = self._make_run(done + 1, min(done + _REBUILD, self._last))
            self._merge()
            self._tail = MemoryIndex(done)
        for number, entry in self._rows(done + 1, self._last):
            while self._tail.last < number - 1:
                self._tail.skip()
            self._tail.add(entry)

    def _make_run(self, first: int, last: int) -> int:
        self._write_run(first, last, dict(self._rows(first, last)))
        return last

    def _flush(self) -> None:
        first = self._runs[-1].last + 1 if self._runs else 1
        self._write_run(first, self._tail.last, self._tail.entries)
        self._tail = MemoryIndex(self._tail.last)
        self._merge()

    def _write_run(self, first: int, last: int, entries: dict[int, Entry]) -> None:
        simhashes = np.zeros(last - first + 1, np.uint64)
        keys = [np.empty(0, np.uint32)]
        counts = []
        for number, entry in entries.items():
            simhashes[number - first] = entry.sketch.simhash
            keys.append(entry.sketch.keys)
            counts.append(len(keys[-1]))
        documents = np.repeat(np.fromiter(entries, np.uint32, len(entries)), counts)
        path = self._folder / run_name(first, last)
        batch = Batch(first, simhashes, np.concatenate(keys), documents)
        write_run(path, self._database, self._seal(last), batch)
        self._runs.append(Run(path, self._database))

    def _merge(self) -> None:
        """Merge the newest runs until each is `GROWTH` times as large as the next."""
        start = len(self._runs) - 1
        size = len(self._runs[-1]) if self._runs else 0
        while start > 0 and len(self._runs[start - 1]) < min(GROWTH * size, LARGEST - size + 1):
            start -= 1
            size += len(self._runs[start])
        old = self._runs[start:]
        if len(old) < 2:
            return
        path = self._folder / run_name(old[0].first, old[-1].last)
        merge_runs(path, self._database, old, self._floor)
        self._runs[start:] = [Run(path, self._database)]
        for run in old:
            run.path.unlink(missing_ok=True)


def _cut(found: Postings, bounds: Places) -> Iterator[Postings]:
    """Give each stretch of keys its own postings."""
    cuts = found.which.searchsorted(bounds).tolist()
    for start, (first, end) in zip(bounds[:-1].tolist(), pairwise(cuts), strict=True):
        yield Postings(found.which[first:end] - start, found.documents[first:end])


def _entry(row: tuple[int, str, str | None, int, bytes]) -> tuple[int, Entry]:
    number, id_, url, first, sketch = row
    try:
        return number, Entry(id_, url, first, Sketch.unpack(sketch))
    except SketchError as error:
        msg = f"fingerprint {number} of {id_} cannot be read: {error}"
        raise FingerprintError(msg) from error
