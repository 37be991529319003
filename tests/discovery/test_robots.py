"""robots.txt, written from RFC 9309."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.robots import MAX_BYTES, RobotsRules

URL = "http://press.example/robots.txt"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("user-AGENT: *\ndisALLOW: /a", "/a", False),
        ("User-agent: *\nDisallow: /a", "/A", True),
        ("User-agent: *\nDisallow: /a", "/ab", False),
        ("User-agent: *\nDisallow: /a/", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf?x", True),
        ("User-agent: *\nDisallow: /*?", "/a?x=1", False),
        ("User-agent: *\nDisallow: /%E4%B8%AD", "/中", False),
        ("User-agent: *\nDisallow: /a # why", "/a", False),
        ("User-agent: firstprint\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: other\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", True),
        ("User-agent: other\nUser-agent: firstprint\nDisallow: /", "/a", False),
        ("User-agent: firstprint\nDisallow: /a\nUser-agent: firstprint\nDisallow: /b", "/b", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("<html><body>not found</body></html>", "/a", True),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /" + "*a" * 50, "/" + "ab" * 50, False),
        ("User-agent: *\nDisallow: /" + "a" * 900, "/" + "a" * 901, False),
    ],
)
def test_what_a_file_allows(text: str, path: str, expected: bool) -> None:
    rules = RobotsRules.parse(text.encode(), URL)
    assert rules.allowed(f"http://press.example{path}", "firstprint") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Crawl-delay: 5", 5.0),
        ("Crawl-delay: 0.5", 0.5),
        ("crawl-DELAY: 2", 2.0),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: -3", None),
        ("Crawl-delay: 99999999", None),
        ("Request-rate: 1/10", 10.0),
        ("", None),
    ],
)
def test_the_delay_in_seconds(line: str, expected: float | None) -> None:
    rules = RobotsRules.parse(f"User-agent: *\nDisallow: /x\n{line}".encode())
    assert rules.crawl_delay("firstprint") == expected


def test_sitemaps_are_safe_whole_and_named_once() -> None:
    text = """Sitemap: http://press.example/a.xml
      sitemap:/b.xml
      SITEMAP : http://press.example/a.xml
      Sitemap: file:///etc/passwd
      Sitemap: http://[bad
      Sitemap: http://maps.example/c.xml # elsewhere
      User-agent: *
      Disallow: /"""
    rules = RobotsRules.parse(text.encode(), URL)
    assert rules.sitemaps == (
        "http://press.example/a.xml",
        "http://press.example/b.xml",
        "http://maps.example/c.xml",
    )


def test_no_more_than_the_limit_is_read_and_no_torn_line() -> None:
    filler = b"# " + b"x" * 97 + b"\n"
    body = b"User-agent: *\nDisallow: /a\n" + filler * (MAX_BYTES // 100)
    torn = body[: MAX_BYTES - 8] + b"\nDisallow: /" + b"b" * 100
    rules = RobotsRules.parse(torn)
    assert rules.cut
    assert not rules.allowed("http://press.example/a", "x")
    assert rules.allowed("http://press.example/b", "x")
    assert not RobotsRules.parse(body[:1_000]).cut


def test_unsafe_urls_are_never_allowed() -> None:
    assert not RobotsRules.parse(b"").allowed("file:///etc/passwd", "x")


@pytest.mark.parametrize(
    "run", ["*", "a*", "*a", "/", "Disallow: /\n", "Sitemap: /x\n", "User-agent: a\n"]
)
def test_long_runs_take_no_time(run: str) -> None:
    started = time.process_time()
    rules = RobotsRules.parse(("User-agent: *\nDisallow: /" + run * 30_000).encode())
    rules.allowed("http://press.example/" + "a" * 2_000 + "b", "x")
    assert time.process_time() - started < 3.0


@settings(deadline=None)
@given(
    st.binary() | st.text(alphabet="User-agent: *\nDisallow/$#Sitemp%9").map(str.encode), st.text()
)
def test_nothing_raises(body: bytes, url: str) -> None:
    rules = RobotsRules.parse(body, url)
    rules.allowed(url, "x")
    rules.allowed("http://press.example/a", url)
    rules.crawl_delay("x")
