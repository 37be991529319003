"""The canonical URL, the name of a site and which URLs are of one site (RFC 3986)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.urls import (
    canonical_url,
    join,
    page_key,
    registrable_domain,
    safe_url,
    same_site,
    site_name,
)

CANONICAL = [
    # RFC 3986, section 6.2.2: case, percent-encoding, dot segments; 6.2.3: empty path, port
    ("HTTP://News.EXAMPLE/A", "http://news.example/A"),
    ("http://news.example", "http://news.example/"),
    ("http://news.example:80/a", "http://news.example/a"),
    ("https://news.example:443/a", "https://news.example/a"),
    ("https://news.example:80/a", "https://news.example:80/a"),
    ("http://news.example/%7Eann/%e4%b8%ad", "http://news.example/~ann/%E4%B8%AD"),
    ("http://news.example/a%2fb", "http://news.example/a%2Fb"),
    ("http://news.example/%41%2541", "http://news.example/A%2541"),
    ("http://news.example/100%", "http://news.example/100%25"),
    ("http://news.example/a/./b/../c", "http://news.example/a/c"),
    ("http://news.example/a/b/..", "http://news.example/a/"),
    ("http://news.example/../../a", "http://news.example/a"),
    ("http://news.example/%2e%2e/a", "http://news.example/a"),
    ("http://news.example/a//b", "http://news.example/a//b"),
    ("http://news.example./a", "http://news.example/a"),
    ("http://news.example/a b", "http://news.example/a%20b"),
    ("http://新闻.example/央行", "http://xn--efvy88h.example/%E5%A4%AE%E8%A1%8C"),
    # fragments and tracking
    ("http://news.example/a#top", "http://news.example/a"),
    ("http://news.example/a?", "http://news.example/a"),
    ("http://news.example/a?utm_source=x&id=3", "http://news.example/a?id=3"),
    ("http://news.example/a?UTM_Source=x", "http://news.example/a"),
    ("http://news.example/a?from=timeline&isappinstalled=0", "http://news.example/a"),
    ("http://news.example/a?from=20", "http://news.example/a?from=20"),
    ("http://news.example/s?id=1&wfr=spider&for=pc", "http://news.example/s?id=1"),
    ("http://news.example/a?for=banks", "http://news.example/a?for=banks"),
    ("http://news.example/a?b=2&a=1", "http://news.example/a?a=1&b=2"),
    ("http://news.example/a?a=2&a=1", "http://news.example/a?a=2&a=1"),
    ("http://news.example/a?&&a=1&", "http://news.example/a?a=1"),
    ("http://news.example/a?12345", "http://news.example/a?12345"),
    ("http://news.example/a?q=", "http://news.example/a?q="),
    # sessions and secrets
    ("http://news.example/a.jsp;jsessionid=0AB1?id=3", "http://news.example/a.jsp?id=3"),
    ("http://news.example/a?PHPSESSID=0a1b2c3d4e5f6071", "http://news.example/a"),
    ("http://news.example/a?sid=0a1b2c3d4e5f60718293", "http://news.example/a"),
    ("http://news.example/a?sid=12", "http://news.example/a?sid=12"),
    ("http://ann:secret@news.example/a", "http://news.example/a"),
    ("http://news.example/a?password=secret", "http://news.example/a"),
    # index tails
    ("http://news.example/stock/index.html", "http://news.example/stock/"),
    ("http://news.example/stock/index.shtml?from=app", "http://news.example/stock/"),
    ("http://news.example/stock/index_2.html", "http://news.example/stock/index_2.html"),
    ("http://news.example/index.php", "http://news.example/"),
    ("http://news.example/index.php?id=3", "http://news.example/index.php?id=3"),
    ("http://news.example/default.aspx", "http://news.example/"),
    # mobile and AMP copies
    ("http://m.press.example/a/1.html", "http://www.press.example/a/1.html"),
    ("http://wap.press.com.cn/a/1.html", "http://www.press.com.cn/a/1.html"),
    ("http://m.money.press.com.cn/a/1.html", "http://money.press.com.cn/a/1.html"),
    ("http://m.press.example/", "http://m.press.example/"),
    ("http://m.example/a", "http://m.example/a"),
    ("http://m.com.cn/a", "http://m.com.cn/a"),
    ("https://press.example/a/story/amp/", "https://press.example/a/story"),
    ("https://press.example/a/story.amp.html", "https://press.example/a/story.html"),
    ("https://press.example/amp/2024/05/story", "https://press.example/2024/05/story"),
    ("https://press.example/m/a/20240503/1.html", "https://press.example/a/20240503/1.html"),
    ("https://press.example/wap/a/123456", "https://press.example/a/123456"),
    ("https://press.example/m/banks", "https://press.example/m/banks"),
    ("https://press.example/amp/", "https://press.example/amp/"),
    ("https://press.example/a?amp=1", "https://press.example/a"),
    ("https://www.google.com/amp/s/press.example/a/1", "https://press.example/a/1"),
    ("https://press-example.cdn.ampproject.org/c/s/press.example/a", "https://press.example/a"),
    # what is not for fetching stays as it is, without secrets
    ("file:seed.txt", "file:seed.txt"),
    ("ftp://ann:secret@host/x", "ftp://host/x"),
    ("", ""),
]


@pytest.mark.parametrize(("url", "expected"), CANONICAL, ids=[url or "-" for url, _ in CANONICAL])
def test_one_page_has_one_canonical_url(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://press.example/a/1.html",
        "https://www.press.example/a/1.html",
        "http://m.press.example/a/1.html?from=app",
        "http://www.press.example/a/1.html#top",
    ],
)
def test_copies_by_scheme_www_and_mobile_host_have_one_key(url: str) -> None:
    assert page_key(url) == "press.example/a/1.html"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("http://press.example/", "https://press.example/x", True),
        ("http://money.press.com.cn/", "http://sports.press.com.cn/", True),
        ("http://one.com.cn/", "http://two.com.cn/", False),
        ("http://press.co.uk/", "http://other.co.uk/", False),
        ("http://ann.github.io/", "http://bob.github.io/", False),
        ("http://press.example:8080/", "http://press.example/", True),
        ("http://127.0.0.1:8701/", "http://127.0.0.1:8701/a", True),
        ("http://127.0.0.1:8701/", "http://127.0.0.1:8702/", False),
        ("http://localhost:8701/", "http://localhost:8702/", False),
        ("http://localhost/", "http://127.0.0.1/", False),
        ("http://a.localhost:1/", "http://b.localhost:1/", False),
        ("http://[::1]:1/", "http://[::1]:2/", False),
        ("http://[::1]:80/", "http://[::1]/", True),
        ("http://10.0.0.1/", "http://10.0.0.2/", False),
        ("http://intranet/", "http://intranet/a", True),
        ("http://intranet:1/", "http://intranet:2/", False),
        ("http://notpress.example/", "http://press.example/", False),
        ("http://press.example.evil.example/", "http://press.example/", False),
        ("http://press.example@evil.example/", "http://evil.example/", True),
        ("javascript:alert(1)", "javascript:alert(1)", False),
        ("", "", False),
    ],
)
def test_a_site_is_a_registrable_domain_or_an_address_with_its_port(
    a: str, b: str, expected: bool
) -> None:
    assert same_site(a, b) is expected
    assert same_site(b, a) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.press.example/a", "press.example"),
        ("https://money.press.example:443/", "money.press.example"),
        ("http://127.0.0.1:8701/a", "127.0.0.1:8701"),
        ("http://ann:secret@press.example:8080/", "press.example:8080"),
        ("http://[::1]:8701/", "[::1]:8701"),
        ("mailto:ann@press.example", ""),
    ],
)
def test_a_site_is_named_by_host_and_port(url: str, expected: str) -> None:
    assert site_name(url) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.press.co.uk", "press.co.uk"),
        ("press.example", "press.example"),
        ("a.press.unknowntld", "press.unknowntld"),
        ("com.cn", "com.cn"),
        ("localhost", None),
        ("127.0.0.1", None),
        ("[::1]", None),
    ],
)
def test_registrable_domain(host: str, expected: str | None) -> None:
    assert registrable_domain(host) == expected


ODD = "hHtTpPsS:/.%?#&=;@[]\\ mwap2eindxAF0~\t-_中é\ud800"
urls = st.one_of(
    st.text(),
    st.text(alphabet=ODD).map(lambda tail: f"http://{tail}"),
    st.text(alphabet="./%?#&=;@amp2eindexhtmlfroF5").map(lambda t: f"http://m.press.example/{t}"),
)


@given(urls)
def test_canonical_is_idempotent_and_never_raises(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert page_key(once) == page_key(url)


@given(urls)
def test_a_canonical_url_of_a_safe_one_is_safe_and_of_the_same_kind(url: str) -> None:
    if safe_url(url) is not None:
        assert safe_url(canonical_url(url)) == canonical_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://press.example" + "/m" * 40 + "/a/2024.html",
        "http://press.example/a" + "/amp" * 40,
        "http://" + "m." * 40 + "press.example/a",
        "http://press.example/a" + ".amp" * 40 + ".html",
        "http://www.google.com" + "/amp/s/www.google.com" * 40 + "/amp/s/press.example/a",
        "http://press.example/" + "%25" * 40 + "41",
        "http://press.example" + "/index.html" * 40,
        "http://press.example/a" + ";jsessionid=1" * 40,
    ],
    ids=["folder", "tail", "host", "leaf", "cache", "percent", "index", "session"],
)
def test_copies_of_copies_are_unwrapped_at_once(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(urls, urls)
def test_no_pair_of_strings_raises(a: str, b: str) -> None:
    join(a, b)
    site_name(a)
    assert same_site(a, b) == same_site(b, a)
