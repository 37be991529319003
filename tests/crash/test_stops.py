"""Stop by signals, lose the workers, run out of space: a true status, and nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import Press
from tests.crash.crawls import faults, finish, first_prints, outcomes, start, written
from tests.crash.forks import Forks, Run
from tests.crawl.running import summaries

SITES = ("portal", "feed", "aggregator")
# Enough pages that the crawl is at work at each signal, few enough for a test.
STORIES = 60
REQUESTS = 15
Found = Counter[str]


@pytest.fixture(scope="session")
def small(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Press, Found]]:
    """A press of few sites, and what an undisturbed crawl makes of it."""
    output = tmp_path_factory.mktemp("small")
    with Press(sites=SITES, stories=STORIES) as press:
        finish(forks, press, output)
        yield press, outcomes(press, output)


def at_work(press: Press, run: Run, output: Path | None = None) -> None:
    """Wait until some pages have been fetched and, with *output*, some lines been written."""
    goal, length = len(press.requests) + REQUESTS, written(output) if output else 0
    deadline = time.monotonic() + 60
    while len(press.requests) < goal or (output and written(output) == length):
        assert time.monotonic() < deadline
        assert run.poll() is None, "the crawl ended before it could be disturbed"
        time.sleep(0.002)


def check(forks: Forks, press: Press, output: Path, expected: Found) -> None:
    finish(forks, press, output)
    assert outcomes(press, output) == expected
    assert first_prints(press, output) == {}
    assert faults(output) == []


# What is sent, one after the other, to runs over one folder; and how the run must end.
STOPS = {
    "SIGTERM": ([signal.SIGTERM], 143),
    "SIGINT": ([signal.SIGINT], 130),
    "SIGTERM twice": ([signal.SIGTERM, signal.SIGTERM], 143),
    "SIGINT, then SIGTERM": ([signal.SIGINT, signal.SIGTERM], 143),
    "SIGHUP": ([signal.SIGHUP], -signal.SIGHUP),
}
# Few requests at once: what is in flight at a signal is finished, and something shall be left.
SLOWLY = ("-s", "CONCURRENT_REQUESTS=4", "-s", "EXTRACTION_WORKERS=1")


def test_signals_stop_the_crawl_with_their_status_and_nothing_is_lost(
    tmp_path: Path, forks: Forks, small: tuple[Press, Found]
) -> None:
    press, expected = small
    for name, (numbers, status) in STOPS.items():
        run = start(forks, press, tmp_path, *SLOWLY)
        at_work(press, run)
        for number in numbers:
            run.signal(number)
            time.sleep(0.02)  # a signal that comes while its like is waiting is not delivered
        ended = run.wait()
        assert ended.status == status, f"{name}: {ended.log}"
        if len(numbers) == 1 and status > 0:
            summary = summaries(tmp_path)[-1]
            assert summary["exit_status"] == status
            assert summary["outcomes"]["pending"] > 0
            assert summary["candidates"] == sum(summary["outcomes"].values())
    check(forks, press, tmp_path, expected)


def test_a_signal_while_the_engine_starts_is_heard(
    tmp_path: Path, forks: Forks, small: tuple[Press, Found]
) -> None:
    """Scrapy by itself forgets it, crawls on, and never ends."""
    press, expected = small
    ended = start(forks, press, tmp_path, early=signal.SIGTERM).wait()
    # What the spider had not named yet is not pending.
    assert ended.status in {0, 143}, ended.log
    assert outcomes(press, tmp_path) != expected
    check(forks, press, tmp_path, expected)


def test_killed_workers_cost_no_page(
    tmp_path: Path, forks: Forks, small: tuple[Press, Found]
) -> None:
    press, expected = small
    run = start(forks, press, tmp_path)
    at_work(press, run, tmp_path)
    workers = workers_of(run.pid)
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert run.wait().status == 0
    assert outcomes(press, tmp_path) == expected
    assert faults(tmp_path) == []


def test_a_killed_crawl_leaves_no_worker_behind(
    tmp_path: Path, forks: Forks, small: tuple[Press, Found]
) -> None:
    press, _ = small
    run = start(forks, press, tmp_path)
    at_work(press, run, tmp_path)
    workers = workers_of(run.pid)
    run.signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "a worker lives on without its crawl"
        time.sleep(0.05)


@pytest.mark.parametrize("limit", [400_000])
def test_a_limit_on_the_size_of_files_stops_the_crawl_and_loses_nothing(
    tmp_path: Path, forks: Forks, small: tuple[Press, Found], limit: int
) -> None:
    press, expected = small
    full = start(forks, press, tmp_path, file_size=limit).wait()
    assert full.status == 1, full.log
    assert_said_once(full.log)
    assert all(path.read_bytes().endswith(b"\n") for path in tmp_path.glob("*/*.jsonl"))
    check(forks, press, tmp_path, expected)


def assert_said_once(log: str) -> None:
    """One sentence says that the crawl stops, whatever else was under way then."""
    assert log.count("The crawl stops, output or state cannot be written") == 1
    assert "Traceback" not in log


# Where the state may turn out to be damaged: a part of it that opening did not read.
DAMAGE = {
    "as the run begins": ("begin", 0),
    "as requests are taken": ("take", 2),
    "as hosts are asked for": ("hosts", 9),
    "as a list is booked": ("finish", 1),
    "as an outcome is booked": ("settle", 3),
}


@pytest.mark.parametrize(("method", "after"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_that_is_met_in_the_middle_ends_the_run_and_is_said(
    tmp_path: Path, forks: Forks, small: tuple[Press, Found], method: str, after: int
) -> None:
    press, _ = small
    ended = start(forks, press, tmp_path, damaged={"method": method, "after": after}).wait()
    assert ended.status == 1, ended.log
    assert "the state is damaged" in ended.log


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Path]:
    """A disk that holds two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - wherever the system has it


def test_a_full_disk_stops_the_crawl_and_with_room_again_nothing_is_lost(
    tmp_path: Path, little: Path, forks: Forks, small: tuple[Press, Found]
) -> None:
    press, expected = small
    ballast = little / "ballast"
    ballast.write_bytes(bytes(1_500_000))
    output = little / "output"
    full = start(forks, press, output).wait()
    assert full.status == 1, full.log
    assert_said_once(full.log)
    assert all(path.read_bytes().endswith(b"\n") for path in output.glob("*/*.jsonl"))
    ballast.unlink()
    shutil.copytree(output, tmp_path / "output")
    check(forks, press, tmp_path / "output", expected)


def workers_of(parent: int) -> list[int]:
    """The extraction workers: the children of *parent* that run their module."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [int(pid) for pid, command in commands.items() if b"pipelines.workers" in command]
