"""When a site's silence is longer than its habit: a table, and a simulated quarter."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from crawler.runs.habit import habit, is_quiet

HOUR = 3600.0
DAY = 24 * HOUR
START = 20_000 * DAY  # a Monday

CASES = {
    "never any news": ([], 100 * DAY, False),
    "three times are no habit": ([0, HOUR, 2 * HOUR], 100 * DAY, False),
    "a young site over its first weekend": ([0, HOUR, 2 * HOUR, 3 * HOUR], 2.9 * DAY, False),
    "a young site silent for days": ([0, HOUR, 2 * HOUR, 3 * HOUR], 4 * DAY, True),
    "a daily site after a day": ([n * DAY for n in range(10)], 10.4 * DAY, False),
    "a daily site after two days": ([n * DAY for n in range(10)], 11 * DAY, True),
    "a monthly site after a month": ([n * 9 * DAY for n in range(5)], 49 * DAY, False),
    "news in any order": ([3 * DAY, DAY, 9 * DAY, 0], 12 * DAY, False),
}


@pytest.mark.parametrize(("times", "asked", "quiet"), CASES.values(), ids=CASES.keys())
def test_quiet(times: list[float], asked: float, quiet: bool) -> None:
    times = [START + time for time in times]
    assert is_quiet(habit(times), max(times, default=0), START + asked) is quiet


def office_hours(days: int, seed: int) -> Iterator[float]:
    """News about once an hour from 8 to 20, Monday to Friday."""
    chance = random.Random(seed)
    for day in range(days):
        if day % 7 < 5:
            yield from sorted(START + day * DAY + chance.uniform(8, 20) * HOUR for _ in range(12))


@pytest.mark.parametrize("seed", range(3))
def test_nights_and_weekends_are_in_the_habit_once_seen(seed: int) -> None:
    times = list(office_hours(60, seed))
    known: list[float] = []
    for time in times:
        assert not is_quiet(habit(known), known[-1] if known else 0, time), (time - START) / DAY
        known.append(time)


def test_a_site_that_stops_is_noticed_within_days() -> None:
    times = list(office_hours(60, 1))
    last = times[-1]
    assert is_quiet(habit(times), last, last + 5 * DAY)


def test_an_outage_is_forgotten_after_five_weeks() -> None:
    before = [START + n * HOUR for n in range(100)]
    after = [before[-1] + 10 * DAY + n * HOUR for n in range(24 * 40)]
    found = habit([*before, *after])
    assert found is not None
    assert found.patience < DAY


def test_the_interval_is_the_median() -> None:
    found = habit([START, START + HOUR, START + 2 * HOUR, START + 40 * HOUR])
    assert found is not None
    assert found.interval == HOUR
