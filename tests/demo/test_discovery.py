"""Each site is found by its own way in, and by no other."""

from __future__ import annotations

import gzip
from urllib.parse import urljoin
from xml.etree import ElementTree

import feedparser
import pytest

from demo import Press
from demo.addresses import list_path
from demo.load import load_library
from tests.demo.conftest import Fetch, links_of

LIBRARY = load_library()
BY_LISTS = [key for key, site in LIBRARY.sites.items() if site.discovery == "lists"]
OTHERS = [key for key in LIBRARY.sites if key not in BY_LISTS]
FEEDS = {"feed": "rss.xml", "english": "atom.xml", "german": "feed.rdf"}
NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def _urls(press: Press, site: str) -> set[str]:
    return {a.url for a in press.expected() if a.site_key == site}


@pytest.mark.parametrize("site", BY_LISTS)
def test_following_the_next_page_of_every_section_finds_every_article(
    press: Press, fetch: Fetch, site: str
) -> None:
    charset = LIBRARY.sites[site].charset
    found: set[str] = set()
    for section in LIBRARY.sites[site].sections:
        url = urljoin(press.homes[site], list_path(LIBRARY.sites[site], section))
        while url:
            html = fetch(url).body.decode(charset)
            found |= {urljoin(url, link) for link in links_of(html)}
            label = f">{LIBRARY.sites[site].next_label}</a>".replace(" >", " &gt;")
            before = html.partition(label)[0] if label in html else ""
            url = urljoin(url, links_of(before + "</a>")[-1]) if before else ""
    assert _urls(press, site) <= found


def test_the_portals_sections_have_further_pages(press: Press, fetch: Fetch) -> None:
    with Press(stories=60, sites=["portal"]) as grown:
        home = grown.homes["portal"]
        assert fetch(home + "gongsi/index_2.html").status == 200
        assert fetch(home + "gongsi/index_99.html").status == 404


@pytest.mark.parametrize("site", OTHERS)
def test_the_pages_that_list_name_no_article_elsewhere(
    press: Press, fetch: Fetch, site: str
) -> None:
    paths = ["", *(f"{section}/" for section in LIBRARY.sites[site].sections)]
    for path in paths:
        url = press.homes[site] + path
        links = {urljoin(url, link) for link in links_of(fetch(url).body.decode())}
        assert not links & _urls(press, site)


@pytest.mark.parametrize("site", FEEDS)
def test_the_feed_is_linked_parses_and_names_every_article(
    press: Press, fetch: Fetch, site: str
) -> None:
    assert f'href="/{FEEDS[site]}"' in fetch(press.homes[site]).body.decode()
    feed = feedparser.parse(fetch(press.homes[site] + FEEDS[site]).body)
    assert not feed.bozo
    entries = {entry.link.partition("?")[0]: entry for entry in feed.entries}
    assert _urls(press, site) <= set(entries)
    for article in (a for a in press.expected() if a.site_key == site):
        entry = entries[article.url]
        assert entry.title == article.headline
        assert entry.get("published_parsed") or entry.get("updated_parsed")


def test_the_feed_carries_one_foreign_advertisement(press: Press, fetch: Fetch) -> None:
    [advert] = [s.url for s in press.strangers() if s.kind == "foreign"]
    feed = feedparser.parse(fetch(press.homes["feed"] + "rss.xml").body)
    assert [e.link for e in feed.entries if not e.link.startswith(press.homes["feed"])] == [advert]


@pytest.mark.parametrize("site", ["sitemap", "japanese"])
def test_robots_names_the_index_and_its_gzipped_child_names_every_article(
    press: Press, fetch: Fetch, site: str
) -> None:
    home = press.homes[site]
    robots = fetch(home + "robots.txt").body.decode()
    assert f"Sitemap: {home}sitemap_index.xml" in robots
    index = ElementTree.fromstring(fetch(home + "sitemap_index.xml").body)  # noqa: S314 - our own
    children = [loc.text for loc in index.iterfind("s:sitemap/s:loc", NAMESPACES)]
    packed = fetch(home + "sitemaps/stories.xml.gz").body
    assert home + "sitemaps/stories.xml.gz" in children
    urls = ElementTree.fromstring(gzip.decompress(packed))  # noqa: S314 - our own
    assert _urls(press, site) <= {loc.text for loc in urls.iterfind("s:url/s:loc", NAMESPACES)}


def test_the_news_sitemap_dates_the_story_that_prints_no_date(press: Press, fetch: Fetch) -> None:
    [story] = [s for s in LIBRARY.stories if s.date_form == ""]
    article = next(a for a in press.expected() if a.headline == story.headline)
    root = ElementTree.fromstring(  # noqa: S314 - our own
        fetch(press.homes["sitemap"] + "sitemaps/news.xml").body
    )
    dates = {
        url.findtext("s:loc", "", NAMESPACES): url.findtext(
            "n:news/n:publication_date", "", NAMESPACES
        )
        for url in root.iterfind("s:url", NAMESPACES)
    }
    assert dates[article.url] == article.date_published
    assert "2026/03/10" not in fetch(article.url).body.decode().replace(article.url, "")


def test_the_calendar_always_has_another_month(press: Press, fetch: Fetch) -> None:
    url = press.homes["hongkong"] + "calendar/"
    seen: set[str] = set()
    for _ in range(20):
        seen.add(url)
        url = urljoin(url, [a for a in links_of(fetch(url).body.decode()) if "month=" in a][1])
    assert len(seen) == 20


def test_every_visit_to_the_forum_brings_new_session_ids(press: Press, fetch: Fetch) -> None:
    url = press.homes["gbk"] + "bbs/list.htm"
    links = links_of(fetch(url).body.decode("gbk"))
    inner = [a for a in links if a.startswith("/bbs/") and "7be1" not in a]
    again = links_of(fetch(urljoin(url, inner[0])).body.decode("gbk"))
    assert len(inner) == 4
    assert not set(inner) & set(again)
