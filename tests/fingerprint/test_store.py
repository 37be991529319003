"""The fingerprints on disk: there if and only if the transaction was, and found again."""

from collections.abc import Callable

import pytest

from pipelines.fingerprint.detector import Document
from pipelines.fingerprint.document import Fingerprinter, Text
from pipelines.fingerprint.sketch import SHINGLES
from pipelines.store import fingerprints as module
from pipelines.store.fingerprints import FingerprintError
from tests.fingerprint.archive import Archive, in_memory


def test_judges_as_the_index_in_memory_does(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    found: list[str | None] = []
    archive = opened()
    for start in range(0, len(documents), 20):
        found += archive.add(documents[start : start + 20])
        archive.commit()
        if start % 60 == 0:
            archive = opened()
    assert found == in_memory(documents)
    assert len(archive.store) == len(documents)


def test_looking_ahead_changes_no_judgement(
    opened: Callable[..., Archive], documents: list[Document]
) -> None:
    """Copies within a batch, commits between the look ahead and the judgement, unasked keys."""
    archive = opened()
    found: list[str | None] = []
    for start in range(0, len(documents), 30):
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
