"""Open the state for a repair, or make a new one with what can be read of the old."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pipelines.soundness.mending import Aside
from pipelines.store.database import (
    DATABASE_NAME,
    NewerStateError,
    StateError,
    is_blank,
    open_database,
)
from pipelines.store.days import holds_articles

# What only the state knows. Fingerprints, files and articles are made again from the lines.
_TABLES = {"candidates": "key", "lists": "key", "outbox": "seq", "site_memory": "site"}
_SUFFIXES = ("", "-wal", "-shm", "-journal")


def open_for_repair(state: Path, aside: Aside) -> tuple[sqlite3.Connection, str | None]:
    """A sound database in the folder *state*, and why it is a new one, None if it is not.

    Raises `NewerStateError` and leaves everything as it is where a newer program wrote it.
    """
    path = state / DATABASE_NAME
    try:
        connection = open_database(path)
        answers = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if answers == ["ok"]:
            lost = is_blank(connection) and holds_articles(state.parent)
            return connection, "the state was lost" if lost else None
        connection.close()
        problem = answers[0]
    except NewerStateError:
        raise
    except (StateError, sqlite3.DatabaseError) as error:
        problem = str(error)
    for suffix in _SUFFIXES:
        part = path.with_name(path.name + suffix)
        if part.exists():
            aside.move(part, f"state/{part.name}")
    connection = open_database(path)
    _salvage(connection, aside.folder / "state" / DATABASE_NAME)
    return connection, f"the state was damaged ({' '.join(problem.split())})"


def _salvage(connection: sqlite3.Connection, damaged: Path) -> None:
    """Copy every row that can be read: from the first up to the damage, and from the last."""
    connection.execute("BEGIN IMMEDIATE")
    old = sqlite3.connect(damaged)
    for table, key in _TABLES.items():
        for direction in ("ASC", "DESC"):
            _copy(old, connection, table, f"{key} {direction}")
    old.close()
    connection.execute("COMMIT")


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str, order: str) -> None:
    try:
        cursor = old.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - our names
        names = [column[0] for column in cursor.description]
        marks = ", ".join("?" * len(names))
        insert = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        for row in cursor:
            new.execute(insert, row)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return  # the rest of the table is what was damaged
