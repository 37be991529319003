"""How often a site brings news, and when its silence is longer than it ever was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

LEAST_TIMES = 4
"""Fewer times of news make no habit."""
WINDOW = 35 * 86_400.0
"""Seconds of the past that count: five weekends, and an outage is forgotten after it."""
LEAST_PATIENCE = 3600.0
KNOWN_WEEK = 8 * 86_400.0
YOUNG_PATIENCE = 3 * 86_400.0
"""Seconds of silence granted while less than `KNOWN_WEEK` is known: the first weekend."""
FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class Habit:
    """*interval* is the median time between two times of news, *patience* how long a silence is
    still within the habit; both in seconds."""

    interval: float
    patience: float


def habit(times: Sequence[float]) -> Habit | None:
    """The habit of a site that brought news at these *times*, None where there are too few.

    Times are in seconds since the epoch, in any order; one for each run that brought an article.
    A site is patiently waited for one and a half times its longest silence of the last five weeks,
    so nights and weekends are in its habit once they were seen.
    """
    if not times:
        return None
    oldest = max(times) - WINDOW
    known = sorted(time for time in times if time > oldest)
    if len(known) < LEAST_TIMES:
        return None
    intervals = [later - earlier for earlier, later in pairwise(known)]
    least = LEAST_PATIENCE if known[-1] - known[0] >= KNOWN_WEEK else YOUNG_PATIENCE
    return Habit(median(intervals), max(least, FACTOR * max(intervals)))


def is_quiet(found: Habit | None, last_news: float, last_asked: float) -> bool:
    """Whether a site that was still asked at *last_asked* has been silent beyond its habit."""
    return found is not None and last_asked - last_news > found.patience
