"""Homepages and section lists: what is an article, a section, a next page, a stranger."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.article_urls import ArticleShapes
from crawler.discovery.listings import (
    read_listing,
)
from tests.discovery.listing_pages import HEADLINES, URL, articles, rows


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
