"""Listen to every step by which a store changes the disk, in the process that takes it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple
from unittest.mock import patch

from pipelines.store.database import Connection

_FULL = 2  # `PRAGMA synchronous`: each commit is synced

Kind = Literal["sync", "commit", "mode", "close", "rename", "unlink"]
_COMMITS: dict[str, Kind] = {"COMMIT": "commit", "PRAGMA journal_mode=WAL": "mode"}


class Step(NamedTuple):
    """One step: *done* is False just before it and True just after.

    A commit is *synced* unless SQLite was told not to.
    """

    kind: Kind
    done: bool
    target: Path
    synced: bool = True


Listener = Callable[[Step], None]


def tapped(listener: Listener) -> AbstractContextManager[Any]:
    """While this lasts, tell *listener* of each sync, commit, rename and removal."""
    sync, replace, unlink = os.fsync, Path.replace, Path.unlink
    connect = sqlite3.connect

    class Tapped(Connection):
        """Tells of what ends a transaction."""

        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            if sql not in _COMMITS:
                return super().execute(sql, *rest)
            with self._told(_COMMITS[sql]):
                cursor = super().execute(sql, *rest)
                # A statement that answers has done its work when its answer has been read.
                cursor.fetchall()
                return cursor

        def executescript(self, script: str) -> sqlite3.Cursor:
            with self._told("commit"):
                return super().executescript(script)

        def close(self) -> None:
            with self._told("close"):
                super().close()

        @contextmanager
        def _told(self, kind: Kind) -> Iterator[None]:
            """Tell of a step by which the log grows, or moves into the database."""
            (level,) = super().execute("PRAGMA synchronous").fetchone()
            path = Path(super().execute("PRAGMA database_list").fetchone()[2])
            listener(Step(kind, False, path))
            yield
            listener(Step(kind, True, path, level >= _FULL))

    def tapped_sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        listener(Step("sync", False, path))
        sync(descriptor)
        listener(Step("sync", True, path))

    def tapped_replace(path: Path, target: Path) -> Path:
        listener(Step("rename", False, path))
        moved = replace(path, target)
        listener(Step("rename", True, target))
        return moved

    def tapped_unlink(path: Path, missing_ok: bool = False) -> None:
        listener(Step("unlink", False, path))
        unlink(path, missing_ok)
        listener(Step("unlink", True, path))

    def tapped_connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        named.pop("factory", None)
        return connect(*arguments, **named, factory=Tapped)

    stack = ExitStack()
    stack.enter_context(patch("os.fsync", tapped_sync))
    stack.enter_context(patch("sqlite3.connect", tapped_connect))
    stack.enter_context(patch.object(Path, "replace", tapped_replace))
    stack.enter_context(patch.object(Path, "unlink", tapped_unlink))
    return stack
