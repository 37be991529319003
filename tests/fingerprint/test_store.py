"""The fingerprints on disk: there if and only if the transaction was, and found again."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprinter, Text
from pipelines.fingerprint.index import MemoryIndex
from pipelines.fingerprint.sketch import SHINGLES
from pipelines.store import fingerprints as module
from pipelines.store.database import open_database
from pipelines.store.fingerprint_runs import Run
from pipelines.store.fingerprints import FingerprintError, FingerprintStore
from tests.fingerprint.test_detector import invented

COUNT = 300


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return invented(Fingerprinter(), COUNT, seed=5)


@pytest.fixture(autouse=True)
def small_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH", 16)
    monkeypatch.setattr(module, "GROWTH", 3)


class Archive:
    """A database with its fingerprints, as the store of an output folder holds them."""

    def __init__(self, folder: Path, *, keep_days: int = 0) -> None:
        self.connection = open_database(folder / "firstprint.sqlite")
        self.connection.execute("BEGIN IMMEDIATE")
        self.runs = folder / "fingerprints"
        self.store = FingerprintStore(self.connection, self.runs, keep_days=keep_days)
        self.detector = Detector(self.store)

    def add(self, documents: list[Document], seen: float = 0.0) -> list[str | None]:
        """Judge and add; gives the first prints."""
        found = []
        for document in documents:
            verdict = self.detector.judge(document)
            self.detector.add(document, verdict, seen)
            found.append(verdict.first_print.id if verdict.first_print else None)
        return found

    def commit(self) -> None:
        """As the store does."""
        self.store.write()
        self.connection.execute("COMMIT")
        self.store.committed()
        self.connection.execute("BEGIN IMMEDIATE")

    def roll_back(self) -> None:
        """As the store does when a commit fails."""
        self.store.write()
        self.connection.execute("ROLLBACK")
        self.store.rolled_back()
        self.connection.execute("BEGIN IMMEDIATE")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Archive]]:
    archives: list[Archive] = []

    def open_again(**options: int) -> Archive:
        for archive in archives:  # as a process that died: without a commit
            archive.connection.close()
        archives.append(Archive(tmp_path, **options))
        return archives[-1]

    yield open_again
    archives[-1].connection.close()


def in_memory(documents: list[Document]) -> list[str | None]:
    detector = Detector(MemoryIndex())
    found = []
    for document in documents:
        verdict = detector.judge(document)
        detector.add(document, verdict)
        found.append(verdict.first_print.id if verdict.first_print else None)
    return found


def test_judges_as_the_index_in_memory_does(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    found: list[str | None] = []
    archive = opened()
    for start in range(0, COUNT, 20):
        found += archive.add(documents[start : start + 20])
        archive.commit()
        if start % 60 == 0:
            archive = opened()
    assert found == in_memory(documents)
    assert len(archive.store) == COUNT


def test_looking_ahead_changes_no_judgement(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    """Copies within a batch, commits between the look ahead and the judgement, unasked keys."""
    archive = opened()
    found: list[str | None] = []
    for start in range(0, COUNT, 30):
        batch = documents[start : start + 30]
        expected = [document.fingerprint.shingles[:SHINGLES] for document in batch[:25]]
        archive.store.expect([*expected, *expected[:3]])
        found += archive.add(batch[:20])
        archive.commit()
        found += archive.add(batch[20:])
        archive.store.expect([])
    assert found == in_memory(documents)


def test_what_was_not_committed_is_gone_after_a_crash(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    archive = opened()
    first = archive.add(documents[:30])
    archive.commit()
    lost = archive.add(documents[30:60])
    archive = opened()
    assert len(archive.store) == 30
    assert archive.add(documents[30:60]) == lost
    assert first + lost == in_memory(documents[:60])


def test_a_transaction_that_fails_leaves_the_index_as_it_was(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    archive = opened()
    archive.add(documents[:30])
    archive.roll_back()
    assert len(archive.store) == 0
    assert archive.add(documents[:60]) == in_memory(documents[:60])
    archive.commit()
    assert len(opened().store) == 60


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
    for start in range(0, COUNT, 20):
        archive.add(documents[start : start + 20])
        archive.commit()
    assert len(list(archive.runs.glob("*.run"))) <= 4


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


def test_old_documents_are_forgotten_and_the_rest_is_not(
    opened: Callable[..., Archive], fingerprinter: Fingerprinter
) -> None:
    archive = opened(keep_days=10)
    texts = [Text("".join(chr(0x4E00 + 70 * n + k) for k in range(60))) for n in range(60)]
    prints = fingerprinter.many(texts)
    for day, print_ in enumerate(prints):
        archive.add([Document(str(day), print_)], seen=float(day))
        archive.commit()
    copies = [Document(f"copy {day}", prints[day]) for day in (0, 20, 48, 49, 50, 59)]
    found = [archive.detector.judge(copy).kept for copy in copies]
    assert found == [True, True, True, False, False, False]
    archive = opened(keep_days=10)
    assert len(archive.store) == 11
    assert [archive.detector.judge(copy).kept for copy in copies] == found


def test_an_attempt_that_does_not_end_is_undone(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    archive = opened()
    archive.add(documents[:30])
    archive.commit()
    archive.store.begin_attempt()
    archive.add(documents[30:100])
    archive.commit()
    archive = opened()
    assert len(archive.store) == 30
    archive.store.begin_attempt()
    archive.add(documents[30:100])
    archive.store.end_attempt()
    archive.commit()
    assert len(opened().store) == 100


def test_a_row_that_is_no_fingerprint_is_named(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    archive = opened()
    archive.add(documents[:5])
    archive.commit()
    archive.connection.execute("UPDATE fingerprints SET sketch=x'00' WHERE number=3")
    archive.connection.execute("COMMIT")
    with pytest.raises(FingerprintError, match="fingerprint 3 of 2 cannot be read"):
        opened()


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


@pytest.mark.usefixtures("documents")
def test_a_full_disk_while_a_run_is_written_loses_nothing(
    opened: Callable[..., Archive], documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = opened()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_run", full)
        found = archive.add(documents[:50])
        with pytest.raises(OSError, match="No space"):
            archive.commit()
    archive = opened()
    assert len(archive.store) == 50
    assert found + archive.add(documents[50:]) == in_memory(documents)
