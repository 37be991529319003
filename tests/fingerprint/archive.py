"""A database with its fingerprints, for the tests of the store."""

from pathlib import Path

from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.index import MemoryIndex
from pipelines.store.database import open_database
from pipelines.store.fingerprints import FingerprintStore


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


def in_memory(documents: list[Document]) -> list[str | None]:
    detector = Detector(MemoryIndex())
    found = []
    for document in documents:
        verdict = detector.judge(document)
        detector.add(document, verdict)
        found.append(verdict.first_print.id if verdict.first_print else None)
    return found
