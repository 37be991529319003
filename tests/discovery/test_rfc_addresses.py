"""RFC 3986 by its sections: resolving references (5.4), and which addresses are equal (6.2)."""

from __future__ import annotations

import pytest

from crawler.discovery.urls import canonical_url, join

BASE = "http://a/b/c/d;p?q"

# Section 5.4.1, normal examples; a fragment is no part of what is asked for.
NORMAL = {
    "g": "http://a/b/c/g",
    "./g": "http://a/b/c/g",
    "g/": "http://a/b/c/g/",
    "/g": "http://a/g",
    "//g": "http://g/",
    "?y": "http://a/b/c/d;p?y",
    "g?y": "http://a/b/c/g?y",
    "g#s": "http://a/b/c/g",
    "g?y#s": "http://a/b/c/g?y",
    ";x": "http://a/b/c/;x",
    "g;x": "http://a/b/c/g;x",
    "g;x?y#s": "http://a/b/c/g;x?y",
    ".": "http://a/b/c/",
    "./": "http://a/b/c/",
    "..": "http://a/b/",
    "../": "http://a/b/",
    "../g": "http://a/b/g",
    "../..": "http://a/",
    "../../": "http://a/",
    "../../g": "http://a/g",
}
# Section 5.4.2, abnormal examples.
ABNORMAL = {
    "../../../g": "http://a/g",
    "../../../../g": "http://a/g",
    "/./g": "http://a/g",
    "/../g": "http://a/g",
    "g.": "http://a/b/c/g.",
    ".g": "http://a/b/c/.g",
    "g..": "http://a/b/c/g..",
    "..g": "http://a/b/c/..g",
    "./../g": "http://a/b/g",
    "./g/.": "http://a/b/c/g/",
    "g/./h": "http://a/b/c/g/h",
    "g/../h": "http://a/b/c/h",
    "g;x=1/./y": "http://a/b/c/g;x=1/y",
    "g;x=1/../y": "http://a/b/c/y",
    "g?y/./x": "http://a/b/c/g?y/./x",
    "g?y/../x": "http://a/b/c/g?y/../x",
    "g#s/./x": "http://a/b/c/g",
    "g#s/../x": "http://a/b/c/g",
}
# Of these the examples give an address, and we ask for nothing.
NOTHING = ["g:h", "", "#s", "mailto:a@b", "urn:x:y"]


@pytest.mark.parametrize(("reference", "expected"), [*NORMAL.items(), *ABNORMAL.items()])
def test_a_reference_is_resolved(reference: str, expected: str) -> None:
    assert join(BASE, reference) == expected


@pytest.mark.parametrize("reference", NOTHING)
def test_a_reference_that_leads_to_no_page(reference: str) -> None:
    assert join(BASE, reference) is None


EQUAL = {
    "6.2.2.1 scheme in upper case": ("HTTP://news.example/a", "http://news.example/a"),
    "6.2.2.1 host in upper case": ("http://News.Example/a", "http://news.example/a"),
    "6.2.2.1 hex digits in lower case": (
        "http://news.example/%c3%9f",
        "http://news.example/%C3%9F",
    ),
    "6.2.2.2 unreserved letters": ("http://news.example/%61%2D%7Eb", "http://news.example/a-~b"),
    "6.2.2.2 reserved ones stay": ("http://news.example/a%2Fb", "http://news.example/a%2Fb"),
    "6.2.2.3 dot segments": ("http://news.example/a/./b/../c", "http://news.example/a/c"),
    "6.2.2.3 encoded dot segments": ("http://news.example/a/%2E%2E/c", "http://news.example/c"),
    "6.2.3 empty path": ("http://news.example", "http://news.example/"),
    "6.2.3 default port": ("http://news.example:80/a", "http://news.example/a"),
    "6.2.3 default port of https": ("https://news.example:443/a", "https://news.example/a"),
    "6.2.3 empty port": ("http://news.example:/a", "http://news.example/a"),
    "6.2.3 another port stays": ("http://news.example:8080/a", "http://news.example:8080/a"),
    "3.2.1 user information": ("http://ann@news.example/a", "http://news.example/a"),
    "3.2.2 final dot of the host": ("http://news.example./a", "http://news.example/a"),
    "3.2.2 address in brackets": ("http://[2001:DB8::0:1]/a", "http://[2001:db8::1]/a"),
    "3.3 upper case of the path stays": ("http://news.example/A", "http://news.example/A"),
    "3.4 question mark in the query": ("http://news.example/a?b?c", "http://news.example/a?b?c"),
    "3.5 fragment": ("http://news.example/a#top", "http://news.example/a"),
}


@pytest.mark.parametrize(("url", "expected"), EQUAL.values(), ids=EQUAL)
def test_equal_addresses_have_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
