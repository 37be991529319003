"""What lies in an output folder beside what its state has booked, in one SQLite connection."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.soundness.lines import FOLDERS, Record
from pipelines.store.database import DATABASE_NAME, StateError, open_database
from pipelines.store.days import day_files

_SECONDS_A_DAY = 86_400
# A temporary table lies in a file, so that an archive of any size can be looked through.
_SCHEMA = """
PRAGMA temp_store=FILE;
CREATE TEMP TABLE lines (
    path TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    repost_of TEXT, simhash TEXT NOT NULL, day INTEGER NOT NULL
);
"""
_INDEX = "CREATE INDEX temp.lines_id ON lines (id, version)"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: a path below the output folder, with a line's number if any."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Booked:
    """What the state says of one file: *length* and *checksum* of what is written (None where it
    is not known), and the lines that are committed and perhaps not written."""

    length: int | None = None
    checksum: int | None = None
    pending: list[bytes] = field(default_factory=list)


class Inventory:
    """The lines of an output folder, and its state as of one commit, if it can be read.

    A reader: takes no lock, writes nothing but its own temporary table. *problem* is why the
    state cannot be used, None if it can.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state_path = folder / "state" / DATABASE_NAME
        self.problem: str | None = None
        self.connection = self._open()
        self.connection.executescript(_SCHEMA)
        self.connection.isolation_level = None
        self.connection.execute("BEGIN")
        self.counts: Counter[str] = Counter()
        self.files: dict[str, Booked] = {}
        if self.problem is None:
            self.files = self._booked_files()

    def _open(self) -> sqlite3.Connection:
        try:
            if not self.state_path.exists():
                self.problem = "is missing: the next crawl would fetch everything again"
                return sqlite3.connect("")
            return open_database(self.state_path, readonly=True)
        except StateError as error:
            self.problem = str(error)
            return sqlite3.connect("")

    def _booked_files(self) -> dict[str, Booked]:
        files: dict[str, Booked] = {}
        try:
            for path, length, checksum in self.rows("SELECT path, length, checksum FROM files"):
                files[path] = Booked(length, checksum)
            for path, line in self.rows("SELECT path, line FROM outbox ORDER BY seq"):
                files.setdefault(path, Booked(0, 0)).pending.append(bytes(line))
        except sqlite3.DatabaseError as error:
            self.problem = f"cannot be read: {error}"
        return files

    def paths(self) -> list[str]:
        """Every file of a day, booked or there, relative to the folder, oldest first."""
        there = {
            str(path.relative_to(self.folder))
            for name in FOLDERS
            for path in day_files(self.folder / name)
        }
        booked = {path for path in self.files if f"{path}.gz" not in there}
        return sorted(there | booked, key=_by_day)

    def add(self, path: str, number: int, record: Record) -> None:
        """Take note of one line; number 0 stands for one that is committed and not written."""
        self.counts[record.outcome] += 1
        if record.outcome in ("article", "repost"):
            values = record.values
            day = int(record.fetched // _SECONDS_A_DAY)
            repost_of = values.get("repost_of")
            self.connection.execute(
                "INSERT INTO temp.lines VALUES (?, ?, ?, ?, ?, ?, ?)",
                (path, number, record.id, record.version, repost_of, values["simhash"], day),
            )

    def has(self, record: Record) -> bool:
        """Whether a line of this id and version is noted."""
        query = "SELECT 1 FROM temp.lines WHERE id=? AND version=?"
        return bool(self.rows(query, (record.id, record.version)))

    def index(self) -> None:
        """Make the lines quick to find; called when all are noted."""
        self.connection.execute(_INDEX)

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query, parameters).fetchall()

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        return iter(self.connection.execute(query))

    def accounts(self) -> dict[str, dict[str, Any]]:
        """What each run booked of itself; what cannot be read is an empty account."""
        return {
            run: account(text) for run, text in self.stream("SELECT run, summary FROM main.runs")
        }

    def close(self) -> None:
        """Give everything back."""
        self.connection.close()


def account(text: str) -> dict[str, Any]:
    """A run's account as it lies in the state."""
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def day_of(days: int) -> str:
    """A day's name from days since 1970."""
    return f"{datetime.fromtimestamp(days * _SECONDS_A_DAY, UTC):%Y-%m-%d}"


def _by_day(path: str) -> tuple[str, str, bool]:
    folder, _, name = path.partition("/")
    return name.partition(".")[0], folder, not name.endswith(".gz")
