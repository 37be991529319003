"""Homepages and section lists: what is an article, a section, a next page, a stranger."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.article_urls import ArticleShapes
from crawler.discovery.listings import (
    MAX_SECTIONS,
    ListingReading,
    common_feed_paths,
    common_sitemap_paths,
    read_listing,
)

URL = "http://www.press.example/finance/"
HEADLINES = [
    "央行宣布下调存款准备金率半个百分点",
    "多家银行调整存款利率引发市场关注",
    "三大股指集体高开券商板块领涨两市",
    "国际油价连续第三周上涨后小幅回落",
]


def articles(reading: ListingReading) -> list[str]:
    """The paths of the articles of a reading."""
    return [entry.url.partition("press.example")[2] for entry in reading.articles]


def rows(*paths: str, date: str = "") -> str:
    """A list of headlines."""
    items = zip(paths, HEADLINES * 20, strict=False)
    return "".join(f'<li><a href="{path}">{text}</a> {date}</li>' for path, text in items)


def test_a_list_names_its_articles_with_headline_and_date() -> None:
    body = "<ul>" + rows("/a/1.html", "/a/2.html", "b/3.html", date="<i>05-03 08:30</i>") + "</ul>"
    reading = read_listing(body, URL)
    assert articles(reading) == ["/a/1.html", "/a/2.html", "/finance/b/3.html"]
    listing = reading.articles[0].listing
    assert listing.headline == HEADLINES[0]
    assert listing.date_published == "05-03 08:30"
    assert listing.kind is None


@pytest.mark.parametrize(
    "paths",
    [
        ["/n/1", "/n/2", "/n/3"],
        ["/x/alpha", "/x/beta", "/x/gamma"],
        ["/a1.html", "/a2.html", "/a3.html"],
        ["/d?k=1", "/d?k=2", "/d?k=3"],
        ["/2024/0503/1.shtml", "/2024/0503/2.shtml", "/2024/0503/3.shtml"],
    ],
)
def test_headlines_of_one_shape_are_articles_whatever_the_shape(paths: list[str]) -> None:
    assert articles(read_listing(rows(*paths), URL)) == paths


def test_a_single_headline_needs_an_address_or_a_date_of_an_article() -> None:
    assert articles(read_listing(rows("/x/alpha"), URL)) == []
    assert articles(read_listing(rows("/x/alpha.html"), URL)) == []
    assert articles(read_listing(rows("/x/alpha", date="2024-05-03"), URL)) == ["/x/alpha"]
    assert articles(read_listing(rows("/x/178.html"), URL)) == ["/x/178.html"]


@pytest.mark.parametrize(
    "href",
    [
        "/about/",
        "/login",
        "/register.html",
        "/app/",
        "/privacy.html",
        "/help/123456.html",
        "/user/1234567",
        "/files/2024/05/03/report.pdf",
        "http://other.example/2024/05/03/1234567.html",
        "javascript:alert(1)",
        "mailto:ann@press.example",
        "http://[bad/2024/05/03/1.html",
        "http://press.example:99999/2024/05/03/1.html",
        "/calendar/2031/04",
        "/go?url=http%3A%2F%2Fwww.press.example%2Fa%2F1234567.html",
        "/a/b/a/b/a/b/1234567.html",
        "#top",
        "",
    ],
)
def test_strangers_traps_and_other_sites_are_neither_article_nor_section(href: str) -> None:
    body = f'<a href="{href}">{HEADLINES[0]} 2024-05-03</a><a href="/a/1234567.html">x</a>'
    reading = read_listing(body, URL)
    assert articles(reading) == ["/a/1234567.html"]
    assert reading.sections == []


@pytest.mark.parametrize(
    "text",
    [
        "关于我们",
        "违法和不良信息举报电话：010-00000000",
        "信息网络传播视听节目许可证",
        "Privacy policy",
    ],
)
def test_a_link_that_says_it_is_about_the_site_is_a_stranger(text: str) -> None:
    reading = read_listing(f'<a href="/x/2018/01/01/1234567.html">{text}</a>', URL)
    assert (reading.articles, reading.sections) == ([], [])
    assert reading.dropped == {"stranger": 1}


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("/stock/", "股票"),
        ("/stock", "股票"),
        ("/stock/list.html", "股票"),
        ("/channel/12", "基金"),
        ("http://fund.press.example/", "基金"),
        ("/markets/", "Markets"),
        ("/tag/banks", "Banks"),
        ("/node_1234.htm", "要闻"),
        ("/roll/", "更多>>"),
        ("/list.php?cat=3", "债券"),
        ("/index.php?m=content&c=index&a=lists&catid=6", "财经"),
    ],
)
def test_short_names_of_folders_are_sections(href: str, text: str) -> None:
    reading = read_listing(f'<a href="{href}">{text}</a>', URL)
    assert len(reading.sections) == 1
    assert reading.articles == []


@pytest.mark.parametrize(
    "text",
    [
        "全面注册制改革落地首批企业上市",
        "多家平台修订隐私政策引发讨论",
        "Investors rush to subscribe to new bonds",
    ],
)
def test_a_headline_may_mention_what_strangers_are_called(text: str) -> None:
    assert articles(read_listing(f'<a href="/a/1234567.html">{text}</a>', URL)) == [
        "/a/1234567.html"
    ]


def test_a_date_in_the_next_element_belongs_to_the_row() -> None:
    body = '<article><a href="/m/oil-up"><h2>Oil up</h2></a><time>May 3, 2024</time></article>'
    assert read_listing(body, URL).articles[0].listing.date_published == "May 3, 2024"


def test_a_teaser_gives_its_headline_and_not_its_summary() -> None:
    body = f'<a href="/a/1234567.html"><h3>{HEADLINES[0]}</h3><p>{"摘要" * 50}</p></a>'
    assert read_listing(body, URL).articles[0].listing.headline == HEADLINES[0]


def test_a_link_to_read_on_takes_the_headline_beside_it() -> None:
    teaser = '<div><h3>{}</h3><p>摘要</p><p><a href="{}">{}</a></p></div>'
    words = ("[详细]", "阅读全文>>", "Read more")
    found = read_listing(
        "".join(map(teaser.format, HEADLINES, ("/x/7", "/y/7/z", "/z?k=7"), words)), URL
    )
    assert [entry.listing.headline for entry in found.articles] == []  # no address speaks for them
    body = "".join(map(teaser.format, HEADLINES, ("/d/7", "/d/8", "/d/9"), words))
    found = read_listing(body, URL)
    assert [entry.listing.headline for entry in found.articles] == HEADLINES[:3]
    two = f"<div>{body}<h3>{HEADLINES[3]}</h3></div>"
    assert len(read_listing(two, URL).articles) == 3


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("/stock/600000.html", "浦发银行(600000)"),
        ("/zt/subject-1700000000/", "专题"),
        ("/Product.aspx?id=12", "产品展示"),
        ("/people/jane-doe-senior-reporter", "Jane Doe"),
    ],
)
def test_a_name_by_itself_speaks_against_the_address(href: str, text: str) -> None:
    found = read_listing(f'<a href="{href}">{text}</a>', URL)
    assert articles(found) == []
    assert len(found.sections) == 1
    headline = read_listing(f'<a href="{href}">{HEADLINES[0]}</a>', URL)
    assert articles(headline) == [href]
    dated = read_listing(f'<li><a href="{href}">{text}</a> 2024-05-03</li>', URL)
    assert articles(dated) == [href]


@pytest.mark.parametrize(
    ("kind", "key", "title"),
    [
        ("application/json", "url", "title"),
        ("application/json", "path", "name"),
        ("application/ld+json", "url", "headline"),
        ("application/ld+json", "@id", "name"),
    ],
)
def test_stories_of_a_page_made_by_script_are_read_from_its_data(
    kind: str, key: str, title: str
) -> None:
    items = [{key: f"/n/{n}", title: HEADLINES[n]} for n in range(3)]
    data = json.dumps({"page": {"menu": {"title": "财经", "url": "/cj/"}, "list": [{"e": items}]}})
    found = read_listing(f'<div id="app"></div><script type="{kind}">{data}</script>', URL)
    assert articles(found) == ["/n/0", "/n/1", "/n/2"]
    assert [entry.listing.headline for entry in found.articles] == HEADLINES[:3]
    assert found.sections == ["http://www.press.example/cj/"]


def test_data_is_left_where_links_say_the_same_and_may_be_anything() -> None:
    data = json.dumps([{"url": f"/n/{n}", "title": HEADLINES[n]} for n in range(3)])
    script = f'<script type="application/json">{data}</script>'
    assert articles(read_listing(rows("/a/1.html") + script, URL)) == ["/a/1.html"]
    for spoiled in (data[:-1], "[" * 100_000, "3", '{"url": [], "title": 1}', '"\\ud800"'):
        page = f'<a href="/cj/">财经</a><script type="application/json">{spoiled}</script>'
        assert articles(read_listing(page, URL)) == []


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


def test_the_mobile_edition_of_a_site_is_no_section_of_it() -> None:
    links = (
        '<a href="http://m.press.example/">手机版</a><a href="http://fund.press.example/">基金</a>'
    )
    assert read_listing(links, URL).sections == ["http://fund.press.example/"]
    assert len(read_listing(links, "http://m.press.example/cj/").sections) == 2


def test_a_page_called_what_strangers_are_is_remembered() -> None:
    foot = '<footer><a href="/2020/01/01/how-to-advertise-with-us">Advertise with us</a></footer>'
    assert len(read_listing(foot, URL).framework) == 1


def test_the_same_short_text_again_and_again_is_no_name() -> None:
    body = "".join(f'<p>摘要 <a href="/x/12345{n}.html">点此</a></p>' for n in range(3))
    assert len(articles(read_listing(body, URL))) == 3
    assert articles(read_listing(body.partition("</p>")[0], URL)) == []


def test_a_page_in_the_foot_with_a_year_in_its_address_is_about_the_site() -> None:
    foot = '<footer><a href="/info/our-pledge-for-work-2026">{}</a></footer>'
    assert articles(read_listing(foot.format("Our pledge"), URL)) == []
    story = "Harbour workers vote on a pledge"
    assert len(articles(read_listing(foot.format(story), URL))) == 1


def test_a_short_headline_in_a_dated_list_is_an_article() -> None:
    body = (
        rows("/k/a", "/k/b", "/k/c", date="05-03 08:30") + '<li><a href="/k/d">涨停</a> 05-03</li>'
    )
    assert "/k/d" in articles(read_listing(body, URL))


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


def test_one_article_under_many_addresses_is_one_entry() -> None:
    body = """<a href="http://m.press.example/a/1234567.html"><img alt="pic"></a>
      <a href="/a/1234567.html?from=app">央行宣布下调存款准备金率半个百分点</a>
      <a href="http://www.press.example/a/1234567.html#top">央行</a>"""
    reading = read_listing(body, URL)
    assert [entry.url for entry in reading.articles] == ["http://www.press.example/a/1234567.html"]
    assert reading.articles[0].listing.headline == HEADLINES[0]


def test_base_and_canonical_are_heeded() -> None:
    body = """<base href="/deep/"><link rel="canonical" href="http://www.press.example/finance">
      <a href="1234567.html">x</a>"""
    reading = read_listing(body, URL)
    assert articles(reading) == ["/deep/1234567.html"]
    assert reading.canonical == "http://www.press.example/finance"
    foreign = read_listing('<link rel="canonical" href="http://other.example/">', URL)
    assert foreign.canonical is None


def test_frames_and_refreshes_lead_to_sections() -> None:
    body = """<meta http-equiv="refresh" content="0; url=/home/"><iframe src="/list/top.html">
      </iframe><iframe src="http://ads.example/x"></iframe>"""
    assert [url[24:] for url in read_listing(body, URL).sections] == ["/home/", "/list/top.html"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16", "big5"])
def test_texts_are_read_in_their_encoding(encoding: str) -> None:
    meta = f'<meta charset="{encoding}">'
    body = f'{meta}<a href="/a/1234567.html">央行宣布降息</a><a href="index_2.html">下一頁</a>'
    if encoding == "big5":
        body = body.replace("央行宣布降息", "央行宣布")
    reading = read_listing(body.encode(encoding), URL)
    assert (reading.articles[0].listing.headline or "").startswith("央行宣布")
    assert len(reading.next_pages) == 1


def test_what_the_site_taught_is_used() -> None:
    shapes = ArticleShapes()
    shapes.learn(f"http://www.press.example/k/{number}" for number in range(10, 20))
    body = '<a href="/k/21">涨停</a>'
    assert articles(read_listing(body, URL)) == []
    assert articles(read_listing(body, URL, shapes=shapes)) == ["/k/21"]


@pytest.mark.parametrize("find", [common_feed_paths, common_sitemap_paths])
def test_common_paths_stand_at_the_root_of_the_site(find: object) -> None:
    assert callable(find)
    found = find("http://127.0.0.1:8701/deep/x.html")
    assert found
    assert all(url.startswith("http://127.0.0.1:8701/") and "deep" not in url for url in found)
    assert find("javascript:x") == []


@pytest.mark.parametrize(
    "run", ["<a href=/x>", "<li>", "<", "<a href='/1234567", " ", "&", "12:30 "]
)
def test_long_runs_take_no_time(run: str) -> None:
    started = time.process_time()
    read_listing("<div>" + run * 20_000, URL)
    assert time.process_time() - started < 3.0


@settings(deadline=None)
@given(st.binary() | st.text(alphabet="<a href='/1.?&=>下一页2\"x/:[]#").map(str.encode), st.text())
def test_nothing_raises(body: bytes, url: str) -> None:
    read_listing(body, URL)
    read_listing(body, url)


def test_a_page_that_names_feeds_for_people_is_told_from_a_feed() -> None:
    links = '<a href="/service/rss.html">RSS</a><a href="/Feeds/index.html">Feeds</a>'
    reading = read_listing(links, "http://www.press.example/")
    pages = ["/service/rss.html", "/Feeds/index.html"]
    assert reading.feed_pages == [f"http://www.press.example{path}" for path in pages]


@pytest.mark.parametrize(
    "markup",
    [
        """<div onclick="location.href='/a/1234567.html'"><h3>{text}</h3></div>""",
        """<tr onClick="window.open('/a/1234567.html', '_blank');"><td>{text}</td></tr>""",
        """<a href="javascript:void(0)" onclick="document.location='/a/1234567.html'">{text}</a>""",
        """<a href="javascript:window.open('/a/1234567.html')">{text}</a>""",
        """<a href="#" onclick="location.assign('/a/1234567.html');return false">{text}</a>""",
        """<div data-href="/a/1234567.html"><h2>{text}</h2><p>2024-05-03</p></div>""",
    ],
)
def test_rows_that_can_be_clicked_are_links(markup: str) -> None:
    page = f"<table>{markup.format(text=HEADLINES[0])}</table>"
    assert articles(read_listing(page, URL)) == ["/a/1234567.html"]


@pytest.mark.parametrize(
    "markup",
    [
        """<a onclick="location.href='/a/' + id + '.html'">{text}</a>""",
        """<a onclick="track('/a/1234567.html')">{text}</a>""",
        """<a href="/b/7654321.html" onclick="location='/a/1234567.html'">{text}</a>""",
    ],
)
def test_what_only_a_script_knows_is_no_link(markup: str) -> None:
    assert "/a/1234567.html" not in articles(read_listing(markup.format(text=HEADLINES[0]), URL))


def test_sections_of_a_select_box_are_found() -> None:
    options = "<option value='/stock/'>股票</option><option value='3'>三</option>"
    reading = read_listing(f"<select>{options}</select>", URL)
    assert reading.sections == ["http://www.press.example/stock/"]


@pytest.mark.parametrize(
    "href",
    [
        "/a/1234567.html?print=1",
        "/a/1234567.html?share=weibo&at=top",
        "/show.php?id=1234&view=comments",
        "/print/1234567.html",
    ],
)
def test_copies_for_print_and_sharing_are_no_articles(href: str) -> None:
    rows = "".join(
        f'<li><a href="{path}">{HEADLINES[0]}</a> 2024-05-03</li>'
        for path in ("/a/1234567.html", "/show.php?id=1234", href)
    )
    assert articles(read_listing(rows, URL)) == ["/a/1234567.html", "/show.php?id=1234"]


def test_numbers_are_no_copies_of_their_list() -> None:
    rows = "".join(
        f'<li><a href="/show.php{query}">{HEADLINES[0]}</a> 2024-05-03</li>'
        for query in ("", "?id=1234", "?id=1235")
    )
    found = articles(read_listing(rows, URL))
    assert {"/show.php?id=1234", "/show.php?id=1235"} <= set(found)


def test_no_list_lies_below_an_article() -> None:
    links = f'<a href="/story/4711-ports">{HEADLINES[0]}</a><a href="/story/4711-ports/talk">3</a>'
    assert read_listing(links, URL).sections == []


@pytest.mark.parametrize(
    "frame", ["<footer>{}</footer>", "<div class='wide Footer'>{}</div>", "<nav><ul>{}</ul></nav>"]
)
def test_the_foot_of_a_page_names_articles_by_certain_addresses_only(frame: str) -> None:
    known = ArticleShapes()
    known.learn([f"http://www.press.example/{slug}-wins-a-prize" for slug in ("ann", "bob", "eve")])
    links = (
        '<li><a href="/how-we-work-here">How we work: our editorial standards</a></li>'
        '<li><a href="/2024/05/03/1234567.html">The harbour reports its year</a></li>'
    )
    reading = read_listing(frame.format(links), URL, shapes=known)
    assert articles(reading) == ["/2024/05/03/1234567.html"]
    assert len(articles(read_listing(links, URL, shapes=known))) == 2


def test_an_archive_named_by_its_day_is_a_list() -> None:
    link = '<a href="/archives/2026/03/28/">28 March 2026</a>'
    reading = read_listing(link, "http://www.press.example/archives/")
    assert (articles(reading), len(reading.sections)) == ([], 1)
