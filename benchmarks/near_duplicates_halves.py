"""Do the limits of the repost policy hold on articles that they were not chosen on?

    python benchmarks/near_duplicates_halves.py [--data ../shared/bench/reposts/dev.jsonl.gz]

Half of the labelled stories choose all limits anew, from a coarse grid and from its middle, one
limit after the other, until nothing improves; the other half scores the choice. Then the halves
change places. A story is in one half with all its copies. The shipped limits are scored beside
them; what they gain over the choice of the other half is at most what they were fitted to.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.near_duplicates_peers import pair_f1
from benchmarks.near_duplicates_thresholds import (
    Labelled,
    dev_outcome,
    judge_all,
    labelled_articles,
    stories_of,
)
from pipelines.fingerprint.verification import Policy

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
GRIDS = {"longest": (2, 3, 4, 6, 8), "short_units": (0, 100, 200, 300, 400), "far_days": (1, 2, 4)}
WRONG = 2
"""A wrong drop loses a story; a missed repost counts one twice."""


def cost(documents: list[Labelled], policy: Policy) -> int:
    """Errors of a policy, a wrong drop counting as `WRONG` missed reposts."""
    outcome = dev_outcome(stories_of(documents), judge_all(documents, policy))
    return WRONG * outcome["wrong"] + outcome["missed"]


def choose(documents: list[Labelled]) -> Policy:
    """Choose every limit on *documents*; of equally good values the middle one."""
    grids: dict[str, tuple[Any, ...]]
    grids = {name: GRIDS.get(name, SHARES) for name in asdict(Policy.load())}
    policy = Policy(**{name: grid[len(grid) // 2] for name, grid in grids.items()})
    best = cost(documents, policy)
    while True:
        before = best
        for name, grid in grids.items():
            costs = [cost(documents, replace(policy, **{name: value})) for value in grid]
            best = min(costs)
            good = [value for value, found in zip(grid, costs, strict=True) if found == best]
            policy = replace(policy, **{name: good[len(good) // 2]})
        if best >= before:
            return policy


def row(name: str, documents: list[Labelled], policy: Policy) -> str:
    """Score a policy on *documents*."""
    stories, assigned = stories_of(documents), judge_all(documents, policy)
    outcome = dev_outcome(stories, assigned)
    score = pair_f1(stories, assigned)
    return f"  {name:28} {score:.4f}   {outcome['wrong']:5} {outcome['missed']:6}"


def main() -> None:
    """Choose on each half and score on the other."""
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=root / "../shared/bench/reposts/dev.jsonl.gz")
    options = parser.parse_args()
    documents = labelled_articles(options.data)
    halves = [
        [each for each in documents if zlib.crc32(each.story.encode()) % 2 == half]
        for half in (0, 1)
    ]
    for chosen_on, scored_on in (halves, halves[::-1]):
        policy = choose(chosen_on)
        print(f"{len(chosen_on)} articles choose, {len(scored_on)} score: pair F1, wrong, missed")
        print(row("chosen here, scored here", chosen_on, policy))
        print(row("chosen here, scored there", scored_on, policy))
        print(row("shipped, scored there", scored_on, Policy.load()))
        print(f"  {asdict(policy)}", flush=True)


if __name__ == "__main__":
    main()
