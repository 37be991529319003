"""Let a process kill itself at one of its own steps on the disk, or find its state damaged."""

from __future__ import annotations

import os
import signal
import sqlite3
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from crawler.scheduler import FrontierScheduler
from pipelines.store.frontier import SqliteFrontier
from tests.crash.disk import Disk, as_synced
from tests.crash.taps import Step, tapped


def prepare(folder: str, at: int, tear: int | None = None, cut: str | None = None) -> None:
    """From now on, count this process's steps in *folder* and kill it at step number *at*.

    *tear*: if that is the beginning of the sync of an output file, its last so many bytes are not
    written yet, as far as they are not of an earlier sync.
    *cut*: the power goes as well; what is left lies at that path afterwards.
    """
    death = _Death(Path(folder).resolve(), at, tear, Path(cut) if cut else None)
    # Entered and never left: the process ends inside.
    tapped(death.heard).__enter__()


def damage(method: str, after: int) -> None:
    """From its call number *after* on, let *method* of the frontier find the state damaged."""
    sound = getattr(SqliteFrontier, method)
    calls = count()

    def spoiled(self: SqliteFrontier, *arguments: Any, **named: Any) -> Any:
        if next(calls) < after:
            return sound(self, *arguments, **named)
        raise sqlite3.DatabaseError("database disk image is malformed")

    setattr(SqliteFrontier, method, spoiled)


def stop_early(number: int) -> None:
    """Let the process get the signal *number* while the engine starts."""
    build = FrontierScheduler.from_crawler.__func__  # type: ignore[attr-defined]

    def signalled(cls: type[FrontierScheduler], crawler: Any) -> Any:
        os.kill(os.getpid(), number)
        return build(cls, crawler)

    FrontierScheduler.from_crawler = classmethod(signalled)  # type: ignore[assignment,method-assign]


class _Death:
    def __init__(self, folder: Path, at: int, tear: int | None, cut: Path | None) -> None:
        self._folder = folder
        self._left = at
        self._tear = tear
        self._cut = cut
        folder.mkdir(exist_ok=True)
        self._synced = {path: path.stat().st_size for path in folder.rglob("*.jsonl")}
        self._disk = Disk(folder) if cut else None

    def heard(self, step: Step) -> None:
        if not step.target.is_relative_to(self._folder):
            return
        self._left -= 1
        output = step.kind == "sync" and step.target.suffix == ".jsonl"
        if self._left > 0:
            if output and step.done:
                self._synced[step.target] = step.target.stat().st_size
            if self._disk:
                self._disk.heard(step)
            return
        if self._tear is not None and output and not step.done:
            size = step.target.stat().st_size
            safe = min(size, self._synced.get(step.target, 0))
            os.truncate(step.target, max(safe, size - self._tear))
        if self._disk and self._cut:
            names = Random(self._cut.name)
            self._disk.leave(self._disk.now(), self._cut, as_synced, lambda: names.random() < 0.5)
        os.kill(os.getpid(), signal.SIGKILL)
