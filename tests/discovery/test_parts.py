"""The next part of an article: never the next article, never a list's page."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.parts import MAX_PARTS, is_whole, next_part

HOST = "http://press.example"
FIRST = "/a/20240503/123456.html"


@pytest.mark.parametrize(
    ("page", "link", "text"),
    [
        (FIRST, "123456_2.html", "下一页"),
        (FIRST, "123456_2.html", "2"),
        (FIRST, "123456_2.html", "[2]"),
        (FIRST, "123456_2.html", "第2页"),
        (FIRST, "123456_2.html", "Next"),
        (FIRST, "123456-2.html", "下一页"),
        (FIRST, "/a/20240503/123456_2.html", "下页"),
        (FIRST, "?page=2", "2"),
        (FIRST, "123456.html?p=2", "Next page"),
        (FIRST, "123456_p2.html", "2"),
        ("/a/123_1.html", "123_2.html", "下一页"),
        ("/2024/05/a-long-story/", "/2024/05/a-long-story/2/", "2"),
        ("/2024/05/a-long-story/", "/2024/05/a-long-story/page/2/", "Next"),
        ("/2024/05/a-long-story", "/2024/05/a-long-story?page=2", "2"),
        ("/show.php?id=123", "/show.php?id=123&page=2", "下一页"),
        ("/?p=123", "/?p=123&page=2", "2"),
    ],
)
@pytest.mark.parametrize("encoding", ["", "gbk", "utf-8"])
def test_a_link_that_continues_the_address_is_the_next_part(
    page: str, link: str, text: str, encoding: str
) -> None:
    html = f'<p>text</p><a href="{link}">{text}</a>'
    found = next_part(html.encode(encoding) if encoding else html, HOST + page, [HOST + page])
    assert found is not None
    assert found.partition("?")[2] or "2" in found.rpartition("/")[2] or found.endswith("2/")


@pytest.mark.parametrize(
    ("page", "html"),
    [
        (FIRST, '<a href="123457.html">下一篇</a>'),
        (FIRST, '<a href="123457.html">下一页</a>'),
        (FIRST, '<a rel="next" href="123457.html">Next</a>'),
        (FIRST, '<link rel="next" href="/a/20240503/123457.html">'),
        (FIRST, '<a href="123457_2.html">2</a>'),
        (FIRST, '<a href="/a/20240504/123456_2.html">2</a>'),
        (FIRST, '<a href="123456_3.html">3</a>'),
        (FIRST, '<a href="123456_2.html">央行宣布下调存款准备金率半个百分点后的市场</a>'),
        (FIRST, '<a href="123456_2.html#comments">2</a>'),
        (FIRST, '<a href="http://other.example/a/20240503/123456_2.html">2</a>'),
        (FIRST, '<a href="javascript:go(2)">下一页</a>'),
        (FIRST, '<a href="http://[bad/123456_2.html">下一页</a>'),
        (FIRST, "<p>123456_2.html</p>"),
        (FIRST, ""),
        ("/finance/index.html", '<a href="index_2.html">下一页</a>'),
        ("/finance/list_1.html", '<a href="list_2.html">下一页</a>'),
        ("/list.php?page=1", '<a href="list.php?page=2">下一页</a>'),
        ("/tag/banks_1.html", '<a href="/tag/index_2.html">2</a>'),
        ("/", '<a href="/?page=2">下一页</a>'),
        ("/a/story-5.html", '<a href="story-6.html">下一页</a>'),
        ("/2024/05/a-long-story/", '<link rel="next" href="/2024/05/another-story/">'),
    ],
)
def test_the_next_article_or_list_page_is_no_part(page: str, html: str) -> None:
    assert next_part(html, HOST + page, [HOST + page]) is None


def test_parts_are_walked_in_order_to_the_last() -> None:
    pager = '<a href="123456.html">1</a>' + "".join(
        f'<a href="123456_{n}.html">{n}</a>' for n in (2, 3, 4)
    )
    seen = [HOST + FIRST]
    while (found := next_part(pager, seen[-1], seen)) is not None:
        seen.append(found)
    tails = [url.rpartition("/")[2] for url in seen]
    assert tails == ["123456.html", "123456_2.html", "123456_3.html", "123456_4.html"]


def test_the_one_page_form_is_preferred_and_is_the_last() -> None:
    html = '<a href="123456_2.html">下一页</a><a href="123456_all.html">全文</a>'
    whole = f"{HOST}/a/20240503/123456_all.html"
    assert next_part(html, HOST + FIRST, [HOST + FIRST]) == whole
    assert is_whole(HOST + FIRST, whole)
    assert next_part(html, whole, [HOST + FIRST, whole]) is None


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("/a/20240503/123456_all.html", True),
        ("/a/20240503/123456.html?page=all", True),
        ("/a/20240503/123456.html?all=1", True),
        ("/a/20240503/123456_0.html", True),
        ("/a/20240503/123456_2.html", False),
        ("/a/20240503/123456.html?page=2", False),
        ("/a/20240503/999999_all.html", False),
        (FIRST, False),
        ("javascript:x", False),
    ],
)
def test_which_addresses_are_the_one_page_form(part: str, expected: bool) -> None:
    assert is_whole(HOST + FIRST, part if ":" in part else HOST + part) is expected


def test_parts_are_bounded() -> None:
    seen = [HOST + FIRST, *(f"{HOST}/a/20240503/123456_{n}.html" for n in range(2, MAX_PARTS + 1))]
    html = f'<a href="123456_{MAX_PARTS + 1}.html">{MAX_PARTS + 1}</a>'
    assert next_part(html, seen[-1], seen) is None
    assert next_part(html, seen[-1], [*seen[:5], seen[-1]]) is not None


def test_a_part_that_was_seen_is_not_named_again() -> None:
    html = '<a href="123456_2.html">下一页</a>'
    seen = [HOST + FIRST, "http://www.press.example/a/20240503/123456_2.html"]
    assert next_part(html, HOST + FIRST, seen) is None


@pytest.mark.parametrize("run", ["123456", "?", "123456_", "<a href='123456_2.html'>", "/"])
def test_long_runs_take_no_time(run: str) -> None:
    started = time.process_time()
    next_part((run * 40_000).encode(), HOST + FIRST, [])
    assert time.process_time() - started < 2.0


@settings(deadline=None)
@given(
    st.binary() | st.text(alphabet="<a href='123456_2?page=&>下一页\"").map(str.encode), st.text()
)
def test_nothing_raises(body: bytes, url: str) -> None:
    next_part(body + b'<a href="123456_2.html">2</a>', HOST + FIRST, [])
    next_part(body, url, [url])
    is_whole(url, url + "x")
