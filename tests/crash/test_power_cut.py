"""Cut the power at every step of a crawl: what was not synced is gone, or there in part.

`disk.py` says what may be left. Each such folder is opened again, and must hold each line that was
acknowledged exactly once; then a run goes on to the end, and nothing is lost or twice.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.store import database
from pipelines.store.store import Store
from tests.crash import workload
from tests.crash.disk import (
    Disk,
    Spoil,
    as_synced,
    as_written,
    by_chance,
    cut_short,
    during_a_commit,
)
from tests.crash.taps import Step, tapped

Names = Callable[[], bool]
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made below it


class PowerCuts:
    """Follows a crawl of *folder*, and tries below *scratch* every way to die at each step.

    *ways* is how many ways by chance; after each *go_on*th way to die a run finishes the crawl.
    *only* lets it stop looking once it has found a fault with this word.
    """

    def __init__(
        self, folder: Path, scratch: Path, seed: int, *, ways: int, go_on: int, only: str
    ) -> None:
        self._folder = folder
        self._scratch = scratch
        self._chance = Random(seed)
        self._ways = ways
        self._go_on = go_on
        self._only = only
        self._disk = Disk(folder)
        self._acknowledged: set[str] = set()
        self._checking = False
        self.steps = 0
        self.states = 0
        self.wrong: list[str] = []

    @property
    def found(self) -> bool:
        """Whether the fault that was looked for has been met."""
        return bool(self._only) and any(self._only in fault for fault in self.wrong)

    def heard(self, step: Step) -> None:
        if self._checking or not step.target.is_relative_to(self._folder) or self.found:
            return
        self._checking = True
        try:
            self._cut(step)
        finally:
            self._checking = False

    def _cut(self, step: Step) -> None:
        self.steps += 1
        if step.kind in ("commit", "close") and step.done:
            # It may also die half-way: all that it wrote is there, none of it is synced.
            for _ in range(self._ways):
                self._die(step, "in the middle", during_a_commit(self._chance), lambda: False)
        self._disk.heard(step)
        if step.kind == "commit" and step.done:
            self._acknowledged = workload.done(self._folder)
        self._die(step, "all as synced", as_synced, lambda: False)
        self._die(step, "bytes as synced", as_synced, lambda: True)
        self._die(step, "killed", as_written, lambda: True)
        for _ in range(self._ways):
            self._die(step, "sectors by chance", by_chance(self._chance), self._any)
            self._die(step, "cut short", cut_short(self._chance), self._any)

    def _any(self) -> bool:
        return self._chance.random() < 0.5

    def _die(self, step: Step, way: str, spoil: Spoil, names: Names) -> None:
        left = self._scratch / f"{self.states}"
        self.states += 1
        self._disk.leave(self._disk.now(), left, spoil, names)
        wrong = recover(left, self._acknowledged, go_on=self.states % self._go_on == 0)
        shutil.rmtree(left)
        when = "after" if step.done else "before"
        target = step.target.relative_to(self._folder)
        self.wrong += [f"{when} {step.kind} of {target}, {way}: {fault}" for fault in wrong]

    def close(self) -> None:
        self._disk.close()


def recover(left: Path, acknowledged: set[str], *, go_on: bool) -> list[str]:
    """Open *left* as the next run does, and say what is wrong there; *go_on* to the end."""
    try:
        Store.open(left, "recovery").abandon()
        return _faults(left, acknowledged, go_on=go_on)
    except (database.StateError, sqlite3.DatabaseError) as error:
        return [f"the state is lost: {error}"]


def _faults(left: Path, acknowledged: set[str], *, go_on: bool) -> list[str]:
    wrong = workload.read(left).wrong
    wrong += [f"{key} was acknowledged and is lost" for key in acknowledged - workload.done(left)]
    if go_on:
        workload.crawl(left, run="next")
        written = workload.read(left)
        wrong += written.wrong
        everything = {task.url for task in workload.tasks(workload.ARTICLES)}
        wrong += [f"{url} lost" for url in everything - {url for _, url in written.lines}]
    return wrong


@pytest.fixture
def cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., PowerCuts]]:
    # Small enough that the index writes, merges and removes its files as well.
    monkeypatch.setattr("pipelines.store.fingerprints.FLUSH", 8)
    made: list[PowerCuts] = []
    # In memory where there is such a place: what a real disk does is not the question here.
    root = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else tmp_path))

    def make(
        seed: int = 0, *, ways: int = 1, go_on: int = 40, articles: int = 24, only: str = ""
    ) -> PowerCuts:
        folder, scratch = root / "output", root / "left"
        folder.mkdir()
        scratch.mkdir()
        made.append(PowerCuts(folder, scratch, seed, ways=ways, go_on=go_on, only=only))
        with tapped(made[-1].heard):
            workload.crawl(folder, articles=articles)
        return made[-1]

    yield make
    for one in made:
        one.close()
    shutil.rmtree(root)


def test_nothing_acknowledged_is_lost_or_twice_wherever_the_power_is_cut(
    cuts: Callable[..., PowerCuts],
) -> None:
    tried = cuts()
    assert tried.wrong == []
    assert tried.steps > 60
    assert tried.states > 300


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 9))
def test_nothing_is_lost_or_twice_after_the_next_run_wherever_the_power_is_cut(
    cuts: Callable[..., PowerCuts], seed: int
) -> None:
    assert cuts(seed, ways=3, go_on=4).wrong == []


def _append_first(store: Store) -> None:
    """Append the lines, then commit: what a store without an outbox does."""
    store._write_out()
    COMMIT(store)


def _unsynced_append(path: Path, data: bytes, *, at: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)
    return at + len(data)


def _unsynced_open(path: Path, **rest: Any) -> sqlite3.Connection:
    connection = database.open_database(path, **rest)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


COMMIT = Store.commit
OFF: dict[str, tuple[str, Any, str]] = {
    "lines are appended before their commit": ("store.Store.commit", _append_first, "undone"),
    "what is committed is not finished": ("store.Store.recover", lambda _: None, "done and lost"),
    "appended lines are not synced": ("store.append", _unsynced_append, "done and lost"),
    "commits are not synced": ("store.open_database", _unsynced_open, "lost"),
    "new names are not synced": ("output.sync_folder", lambda _: None, "acknowledged"),
    "holes in the tail stay": ("output._is_record", lambda _: True, "no record"),
}


@pytest.mark.parametrize(("where", "instead", "fault"), OFF.values(), ids=OFF.keys())
def test_the_power_cut_finds_what_each_of_our_parts_prevents(
    cuts: Callable[..., PowerCuts],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    instead: Any,
    fault: str,
) -> None:
    monkeypatch.setattr(f"pipelines.store.{where}", instead)
    assert cuts(articles=12, ways=5, go_on=10_000, only=fault).found
