"""Open the state for a repair, or make a new one with what can be read of the old."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.soundness.mending import Aside
from pipelines.store.database import (
    DATABASE_NAME,
    SAVED_NAME,
    SUFFIXES,
    UNREADABLE,
    NewerStateError,
    StateError,
    is_blank,
    open_database,
    put_saved_in_place,
    unfinished_repair,
)
from pipelines.store.days import holds_articles
from pipelines.store.output import sync_folder

# What only the state knows. Fingerprints, files and articles are made again from the lines.
_TABLES = {"candidates": "key", "lists": "key", "outbox": "seq", "site_memory": "site"}


def open_for_repair(state: Path, aside: Aside) -> tuple[sqlite3.Connection, str | None]:
    """A sound database in the folder *state*, and why it is a new one, None if it is not.

    A new one says so itself until `finish_rescue`: no crawl goes on from it before, and a repair
    that died is taken up by the next. Raises `NewerStateError` and leaves everything as it is
    where a newer program wrote it.
    """
    path = state / DATABASE_NAME
    try:
        connection = open_database(path)
        answers = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if answers == ["ok"]:
            problem = unfinished_repair(connection)
            if problem is None and is_blank(connection) and holds_articles(state.parent):
                problem = "the state was lost"
                _mark(connection, problem)
            return connection, problem
        connection.close()
        problem = answers[0]
    except NewerStateError:
        raise
    except (StateError, *UNREADABLE) as error:
        problem = str(error)
    problem = f"the state was damaged ({' '.join(problem.split())})"
    # The damaged one stays until what can be read of it is saved; then they change places.
    for suffix in SUFFIXES:
        part = path.with_name(path.name + suffix)
        if part.exists():
            aside.copy(part, f"state/{part.name}")
    _save(aside.folder / "state" / DATABASE_NAME, state, problem)
    put_saved_in_place(path)
    return open_database(path), problem


def finish_rescue(connection: sqlite3.Connection) -> None:
    """The state is whole again."""
    connection.execute("DROP TABLE IF EXISTS rescue")


def _mark(connection: sqlite3.Connection, problem: str) -> None:
    """Let a state say that it is a new one, and why."""
    connection.execute("CREATE TABLE rescue AS SELECT ? AS problem", (problem,))


def _save(damaged: Path, state: Path, problem: str) -> None:
    """Write what can be read of *damaged* to a new database, whole or not at all."""
    draft = state / f"{SAVED_NAME}.draft"
    for suffix in SUFFIXES:
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    connection = open_database(draft)
    try:
        connection.execute("BEGIN IMMEDIATE")
        old = sqlite3.connect(damaged)
        for table, key in _TABLES.items():
            for direction in ("ASC", "DESC"):
                _copy(old, connection, table, f"{key} {direction}")
        old.close()
        _mark(connection, problem)
        connection.execute("COMMIT")
        # Its log goes with it, so that it is one file.
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()
    draft.replace(state / SAVED_NAME)
    sync_folder(state)


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str, order: str) -> None:
    for values in _readable(old, f"SELECT * FROM {table} ORDER BY {order}"):  # noqa: S608
        marks = ", ".join("?" * len(values))
        insert = f"INSERT OR IGNORE INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
        new.execute(insert, tuple(values.values()))


def _readable(old: sqlite3.Connection, query: str) -> Iterator[dict[str, Any]]:
    """The rows up to the damage, by the names of their columns."""
    try:
        cursor = old.execute(query)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))
    except UNREADABLE:
        return  # the rest of the table is what was damaged
