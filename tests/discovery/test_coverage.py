"""Which sources a run by hand has to ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.coverage import (
    MAX_NAMES,
    Order,
    Rank,
    Source,
    Trust,
    how_many,
    names_of,
    needed,
    order_of,
)
from crawler.discovery.entries import Entry
from crawler.items import Listing


def source(
    id_: str, rank: Rank, *names: int, behind: tuple[int, ...] = (), order: Order = "unknown"
) -> Source:
    return Source(id_, rank, names, frozenset(behind), order)


def window(id_: str, rank: Rank, *names: int) -> Source:
    return source(id_, rank, *names, order="newest_first")


CASES: dict[str, tuple[list[Source], set[str]]] = {
    "a feed that carries everything stands in for the lists": (
        [source("feed", "feed", 1, 2, 3), source("home", "list", 1, 2), source("a", "list", 3)],
        {"feed"},
    ),
    "a list with one article of its own is needed": (
        [source("feed", "feed", 1, 2), source("home", "list", 1, 2), source("a", "list", 2, 3)],
        {"feed", "a"},
    ),
    "sections stand in for a homepage that names the newest of each": (
        [source("home", "list", 1, 4), source("a", "list", 1, 2, 3), source("b", "list", 4, 5, 6)],
        {"a", "b"},
    ),
    "a homepage that names everything stands in for the sections": (
        [source("home", "list", 1, 2, 3, 4), source("a", "list", 1, 2), source("b", "list", 3)],
        {"home"},
    ),
    "older articles of a homepage stand on the further pages of a section": (
        [source("home", "list", 1, 9), source("a", "list", 1, 2, 3, behind=(8, 9))],
        {"a"},
    ),
    "feeds of sections are covered by the main feed": (
        [source("main", "feed", 1, 2, 3), source("a", "feed", 1), source("b", "feed", 2, 3)],
        {"main"},
    ),
    "a plain sitemap stands in for no list": (
        [source("map", "sitemap", 1, 2, 3), source("a", "list", 1, 2)],
        {"map", "a"},
    ),
    "a feed stands in for a plain sitemap": (
        [source("feed", "feed", 1, 2), source("map", "sitemap", 1, 2)],
        {"feed"},
    ),
    "a list does not stand in for a sitemap": (
        [source("a", "list", 1, 2), source("map", "sitemap", 1, 2)],
        {"a", "map"},
    ),
    "lists that go on behind the newest of a feed are not needed": (
        [window("feed", "feed", 9, 8, 7), source("a", "list", 9, 7, 5), source("b", "list", 8, 6)],
        {"feed"},
    ),
    "nor those that go on behind the newest of a homepage": (
        [window("home", "list", 9, 8, 7), source("a", "list", 9, 7, 5), source("b", "list", 8, 6)],
        {"home"},
    ),
    "a list none of whose articles is among the newest is needed": (
        [window("feed", "feed", 9, 8, 7), source("a", "list", 9, 8, 7, 5), source("b", "list", 4)],
        {"feed", "b"},
    ),
    "a feed that is not in the order of time shows a choice": (
        [source("feed", "feed", 9, 8, 7), source("a", "list", 9, 7, 5), source("b", "list", 8, 6)],
        {"feed", "a", "b"},
    ),
    "a feed that passes over an article of a list shows a choice": (
        [window("feed", "feed", 9, 8, 6), source("a", "list", 9, 7, 6), source("b", "list", 8, 5)],
        {"feed", "a", "b"},
    ),
    "two shared articles are too few to tell": (
        [window("feed", "feed", 9, 8, 7), source("a", "list", 9, 8, 5)],
        {"feed", "a"},
    ),
    "what is read most says nothing of the order": (
        [
            window("home", "list", 9, 8, 7, 6),
            source("most read", "list", 3, 8, 9, 2, order="mixed"),
            source("a", "list", 9, 7, 5, 3),
            source("b", "list", 8, 6, 4, 2),
        ],
        {"home", "most read"},
    ),
    "what named nothing is not needed": ([source("a", "list"), source("f", "feed")], set()),
}


@pytest.mark.parametrize(("sources", "expected"), CASES.values(), ids=CASES.keys())
def test_needed_sources(sources: list[Source], expected: set[str]) -> None:
    assert needed(sources, "order") == expected


HEADS = [
    source("home", "list", 9, 8, 6, 5, 3, 2, order="mixed"),
    source("a", "list", 9, 8, 7),
    source("b", "list", 6, 5, 4),
    source("c", "list", 3, 2, 1),
]


@pytest.mark.parametrize(
    ("trust", "sources", "expected"),
    [
        ("heads", HEADS, {"home"}),
        ("order", HEADS, {"a", "b", "c"}),
        ("heads", [*HEADS, source("d", "list", 0, 9)], {"a", "b", "c", "d"}),
        ("heads", [*HEADS, source("d", "list", 0, 9, order="mixed")], {"home", "d"}),
        ("heads", HEADS[:3], {"home", "a", "b"}),
        ("never", [window("home", "list", 9, 8, 7), source("a", "list", 9, 8, 7, 6)], {"a"}),
        ("order", [window("home", "list", 9, 8, 7), source("a", "list", 9, 8, 7, 6)], {"home"}),
    ],
)
def test_the_newest_of_every_list_stand_in_for_these(
    trust: Trust, sources: list[Source], expected: set[str]
) -> None:
    assert needed(sources, trust) == expected


names = st.frozensets(st.integers(0, 30), max_size=12)
ranks: st.SearchStrategy[Rank] = st.sampled_from(["feed", "list", "sitemap"])


@given(st.lists(st.tuples(ranks, names), max_size=8))
def test_every_article_is_named_by_a_needed_source(
    drawn: list[tuple[Rank, frozenset[int]]],
) -> None:
    sources = [Source(str(n), rank, tuple(found)) for n, (rank, found) in enumerate(drawn)]
    asked = needed(sources, "order")
    everything = {name for one in sources for name in one.names}
    assert {name for one in sources if one.id in asked for name in one.names} == everything


def dated(*days: str) -> list[Entry]:
    return [
        Entry(f"https://news.example/a/{n}.html", Listing(date_published=day or None))
        for n, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-03-04", "2026-03-03", "2026-03-03", "2026-03-01"), "newest_first"),
        (("4 Mar 2026", "March 3, 2026", "Mar 3, 2026", "1 March 2026"), "newest_first"),
        (("2026-03-04", "2026-03-03", "", "2026-03-03", "2026-03-01"), "newest_first"),
        (("2026-03-01", "2026-03-03", "2026-03-03", "2026-03-04"), "mixed"),
        (("2026-03-04", "2026-03-03", "2026-03-01"), "unknown"),
        (("2026-03-03", "2026-03-03", "2026-03-03", "2026-03-03"), "unknown"),
        (("2026-03-04", "", "", "2026-03-03", "2026-03-02", "2026-03-01"), "unknown"),
        (("", "", "", ""), "unknown"),
    ],
)
def test_what_shows_the_newest_is_told_by_its_dates(days: tuple[str, ...], expected: Order) -> None:
    assert order_of(dated(*days), "Asia/Shanghai") == expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (
            ["/n/905.html", "/n/904.html", "/n/902.html", "/n/899.html", "/n/870.html"],
            "newest_first",
        ),
        (["/f/x-905", "/g/y-904", "/f/z-902", "/about", "/f/z-899", "/f/z-870"], "newest_first"),
        (["/?p=905", "/?p=904", "/?p=902", "/?p=899", "/?p=870"], "newest_first"),
        (["/n/905.html", "/n/904.html", "/n/909.html", "/n/899.html", "/n/870.html"], "mixed"),
        (["/n/905.html", "/n/904.html", "/n/902.html", "/n/899.html"], "unknown"),
        (["/n/95.html", "/n/94.html", "/n/92.html", "/n/89.html", "/n/70.html"], "unknown"),
        (["/2026/a", "/2026/b", "/2026/c", "/2026/d", "/2026/e"], "unknown"),
    ],
)
def test_or_by_the_numbers_of_its_addresses(paths: list[str], expected: Order) -> None:
    entries = [Entry(f"https://news.example{path}") for path in paths]
    assert order_of(entries, "Asia/Shanghai") == expected


def test_a_date_of_change_is_something_of_its_own() -> None:
    """A feed without dates of change cannot stand in for a sitemap that has them."""
    plain = [Entry("https://news.example/a/1.html")]
    dated = [Entry("https://news.example/a/1.html", Listing(date_modified="2026-01-01"))]
    assert set(names_of(plain)) < set(names_of(dated))
    assert how_many(names_of(dated)) == how_many(names_of(plain)) == 1


def test_copies_of_one_article_have_one_name() -> None:
    entries = [
        Entry("https://news.example/2026/01/05/123.html?utm_source=rss"),
        Entry("http://www.news.example/2026/01/05/123.html"),
    ]
    assert len(names_of(entries)) == 1


def test_a_bounded_number_of_names_is_kept() -> None:
    entries = [Entry(f"https://news.example/a/{n}.html") for n in range(2 * MAX_NAMES)]
    assert len(names_of(entries)) == MAX_NAMES
