"""The index beside the rows: made again whatever becomes of it, and read without waiting."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipelines.fingerprint.detector import Detector, Document
from pipelines.store import fingerprints as module
from pipelines.store.database import open_database
from pipelines.store.fingerprint_runs import Run
from pipelines.store.fingerprints import FingerprintStore
from tests.fingerprint.archive import Archive, in_memory


def missing(path: Path) -> None:
    path.unlink()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def of_another_program(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(5000))


def of_another_database(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[16:32] = bytes(16)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage", [missing, truncated, cut_to_nothing, of_another_program, of_another_database]
)
def test_a_damaged_run_is_made_again(
    opened: Callable[..., Archive],
    documents: list[Document],
    damage: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    archive = opened()
    archive.add(documents[:100])
    archive.commit()
    (run,) = archive.runs.glob("*.run")
    damage(run)
    archive = opened()
    assert archive.add(documents[100:]) == in_memory(documents)[100:]
    assert "again" in caplog.text
    assert not list(archive.runs.glob("*.draft"))


def test_a_run_that_is_ahead_of_an_older_database_is_dropped(
    opened: Callable[..., Archive], documents: list[Document], tmp_path: Path
) -> None:
    archive = opened()
    archive.add(documents[:40])
    archive.commit()
    with sqlite3.connect(tmp_path / "backup") as backup:
        archive.connection.execute("COMMIT")
        archive.connection.backup(backup)
    archive.connection.execute("BEGIN IMMEDIATE")
    archive.add(documents[40:200])
    archive.commit()
    archive.connection.close()
    for name in ("firstprint.sqlite-wal", "firstprint.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "backup").replace(tmp_path / "firstprint.sqlite")
    archive = opened()
    assert len(archive.store) == 40
    assert archive.add(documents[40:]) == in_memory(documents)[40:]


def test_runs_stay_few(opened: Callable[..., Archive], documents: list[Document]) -> None:
    archive = opened()
    for start in range(0, len(documents), 20):
        archive.add(documents[start : start + 20])
        archive.commit()
    assert len(list(archive.runs.glob("*.run"))) <= 4


def test_no_run_outgrows_its_table(
    opened: Callable[..., Archive], documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = opened()
    monkeypatch.setattr(module, "LARGEST", 64)
    found: list[str | None] = []
    for start in range(0, len(documents), 16):
        found += archive.add(documents[start : start + 16])
        archive.commit()
    sizes = [int(path.stem[13:]) - int(path.stem[:12]) + 1 for path in archive.runs.glob("*.run")]
    assert 16 < max(sizes) <= 64
    assert found == in_memory(documents)


def test_near_simhashes_are_found_in_runs_as_by_brute_force(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    archive = opened()
    archive.add(documents)
    archive.commit()
    (path,) = archive.runs.glob("*.run")
    run = Run(path, archive.store._database)
    assert np.array_equal(
        run.simhashes, [document.fingerprint.simhash for document in documents[: len(run)]]
    )
    for document in documents[::17]:
        asked = document.fingerprint.simhash ^ 0b1000000000010000000000000001
        apart = np.bitwise_count(run.simhashes ^ np.uint64(asked))
        expected = (np.flatnonzero(apart <= 3) + 1).tolist()
        assert archive.store.near(asked).tolist() == expected


def test_a_reader_neither_waits_nor_writes(
    opened: Callable[..., Archive], documents: list[Document], tmp_path: Path
) -> None:
    archive = opened()
    archive.add(documents[:100])
    archive.commit()
    before = sorted(archive.runs.iterdir())
    archive.add(documents[100:150])  # the writer's transaction is open
    connection = open_database(tmp_path / "firstprint.sqlite", readonly=True)
    reader = FingerprintStore(connection, archive.runs, readonly=True)
    assert len(reader) == 100
    asked = documents[100]
    expected = in_memory(documents[:101])[100]
    first = Detector(reader).judge(asked).first_print
    assert (first.id if first else None) == expected
    assert sorted(archive.runs.iterdir()) == before
    connection.close()


def test_a_reader_of_a_folder_without_fingerprints_finds_none(tmp_path: Path) -> None:
    open_database(tmp_path / "firstprint.sqlite").close()
    connection = open_database(tmp_path / "firstprint.sqlite", readonly=True)
    assert len(FingerprintStore(connection, tmp_path / "fingerprints", readonly=True)) == 0
    connection.close()


def test_readers_find_the_last_commit_while_a_writer_merges(
    opened: Callable[..., Archive], documents: list[Document], tmp_path: Path
) -> None:
    """A reader opens between any two steps of a writer, and finds every committed document."""
    archive = opened()
    archive.commit()
    archive.connection.close()
    documents = documents[:150]
    expected = in_memory(documents)

    def write() -> None:
        archive = Archive(tmp_path)
        for start in range(0, len(documents), 15):
            archive.add(documents[start : start + 15])
            archive.commit()
        archive.connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    longest, alive = 0.0, True
    while alive:
        alive = writer.is_alive()
        start = time.monotonic()
        connection = open_database(tmp_path / "firstprint.sqlite", readonly=True)
        reader = FingerprintStore(connection, tmp_path / "fingerprints", readonly=True)
        count = len(reader)
        for document in documents[max(0, count - 3) : count]:
            asked = Document("somebody's copy", document.fingerprint)
            assert Detector(reader).judge(asked).first_print is not None
        assert count % 15 == 0
        if count < len(documents):
            first = Detector(reader).judge(documents[count]).first_print
            assert (first.id if first else None) == expected[count]
        connection.close()
        longest = max(longest, time.monotonic() - start)
    assert count == len(documents)
    assert longest < 5  # a busy machine; a reader that waited for a lock would fail or take longer


def test_a_reader_whose_runs_were_merged_under_it_goes_on(
    opened: Callable[..., Archive], documents: list[Document], tmp_path: Path
) -> None:
    archive = opened()
    archive.add(documents[:100])
    archive.commit()
    connection = open_database(tmp_path / "firstprint.sqlite", readonly=True)
    reader = FingerprintStore(connection, archive.runs, readonly=True)
    before = sorted(archive.runs.glob("*.run"))
    archive.add(documents[100:])
    archive.commit()
    assert sorted(archive.runs.glob("*.run")) != before
    copy = Document("a copy", documents[50].fingerprint)
    assert Detector(reader).judge(copy).first_print is not None
    assert len(reader) == 100
    connection.close()
