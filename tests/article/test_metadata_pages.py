"""Whole pages: which date, source and writers are the story's, and where they come from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Listing, Page
from pipelines.article.metadata.fields import Metadata, read_metadata
from pipelines.article.page.document import parse

PAGE = Page(
    candidate="https://www.river.example/a/1.html",
    url="https://www.river.example/a/1.html",
    parts=[],
    site="river.example",
    date_fetched="2024-06-15T12:00:00+00:00",
)
BODY = (
    "<p>"
    + "河畔机床公司周三公布了前三季度的业绩，净利润同比增长，董事会决定向股东分红。" * 3
    + "</p>"
)
HEADLINE = "河畔机床净利润增长两成"


def read(inside: str = "", head: str = "", page: Page = PAGE, *, before: str = "") -> Metadata:
    html = (
        f"<title>{HEADLINE}_河畔网</title>{head}<body>{before}<h1>{HEADLINE}</h1>{inside}{BODY * 2}"
    )
    return read_metadata(parse(html), page)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def json_ld(**fields: str) -> str:
    inside = "".join(f', "{name}": "{value}"' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle"{inside}}}</script>'


def test_a_full_meta_line_gives_every_field_and_its_blocks() -> None:
    found = read(
        "<div><span>2024-05-13 16:40</span> 来源：<a href='/s'>河畔日报</a> 作者：李小溪</div>"
    )
    assert found.headline == HEADLINE
    assert found.date_published == "2024-05-13T16:40:00+08:00"
    assert (found.date_precision, found.date_published_from) == ("minute", "text")
    assert found.date_published_raw == "2024-05-13 16:40"
    assert (found.source, found.source_url) == ("河畔日报", "https://www.river.example/s")
    assert found.authors == ["李小溪"]
    assert (found.headline_blocks, found.meta_blocks, found.byline_blocks) == ([0], [1], [1])
    assert found.language == "zh"


DATES = {
    "printed, to the second": ("<p>2024-05-13 16:40:36</p>", "", "2024-05-13T16:40:36+08:00"),
    "label and value apart": (
        "<p>发布时间：</p><p>2024-05-13</p>",
        "",
        "2024-05-13T00:00:00+08:00",
    ),
    "printed time completes a day in metadata": (
        "<p>2024-05-13 16:40</p>",
        meta("publishdate", "2024-05-13"),
        "2024-05-13T16:40:00+08:00",
    ),
    "metadata completes a printed day": (
        "<p>2024-05-13</p>",
        meta("article:published_time", "2024-05-13T16:40:36+08:00"),
        "2024-05-13T16:40:36+08:00",
    ),
    "local time with a wrong Z": (
        "<p>2024-05-13 16:40</p>",
        meta("article:published_time", "2024-05-13T16:40:36Z"),
        "2024-05-13T16:40:36+08:00",
    ),
    "a right Z": (
        "<p>2024-05-13 16:40</p>",
        meta("article:published_time", "2024-05-13T08:40:36Z"),
        "2024-05-13T16:40:36+08:00",
    ),
    "json-ld before meta": (
        "",
        json_ld(datePublished="2024-05-13T16:40:36+08:00") + meta("date", "2024-05-20"),
        "2024-05-13T16:40:36+08:00",
    ),
    "a label beats a weak name": (
        "<p>发布时间：2024-05-13 16:40</p>",
        meta("date", "2024-05-20"),
        "2024-05-13T16:40:00+08:00",
    ),
    "metadata beats a relative date": (
        "<p>3小时前</p>",
        json_ld(datePublished="2024-05-13T16:40:36+08:00"),
        "2024-05-13T16:40:36+08:00",
    ),
    "the year comes from metadata": (
        "<p>发布时间：05-1316:40</p>",
        '<meta itemprop="dateUpdate" content="2019-05-13 16:40:57">',
        "2019-05-13T16:40:00+08:00",
    ),
    "a change under a name of publication": (
        "<p>2024-05-13 16:40:00</p><p>最后更新: 2024-05-13 18:20:00</p>",
        json_ld(datePublished="2024-05-13T18:20:00", dateModified="2024-05-13T18:20:00"),
        "2024-05-13T16:40:00+08:00",
    ),
    "behind the story": (
        BODY + "<p>责任编辑：赵一帆</p><p>发布日期：2024-05-13</p>",
        "",
        "2024-05-13T00:00:00+08:00",
    ),
    "a day with a label, its minute in a <time>": (
        '<p>Posted on <time datetime="2024-05-13T16:40:36+08:00">May 13, 2024</time></p>',
        "",
        "2024-05-13T16:40:36+08:00",
    ),
    "a Korean line whose date ends in a dot": (
        "<p>2024.05.13. 오후 4:40 기사원문 김하늘 기자 추천 댓글 본문 요약봇 텍스트 음성 변환"
        " 글자 크기 변경하기</p>",
        "",
        "2024-05-13T16:40:00+08:00",
    ),
    "microdata": (
        '<p><time itemprop="datePublished" datetime="2024-05-13T16:40:36+08:00">May</time></p>',
        "",
        "2024-05-13T16:40:36+08:00",
    ),
}


@pytest.mark.parametrize(("inside", "head", "expected"), DATES.values(), ids=DATES.keys())
def test_date_of_publication(inside: str, head: str, expected: str) -> None:
    assert read(inside, head).date_published == expected


NOT_PUBLISHED = {
    "a change alone": ("<p>更新时间：2024-05-13 16:40</p>", ""),
    "a change in metadata": ("", meta("article:modified_time", "2024-05-13T16:40:36+08:00")),
    "the site's clock": ("<p>今天是2024年5月13日 星期一</p>", ""),
    "copyright": (BODY + "<p>版权所有 2019-2024</p>", ""),
    "a deadline in the text": ("<p>报名截至2024年5月13日16:40</p>", ""),
    "a day of the story": (
        "<p>2024年5月13日，河畔机床公司在东港召开大会，董事长出席并讲话，与会者一致表示满意。</p>",
        "",
    ),
    "the future": ("<p>2030-05-13 16:40</p>", meta("article:published_time", "2031-01-01")),
    "dates of other stories": (
        BODY + "".join(f"<li>东港新闻{day} 2024-05-{day} 10:00</li>" for day in range(10, 20)),
        "",
    ),
}


@pytest.mark.parametrize(("inside", "head"), NOT_PUBLISHED.values(), ids=NOT_PUBLISHED.keys())
def test_is_no_date_of_publication(inside: str, head: str) -> None:
    assert read(inside, head).date_published is None


def test_published_and_changed_are_told_apart() -> None:
    found = read("<p>发布时间：2024-05-13 16:40 更新时间：2024-05-14 08:00</p>")
    assert found.date_published == "2024-05-13T16:40:00+08:00"
    assert found.date_modified == "2024-05-14T08:00:00+08:00"


def test_zone_of_the_site_list_holds_for_printed_times() -> None:
    page = replace(PAGE, timezone="America/New_York")
    assert read("<p>2024-05-13 16:40</p>", page=page).date_published == "2024-05-13T16:40:00-04:00"


def test_address_gives_the_day_when_nothing_else_does() -> None:
    page = replace(PAGE, url="https://www.river.example/2024/05/13/1.html")
    found = read(page=page)
    assert (found.date_published, found.date_published_from) == ("2024-05-13T00:00:00+08:00", "url")


def test_feed_fills_what_the_page_does_not_say() -> None:
    listing = Listing(
        date_published="Mon, 13 May 2024 08:40:36 GMT", kind="feed", authors=["李小溪"]
    )
    found = read(page=replace(PAGE, listing=listing))
    assert (found.date_published, found.date_published_from) == (
        "2024-05-13T16:40:36+08:00",
        "feed",
    )
    assert found.authors == ["李小溪"]


SOURCES = {
    "label in a block, name in the next": ("<p>来源：</p><p>河畔日报</p>", "", "河畔日报"),
    "bare name behind the date": ("<p>2024-05-13 16:40 河畔日报</p>", "", "河畔日报"),
    "bare name between headline and date": (
        "<p>河畔周报</p><p>2024-05-13 16:40</p>",
        "",
        "河畔周报",
    ),
    "spans without blanks": (
        "<p><i class=t>2024-05-13 16:40</i><i class=s>来源：河畔日报</i><i class=a>李小溪</i></p>",
        "",
        "河畔日报",
    ),
    "behind the story": (BODY + "<p>本文来源：河畔晚报 责任编辑：赵一帆</p>", "", "河畔晚报"),
    "metadata with its own label": ("", meta("source", "来源：河畔日报"), "河畔日报"),
    "visible beats metadata": (
        "<p>来源：河畔网－河畔日报</p>",
        meta("source", "河畔日报"),
        "河畔网－河畔日报",
    ),
    "dateline": ("<p>新华社东港5月13日电 " + BODY[3:], "", "新华社"),
    "empty label, then dateline": ("<p>来源：</p><p>新华社东港5月13日电 " + BODY[3:], "", "新华社"),
    "nothing": ("<p>2024-05-13 16:40 阅读 326</p>", "", None),
    "the publisher is no credit": (
        "",
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",'
        ' "publisher": {"name": "河畔网"}}</script>',
        None,
    ),
}


@pytest.mark.parametrize(("inside", "head", "expected"), SOURCES.values(), ids=SOURCES.keys())
def test_credited_source(inside: str, head: str, expected: str | None) -> None:
    assert read(inside, head).source == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param('var ct = "1715588436";', "2024-05-13T16:20:36+08:00", id="seconds"),
        pytest.param(
            'var publish_time = "2024-05-13 16:40"', "2024-05-13T16:40:00+08:00", id="printed"
        ),
        pytest.param('{"product":"20240513"}', None, id="another name"),
        pytest.param(
            '[{"publishTime":"2024-05-13 16:40"},{"publishTime":"2024-05-11 16:40"}]',
            None,
            id="a list of stories",
        ),
    ],
)
def test_date_in_a_script_serves_where_nothing_is_printed(
    script: str, expected: str | None
) -> None:
    assert read(f"<script>{script}</script>").date_published == expected


DATE_PLACES = {
    "in pieces": "<div>2024</div><div>05/13</div><div>16:40</div>",
    "in the heading": "",
    "before the day of the week": "<p>2024年05月13日 16:40 星期一</p>",
}


@pytest.mark.parametrize("inside", DATE_PLACES.values(), ids=DATE_PLACES.keys())
def test_date_in_an_unusual_place(inside: str) -> None:
    heading = f"<h1>{HEADLINE}<small>2024-05-13 16:40</small></h1>" if not inside else ""
    html = f"<title>{HEADLINE}_河畔网</title>{heading or f'<h1>{HEADLINE}</h1>'}{inside}{BODY * 2}"
    found = read_metadata(parse(html), PAGE)
    assert (found.headline, found.date_published) == (HEADLINE, "2024-05-13T16:40:00+08:00")
    assert found.source is None


def test_editor_in_metadata_is_no_author() -> None:
    found = read(BODY + "<p>（责任编辑：赵一帆）</p>", meta("author", "赵一帆"))
    assert found.authors == []


def test_names_beside_a_date_are_writers_and_no_source() -> None:
    assert read("<p>2024-05-13 16:40 李小溪 王大川 丁一</p>").source is None


def test_plain_fields_and_addresses() -> None:
    head = (
        '<link rel="canonical" href="/a/1.html">'
        + meta("description", " What &amp;#39;s up ")
        + meta("og:image", "//img.river.example/1.jpg")
        + meta("article:section", "财经")
        + '<meta name="keywords" content="机床，分红,业绩">'
    )
    found = read(head=head)
    assert found.canonical_link == "https://www.river.example/a/1.html"
    assert found.image == "https://img.river.example/1.jpg"
    assert (found.description, found.section) == ("What 's up", "财经")
    assert found.keywords == ["机床", "分红", "业绩"]
    assert found.origins["headline"] == "text"


def test_title_of_a_section_gives_way_to_the_line_above_the_date() -> None:
    html = (
        "<title>新闻动态--河畔学会官网</title><p>首页 - 新闻动态</p><p>河畔地理年会在东港举行！</p>"
        f"<p>发布时间：2024-05-18 来源：河畔学会</p>{BODY * 2}"
    )
    assert read_metadata(parse(html), PAGE).headline == "河畔地理年会在东港举行！"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:image/png;base64,x", "http://[x"])
def test_address_that_is_none_is_left_out(address: str) -> None:
    assert read(head=meta("og:image", address)).image is None or address.startswith("http://[")


@given(st.text(max_size=300), st.text(alphabet="0123456789-:：来源作者文/年月日 <p>", max_size=200))
def test_any_page_is_read_without_an_error(text: str, line: str) -> None:
    found = read(f"<p>{line}</p>{text}", f"<title>{text}</title>{meta('pubdate', line)}")
    assert found.date_published is None or "T" in found.date_published
