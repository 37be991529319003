"""Broken and hostile feeds: what can be read is kept, and nothing hangs."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.feed_text import MAX_ENTRIES, MAX_TEXT
from crawler.discovery.feeds import read_feed

URL = "http://press.example/feed.xml"
HEAD = '<rss version="2.0"><channel><title>P</title>'
ONE = "<item><title>One</title><link>http://press.example/1</link></item>"
TWO = "<item><title>Two</title><link>http://press.example/2</link></item>"
TAIL = "</channel></rss>"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (HEAD + ONE + TWO, 2),
        (HEAD + ONE + TWO[:40], 1),
        (HEAD + ONE + TWO[:-7], 2),
        (HEAD + ONE + "<item><title>x</titl" + TWO + TAIL, 2),
        (HEAD + ONE + "</item></wrong>" + TWO + TAIL, 2),
        (HEAD + ONE + "<!-- no end " + TWO + TAIL, 2),
        (HEAD + "<item><title><![CDATA[no end</title></item>" + ONE + TAIL, 1),
        ("<!DOCTYPE r [<!ENTITY a 'x'>]>" + HEAD + ONE + TAIL, 1),
        (HEAD + ONE + "<item><category>a</item></category>" + TWO + TAIL, 2),
    ],
    ids=[
        "no tail",
        "cut item",
        "cut tag",
        "bad tag",
        "wrong tag",
        "comment",
        "cdata",
        "entities",
        "an end behind its item, over which the library stumbles",
    ],
)
def test_a_broken_feed_keeps_what_can_be_read_and_says_so(body: str, count: int) -> None:
    reading = read_feed(body.encode(), URL)
    assert len(reading.entries) >= count
    assert {"http://press.example/1"} <= {entry.url for entry in reading.entries}
    assert reading.problems
    assert reading.problems[0].startswith("feed cut: ")


@pytest.mark.parametrize(
    "body",
    [
        (HEAD + ONE.replace("One", "a & b") + TAIL).encode(),
        (HEAD + ONE.replace("One", "a \x0b\x00 b") + TAIL).encode(),
        (HEAD + ONE.replace("One", "&nbsp;&hellip;") + TAIL).encode(),
        (HEAD + ONE.replace("One", "&#0;&#xFFFF;&#x110000;&#9999999;") + TAIL).encode(),
        (HEAD + ONE.replace("One", "1 < 2") + TAIL).encode(),
        b"\xef\xbb\xbf" + (HEAD + ONE + TAIL).encode(),
        b"\n\n  " + (HEAD + ONE + TAIL).encode(),
        ('<?xml version="1.0" encoding="utf-16"?>' + HEAD + ONE + TAIL).encode(),
        ('<?xml version="1.0" encoding="nonsense"?>' + HEAD + ONE + TAIL).encode(),
        (HEAD + ONE + TAIL).encode("utf-16"),
        (HEAD + ONE + TAIL).encode("utf-16-be"),
        (HEAD + ONE + "<x:y>unbound</x:y>" + TAIL).encode(),
    ],
    ids=[
        "ampersand",
        "control",
        "html names",
        "bad references",
        "less than",
        "bom",
        "blank lines",
        "claims utf-16",
        "claims nonsense",
        "utf-16",
        "utf-16-be",
        "unbound prefix",
    ],
)
def test_a_small_fault_costs_no_entry(body: bytes) -> None:
    reading = read_feed(body, URL)
    assert [entry.url for entry in reading.entries] == ["http://press.example/1"]


@pytest.mark.parametrize("claim", ["gb2312", "gbk", "utf-8", ""])
def test_gbk_bytes_are_read_whatever_they_claim(claim: str) -> None:
    head = f'<?xml version="1.0" encoding="{claim}"?>' if claim else ""
    body = (head + HEAD + ONE.replace("One", "央行下调存款准备金率") + TAIL).encode("gbk")
    assert read_feed(body, URL).entries[0].listing.headline == "央行下调存款准备金率"


def test_utf8_bytes_under_a_gb2312_claim_are_utf8() -> None:
    head = '<?xml version="1.0" encoding="gb2312"?>'
    body = (head + HEAD + ONE.replace("One", "央行下调存款准备金率") + TAIL).encode()
    reading = read_feed(body, URL, "text/xml; charset=gb2312")
    assert reading.entries[0].listing.headline == "央行下调存款准备金率"


@pytest.mark.parametrize(
    "definitions",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p; <!ENTITY x "y">',
        '<!ENTITY a "' + "h" * 1000 + '"><!ENTITY x "' + "&a;" * 1000 + '">',
        '<!ENTITY x "&y;"><!ENTITY y "&x;">',
    ],
    ids=["file", "address", "parameter", "bomb", "loop"],
)
def test_entities_are_never_expanded(definitions: str) -> None:
    body = f"<!DOCTYPE rss [{definitions}]>{HEAD}{ONE.replace('One', '&x;')}{TAIL}"
    reading = read_feed(body.encode(), URL)
    assert [entry.url for entry in reading.entries] == ["http://press.example/1"]
    assert len(reading.entries[0].listing.headline or "") < 10


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><body>404</body></html>",
        b"404 not found",
        b"\x00\xff\x1f\x8b",
        b"{}",
        b"[]",
        b'{"items": 3}',
        b'{"items"',
        b"<?xml version='1.0'?>",
        b"<",
        b"http://press.example/x",
        b"/etc/hostname",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_feed_is_called_so(body: bytes) -> None:
    reading = read_feed(body, URL)
    assert reading.entries == []
    assert reading.format == ""
    assert reading.problems[0].startswith("not a feed")


def test_a_feed_of_no_entries_is_a_feed() -> None:
    reading = read_feed((HEAD + TAIL).encode(), URL)
    assert (reading.entries, reading.problems, reading.format) == ([], [], "rss20")


def test_a_cut_json_feed_keeps_its_whole_items() -> None:
    body = json.dumps({"version": "x", "items": [{"url": "/1"}, {"url": "/2"}]})[:-6].encode()
    reading = read_feed(body, URL)
    assert [entry.url for entry in reading.entries] == ["http://press.example/1"]
    assert reading.problems[0].startswith("feed cut: ")


def test_an_article_body_in_the_feed_costs_nothing() -> None:
    body = "<content:encoded><![CDATA[<p>" + "text " * 20_000 + "</p>]]></content:encoded></item>"
    item = ONE.replace("</item>", body)
    reading = read_feed((HEAD + item + TAIL).encode(), URL)
    assert [entry.url for entry in reading.entries] == ["http://press.example/1"]


def test_texts_and_entries_are_bounded() -> None:
    item = ONE.replace("One", "x" * 100_000)
    reading = read_feed((HEAD + item + TAIL).encode(), URL)
    assert len(reading.entries[0].listing.headline or "") <= MAX_TEXT
    many = "".join(f"<item><link>/{n}</link></item>" for n in range(MAX_ENTRIES + 50))
    reading = read_feed((HEAD + many + TAIL).encode(), URL)
    assert len(reading.entries) <= MAX_ENTRIES
    assert reading.problems == [f"feed cut: more than {MAX_ENTRIES} entries"]


RUNS = [
    "<item>",
    "<",
    "&",
    "<!--",
    "<![CDATA[",
    "<a ",
    "<x>",
    "<!DOCTYPE ",
    "]]>",
    "&amp",
    "a@",
    " ",
]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("start", ["", HEAD, HEAD + "<item><author>", HEAD + "<item><title>"])
def test_long_runs_take_no_time(run: str, start: str) -> None:
    started = time.process_time()
    read_feed((start + run * 20_000).encode(), URL)
    assert time.process_time() - started < 3.0


@settings(deadline=None)
@given(st.binary() | st.text(alphabet="<>/!-[]&;\"'={} rsitemlnkfdchap:").map(str.encode))
def test_no_bytes_raise(body: bytes) -> None:
    read_feed(body, URL)
    read_feed(b"<rss><channel><item>" + body, URL, "text/xml; charset=x")


@settings(deadline=None)
@given(st.integers(0, 400))
def test_a_feed_cut_anywhere_keeps_its_first_items(cut: int) -> None:
    body = (HEAD + ONE + TWO + TAIL).encode()
    urls = [entry.url for entry in read_feed(body[:cut], URL).entries]
    whole = len(HEAD + ONE)
    assert urls[:1] == ["http://press.example/1"] or cut < whole
    assert urls[1:] == ["http://press.example/2"] or cut < whole + len(TWO)
