"""Where an article lies between `since=` and `until=`, by its listing and its address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.discovery.bounds import Bounds, Place
from crawler.discovery.entries import Entry
from crawler.items import Listing

URL = "https://news.example/p/1"
MARCH = Bounds(
    datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 20, 23, 59, tzinfo=UTC), "Asia/Shanghai"
)


def published(raw: str, url: str = URL) -> Entry:
    return Entry(url, Listing(date_published=raw))


CASES: dict[str, tuple[Entry, Place]] = {
    "a moment within": (published("2026-03-12T08:00:00+08:00"), "within"),
    "a moment before": (published("2026-03-09T23:00:00Z"), "before"),
    "a moment after": (published("Sat, 21 Mar 2026 00:00:00 GMT"), "after"),
    "the offset counts": (published("2026-03-10T07:00:00+08:00"), "before"),
    "without an offset the zone of the site counts": (published("2026-03-10 07:00"), "before"),
    "a day that begins before and ends within": (published("2026-03-10"), "within"),
    "a month that holds the bound": (published("2026-03"), "within"),
    "a month before": (published("2026-01"), "before"),
    "no date at all": (Entry(URL), "unknown"),
    "a date without its year": (published("03-12"), "unknown"),
    "a day in the address": (Entry("https://news.example/2026/03/15/a-b-c-d.html"), "within"),
    "a day in the address, before": (Entry("https://news.example/20260301/1.html"), "before"),
    "a day in the address, after": (Entry("https://news.example/2026/04/15/a.html"), "after"),
    "a day in the address is of any zone": (
        Entry("https://news.example/20260309/1.html"),
        "within",
    ),
    "a month in the address": (Entry("https://news.example/2026/03/1.html"), "within"),
    "a month in the address, before": (Entry("https://news.example/2026/01/1.html"), "before"),
    "changed before the bound": (Entry(URL, Listing(date_modified="2026-03-01")), "before"),
    "changed after the bound says nothing": (
        Entry(URL, Listing(date_modified="2026-08-01")),
        "unknown",
    ),
    "the listing counts before the address": (
        published("2026-03-12", "https://news.example/20200101/1.html"),
        "within",
    ),
}


@pytest.mark.parametrize(("entry", "expected"), CASES.values(), ids=CASES)
def test_where_an_entry_lies(entry: Entry, expected: Place) -> None:
    assert MARCH.place(entry) == expected


def test_without_bounds_everything_is_within_or_unknown() -> None:
    assert {Bounds().place(entry) for entry, _ in CASES.values()} == {"within", "unknown"}
