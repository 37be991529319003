"""Where a list leads: its sections, its next pages, the feeds that it names."""

from __future__ import annotations

import pytest

from crawler.discovery.listings import (
    MAX_SECTIONS,
    common_feed_paths,
    common_sitemap_paths,
    read_listing,
)
from tests.discovery.listing_pages import HEADLINES, URL, articles, rows


@pytest.mark.parametrize(
    ("script", "target"),
    [
        ('window.location.href="/web/index.html";', "/web/index.html"),
        ("location.replace('/web/')", "/web/"),
        ("top.location = '/cn/index.shtml'", "/cn/index.shtml"),
        ("location.href = base + '/x/'", None),
        ('location.href="http://other.example/"', None),
    ],
)
def test_a_page_without_links_leads_where_its_script_goes(script: str, target: str | None) -> None:
    page = f"<html><head><script>\n{script}\n</script></head><body></body></html>"
    found = read_listing(page, "http://www.press.example/")
    assert found.sections == ([f"http://www.press.example{target}"] if target else [])
    linked = read_listing(f'{page}<a href="/cj/">财经</a>', "http://www.press.example/")
    assert linked.sections == ["http://www.press.example/cj/"]


@pytest.mark.parametrize("name", ["next", "pagination__next", "btn btn-next-page", "nextpage"])
def test_an_arrow_without_a_text_turns_the_page(name: str) -> None:
    arrow = '<a class="{}" href="/finance/page:2"><i></i></a>'
    url = "http://www.press.example/finance/page:2"
    assert read_listing(rows("/a/1.html") + arrow.format(name), URL).next_pages == [url]
    assert read_listing(rows("/a/1.html") + arrow.format("context"), URL).next_pages == []


def test_sections_are_bounded() -> None:
    body = "".join(f'<a href="/{a}{b}/">{a}{b}</a>' for a in "abcdefghijkl" for b in "abcdefghijkl")
    assert len(read_listing(body, URL).sections) == MAX_SECTIONS


@pytest.mark.parametrize(
    ("page", "link", "text"),
    [
        ("/finance/", "index_2.html", "下一页"),
        ("/finance/", "index_2.html", "2"),
        ("/finance/", "2.html", "2"),
        ("/finance/", "/finance/page/2/", "2"),
        ("/finance/", "?page=2", "Next"),
        ("/finance/", "?page=2", "2"),
        ("/finance/", "/finance/p2", "2"),
        ("/finance/index_2.html", "index_3.html", "3"),
        ("/finance/list_1.html", "list_2.html", "2"),
        ("/finance/list-12.html", "list-12-2.html", "2"),
        ("/finance/page/2/", "/finance/page/3/", "›"),
        ("/list.php?cat=3&page=2", "/list.php?cat=3&page=3", "3"),
        ("/finance/", "index_2.html", ">"),
        ("/finance/", "more.php?start=abc", "Older posts"),
        ("/list.php?cat=3", "/list.php?cat=3&page=9", "尾页"),
        ("/finance/", "/finance/index_2.html", "更早的消息"),
        ("/finance/", "more.php?start=abc", "Older entries »"),
        ("/finance/", "/finance/?after=abc", "加载更多"),
        ("/finance", "/finance-2.html", "More stories"),
        ("/paper/2026-03/12/node_1.htm", "../11/node_1.htm", "上一期"),
    ],
)
def test_next_pages(page: str, link: str, text: str) -> None:
    url = f"http://www.press.example{page}"
    reading = read_listing(f'<a href="{link}">{text}</a>', url)
    assert len(reading.next_pages) == 1
    assert reading.articles == []


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("/stock/index_2.html", "2"),
        ("index_1.html", "2"),
        ("/a/1234567.html", "7"),
        ("/elsewhere", ">"),
        ("http://other.example/index_2.html", "下一页"),
        ("/finance/", "下一页"),
        ("?page=501", "下一页"),
        ("/markets", "More stories"),
    ],
)
def test_what_is_no_next_page_of_this_list(link: str, text: str) -> None:
    assert read_listing(f'<a href="{link}">{text}</a>', URL).next_pages == []


def test_earlier_pages_are_not_next_ones_and_nearer_pages_come_first() -> None:
    links = "".join(f'<a href="index_{n}.html">{n}</a>' for n in (9, 2, 3, 5, 4))
    reading = read_listing(links, "http://www.press.example/finance/index_3.html")
    assert [url[-6] for url in reading.next_pages] == ["4", "5", "9"]


def test_a_pager_written_by_script_is_read() -> None:
    reading = read_listing('<script>createPageHTML(4, 0, "index", "shtml");</script>', URL)
    assert reading.next_pages == [f"{URL}index_{n}.shtml" for n in (1, 2, 3)]


def test_rel_next_in_the_head_counts() -> None:
    reading = read_listing('<link rel="next" href="/finance/seite/2">', URL)
    assert reading.next_pages == ["http://www.press.example/finance/seite/2"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', ["/rss"]),
        ('<link rel="alternate" type="application/atom+xml" href="/atom">', ["/atom"]),
        ('<link rel="alternate" type="application/feed+json" href="/feed.json">', ["/feed.json"]),
        ('<LINK REL="Alternate" TYPE="Application/RSS+XML" HREF="/rss">', ["/rss"]),
        (
            '<a href="/rss/news.xml">RSS</a><a href="/news/feed/">Feed</a>',
            ["/rss/news.xml", "/news/feed/"],
        ),
        ('<a href="/news.rss">RSS</a>', ["/news.rss"]),
        ('<a href="/index.rdf">RSS</a>', ["/index.rdf"]),
        ('<a href="/index.php?cat=3&format=feed">RSS</a>', ["/index.php?cat=3&format=feed"]),
        ('<a href="/rss/index.html">RSS</a><a href="/feedback.xml">x</a>', []),
        ('<link rel="alternate" type="text/xml" href="/out.php">', ["/out.php"]),
        ('<link rel="alternate" type="application/rss+xml" href="/comments/feed/">', []),
        ('<link rel="alternate" type="text/html" hreflang="en" href="/en/">', []),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
    ],
)
def test_feeds_are_discovered(markup: str, expected: list[str]) -> None:
    feeds = read_listing(markup, URL).feeds
    assert feeds == [f"http://www.press.example{path}" for path in expected]


def test_frames_and_refreshes_lead_to_sections() -> None:
    body = """<meta http-equiv="refresh" content="0; url=/home/"><iframe src="/list/top.html">
      </iframe><iframe src="http://ads.example/x"></iframe>"""
    assert [url[24:] for url in read_listing(body, URL).sections] == ["/home/", "/list/top.html"]


@pytest.mark.parametrize("find", [common_feed_paths, common_sitemap_paths])
def test_common_paths_stand_at_the_root_of_the_site(find: object) -> None:
    assert callable(find)
    found = find("http://127.0.0.1:8701/deep/x.html")
    assert found
    assert all(url.startswith("http://127.0.0.1:8701/") and "deep" not in url for url in found)
    assert find("javascript:x") == []


def test_a_page_that_names_feeds_for_people_is_told_from_a_feed() -> None:
    links = '<a href="/service/rss.html">RSS</a><a href="/Feeds/index.html">Feeds</a>'
    reading = read_listing(links, "http://www.press.example/")
    pages = ["/service/rss.html", "/Feeds/index.html"]
    assert reading.feed_pages == [f"http://www.press.example{path}" for path in pages]


def test_sections_of_a_select_box_are_found() -> None:
    options = "<option value='/stock/'>股票</option><option value='3'>三</option>"
    reading = read_listing(f"<select>{options}</select>", URL)
    assert reading.sections == ["http://www.press.example/stock/"]


def test_numbers_are_no_copies_of_their_list() -> None:
    rows = "".join(
        f'<li><a href="/show.php{query}">{HEADLINES[0]}</a> 2024-05-03</li>'
        for query in ("", "?id=1234", "?id=1235")
    )
    found = articles(read_listing(rows, URL))
    assert {"/show.php?id=1234", "/show.php?id=1235"} <= set(found)
