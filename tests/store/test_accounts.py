"""What a store keeps about its output, so that the output can be checked against it."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.store.database import DATABASE_NAME, MIGRATIONS, StateError, open_database
from pipelines.store.store import Store
from tests.store.test_store import PATH, book, die


def rows(folder: Path, query: str) -> list[Any]:
    connection = open_database(folder / "state" / DATABASE_NAME, readonly=True)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def booked_file(folder: Path) -> tuple[int, int]:
    ((length, checksum),) = rows(folder, "SELECT length, checksum FROM files")
    return length, checksum


def test_length_and_checksum_of_each_file_are_booked_over_several_runs(tmp_path: Path) -> None:
    for number in range(3):
        store = Store.open(tmp_path, f"r{number}")
        book(store, number)
        store.close()
    content = (tmp_path / PATH).read_bytes()
    assert booked_file(tmp_path) == (len(content), zlib.crc32(content))


def test_lines_that_recovery_appends_are_in_the_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path, "r1")
    book(store, 1)
    monkeypatch.setattr("pipelines.store.store.append", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.commit()
    die(store)
    monkeypatch.undo()
    Store.open(tmp_path, "r2").close()
    content = (tmp_path / PATH).read_bytes()
    assert booked_file(tmp_path) == (len(content), zlib.crc32(content))


def test_damage_stays_visible_in_the_checksum_when_a_later_run_appends(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    book(store, 1)
    store.close()
    file = tmp_path / PATH
    file.write_bytes(file.read_bytes().replace(b"1", b"7"))
    store = Store.open(tmp_path, "r2")
    book(store, 2)
    store.close()
    content = file.read_bytes()
    length, checksum = booked_file(tmp_path)
    assert length == len(content)
    assert checksum == zlib.crc32(content.replace(b"7", b"1"))


def test_a_run_that_dies_leaves_an_account_of_what_it_committed(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    book(store, 1, 2)
    store.commit()
    book(store, 3)
    store.commit()
    book(store, 4)
    die(store)
    ((run, account),) = rows(tmp_path, "SELECT run, summary FROM runs")
    assert run == "r1"
    assert json.loads(account) == {"outcomes": {"article": 3}, "lines": {"article": 3}}


def test_a_run_that_books_nothing_leaves_no_account(tmp_path: Path) -> None:
    Store.open(tmp_path, "r1").close()
    assert rows(tmp_path, "SELECT run FROM runs") == []


def test_state_of_an_older_version_is_brought_up_to_date_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "state" / DATABASE_NAME
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version=1;")
    connection.execute("INSERT INTO files VALUES (?, 9)", (PATH,))
    connection.execute("INSERT INTO articles VALUES ('a', 2, x'00')")
    connection.commit()
    connection.close()
    Store.open(tmp_path, "r1").close()
    assert rows(tmp_path, "SELECT path, length, checksum FROM files") == [(PATH, 9, None)]
    assert rows(tmp_path, "SELECT id, version, gone FROM articles") == [("a", 2, 0)]
    assert rows(tmp_path, "SELECT run, summary FROM runs") == [("before", "{}")]


def older(path: Path, version: int) -> None:
    """A state as a program that knew *version* left it."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(MIGRATIONS[:version]))
        connection.execute(f"PRAGMA user_version={version}")


def schema(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        return [*tables, *connection.execute("PRAGMA user_version").fetchall()]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_state_of_each_older_version_gets_the_tables_of_the_newest(
    tmp_path: Path, version: int
) -> None:
    old, new = tmp_path / "old" / DATABASE_NAME, tmp_path / "new" / DATABASE_NAME
    older(old, version)
    for path in (old, new):
        open_database(path).close()
    assert schema(old) == schema(new)


def test_a_migration_that_fails_leaves_the_older_version_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state" / DATABASE_NAME
    older(path, len(MIGRATIONS))
    before = schema(path)
    broken = (*MIGRATIONS, "CREATE TABLE half (a); SELECT * FROM nowhere;")
    monkeypatch.setattr("pipelines.store.database.MIGRATIONS", broken)
    with pytest.raises(StateError):
        open_database(path)
    assert schema(path) == before


def test_state_is_for_its_owner_alone_and_output_as_the_umask_says(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "output", "r1")
    book(store, 1)
    store.commit()
    state = tmp_path / "output" / "state"
    modes = {path.name: path.stat().st_mode & 0o777 for path in state.iterdir() if path.is_file()}
    store.close()
    assert state.stat().st_mode & 0o777 == 0o700
    assert {"lock", DATABASE_NAME, f"{DATABASE_NAME}-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}
    probe = tmp_path / "probe"
    probe.touch()
    assert (tmp_path / "output" / PATH).stat().st_mode == probe.stat().st_mode
