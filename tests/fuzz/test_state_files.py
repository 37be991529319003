"""Spoiled files of the state: read, made again, or refused by name; the output is not touched."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from random import Random

import pytest

from pipelines.store.database import DATABASE_NAME, StateError
from pipelines.store.fingerprints import FingerprintError
from pipelines.store.outcome import Outcome
from pipelines.store.store import Store
from tests.crash import workload
from tests.fuzz.mutator import spoil

CASES = 3_000
BOX = 2.0  # seconds of CPU in the ordinary tests


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every kind of file: also a log that was not moved into the database."""
    folder = tmp_path_factory.mktemp("sound") / "output"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.store.fingerprints.FLUSH", 8)
        workload.crawl(folder)
    store = Store.open(folder, "a run that dies")
    store.frontier.begin(None)
    store.book(Outcome("https://a.test/0", workload.SITE, "unchanged"))
    store.commit()
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)  # as `kill -9` would leave it
    store.abandon()
    assert (copy / "state" / f"{DATABASE_NAME}-wal").stat().st_size
    return copy


def try_case(sound: Path, folder: Path, number: int) -> None:
    chance = Random(number)
    shutil.copytree(sound, folder)
    files = sorted(path for path in (folder / "state").rglob("*") if path.suffix != "")
    # The shared memory of the log counts for nothing after a death; SQLite makes it again.
    files = [path for path in files if not path.name.endswith("-shm")]
    file = chance.choice([path for path in files if path.is_file()])
    for path in folder.rglob("*-shm"):
        path.unlink()
    file.write_bytes(spoil([path.read_bytes() for path in files if path == file], chance))
    before = output(folder)
    try:
        store = Store.open(folder, "next")
        store.frontier.begin(None)
        store.frontier.add(workload.tasks(3))
        store.abandon()
    except (StateError, FingerprintError):
        pass  # refused by its own error, with its own sentence
    except Exception as error:
        error.add_note(f"case {number}: {file.relative_to(folder)}")
        raise
    assert output(folder) == before
    shutil.rmtree(folder)


def output(folder: Path) -> dict[str, bytes]:
    return {path.parent.name + path.name: path.read_bytes() for path in folder.glob("*/*.jsonl")}


def test_spoiled_state_is_read_or_refused_and_the_output_stays(sound: Path, tmp_path: Path) -> None:
    end = time.process_time() + BOX
    number = 0
    while time.process_time() < end:
        try_case(sound, tmp_path / "spoiled", number)
        number += 1


@pytest.mark.soak
def test_much_spoiled_state_is_read_or_refused(sound: Path, tmp_path: Path) -> None:
    for number in range(CASES):
        try_case(sound, tmp_path / "spoiled", number)
