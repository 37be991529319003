"""Which of the fleet's records are in this folder already, booked with the lines themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from uuid import uuid4

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS fleet_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS fleet_written (seq INTEGER PRIMARY KEY)",
)


class Journal:
    """A worker's name, and the records that it has written and not acknowledged.

    Takes part in the transactions of the folder's own store: a record is in this table exactly if
    its line is in the outbox or in its file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in _SCHEMA:
            connection.execute(statement)
        self.written = {seq for (seq,) in connection.execute("SELECT seq FROM fleet_written")}
        self._new: list[int] = []
        self._acknowledged: list[int] = []

    def fact(self, name: str) -> str | None:
        """A fact of this worker."""
        row = self._connection.execute(
            "SELECT value FROM fleet_facts WHERE name=?", (name,)
        ).fetchone()
        return None if row is None else str(row[0])

    def worker(self) -> str:
        """The name of this folder's worker, from now on; durable after the next commit."""
        name = self.fact("worker")
        if name is None:
            name = uuid4().hex[:12]
            self.remember("worker", name)
        return name

    def remember(self, name: str, value: str) -> None:
        """Keep a fact, inside the open transaction."""
        self._connection.execute("INSERT OR REPLACE INTO fleet_facts VALUES (?, ?)", (name, value))

    def add(self, seq: int) -> None:
        """Record number *seq* is booked in the open transaction."""
        self._new.append(seq)

    def acknowledge(self, seqs: Iterable[int]) -> None:
        """The server keeps these records no longer."""
        self._acknowledged.extend(seqs)

    def write(self) -> None:
        """Write what is new, inside the store's open transaction."""
        self._connection.executemany(
            "INSERT INTO fleet_written VALUES (?)", [(seq,) for seq in self._new]
        )
        self._connection.executemany(
            "DELETE FROM fleet_written WHERE seq=?", [(seq,) for seq in self._acknowledged]
        )
        self.written.update(self._new)
        self.written.difference_update(self._acknowledged)
        self._new, self._acknowledged = [], []

    def committed(self) -> None:
        """Nothing is left to do."""
