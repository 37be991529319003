"""Die at any moment, run again: nothing lost, nothing twice."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from demo import Press
from tests.crash.crawls import faults, finish, first_prints, outcomes, start, verify, written
from tests.crash.forks import Forks

STORIES = 300
# Of an undisturbed crawl, about; a moment beyond the end is drawn again.
REQUESTS, BYTES, STEPS = 540, 950_000, 480
KILLS = 20  # in one folder, one after the other


@dataclass
class Undisturbed:
    """A press of more than three hundred pages, and what a crawl makes of it when it may."""

    press: Press
    outcomes: Counter[str]


@pytest.fixture(scope="session")
def undisturbed(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    output = tmp_path_factory.mktemp("undisturbed")
    with Press(stories=STORIES) as press:
        finish(forks, press, output)
        found = outcomes(press, output)
        assert len(found) > STORIES
        assert faults(output) == []
        assert first_prints(press, output) == {}
        yield Undisturbed(press, found)


def killed(forks: Forks, press: Press, output: Path, chance: Random, share: float) -> bool:
    """Start a crawl and kill it at a moment of its progress, at most *share* of it further on.

    The moment is a number of requests, of bytes of output, or of the store's own steps on the disk
    (each sync, commit, rename, before and after; an append may be cut short); False if the crawl
    ended before.
    """
    asked, length = len(press.requests), written(output)
    match chance.choice(("requests", "bytes", "step")):
        case "requests":
            goal = asked + chance.randint(1, int(REQUESTS * share))
            return _kill_when(forks, press, output, lambda: len(press.requests) >= goal)
        case "bytes":
            goal = length + chance.randint(1, int(BYTES * share))
            return _kill_when(forks, press, output, lambda: written(output) >= goal)
        case _:
            at, tear = chance.randint(1, int(STEPS * share)), chance.choice((None, 1, 100, 2000))
            death = {"folder": str(output), "at": at, "tear": tear}
            return start(forks, press, output, death=death).wait().status == -signal.SIGKILL


def _kill_when(forks: Forks, press: Press, output: Path, reached: Callable[[], bool]) -> bool:
    run = start(forks, press, output)
    sent = run.when(reached, signal.SIGKILL)
    run.wait()
    return sent


def check(forks: Forks, undisturbed: Undisturbed, output: Path) -> None:
    """One more run; then the folder is as if nothing had happened."""
    finish(forks, undisturbed.press, output)
    found = outcomes(undisturbed.press, output)
    assert found - undisturbed.outcomes == Counter(), "twice, or never heard of"
    assert undisturbed.outcomes - found == Counter(), "lost"
    assert first_prints(undisturbed.press, output) == {}
    assert faults(output) == []
    verify(forks, output)


def test_kill_minus_9_again_and_again_loses_nothing_and_writes_nothing_twice(
    tmp_path: Path, forks: Forks, undisturbed: Undisturbed
) -> None:
    chance = Random(1)
    met = sum(killed(forks, undisturbed.press, tmp_path, chance, 1.5 / KILLS) for _ in range(KILLS))
    assert met == KILLS
    check(forks, undisturbed, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 300))
def test_kill_minus_9_at_any_moment_loses_nothing_and_writes_nothing_twice(
    tmp_path: Path, forks: Forks, undisturbed: Undisturbed, seed: int
) -> None:
    chance = Random(seed)
    for attempt in range(20):
        output = tmp_path / str(attempt)
        if killed(forks, undisturbed.press, output, chance, 1):
            break
    else:
        pytest.fail("no moment met a crawl at work")
    check(forks, undisturbed, output)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_a_power_cut_in_a_crawl_loses_nothing_that_it_had_acknowledged(
    tmp_path: Path, forks: Forks, undisturbed: Undisturbed, seed: int
) -> None:
    """`test_power_cut.py` tries every step of a small crawl; here it is a whole one."""
    output, left = tmp_path / "output", tmp_path / f"left-{seed}"
    death = {"folder": str(output), "at": Random(seed).randint(1, STEPS), "cut": str(left)}
    run = start(forks, undisturbed.press, output, death=death).wait()
    check(forks, undisturbed, left if run.status == -signal.SIGKILL else output)
