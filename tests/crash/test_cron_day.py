"""Cron for a day, in minutes: what was published is there, once; memory and state stay small."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from demo import Press
from tests.crash.crawls import faults, first_prints, verify
from tests.crash.cron import BY_HAND, Day
from tests.crash.forks import Ended, Forks
from tests.crawl.running import records

FEW = ("feed", "english", "sitemap", "aggregator")
# Megabytes that a run may need more late in the day than early on.
GROWTH = 12
LOG_BYTES = 8_000_000
BYTES_A_CANDIDATE = 6_000


def spend(day: Day, runs: int, first: str = "") -> None:
    """Let the day pass, then run by hand until nothing new comes: every list is asked."""
    day.tick(first)
    for _ in range(runs - 1):
        day.tick()
    day.press.heal()
    for _ in range(12):
        day.now += timedelta(hours=1)
        ended = day.run(BY_HAND).wait()
        assert ended.status == 0, ended.log
        day.ended.append(ended)
        if not lost(day):
            break


def lost(day: Day) -> set[str]:
    """What the press has published and nobody has written, the latest words of edits included."""
    latest: dict[str, str] = {}
    for folder in ("articles", "reposts"):
        for line in sorted(records(day.output, folder), key=lambda line: int(line["version"])):
            latest[line["canonical_url"]] = line["article_body"]
    missing = set()
    for article in day.press.expected():
        url = article.canonical_url
        words = article.body.rsplit("\n", 1)[-1] if url in day.edited else ""
        if url not in latest or words not in latest[url]:
            missing.add(url)
    return missing


def check(day: Day) -> None:
    """The output is whole, each story is there, and each cluster has one first print."""
    assert lost(day) == set()
    expected = {article.canonical_url for article in day.press.expected()}
    found = {
        line["canonical_url"]
        for folder in ("articles", "reposts")
        for line in records(day.output, folder)
    }
    assert found == expected
    assert first_prints(day.press, day.output) == {}
    assert faults(day.output) == []
    verify(day.forks, day.output)


def bounded(day: Day) -> None:
    """Neither a run's memory nor the state grows with the number of runs."""
    quarter = len(day.ended) // 4
    early, late = peak(day.ended[1:quarter]), peak(day.ended[-quarter:])
    assert late < early + GROWTH, f"{early} MB early, {late} MB late"
    state = day.output / "state" / "firstprint.sqlite"
    connection = sqlite3.connect(state)
    try:
        ((candidates,),) = connection.execute("SELECT count(*) FROM candidates").fetchall()
        ((lists,),) = connection.execute("SELECT count(*) FROM lists").fetchall()
    finally:
        connection.close()
    log = Path(f"{state}-wal")
    assert not log.exists() or log.stat().st_size < LOG_BYTES
    assert state.stat().st_size < 1_000_000 + BYTES_A_CANDIDATE * candidates
    assert lists < 40 * len(day.press.homes)


def peak(ended: Sequence[Ended]) -> int:
    return max(run.peak for run in ended) // 1024


def test_a_dozen_runs_lose_nothing_and_write_nothing_twice(tmp_path: Path, forks: Forks) -> None:
    with Press(sites=FEW) as press:
        day = Day(forks, press, tmp_path, seed=3)
        spend(day, 12, "overlap")
        check(day)
        assert day.did["kill"] + day.did["kill at a step"]
        assert day.did["turned away"]


@pytest.mark.soak
def test_a_day_of_cron_loses_nothing_and_writes_nothing_twice(tmp_path: Path, forks: Forks) -> None:
    with Press(stories=60) as press:
        day = Day(forks, press, tmp_path, seed=1)
        spend(day, 288)
        check(day)
        bounded(day)
        cpu = sum(run.cpu for run in day.ended)
        print(f"{len(day.ended)} runs, {cpu:.0f} s of CPU, {dict(day.did)}")
        assert cpu < 25 * 60
