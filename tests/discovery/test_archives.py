"""Lists of a day or a month: which is the latest, which are closed, when the next is expected."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.discovery.archives import Archives, archive_date, is_archive
from crawler.discovery.months import parse_month_names

HOST = "https://news.example"
MARCH, APRIL, DECEMBER = (
    datetime(year, month, 20, tzinfo=UTC).timestamp()
    for year, month in ((2026, 3), (2026, 4), (2025, 12))
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2026/03/", "202603"),
        ("/2026/03", "202603"),
        ("/2026-03", "202603"),
        ("/2026/mar/", "202603"),
        ("/archive/2026/maerz", "202603"),
        ("/archive/march-2026", "202603"),
        ("/archive/2026_march/", "202603"),
        ("/business/2026/mar/12", "20260312"),
        ("/business/2026/12/all", "202612"),
        ("/archive/spring-2026", ""),
        ("/march/", ""),
        ("/2026/", ""),
        ("/2026", ""),
    ],
)
def test_the_date_of_a_list(path: str, expected: str) -> None:
    assert archive_date(HOST + path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/economy/march/", True), ("/economy/mars.html", True), ("/march/economy/", False)],
)
def test_a_month_without_a_year_is_an_archive_too(path: str, expected: bool) -> None:
    assert is_archive(HOST + path) is expected


def test_months_without_a_year_are_told_by_what_they_name() -> None:
    names = {"december": DECEMBER, "march": MARCH, "april": 0.0}
    archives = Archives({f"{HOST}/a/{name}/": newest for name, newest in names.items()})
    latest = [name for name in names if archives.is_latest(f"{HOST}/a/{name}/")]
    assert latest == ["march", "april"], "of what names nothing the place is not known"


def test_months_are_compared_with_those_beside_them() -> None:
    archives = Archives({f"{HOST}/a/march/": MARCH, f"{HOST}/b/december/": DECEMBER})
    assert archives.is_latest(f"{HOST}/b/december/")


def test_a_month_without_a_year_is_never_closed() -> None:
    """Next year it is the latest again."""
    names = ("january", "february", "march", "april")
    archives = Archives({f"{HOST}/a/{name}/": MARCH + n for n, name in enumerate(names)})
    assert not archives.is_closed(f"{HOST}/a/january/")
    dated = Archives({f"{HOST}/2026/{name}/": MARCH for name in names})
    assert [name for name in names if dated.is_closed(f"{HOST}/2026/{name}/")] == list(names[:2])


@pytest.mark.parametrize(
    ("path", "newest", "now", "expected"),
    [
        ("/2026/03/31/", 0.0, (2026, 3, 31), True),  # a day
        ("/2026/03/", 0.0, (2026, 3, 20), False),
        ("/2026/03/", 0.0, (2026, 3, 31), True),  # elsewhere it is April already
        ("/2026/03/", 0.0, (2026, 4, 29), True),
        ("/2026/03/", 0.0, (2026, 6, 1), False),  # the site rests
        ("/2025/december/", 0.0, (2026, 1, 2), True),
        ("/march/", MARCH, (2026, 3, 20), False),
        ("/march/", MARCH, (2026, 4, 2), True),
        ("/march/", 0.0, (2026, 4, 2), False),
    ],
)
def test_the_next_list_is_expected_once_its_time_has_begun(
    path: str, newest: float, now: tuple[int, int, int], expected: bool
) -> None:
    archives = Archives({HOST + path: newest})
    assert archives.is_followed(HOST + path, datetime(*now, 12, tzinfo=UTC)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[[month]]\nnumber = 1\nwords = [["", "en", ""]]',
        "".join(f'[[month]]\nnumber = {n}\nwords = [["may", "en", ""]]\n' for n in range(1, 13)),
    ],
)
def test_a_table_of_months_without_all_of_them_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        parse_month_names(text)
