"""The quality gate: floors on the labelled development sets, which are not part of the project.

The floors are what issue 4 asks, or tighter; lowering one needs the hash of other data beside it.
"""

import hashlib
from pathlib import Path

import pytest

from benchmarks.near_duplicates_thresholds import (
    Sets,
    dev_outcome,
    judge_all,
    load,
    stories_of,
    stream_outcome,
)
from pipelines.fingerprint.verification import Policy

DATA = Path(__file__).resolve().parents[2] / "../shared/bench/reposts"
HASHES = {
    "dev.jsonl.gz": "e33bbfc48f48cf58",
    "stream-dev.jsonl.gz": "7954baee22d80b54",
}

pytestmark = pytest.mark.skipif(
    not all((DATA / name).exists() for name in HASHES), reason="the labelled sets are not here"
)


@pytest.fixture(scope="module")
def sets() -> Sets:
    return load(DATA)


@pytest.mark.parametrize("name", HASHES)
def test_the_floors_are_for_this_data(name: str) -> None:
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest()[:16] == HASHES[name]


def test_labelled_articles(sets: Sets) -> None:
    outcome = dev_outcome(stories_of(sets.dev), judge_all(sets.dev, Policy.load()))
    assert outcome["wrong"] <= 6
    assert outcome["missed"] <= 10


def test_a_real_stream(sets: Sets) -> None:
    outcome = stream_outcome(sets.stream, judge_all(sets.stream, Policy.load()))
    assert outcome["found"] / outcome["versions"] >= 0.84
    assert 1000 * outcome["far"] / len(sets.stream) <= 0.3
    assert outcome["near"] <= 150
