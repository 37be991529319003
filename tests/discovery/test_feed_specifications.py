"""Atom (RFC 4287), RSS 2.0 and the news sitemap 0.9 by what each says of its elements."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.discovery.feeds import read_feed
from crawler.discovery.sitemaps import read_sitemap

URL = "http://press.example/feed"
ONE = "http://press.example/1"
LINK = '<link href="/1"/>'


def atom(entry: str, feed: str = "", attributes: str = "") -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Press</title>{feed}'
        f"<entry><id>urn:1</id>{entry}</entry></feed>"
    ).encode()


# field, entry, what must come out
ATOM: dict[str, tuple[str, str, Any]] = {
    "3.1.1.1 text": ("headline", "<title type='text'>Less &lt; more</title>", "Less < more"),
    "3.1.1.2 html": (
        "headline",
        "<title type='html'>&lt;b&gt;Bold&lt;/b&gt; fall</title>",
        "Bold fall",
    ),
    "3.1.1.3 xhtml": (
        "headline",
        "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <i>B</i></div></title>",
        "A B",
    ),
    "3.2 person": (
        "authors",
        "<author><name>Ann Lee</name><email>a@b.test</email></author>",
        ["Ann Lee"],
    ),
    "4.2.1 several authors": (
        "authors",
        "<author><name>Ann Lee</name></author><author><name>Bo Li</name></author>",
        ["Ann Lee", "Bo Li"],
    ),
    "4.2.2 category by term": ("keywords", '<category term="banks" label="Banks"/>', ["banks"]),
    "3.3 date with offset": (
        "date_published",
        "<published>2024-05-03T08:30:00+08:00</published>",
        "2024-05-03T08:30:00+08:00",
    ),
    "3.3 date with a part of a second": (
        "date_published",
        "<published>2024-05-03T08:30:00.25Z</published>",
        "2024-05-03T08:30:00.25Z",
    ),
    "4.2.9 published is no change": (
        "date_modified",
        "<published>2024-05-03T08:30:00Z</published>",
        None,
    ),
    "4.2.15 updated is no publication": (
        "date_published",
        "<updated>2024-05-03T08:30:00Z</updated>",
        None,
    ),
    "4.2.13 summary": ("description", "<summary>Rates fell.</summary>", "Rates fell."),
}


@pytest.mark.parametrize(("name", "entry", "expected"), ATOM.values(), ids=ATOM)
def test_what_an_atom_entry_says(name: str, entry: str, expected: Any) -> None:
    (found,) = read_feed(atom(LINK + entry), URL).entries
    assert getattr(found.listing, name) == expected


ATOM_LINKS = {
    "4.2.7.2 alternate": '<link rel="alternate" href="http://press.example/1"/>',
    "4.2.7.2 no relation is alternate": '<link href="http://press.example/1"/>',
    "4.2.7.2 others are left aside": (
        '<link rel="enclosure" href="http://press.example/1.mp3"/>'
        '<link rel="via" href="http://other.example/1"/><link href="http://press.example/1"/>'
    ),
    "4.2.7.2 self is the entry's own address": (
        '<link rel="self" href="http://press.example/1.atom"/><link href="http://press.example/1"/>'
    ),
    "4.2.7.1 a relative address": '<link href="1"/>',
    "2. xml:base of the entry": '<link xml:base="http://press.example/x/" href="../1"/>',
    "4.2.11 the source is another feed's": (
        '<link href="/1"/><source><id>urn:2</id><link href="http://press.example/2"/></source>'
    ),
}


@pytest.mark.parametrize("entry", ATOM_LINKS.values(), ids=ATOM_LINKS)
def test_where_an_atom_entry_lives(entry: str) -> None:
    assert [one.url for one in read_feed(atom(entry), URL).entries] == [ONE]


RSS: dict[str, tuple[str, str, Any]] = {
    "title": ("headline", "<title>Rates fall</title>", "Rates fall"),
    "pubDate, RFC 822 with a year of two digits": (
        "date_published",
        "<pubDate>Fri, 03 May 24 08:30 GMT</pubDate>",
        "Fri, 03 May 24 08:30 GMT",
    ),
    "pubDate without the day of the week": (
        "date_published",
        "<pubDate>03 May 2024 08:30:00 +0800</pubDate>",
        "03 May 2024 08:30:00 +0800",
    ),
    "author is a mail address": (
        "authors",
        "<author>ann@press.example (Ann Lee)</author>",
        ["Ann Lee"],
    ),
    "category with a domain": (
        "keywords",
        '<category domain="http://c.test">A/B</category>',
        ["A/B"],
    ),
    "description with entities": ("description", "<description>A &amp; B</description>", "A & B"),
    "comments are no address": ("headline", "<comments>/1#c</comments><title>T</title>", "T"),
    "enclosure is no address": (
        "headline",
        '<enclosure url="http://press.example/1.mp3" length="1" type="a/b"/><title>T</title>',
        "T",
    ),
    "source is another feed": (
        "headline",
        '<source url="http://press.example/other.xml">Other</source><title>T</title>',
        "T",
    ),
}


@pytest.mark.parametrize(("name", "item", "expected"), RSS.values(), ids=RSS)
def test_what_an_rss_item_says(name: str, item: str, expected: Any) -> None:
    text = f'<rss version="2.0"><channel><item><link>{ONE}</link>{item}</item></channel></rss>'
    (found,) = read_feed(text.encode(), URL).entries
    assert (found.url, getattr(found.listing, name)) == (ONE, expected)


@pytest.mark.parametrize(
    ("guid", "expected"),
    [
        ("<guid>http://press.example/1</guid>", [ONE]),
        ('<guid isPermaLink="true">http://press.example/1</guid>', [ONE]),
        ('<guid isPermaLink="false">tag:press.example,2024:1</guid>', []),
    ],
)
def test_a_guid_is_an_address_where_it_is_one(guid: str, expected: list[str]) -> None:
    text = f'<rss version="2.0"><channel><item><title>T</title>{guid}</item></channel></rss>'
    assert [one.url for one in read_feed(text.encode(), URL).entries] == expected


SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
NAME = (
    "<news:publication><news:name>P</news:name><news:language>zh-cn</news:language>"
    "</news:publication>"
)
DATE = "<news:publication_date>2024-05-03T08:30:00+08:00</news:publication_date>"

NEWS: dict[str, tuple[str, str, Any]] = {
    "date and time": ("date_published", NAME + DATE, "2024-05-03T08:30:00+08:00"),
    "a day": (
        "date_published",
        "<news:publication_date>2024-05-03</news:publication_date>",
        "2024-05-03",
    ),
    "title": ("headline", f"{DATE}<news:title>降息 &amp; 市场</news:title>", "降息 & 市场"),
    "title in CDATA": ("headline", f"{DATE}<news:title><![CDATA[A & B]]></news:title>", "A & B"),
    "language": ("language", NAME + DATE, "zh-cn"),
    "keywords": ("keywords", f"{DATE}<news:keywords>a, b,c</news:keywords>", ["a", "b", "c"]),
    "keywords between Chinese commas": (
        "keywords",
        f"{DATE}<news:keywords>银行，利率、市场</news:keywords>",
        ["银行", "利率", "市场"],
    ),
    "genres and tickers are passed over": (
        "headline",
        f"{DATE}<news:genres>Blog</news:genres><news:stock_tickers>X:Y</news:stock_tickers>"
        "<news:title>T</news:title>",
        "T",
    ),
    "access is passed over": (
        "headline",
        f"{DATE}<news:access>Subscription</news:access><news:title>T</news:title>",
        "T",
    ),
    "no change in it": ("date_modified", DATE, None),
}


@pytest.mark.parametrize(("name", "news", "expected"), NEWS.values(), ids=NEWS)
def test_what_a_news_sitemap_says(name: str, news: str, expected: Any) -> None:
    text = f"<urlset {SPACES}><url><loc>{ONE}</loc><news:news>{news}</news:news></url></urlset>"
    reading = read_sitemap(text.encode(), "http://press.example/news.xml")
    (found,) = reading.entries
    assert reading.is_news
    assert getattr(found.listing, name) == expected


def test_lastmod_beside_the_news_is_a_change() -> None:
    text = (
        f"<urlset {SPACES}><url><loc>{ONE}</loc><lastmod>2024-05-04</lastmod>"
        f"<news:news>{DATE}</news:news></url></urlset>"
    )
    (found,) = read_sitemap(text.encode(), "http://press.example/news.xml").entries
    assert found.listing.date_modified == "2024-05-04"
