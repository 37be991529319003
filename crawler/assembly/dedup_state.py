"""The memory of one `scrapy dedup`: a folder that stays, or one that goes with the command."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.store.database import DATABASE_NAME, open_database
from pipelines.store.fingerprints import FingerprintStore
from pipelines.store.lock import FolderLock, FolderLockedError

FINGERPRINTS = "fingerprints"
_TEMPORARY = ".dedup-"


class DedupState:
    """Fingerprints with the connection they are written through."""

    def __init__(self, folder: Path, *, keep_days: int, temporary: bool) -> None:
        self._connection = open_database(folder / DATABASE_NAME)
        if temporary:  # nobody will read it again
            self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("BEGIN IMMEDIATE")
        self.fingerprints = FingerprintStore(
            self._connection, folder / FINGERPRINTS, keep_days=keep_days
        )
        self.fingerprints.begin_attempt()

    def commit(self) -> None:
        """Make what was added durable, to be undone if the command does not come to its end."""
        self.fingerprints.write()
        self._connection.execute("COMMIT")
        self.fingerprints.committed()
        self._connection.execute("BEGIN IMMEDIATE")

    def finish(self) -> None:
        """The outputs are there: what was added stays."""
        self.fingerprints.end_attempt()
        self.commit()

    def close(self) -> None:
        """Leave; what was not committed is forgotten."""
        self._connection.close()


@contextmanager
def open_state(folder: Path | None, beside: Path, keep_days: int) -> Iterator[DedupState]:
    """Open the state in *folder* under its lock, or an empty one next to the output *beside*."""
    if folder is None:
        _remove_forsaken(beside)
        with (
            tempfile.TemporaryDirectory(
                prefix=_TEMPORARY, dir=beside, ignore_cleanup_errors=True
            ) as name,
            _locked(Path(name)),
        ):
            yield from _opened(Path(name), keep_days=keep_days, temporary=True)
        return
    with _locked(folder):
        yield from _opened(folder, keep_days=keep_days, temporary=False)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FolderLock(folder / "lock")
    lock.acquire("dedup")
    try:
        yield
    finally:
        lock.release()


def _remove_forsaken(beside: Path) -> None:
    """Remove the temporary states of commands that were killed: those that nobody holds."""
    for old in beside.glob(f"{_TEMPORARY}*/lock"):
        with suppress(FolderLockedError), _locked(old.parent):
            shutil.rmtree(old.parent, ignore_errors=True)


def _opened(folder: Path, *, keep_days: int, temporary: bool) -> Iterator[DedupState]:
    state = DedupState(folder, keep_days=keep_days, temporary=temporary)
    try:
        yield state
    finally:
        try:
            state.close()
        except sqlite3.Error:
            if not temporary:
                raise
