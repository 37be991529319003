"""Odd sitemaps, written from sitemaps.org and Google's news sitemap 0.9."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.sitemap_stream import MAX_UNPACKED, Blocks, Unpacked
from crawler.discovery.sitemaps import read_sitemap

URL = "http://press.example/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*entries: str) -> bytes:
    """A sitemap of these entries' contents."""
    body = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0"?><urlset {SPACE} {NEWS}>{body}</urlset>'.encode()


def pages(body: bytes, site: str = "") -> list[str]:
    """The pages that a sitemap names."""
    return [entry.url for entry in read_sitemap(body, URL, site).entries]


ONE = "<loc>http://press.example/1</loc>"
TWO = "<loc>http://press.example/2</loc>"


@pytest.mark.parametrize(
    "entry",
    [
        ONE,
        "<loc>\n\t http://press.example/1 \n</loc>",
        "<loc><![CDATA[http://press.example/1]]></loc>",
        "<loc>/1</loc>",
        "<loc>//press.example/1</loc>",
        "<LOC>http://press.example/1</LOC>",
        '<loc xml:space="preserve">http://press.example/1</loc>',
        f"<lastmod>2024</lastmod><changefreq>daily</changefreq><priority>1</priority>{ONE}",
        f"{ONE}<image:image><image:loc>http://press.example/1.jpg</image:loc></image:image>",
        f"<image:image><image:loc>http://press.example/1.jpg</image:loc></image:image>{ONE}",
        f'{ONE}<xhtml:link rel="alternate" hreflang="de" href="http://press.example/de/1"/>',
        f"<!-- <loc>http://press.example/old</loc> -->{ONE}",
        f"{ONE}<unknown>x<deeper/></unknown>",
    ],
)
def test_the_address_of_an_entry(entry: str) -> None:
    assert pages(urlset(entry)) == ["http://press.example/1"]


@pytest.mark.parametrize(
    ("loc", "expected"),
    [
        ("http://press.example/a?x=1&amp;y=2", "http://press.example/a?x=1&y=2"),
        ("http://press.example/a?x=1&y=2", "http://press.example/a?x=1&y=2"),
        ("http://press.example/a?x&#38;y", "http://press.example/a?x&y"),
        ("http://press.example/&#20013;", "http://press.example/%E4%B8%AD"),
        ("http://press.example/中", "http://press.example/%E4%B8%AD"),
        ("http://press.example/a b", "http://press.example/a%20b"),
        ("http://ann:secret@press.example/a", "http://press.example/a"),
    ],
)
def test_addresses_are_unescaped_and_encoded(loc: str, expected: str) -> None:
    assert pages(urlset(f"<loc>{loc}</loc>")) == [expected]


@pytest.mark.parametrize(
    "entry",
    [
        "<loc>file:///etc/passwd</loc>",
        "<loc>javascript:alert(1)</loc>",
        "<loc>http://[bad/</loc>",
        "<loc>http://press.example:99999/</loc>",
        "<loc></loc>",
        "<lastmod>2024-05-03</lastmod>",
        "<image:image><image:loc>http://press.example/1.jpg</image:loc></image:image>",
    ],
)
def test_one_broken_entry_is_skipped_and_counted(entry: str) -> None:
    reading = read_sitemap(urlset(ONE, entry, TWO), URL)
    assert [found.url for found in reading.entries] == [
        "http://press.example/1",
        "http://press.example/2",
    ]
    assert reading.dropped["unsafe"] + reading.dropped["no_link"] == 1
    assert reading.problems == ["1 entries skipped: no address that can be asked for"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<urlset><url>{ONE}</url><url>{TWO}</url>", 2),
        (f"<urlset><url>{ONE}</url><url>{TWO}<lastm", 2),
        (f"<urlset><url>{ONE}</url><url><loc>http://press.exam", 1),
        (f"<urlset><url>{ONE}</url><url><lo", 1),
    ],
    ids=["no end", "cut behind loc", "cut in loc", "cut in a tag"],
)
def test_a_cut_sitemap_keeps_whole_addresses_and_says_so(body: str, expected: int) -> None:
    reading = read_sitemap(body.encode(), URL)
    assert len(reading.entries) == expected
    assert reading.problems[0].startswith("feed cut: ")


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset><url>{ONE}<url>{TWO}</url></urlset>",
        f"<urlset><url>{ONE}</url></wrong><url>{TWO}</url></urlset>",
        f"<urlset><url>{ONE}</url>&undefined;<url>{TWO}</url></urlset>",
        f"<urlset><url>{ONE}</url>\x00\x0b<url>{TWO}</url></urlset>",
        f"<urlset><url>{ONE}</url><!-- x --><url>{TWO}</url></urlset>",
        f"<urlset><url>{ONE}</url><!-- <url><loc>/3</loc></url> --><url>{TWO}</url></urlset>",
        f"<!DOCTYPE u [<!ENTITY x '/3'>]><urlset><url>{ONE}</url><url>{TWO}</url></urlset>",
        f"<urlset><url>{ONE}</url><url>{ONE}</url><url>{TWO}</url></urlset>",
        f"<s:urlset><s:url>{ONE}</s:url></s:urlset>".replace("loc>", "s:loc>")
        + "<s:url><s:loc>http://press.example/2</s:loc></s:url>",
    ],
    ids=[
        "unclosed",
        "wrong tag",
        "entity",
        "control",
        "comment",
        "commented out",
        "definitions",
        "repeated",
        "prefixed",
    ],
)
def test_markup_faults_cost_no_entry(body: str) -> None:
    assert pages(body.encode()) == ["http://press.example/1", "http://press.example/2"]


def test_entries_of_other_sites_are_dropped_unless_asked_for_that_site() -> None:
    body = urlset(ONE, "<loc>http://other.example/2</loc>")
    reading = read_sitemap(body, URL)
    assert reading.dropped == {"foreign": 1}
    assert pages(body, site="http://other.example/") == ["http://other.example/2"]


def test_newest_entries_come_first_and_undated_ones_last() -> None:
    dates = ["2024-05-02", "", "2024-05-03T08:00:00+08:00", "2024-05-03T01:00:00Z", "2023", "soon"]
    body = urlset(*(f"<loc>/{n}</loc><lastmod>{date}</lastmod>" for n, date in enumerate(dates)))
    assert [url[-1] for url in pages(body)] == ["3", "2", "0", "4", "1", "5"]


def test_lastmod_is_a_change_and_never_a_publication() -> None:
    listing = read_sitemap(urlset(f"{ONE}<lastmod>2024-05-03</lastmod>"), URL).entries[0].listing
    assert (listing.date_published, listing.date_modified) == (None, "2024-05-03")
    assert listing.kind == "sitemap"


@pytest.mark.parametrize("prefix", ["news:", "n:", "N1:"])
def test_a_news_sitemap_brings_date_title_keywords_and_language(prefix: str) -> None:
    news = (
        "<news:news><news:publication><news:name>Press</news:name>"
        "<news:language>zh-cn</news:language></news:publication>"
        "<news:publication_date>2024-05-03T08:30:00+08:00</news:publication_date>"
        "<news:title>A &amp; B</news:title><news:keywords>banks, 利率，rates</news:keywords>"
        "</news:news>"
    ).replace("news:", prefix)
    picture = "<image:image><image:loc>/i.jpg</image:loc><image:title>I</image:title></image:image>"
    reading = read_sitemap(urlset(f"{ONE}{picture}{news}<lastmod>2024-05-04</lastmod>"), URL)
    listing = reading.entries[0].listing
    assert reading.is_news
    assert listing.headline == "A & B"
    assert listing.date_published == "2024-05-03T08:30:00+08:00"
    assert listing.date_modified == "2024-05-04"
    assert (listing.keywords, listing.language) == (["banks", "利率", "rates"], "zh-cn")


def test_an_index_names_sitemaps_newest_first() -> None:
    body = b"""<sitemapindex><sitemap><loc>/a.xml</loc></sitemap>
      <sitemap><loc>/b.xml.gz</loc><lastmod>2024-05-03</lastmod></sitemap>
      <sitemap><loc>/c.xml</loc><lastmod>2024-05-04</lastmod></sitemap>
      <sitemap><loc>file:///d.xml</loc></sitemap><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"""
    reading = read_sitemap(body, URL)
    assert reading.sitemaps == [
        ("http://press.example/c.xml", "2024-05-04"),
        ("http://press.example/b.xml.gz", "2024-05-03"),
        ("http://press.example/a.xml", None),
    ]
    assert reading.entries == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
def test_a_plain_list_of_addresses(end: str) -> None:
    lines = ["http://press.example/1", "http://press.example/2", "file:///x", "not an address"]
    reading = read_sitemap(b"\xef\xbb\xbf" + end.join(lines).encode(), URL)
    assert [entry.url for entry in reading.entries][:2] == lines[:2]


@pytest.mark.parametrize(
    "body",
    [
        b'<rss version="2.0"><channel><item><link>/1</link></item></channel></rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/></entry></feed>',
    ],
)
def test_a_feed_in_place_of_a_sitemap(body: bytes) -> None:
    assert pages(body) == ["http://press.example/1"]


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, lambda body: gzip.compress(body[:90]) + gzip.compress(body[90:])],
    ids=["one member", "two members"],
)
def test_gzip_is_unpacked(pack: object) -> None:
    assert callable(pack)
    assert pages(pack(urlset(ONE))) == ["http://press.example/1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gbk"])
def test_encodings(encoding: str) -> None:
    head = '<?xml version="1.0" encoding="gbk"?>' if encoding == "gbk" else ""
    title = "<n:publication_date>2024</n:publication_date><n:title>央行</n:title>"
    body = f"{head}<urlset><url>{ONE}<n:news>{title}</n:news></url></urlset>".encode(encoding)
    assert read_sitemap(body, URL).entries[0].listing.headline == "央行"


def test_damaged_gzip_keeps_what_came_before() -> None:
    entries = [f"<loc>http://press.example/{n}?{n * 7919}</loc>" for n in range(3_000)]
    packed = gzip.compress(urlset(*entries))
    for body in (packed[:-500], packed[:-500] + b"x" * 500):
        reading = read_sitemap(body, URL)
        assert len(reading.entries) > 1_000
        assert any(problem.startswith("feed cut: ") for problem in reading.problems)


def test_a_bomb_is_cut_at_the_limit() -> None:
    unpacked = Unpacked(gzip.compress(b"<urlset>" + b" " * 3_000_000), limit=1_000_000)
    assert sum(map(len, unpacked.pieces())) == 1_000_000
    assert unpacked.problem == "larger than 1000000 bytes"
    reading = read_sitemap(gzip.compress(b"<urlset>" + b" " * (MAX_UNPACKED + 9)), URL)
    assert any("larger than" in problem for problem in reading.problems)


def test_pieces_may_end_anywhere() -> None:
    body = urlset(*(f"<loc>http://press.example/中{n}</loc>" for n in range(5_000)))
    blocks = list(Blocks(Unpacked(body)).entries())
    assert len(blocks) == 5_000
    assert len(pages(body)) == 5_000


@pytest.mark.parametrize("body", [b"", b" ", b"<html></html>", b"\x1f\x8b", b"\x00", b"{}", b"404"])
def test_what_is_no_sitemap_is_called_so(body: bytes) -> None:
    reading = read_sitemap(body, URL)
    assert (reading.entries, reading.sitemaps) == ([], [])
    assert any(problem.startswith("not a sitemap") for problem in reading.problems)


def test_an_empty_sitemap_is_no_problem() -> None:
    assert read_sitemap(urlset(), URL).problems == []


RUNS = ["<url>", "<loc>", "</url>", "<!--", "<", "</", "<a>", "<url ", " ", "&", "<![CDATA[", "]]>"]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("start", ["", "<urlset><url>", "<urlset><url><loc>"])
def test_long_runs_take_no_time(run: str, start: str) -> None:
    started = time.process_time()
    read_sitemap((start + run * 50_000).encode(), URL)
    assert time.process_time() - started < 3.0


@settings(deadline=None)
@given(st.binary() | st.text(alphabet="<>/!-[]&;= urlsetocmapindx:.1").map(str.encode))
def test_no_bytes_raise(body: bytes) -> None:
    for start in (b"", b"<urlset><url>", b"\x1f\x8b", b"http://press.example/"):
        read_sitemap(start + body, URL)
