"""URLs of which there is no end are refused, and plain ones are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.traps import is_trap

HOST = "http://press.example"


@pytest.mark.parametrize(
    "path",
    [
        "/a/b/a/b/a/b",
        "/x/x/x/x",
        "/x/x/x",
        "/news/banks/news/banks/news/1.html",
        "/" + "/".join("abcdefghijklmn"),
        "/calendar/2031/04",
        "/calendar/2031-04-12?2031",
        "/events/2031/04/12/",
        "/list?year=2031&month=4",
        "/?month=2031-04",
        "/list?date=2031-04-12",
        "/events?tribe-bar-date=2031-04-01",
        "/list?sort=date&order=asc",
        "/list?filter=banks&view=grid",
        "/list?a=1&b=2&c=3&d=4&e=5&f=6&g=7",
        "/list?" + "&".join(["a=1"] * 14),
        "/go?url=http%3A%2F%2Fother.example%2F",
        "/go?to=/a/1.html",
        "/login?return=%2Fa",
        "/list?page=501",
        "/list?page=99999999999",
        "/list?offset=30000",
        "/(S(abcdefghij0123456789klmn))/a/1.html",
        "/sid_0a1b2c3d4e5f6071/a/1.html",
        "/" + "a" * 800,
    ],
)
def test_a_trap_is_refused(path: str) -> None:
    assert is_trap(HOST + path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/news/",
        "/news/news/1.html",
        "/2024/05/03/banks-cut-rates",
        "/2024/05/",
        "/11/11/11/1234567.html",
        "/n1/2024/0503/c1004-40228912.html",
        "/list?page=2",
        "/list?page=500",
        "/list?cat=3&page=12",
        "/list?sort=date",
        "/list?start=2000",
        "/blog?offset=1773000000000",
        "/show.php?id=12345&date=20240503",
        "/article?id=1&url=banks",
        "/a/b/c/d/e/f/1.html",
        "/event/banks-meet-in-spring-2024",
        "/%E5%A4%AE%E8%A1%8C/1.html",
    ],
)
def test_a_plain_url_is_none(path: str) -> None:
    assert not is_trap(HOST + path)


@pytest.mark.parametrize("url", ["javascript:x", "", "http://[bad", "file:///x"])
def test_what_is_not_safe_is_refused(url: str) -> None:
    assert is_trap(url)


@given(st.text() | st.text(alphabet="/.?&=%a1(").map(lambda tail: f"http://press.example/{tail}"))
def test_no_string_raises(url: str) -> None:
    assert is_trap(url) in (True, False)
