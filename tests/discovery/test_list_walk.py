"""How far the pages of a list are followed."""

from __future__ import annotations

import pytest

from crawler.discovery.list_walk import PAGES, PATIENCE, ListWalk

FIRST = ListWalk()
DONE = ListWalk(walked=0.0)
BOUNDED = ListWalk(walked=1000.0)
CUT = ListWalk(walked=0.0, cut=True)

# walk, bound of the run, new on the page, barren pages before it, does it go on
CASES = {
    "the first walk follows news": (FIRST, 0.0, 3, 0, True),
    "the first walk passes pages that another list named": (FIRST, 0.0, 0, PATIENCE - 1, True),
    "the first walk loses its patience": (FIRST, 0.0, 0, PATIENCE, False),
    "a later walk follows news": (DONE, 0.0, 1, 0, True),
    "a later walk stops where nothing is new": (DONE, 0.0, 0, 0, False),
    "an older bound goes on through what is known": (BOUNDED, 0.0, 0, 9, True),
    "the same bound does not": (BOUNDED, 1000.0, 0, 0, False),
    "a younger bound does not": (BOUNDED, 2000.0, 0, 0, False),
    "a walk that a limit cut goes on through what is known": (CUT, 0.0, 0, 9, True),
}


@pytest.mark.parametrize(("walk", "since", "new", "barren", "expected"), CASES.values(), ids=CASES)
def test_whether_the_next_page_is_asked(
    walk: ListWalk, since: float, new: int, barren: int, expected: bool
) -> None:
    assert walk.goes_on(1, since, new, barren, {1}, [2, 3]) is expected


@pytest.mark.parametrize(
    ("page", "names"),
    [(PAGES, [2]), (1, []), (1, [1])],
    ids=["too long", "no articles", "the page before once more"],
)
def test_no_walk_is_endless(page: int, names: list[int]) -> None:
    assert not CUT.goes_on(page, 0.0, 5, 0, {1}, names)


def test_an_ended_walk_remembers_its_oldest_bound() -> None:
    assert FIRST.ended(1000.0).ended(2000.0) == BOUNDED
    assert CUT.ended(5.0) == DONE


@pytest.mark.parametrize("data", [None, [], "x", [1, 2], {"walked": 1}, ["a", True]])
def test_damaged_memory_counts_as_never_walked(data: object) -> None:
    assert ListWalk.from_json(data) == FIRST


@pytest.mark.parametrize("walk", [FIRST, DONE, BOUNDED, CUT])
def test_memory_survives_json(walk: ListWalk) -> None:
    assert ListWalk.from_json(walk.to_json()) == walk
