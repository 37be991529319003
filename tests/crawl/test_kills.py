"""Die for any reason, run again: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from demo import Press
from tests.crawl.running import ROOT, crawl, crawl_command, records, summaries

# Small batches, so that a kill meets every state of one.
BATCHES = ("-s", "COMMIT_EVERY=5", "-s", "COMMIT_SECONDS=0.2")


def outcomes(output: Path) -> Counter[tuple[str, str]]:
    """Each candidate's URL with what became of it; article and repost are one, as DESIGN says."""
    found: Counter[tuple[str, str]] = Counter()
    for folder in ("articles", "reposts"):
        found.update((line["canonical_url"], "kept") for line in records(output, folder))
    found.update((line["url"], line["reason"]) for line in records(output, "rejected"))
    return found


def start(press: Press, output: Path) -> subprocess.Popen[bytes]:
    command = [*crawl_command(press.homes.values(), output), *BATCHES]
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stop_after(press: Press, child: subprocess.Popen[bytes], requests: int, number: int) -> bool:
    """Signal *child* once the press was asked *requests* times more; False if it ended before."""
    goal = len(press.requests) + requests
    deadline = time.monotonic() + 60
    while len(press.requests) < goal and time.monotonic() < deadline:
        if child.poll() is not None:
            return False
        time.sleep(0.005)
    child.send_signal(number)
    child.wait(30)
    return True


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """What an undisturbed crawl makes of the press, by path, because ports differ."""
    output = tmp_path_factory.mktemp("undisturbed")
    with Press() as press:
        assert crawl(press.homes.values(), output).returncode == 0
        return paths(press, output)


def paths(press: Press, output: Path) -> Counter[str]:
    sites = {home: key for key, home in press.homes.items()}
    found: Counter[str] = Counter()
    for (url, outcome), count in outcomes(output).items():
        home, path = url[: url.index("/", 8) + 1], url[url.index("/", 8) :]
        found[f"{sites[home]}{path} {outcome}"] += count
    return found


@pytest.mark.parametrize("seed", range(2))
def test_kill_minus_9_loses_nothing_and_writes_nothing_twice(
    tmp_path: Path, undisturbed: Counter[str], seed: int
) -> None:
    chance = random.Random(seed)
    kills = 0
    with Press() as press:
        for _ in range(10):
            child = start(press, tmp_path)
            kills += stop_after(press, child, chance.randint(3, 30), signal.SIGKILL)
        final = crawl(press.homes.values(), tmp_path)
        assert final.returncode == 0, final.stderr.decode()
        assert paths(press, tmp_path) == undisturbed
    assert kills >= 5


def test_sigterm_finishes_what_is_in_flight_and_says_143(
    tmp_path: Path, undisturbed: Counter[str]
) -> None:
    with Press() as press:
        child = start(press, tmp_path)
        assert stop_after(press, child, 60, signal.SIGTERM)
        assert child.returncode == 143
        summary = summaries(tmp_path)[-1]
        assert summary["exit_status"] == 143
        assert summary["outcomes"]["pending"] > 0
        assert summary["candidates"] == sum(summary["outcomes"].values())
        assert crawl(press.homes.values(), tmp_path).returncode == 0
        assert paths(press, tmp_path) == undisturbed


def test_killed_workers_cost_no_page(tmp_path: Path, undisturbed: Counter[str]) -> None:
    with Press() as press:
        child = start(press, tmp_path)
        goal = len(press.requests) + 60
        while len(press.requests) < goal and child.poll() is None:
            time.sleep(0.005)
        for worker in workers_of(child.pid):
            os.kill(worker, signal.SIGKILL)
        assert child.wait(60) == 0
        assert paths(press, tmp_path) == undisturbed


@pytest.mark.parametrize("limit", [150_000, 400_000], ids=["at once", "midway"])
def test_a_full_disk_stops_the_crawl_and_loses_nothing(
    tmp_path: Path, undisturbed: Counter[str], limit: int
) -> None:
    """A limit on the size of files stands for the disk: writing beyond it fails the same way."""
    with Press() as press:
        command = [*crawl_command(press.homes.values(), tmp_path), *BATCHES]
        full = subprocess.run(
            [sys.executable, "-m", "scrapy", *command],
            cwd=ROOT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert full.returncode == 1
        assert b"cannot be written" in full.stderr
        for path in tmp_path.glob("*/*.jsonl"):
            assert path.read_bytes().endswith(b"\n")
        assert crawl(press.homes.values(), tmp_path).returncode == 0
        assert paths(press, tmp_path) == undisturbed


def workers_of(parent: int) -> list[int]:
    """The extraction workers: the children of *parent* that were spawned with a pipe."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [int(pid) for pid, command in commands.items() if b"spawn_main" in command]
