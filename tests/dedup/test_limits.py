"""Full disks, large archives, terminals, damaged memories, forgetting."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.dedup.running import ROOT, Dedup, record
from tests.fingerprint.stories import BRIEF, HARBOUR, ROOF, WEATHER


def stories(count: int) -> list[dict[str, Any]]:
    """Some are copies of others."""
    kinds = [ROOF, WEATHER, WEATHER]
    return [record(str(n), f"{kinds[n % 3]}\n{n // 3 * 7919:060d}") for n in range(count)]


@pytest.mark.parametrize("largest", [30_000, 200_000], ids=["the database", "an output"])
def test_a_disk_that_fills_loses_no_line_and_forgets_nothing(dedup: Dedup, largest: int) -> None:
    """What stood before stands, and the same command does it all once there is room."""
    state = dedup.folder / "state"
    assert dedup(dedup.write("in.jsonl", record("yesterday", HARBOUR)), state=state) == 0
    source = dedup.write("in.jsonl", record("copy", HARBOUR), *stories(600))
    done = dedup.apart(source, largest=largest)
    assert done.returncode == 1
    assert done.stderr.startswith("error: nothing was written: ")
    assert "Traceback" not in done.stderr
    assert dedup.ids() == (["yesterday"], [])
    assert not list(dedup.folder.glob(".*"))
    assert dedup(source, state=state) == 0
    kept, reposts = dedup.ids()
    assert reposts[0] == "copy"
    assert sorted([*kept, *reposts]) == sorted(["copy", *map(str, range(600))])


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def of_another_program(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + bytes(5000))


@pytest.mark.parametrize("damage", [truncated, of_another_program])
def test_a_damaged_state_is_named_and_nothing_is_written(
    dedup: Dedup, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    state = dedup.folder / "state"
    source = dedup.write("in.jsonl", *stories(90))
    assert dedup(source, state=state) == 0
    before = dedup.ids()
    damage(state / "firstprint.sqlite")
    capsys.readouterr()
    assert dedup(source, state=state) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: nothing was written: ")
    assert said.count("\n") == 1
    assert dedup.ids() == before


def test_another_process_gives_the_same_bytes(dedup: Dedup) -> None:
    source = dedup.write("in.jsonl", *stories(120))
    assert dedup(source) == 0
    here = dedup.kept.read_bytes(), dedup.reposts.read_bytes()
    assert dedup.apart(source).returncode == 0
    assert (dedup.kept.read_bytes(), dedup.reposts.read_bytes()) == here
    assert here[1]


# A child counts the memory of the process it is forked from: a small one stands between.
_PEAK = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(dedup: Dedup, count: int) -> int:
    """Kilobytes that a run over *count* records of 20 kB holds at most."""
    source = dedup.folder / "in.jsonl"
    with source.open("w") as file:
        for number in range(count):
            file.write(json.dumps(record(str(number), f"{BRIEF} {number}", raw="x" * 20_000)))
            file.write("\n")
    command = [sys.executable, "-c", _PEAK, *dedup.line(source)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    status, kilobytes = done.stdout.split()
    assert status == "0"
    return int(kilobytes)


@pytest.mark.soak
def test_an_archive_larger_than_memory_streams(dedup: Dedup) -> None:
    few = peak(dedup, 150)
    # 140 MB more of records; what grows is the newest fingerprints, up to 6,144 of them.
    assert peak(dedup, 7000) - few < 40_000


def test_a_terminal_sees_how_far_it_is(dedup: Dedup) -> None:
    source = dedup.write("in.jsonl", *stories(600))
    screen, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(dedup.line(source), cwd=ROOT, stderr=terminal, env=environment)
    os.close(terminal)
    seen = b""
    try:
        while part := os.read(screen, 4096):
            seen += part
    except OSError:  # so Linux tells that the other end is closed
        os.close(screen)
    assert process.wait(timeout=60) == 0
    assert re.search(rb"[1-9]\d* documents .*100%", seen)
    assert seen.endswith(b" reposts\r\n")


def test_forgetting_is_a_setting_and_rewrites_no_archive(dedup: Dedup) -> None:
    def over(name: str, *records: dict[str, Any]) -> None:
        kept = dedup.kept = dedup.folder / f"{name}.jsonl"
        source = dedup.write(f"{name}.in.jsonl", *records)
        days = {"NEAR_DUPLICATES_DAYS": 30}
        assert dedup(source, kept=kept, state=dedup.folder / "state", settings=days) == 0

    over(
        "one",
        record("march", ROOF) | {"date_published": "2026-03-01T08:00:00+08:00"},
        record("june", WEATHER) | {"date_published": "2026-06-01T08:00:00+08:00"},
    )
    archive = dedup.kept.read_bytes()
    over(
        "two",
        record("of march", ROOF) | {"date_published": "2026-06-02T08:00:00+08:00"},
        record("of june", WEATHER) | {"date_published": "2026-06-02T09:00:00+08:00"},
    )
    assert dedup.ids() == (["of march"], ["of june"])
    assert (dedup.folder / "one.jsonl").read_bytes() == archive
