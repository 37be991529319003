"""One set of tables for all tests: making them takes a tenth of a second."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.fingerprint.detector import Document
from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.normalise import Folding
from pipelines.store import fingerprints as module
from tests.fingerprint.archive import Archive
from tests.fingerprint.stories import invented


@pytest.fixture(scope="session")
def folding() -> Folding:
    return Folding()


@pytest.fixture(scope="session")
def fingerprinter() -> Fingerprinter:
    return Fingerprinter()


@pytest.fixture(scope="session")
def documents(fingerprinter: Fingerprinter) -> list[Document]:
    return invented(fingerprinter, 300, seed=5)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Archive]]:
    """Open the archive of this test, with small runs; again, as after a crash."""
    monkeypatch.setattr(module, "FLUSH", 16)
    monkeypatch.setattr(module, "GROWTH", 3)
    archives: list[Archive] = []

    def open_again(**options: int) -> Archive:
        for archive in archives:  # as a process that died: without a commit
            archive.connection.close()
        archives.append(Archive(tmp_path, **options))
        return archives[-1]

    yield open_again
    archives[-1].connection.close()
