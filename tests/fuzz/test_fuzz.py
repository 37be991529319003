"""Spoiled documents of every kind: no exception, no hang, no lost outcome.

A case is its kind and its number, so that each can be tried again by itself:
`python -m tests.fuzz KIND NUMBER`.
"""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.fuzz.mutator import spoil
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import Target, targets

# Of 100,000: what is read most is tried most.
CASES = {
    "page": 42_000, "text": 8_000, "listing": 12_000, "feed": 12_000, "sitemap": 8_000,
    "robots": 5_000, "url": 8_000, "site list": 2_000, "state": 3_000,
}  # fmt: skip
SHARES = 10  # parts of the whole, so that several processes can share it
BOX = 1.0  # seconds of CPU for a kind in the ordinary tests
# A page may take ten seconds in a worker (EXTRACTION_TIMEOUT); a spoiled one of 200 kB must stay
# far below, on a slow machine as well.
PATIENCE = 4.0


@pytest.fixture(scope="module")
def documents() -> dict[str, list[bytes]]:
    return seeds()


@pytest.fixture(scope="module")
def readers() -> dict[str, Target]:
    return targets()


def try_case(kind: str, number: int, documents: list[bytes], target: Target) -> None:
    """Spoil a document and read it; an assertion names the case."""
    data = spoil(documents, Random(f"{kind} {number}"))
    begun = time.process_time()
    try:
        target(data)
    except Exception as error:
        error.add_note(f"try it again: python -m tests.fuzz {kind!r} {number}")
        raise
    taken = time.process_time() - begun
    assert taken < PATIENCE, f"{taken:.1f} s: python -m tests.fuzz {kind!r} {number}"


@pytest.mark.parametrize("kind", CASES)
def test_a_second_of_spoiled_documents_breaks_nothing(
    kind: str, documents: dict[str, list[bytes]], readers: dict[str, Target]
) -> None:
    end = time.process_time() + BOX
    number = 0
    while time.process_time() < end:
        try_case(kind, number, documents[kind], readers[kind])
        number += 1
    assert number > 10


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_a_hundred_thousand_spoiled_documents_break_nothing(
    share: int, documents: dict[str, list[bytes]], readers: dict[str, Target]
) -> None:
    for kind, cases in CASES.items():
        for number in range(share, cases, SHARES):
            try_case(kind, number, documents[kind], readers[kind])


def test_there_are_a_hundred_thousand() -> None:
    assert sum(CASES.values()) == 100_000
