"""Whatever happens to an output folder: verify finds it, repair mends it, no whole line is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.soundness.lines import FOLDERS
from pipelines.store.database import StateError, open_database
from pipelines.store.store import Store
from tests.soundness.damage import FILES, STATE, Damage
from tests.soundness.folders import (
    DAYS,
    Folder,
    article,
    body,
    first_print_of,
    sound_folder,
    verify,
)

RELAXED = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
ALL = FILES | STATE
Sync = Callable[[int], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "output"
    sound_folder(path)
    return path


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "output"))


def whole_lines(original: Path, damaged: Path) -> set[bytes]:
    """The lines of *original* that are still there, wherever."""
    content = b"\n".join(path.read_bytes() for path in sorted(damaged.glob("*/*.jsonl")))
    lines = {line for name in FOLDERS for line in _lines(original, name)}
    return {line for line in lines if line[:-1] in content}


def _lines(path: Path, name: str) -> list[bytes]:
    return Folder(path).lines(name)


def assert_mended(sound: Path, damaged: Path) -> None:
    assert verify(damaged) == 1, "not found"
    assert_repaired(sound, damaged)


def assert_repaired(sound: Path, damaged: Path) -> None:
    kept = whole_lines(sound, damaged)
    assert verify(damaged, repair=True) == 0
    assert verify(damaged) == 0
    lines = [line for name in FOLDERS for line in _lines(damaged, name)]
    assert kept <= set(lines)
    written = [(row["id"], row["version"]) for row in Folder(damaged).records("articles")]
    assert len(written) == len(set(written))


@pytest.mark.parametrize("damage", ALL.values(), ids=ALL.keys())
def test_each_kind_of_damage_is_found_and_mended(sound: Path, folder: Path, damage: Damage) -> None:
    damage(folder, random.Random(1))
    assert_mended(sound, folder)


@given(
    files=st.sets(st.sampled_from(list(FILES)), min_size=1, max_size=3),
    state=st.none() | st.sampled_from(list(STATE)),
    seed=st.integers(0, 1 << 32),
)
@RELAXED
def test_any_mixture_of_damages_is_mended(
    sound: Path, files: set[str], state: str | None, seed: int
) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        damaged = Path(shutil.copytree(sound, Path(name) / "output"))
        for kind in (kind for kind in FILES if kind in files):
            FILES[kind](damaged, chance)
        if state is not None:
            STATE[state](damaged, chance)
        assert_repaired(sound, damaged)


def test_a_sound_folder_is_left_as_it_is(folder: Path) -> None:
    def content() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in folder.rglob("*.jsonl")}

    before = content()
    assert verify(folder) == 0
    assert verify(folder, repair=True) == 0
    assert content() == before
    assert not (folder / "state" / "repaired").exists()


def outcomes(path: Path) -> dict[str, str | None]:
    connection = open_database(path / "state" / "firstprint.sqlite", readonly=True)
    found = dict(connection.execute("SELECT key, outcome FROM candidates").fetchall())
    connection.close()
    return found


@pytest.mark.parametrize("damage", ["lost state", "garbage state", "page of noise in state"])
def test_state_that_is_made_again_fetches_and_writes_nothing_twice(
    folder: Path, damage: str
) -> None:
    """A page whose listing had another address is fetched again; its text is not written."""
    before = outcomes(folder)
    STATE[damage](folder, random.Random(2))
    lines = Folder(folder).lines("articles")
    with pytest.raises((StateError, sqlite3.DatabaseError)):
        Folder(folder).run(article(99))
    assert Folder(folder).lines("articles") == lines
    assert verify(folder, repair=True) == 0
    after = outcomes(folder)
    assert {key for key, outcome in before.items() if outcome != "unchanged"} <= set(after)
    written = Folder(folder).records("articles")
    Folder(folder).run(article(3), article(4), day=DAYS[1])
    assert Folder(folder).records("articles") == written
    assert verify(folder) == 0
    assert first_print_of(folder, body(1)) == article(1).id


def test_what_is_lost_for_good_is_fetched_again(folder: Path) -> None:
    file = folder / "articles" / f"{DAYS[0]}.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    assert json.loads(lines[2])["id"] == article(3).id
    file.write_bytes(b"".join(lines[:2]) + bytes(len(lines[2]) - 1) + b"\n")
    assert verify(folder, repair=True) == 0
    assert outcomes(folder)[article(3).candidate] is None
    Folder(folder).run(article(3), day=DAYS[1])
    again = [row for row in Folder(folder).records("articles") if row["id"] == article(3).id]
    assert [row["version"] for row in again] == [2]
    assert verify(folder) == 0


def test_a_day_that_was_moved_away_is_not_fetched_again(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name / f"{DAYS[0]}.jsonl").unlink(missing_ok=True)
    assert verify(folder) == 1
    assert verify(folder, repair=True) == 0
    assert outcomes(folder)[article(3).candidate] == "article"
    Folder(folder).run(article(3), day=DAYS[1])
    assert article(3).id not in {row["id"] for row in Folder(folder).records("articles")}


def test_what_is_taken_out_lies_aside(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "articles" / f"{DAYS[0]}.jsonl"
    file.write_bytes(file.read_bytes() + b'{"schema_version":1,"id":"torn')
    assert verify(folder, repair=True) == 0
    (aside,) = (folder / "state" / "repaired").glob(f"*/articles/{DAYS[0]}.jsonl")
    assert aside.read_bytes() == b'{"schema_version":1,"id":"torn\n'
    assert str(aside.parent.parent) in capsys.readouterr().out


def test_a_newer_state_is_refused_and_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = folder / "state" / "firstprint.sqlite"
    connection = open_database(state)
    connection.execute("PRAGMA user_version=999")
    connection.close()
    before = state.read_bytes()
    assert verify(folder, repair=True) == 1
    assert "version 999" in capsys.readouterr().err
    assert state.read_bytes() == before


def test_repair_waits_for_no_crawl(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store.open(folder, "the-crawl")
    assert verify(folder, repair=True) == 75
    assert "the-crawl" in capsys.readouterr().err
    store.close()


@pytest.mark.parametrize("kind", ["line after torn", "garbage state"])
def test_a_repair_that_dies_anywhere_is_finished_by_the_next(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    steps = 0
    for fatal in range(1, 40):
        damaged = Path(shutil.copytree(sound, tmp_path / str(fatal)))
        ALL[kind](damaged, random.Random(4))
        kept = whole_lines(sound, damaged)
        calls = iter(range(1, 1000))

        def dying(
            name: int, calls: Iterator[int] = calls, fatal: int = fatal, sync: Sync = os.fsync
        ) -> None:
            if next(calls) == fatal:
                raise KeyboardInterrupt
            sync(name)

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", dying)
            try:
                verify(damaged, repair=True)
            except KeyboardInterrupt:
                steps += 1
            else:
                break
        assert verify(damaged, repair=True) == 0
        assert kept <= {line for name in FOLDERS for line in _lines(damaged, name)}
    assert steps > 1
