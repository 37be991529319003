"""The dates that feeds, sitemaps and lists print."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.dates import listed_date, newest_first


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [
        ("2024-05-03T08:30:00+08:00", "", "2024-05-03T08:30:00+08:00"),
        ("2024-05-03T08:30:00Z", "Asia/Shanghai", "2024-05-03T08:30:00+00:00"),
        ("2024-05-03T08:30:00.123Z", "", "2024-05-03T08:30:00+00:00"),
        ("2024-05-03T08:30+0800", "", "2024-05-03T08:30:00+08:00"),
        ("2024-05-03 08:30", "Asia/Shanghai", "2024-05-03T08:30:00+08:00"),
        ("2024-05-03 08:30", "", "2024-05-03T08:30:00+00:00"),
        ("2024-05-03", "Asia/Shanghai", "2024-05-03T00:00:00+08:00"),
        ("2024-05", "", "2024-05-01T00:00:00+00:00"),
        ("2024", "", "2024-01-01T00:00:00+00:00"),
        ("2024/5/3 8:30:00", "", "2024-05-03T08:30:00+00:00"),
        ("2024年5月3日 08:30", "Asia/Shanghai", "2024-05-03T08:30:00+08:00"),
        ("Fri, 03 May 2024 08:30:00 +0800", "", "2024-05-03T08:30:00+08:00"),
        ("Fri, 03 May 2024 08:30:00 GMT", "Asia/Shanghai", "2024-05-03T08:30:00+00:00"),
        ("03 May 2024 08:30:00", "Asia/Shanghai", "2024-05-03T08:30:00+08:00"),
        ("3 May 2024", "Asia/Shanghai", "2024-05-03T00:00:00+08:00"),
        ("May 3, 2024", "", "2024-05-03T00:00:00+00:00"),
        ("Friday, May 3, 2024", "", "2024-05-03T00:00:00+00:00"),
        ("Sept. 13, 2024", "", "2024-09-13T00:00:00+00:00"),
        ("13 September 2024", "", "2024-09-13T00:00:00+00:00"),
        ("2024-06-30T23:59:60Z", "", "2024-06-30T23:59:59+00:00"),
        ("2024-05-03", "No/Zone", "2024-05-03T00:00:00+00:00"),
    ],
)
def test_a_date_has_an_offset(raw: str, zone: str, expected: str) -> None:
    found = listed_date(raw, zone)
    assert found == datetime.fromisoformat(expected)
    assert found is not None
    assert found.tzinfo is not None


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "soon",
        "2024-13-01",
        "2024-02-30",
        "05-03 08:30",
        "0000-00-00",
        "9" * 90,
        "Fox 3, 2024",
    ],
)
def test_what_is_no_whole_date_is_none(raw: str | None) -> None:
    assert listed_date(raw) is None
    assert newest_first(raw) == float("inf")


@given(st.text() | st.text(alphabet="0123456789-:TZ +年月日/"), st.text())
def test_no_string_raises(raw: str, zone: str) -> None:
    listed_date(raw, zone)
    newest_first(raw)
