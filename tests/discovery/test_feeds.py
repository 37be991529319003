"""Odd feeds, written from RSS 2.0, RSS 1.0, RFC 4287 and JSON Feed 1.1."""

from __future__ import annotations

import json

import pytest

from crawler.discovery.feeds import FeedReading, read_feed

URL = "http://press.example/feed.xml"


def rss(*items: str, channel: str = "", before: str = "", attributes: str = "") -> bytes:
    """An RSS 2.0 document of these items' contents."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0" {attributes}><channel>'
        f"<title>Press</title><link>http://press.example/</link>{channel}{body}</channel></rss>"
    ).encode()


def atom(*entries: str, feed: str = "") -> bytes:
    """An Atom document of these entries' contents."""
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{feed}{body}</feed>'.encode()


def only(reading: FeedReading) -> str:
    """The one URL of a reading."""
    assert len(reading.entries) == 1, reading
    return reading.entries[0].url


LINKS = [
    ("plain", "<link>http://press.example/1</link>"),
    ("spaces", "<link>\n  http://press.example/1 \n</link>"),
    ("relative", "<link>/1</link>"),
    ("relative up", "<link>../1</link>"),
    ("cdata", "<link><![CDATA[http://press.example/1]]></link>"),
    ("guid is the permalink", "<guid>http://press.example/1</guid>"),
    ("guid says so", '<guid isPermaLink="true">http://press.example/1</guid>'),
    ("guid is a number", '<guid isPermaLink="false">7</guid><link>http://press.example/1</link>'),
    (
        "foreign link, own guid",
        "<link>http://x.example/r</link><guid>http://press.example/1</guid>",
    ),
    ("origLink", "<link>http://x.example/~r/1</link><fb:origLink>/1</fb:origLink>"),
    ("atom link", '<atom:link href="http://press.example/1"/>'),
    ("fragment", "<link>http://press.example/1#comments</link>"),
    ("doubled tag", "<link>http://press.example/1</link><link>http://press.example/1</link>"),
    ("entity in the path", "<link>http://press.example/&#49;</link>"),
    ("default port", "<link>http://press.example:80/1</link>"),
    ("userinfo", "<link>http://ann:secret@press.example/1</link>"),
]
SPACES = (
    'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'
)


@pytest.mark.parametrize("item", [item for _, item in LINKS], ids=[name for name, _ in LINKS])
def test_the_address_of_an_rss_item(item: str) -> None:
    reading = read_feed(rss(f"<title>T</title>{item}", attributes=SPACES), URL)
    assert only(reading) == "http://press.example/1"


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://other.example/1", "foreign"),
        ("http://press.example.evil.example/1", "foreign"),
        ("javascript:alert(1)", "unsafe"),
        ("file:///etc/passwd", "unsafe"),
        ("http://[bad/1", "no_link"),  # the library drops it before us
        ("http://press.example:99999/", "unsafe"),
        ("", "no_link"),
        ("http://press.example/ads/7", "advertisement"),
        ("http://press.example/good", "repeated"),
    ],
)
def test_a_link_that_is_no_article_of_the_site_is_dropped_and_counted(
    link: str, reason: str
) -> None:
    good = "<link>http://press.example/good</link>"
    reading = read_feed(rss(good, f"<title>T</title><link>{link}</link>"), URL)
    assert only(reading) == "http://press.example/good"
    assert reading.dropped == {reason: 1}
    assert reading.problems == []


@pytest.mark.parametrize(
    "item",
    [
        "<title>[广告] 十家银行贷款比较</title>",
        "<title>Sponsored: ten loans</title>",
        "<title>T</title><category>Advertisement</category>",
        "<title>T</title><category>推广</category>",
    ],
)
def test_an_advertisement_is_dropped(item: str) -> None:
    reading = read_feed(rss(f"{item}<link>http://press.example/1</link>"), URL)
    assert reading.entries == []
    assert reading.dropped == {"advertisement": 1}


def test_a_story_about_advertising_is_kept() -> None:
    item = "<title>Advertising slump hits papers</title><link>/1</link><category>media</category>"
    assert only(read_feed(rss(item), URL)) == "http://press.example/1"


def test_a_feed_on_a_feed_host_serves_the_site_it_was_asked_for() -> None:
    body = rss("<link>http://press.example/1</link>", "<link>http://feeds.example/2</link>")
    reading = read_feed(body, "http://feeds.example/press", site="http://press.example/")
    assert only(reading) == "http://press.example/1"
    assert reading.dropped == {"foreign": 1}


def test_ports_of_loopback_are_different_sites() -> None:
    body = rss("<link>http://127.0.0.1:8701/1</link>", "<link>http://127.0.0.1:8702/2</link>")
    assert only(read_feed(body, "http://127.0.0.1:8701/feed")) == "http://127.0.0.1:8701/1"


FIELDS = [
    ("headline", "<title>A &amp;amp; B</title>", "A & B"),
    ("headline", "<title>&lt;b&gt;Bold&lt;/b&gt; rates</title>", "Bold rates"),
    ("headline", "<title><![CDATA[央行 &amp; 市场]]></title>", "央行 & 市场"),
    ("headline", "<title>caf&eacute;&nbsp;news</title>", "café news"),
    ("headline", "<title>  two\n lines </title>", "two lines"),
    ("headline", "<title></title>", None),
    ("headline", "<title>AT&T rises</title>", "AT&T rises"),
    ("headline", "<title>1 &lt; 2</title>", "1 < 2"),
    (
        "description",
        "<description>&lt;p&gt;Rates &lt;i&gt;fell&lt;/i&gt;.&lt;/p&gt;</description>",
        "Rates fell .",
    ),
    (
        "date_published",
        "<pubDate>Fri, 03 May 2024 08:30:00 +0800</pubDate>",
        "Fri, 03 May 2024 08:30:00 +0800",
    ),
    ("date_published", "<pubDate>2024-05-03 08:30</pubDate>", "2024-05-03 08:30"),
    ("date_published", "<dc:date>2024-05-03T08:30:00+08:00</dc:date>", "2024-05-03T08:30:00+08:00"),
    ("date_published", "", None),
    ("date_modified", "<pubDate>Fri, 03 May 2024 08:30:00 GMT</pubDate>", None),
    ("authors", "<author>ann@press.example (Ann Lee)</author>", ["Ann Lee"]),
    ("authors", "<dc:creator>Ann Lee</dc:creator>", ["Ann Lee"]),
    ("authors", "<author>ann@press.example</author>", []),
    ("keywords", "<category>Banks</category><category>Rates</category>", ["Banks", "Rates"]),
    ("keywords", "<category>Banks</category><category>Banks</category>", ["Banks"]),
    ("kind", "", "feed"),
]


@pytest.mark.parametrize(
    ("name", "item", "expected"),
    FIELDS,
    ids=[f"{name}-{i}" for i, (name, _, _) in enumerate(FIELDS)],
)
def test_what_an_rss_item_says_of_its_article(name: str, item: str, expected: object) -> None:
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    reading = read_feed(rss(f"<link>/1</link>{item}", attributes=space), URL)
    assert getattr(reading.entries[0].listing, name) == expected


def test_atom_keeps_published_and_updated_apart() -> None:
    entry = '<link href="/1"/><updated>2024-05-03T09:00:00Z</updated>'
    alone = read_feed(atom(entry), URL).entries[0].listing
    assert (alone.date_published, alone.date_modified) == (None, "2024-05-03T09:00:00Z")
    both = read_feed(atom(f"{entry}<published>2024-05-03T08:00:00Z</published>"), URL)
    assert both.entries[0].listing.date_published == "2024-05-03T08:00:00Z"
    assert both.entries[0].listing.date_modified == "2024-05-03T09:00:00Z"


@pytest.mark.parametrize(
    "entry",
    [
        '<link href="/1"/>',
        '<link rel="alternate" href="/1"/>',
        '<link rel="self" href="/self"/><link href="/1"/>',
        '<link rel="enclosure" href="/1.mp3"/><link rel="alternate" href="/1"/>',
        '<link rel="edit" href="/edit/1"/><link href="/1"/>',
        "<id>http://press.example/1</id>",
        '<link href="http://x.example/1"/><id>http://press.example/1</id>',
    ],
)
def test_the_address_of_an_atom_entry(entry: str) -> None:
    assert only(read_feed(atom(entry), URL)) == "http://press.example/1"


def test_atom_names_the_next_page_and_the_hub() -> None:
    links = '<link rel="next" href="?page=2"/><link rel="hub" href="https://hub.example/"/>'
    reading = read_feed(atom('<link href="/1"/>', feed=links), URL)
    assert reading.next_url == "http://press.example/feed.xml?page=2"
    assert reading.hub == "https://hub.example/"


def test_a_next_page_on_another_site_or_on_itself_is_none() -> None:
    for href in ("http://other.example/2", URL):
        assert read_feed(atom(feed=f'<link rel="next" href="{href}"/>'), URL).next_url is None


def test_xml_base_moves_relative_links() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://press.example/deep/">
      <title>P</title><entry><title>T</title><link href="1"/></entry></feed>"""
    assert only(read_feed(body, URL)) == "http://press.example/deep/1"


def test_rdf_keeps_items_beside_the_channel() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/"><channel rdf:about="/"><title>P</title></channel>
      <item rdf:about="/1"><title>One</title><link>http://press.example/1</link></item></rdf:RDF>"""
    reading = read_feed(body, URL)
    assert reading.format == "rss10"
    assert only(reading) == "http://press.example/1"


def json_feed(**item: object) -> bytes:
    """A JSON Feed of one item."""
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "P", "items": [item]}).encode()


@pytest.mark.parametrize(
    "item",
    [
        {"id": "7", "url": "http://press.example/1"},
        {"id": "http://press.example/1"},
        {"id": 7, "url": "/1"},
        {"url": "/1", "tags": "x", "authors": "x", "date_published": 3},
        {"url": "http://press.example/1", "external_url": "http://other.example/"},
    ],
)
def test_the_address_of_a_json_item(item: dict[str, object]) -> None:
    assert only(read_feed(json_feed(**item), URL)) == "http://press.example/1"


def test_what_a_json_item_says() -> None:
    body = json_feed(
        url="/1",
        title="T",
        summary="S",
        date_published="2024-05-03T08:00:00Z",
        date_modified="2024-05-03T09:00:00Z",
        authors=[{"name": "Ann"}],
        tags=["banks"],
        language="zh",
    )
    listing = read_feed(body, URL).entries[0].listing
    assert (listing.headline, listing.description) == ("T", "S")
    assert listing.date_published == "2024-05-03T08:00:00Z"
    assert listing.date_modified == "2024-05-03T09:00:00Z"
    assert (listing.authors, listing.keywords, listing.language) == (["Ann"], ["banks"], "zh")
