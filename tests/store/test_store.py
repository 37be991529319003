"""What a store promises when its process dies between any two of its steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Task
from pipelines.store import output
from pipelines.store.database import DATABASE_NAME, Connection, StateError, open_database
from pipelines.store.lock import FolderLockedError
from pipelines.store.outcome import Outcome
from pipelines.store.store import Store

PATH = "articles/2030-01-01.jsonl"


def article(number: int, host: str = "a.test") -> Task:
    url = f"https://{host}/{number}"
    return Task("article", url, url, host, host, priority=number)


def book(store: Store, *numbers: int) -> None:
    for number in numbers:
        line = b'{"n": %d}\n' % number
        store.book(Outcome(article(number).key, "a.test", "article", None, PATH, line))


def lines(folder: Path) -> list[bytes]:
    file = folder / PATH
    return file.read_bytes().splitlines(keepends=True) if file.exists() else []


def die(store: Store) -> None:
    """Leave the folder as a killed process does: no commit, no booking, the lock gone."""
    store.abandon()


def test_a_candidate_is_handed_out_once_and_known_for_ever(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    assert store.frontier.add([article(1), article(2), article(1)]) == 2
    assert [task.url for task in store.frontier.take("a.test", 5)] == [
        "https://a.test/2",
        "https://a.test/1",
    ]
    book(store, 1, 2)
    store.close()
    store = Store.open(tmp_path, "r2")
    store.frontier.begin(None)
    assert store.frontier.add([article(1)]) == 0
    assert store.frontier.pending() == 0
    store.close()


def test_what_a_dead_run_had_in_hand_waits_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    store.frontier.add([article(1), article(2)])
    store.commit()
    store.frontier.take("a.test", 2)
    store.commit()
    die(store)
    store = Store.open(tmp_path, "r2")
    store.frontier.begin(["a.test"])
    assert store.frontier.taken_up == 2
    assert len(store.frontier.take("a.test", 5)) == 2
    die(store)


def test_only_the_sites_of_this_run_are_handed_out(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(["a.test"])
    store.frontier.add([article(1), article(1, "b.test")])
    assert store.frontier.take("b.test", 5) == []
    assert store.frontier.pending() == 1
    die(store)


@pytest.mark.parametrize("kept", [0, 1, 9, 10, 15, 20], ids=lambda kept: f"{kept} bytes written")
def test_committed_lines_reach_the_file_once_however_far_the_write_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    book(store, 1)
    store.commit()

    def torn_append(path: Path, data: bytes, *, at: int) -> int:
        with path.open("ab") as file:
            file.write(data[:kept])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.store.store.append", torn_append)
    book(store, 2, 3)
    with pytest.raises(OSError, match="No space"):
        store.commit()
    die(store)
    monkeypatch.undo()

    Store.open(tmp_path, "r2").close()
    assert lines(tmp_path) == [b'{"n": 1}\n', b'{"n": 2}\n', b'{"n": 3}\n']


def test_an_uncommitted_outcome_leaves_no_line_and_its_candidate_undone(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    store.frontier.add([article(1)])
    store.commit()
    book(store, 1)
    die(store)
    store = Store.open(tmp_path, "r2")
    store.frontier.begin(None)
    assert store.frontier.pending() == 1
    store.close()
    assert lines(tmp_path) == []


def test_nothing_is_written_after_the_disk_has_failed_a_transaction(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    store.frontier.add([article(1), article(2)])
    store.commit()
    book(store, 1)
    # What SQLite does by itself where a write fails.
    sqlite3.Connection.execute(store.connection, "ROLLBACK")
    with pytest.raises(sqlite3.OperationalError):
        book(store, 2)
    with pytest.raises(sqlite3.OperationalError):
        store.commit()
    assert store.frontier.pending() == 2
    die(store)

    store = Store.open(tmp_path, "r2")
    store.frontier.begin(None)
    assert len(store.frontier.take("a.test", 5)) == 2
    assert lines(tmp_path) == []
    die(store)


def test_what_the_disk_said_of_a_commit_is_what_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    book(store, 1)
    execute = Connection.execute

    def full(connection: Connection, sql: str, *rest: Any) -> sqlite3.Cursor:
        if sql == "COMMIT":
            raise sqlite3.OperationalError("database or disk is full")
        return execute(connection, sql, *rest)

    monkeypatch.setattr(Connection, "execute", full)
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        store.commit()
    die(store)


def test_nothing_is_written_after_lines_could_not_be_appended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    monkeypatch.setattr("pipelines.store.store.append", full)
    book(store, 1)
    with pytest.raises(OSError, match="No space"):
        store.commit()
    with pytest.raises(sqlite3.OperationalError):
        book(store, 2)
    die(store)
    monkeypatch.undo()

    Store.open(tmp_path, "r2").close()
    assert lines(tmp_path) == [b'{"n": 1}\n']


def test_a_torn_line_of_a_stranger_is_cut_and_whole_ones_stay(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r0")
    book(store, 9)
    store.close()
    (tmp_path / PATH).write_bytes(b'{"n": 0}\n{"torn": ')
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    book(store, 1)
    store.close()
    assert lines(tmp_path) == [b'{"n": 0}\n', b'{"n": 1}\n']


def test_a_deleted_output_file_starts_anew(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    store.frontier.begin(None)
    book(store, 1)
    store.close()
    (tmp_path / PATH).unlink()
    store = Store.open(tmp_path, "r2")
    store.frontier.begin(None)
    book(store, 2)
    store.close()
    assert lines(tmp_path) == [b'{"n": 2}\n']


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    assert output.append(file, b"one\n", at=0) == 4

    class FullDiskError(OSError):
        pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.store.output.os.fsync", _raise(FullDiskError()))
        with pytest.raises(FullDiskError):
            output.append(file, b"two\n", at=4)
    assert file.read_bytes() == b"one\n"


def _raise(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_the_second_writer_is_turned_away_and_told_by_whom(tmp_path: Path) -> None:
    first = Store.open(tmp_path, "first-run")
    with pytest.raises(FolderLockedError, match="first-run"):
        Store.open(tmp_path, "second-run")
    first.close()
    Store.open(tmp_path, "third-run").close()


def test_a_changed_article_gets_the_next_number_and_the_same_text_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    numbers = []
    for text in (b"a", b"a", b"b", b"b"):
        number = store.next_version("id1", text)
        numbers.append(number)
        if number is not None:
            store.book(Outcome("k", "a.test", "article", version=("id1", number, text)))
    assert numbers == [1, None, 2, None]
    store.close()


def test_state_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / DATABASE_NAME
    connection = open_database(path)
    connection.execute("PRAGMA user_version=999")
    connection.close()
    with pytest.raises(StateError, match="version 999"):
        Store.open(tmp_path, "r1")


def test_a_corrupt_state_file_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "state" / DATABASE_NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StateError, match="firstprint"):
        Store.open(tmp_path, "r1")
    assert path.read_bytes().startswith(b"this is no database")
