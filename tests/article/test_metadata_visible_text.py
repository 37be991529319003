"""Metadata of a page that is only visible text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Page
from pipelines.article.visible_text.metadata import read_text_metadata

SHARED = Path(__file__).parents[2] / "../shared"
PAGE = Page(
    candidate="a.txt",
    url="file:a.txt",
    parts=[],
    site="file",
    date_fetched="2024-06-15T12:00:00+00:00",
    kind="text",
)
STORY = [
    "河畔机床公司周三公布了前三季度的业绩，净利润同比增长百分之十二，董事会决定向股东分红。" * 2,
    "公司表示，增长主要来自河畔新区的订单，机床业务的净利润率也有所提高，全年目标不变。" * 2,
    "河畔机床董事长在会上说，公司将继续投入研发，并在东港建设第二座工厂，预计明年投产。" * 2,
]
OTHERS = [
    line
    for day in range(10, 16)
    for line in (f"东港新闻第{day}条", "东港举行了活动。...更多", f"2024-05-{day} 16:26:34")
]


def test_headline_date_and_dateline_of_a_page_with_a_list_behind_it() -> None:
    story = ["新华社东港5月13日电(李小溪)" + STORY[0], *STORY[1:]]
    lines = [
        "河畔机床净利润增长两成",
        "来源: 发布时间:2024-05-13 16:40:36",
        "",
        *story,
        "关键词:",
        *OTHERS,
    ]
    found = read_text_metadata(lines, PAGE)
    assert found.headline == "河畔机床净利润增长两成"
    assert found.date_published == "2024-05-13T16:40:36+08:00"
    assert (found.date_precision, found.date_published_from) == ("second", "text")
    assert found.source == "新华社"
    assert (found.headline_blocks, found.meta_blocks) == ([0], [1])


def test_navigation_above_the_headline_is_passed_over() -> None:
    navigation = ["首页", "新闻", "财经", "登录 注册", "首页 > 财经 > 正文"]
    lines = [
        *navigation,
        "河畔机床净利润增长两成",
        "分享到：",
        "9 23",
        "2024-05-13 16:40 来源：河畔日报",
        *STORY,
    ]
    found = read_text_metadata(lines, PAGE)
    assert found.headline == "河畔机床净利润增长两成"
    assert (found.source, found.date_published) == ("河畔日报", "2024-05-13T16:40:00+08:00")


def test_date_and_source_behind_the_story() -> None:
    lines = [
        "首页 > 正文",
        "河畔机床净利润增长两成",
        *STORY,
        "来源：河畔日报 时间：2024-05-13 16:40:36",
    ]
    found = read_text_metadata(lines, PAGE)
    assert found.headline == "河畔机床净利润增长两成"
    assert (found.source, found.date_published) == ("河畔日报", "2024-05-13T16:40:36+08:00")


def test_known_headline_is_taken_as_it_is() -> None:
    lines = ["河畔要闻", "", "河畔机床净利润增长两成", "2024-05-13 16:40", *STORY]
    found = read_text_metadata(lines, PAGE, headline=2)
    assert (found.headline, found.headline_blocks) == ("河畔机床净利润增长两成", [2])


def test_lines_without_a_story_give_nothing() -> None:
    found = read_text_metadata(["首页", "登录", ""], PAGE)
    assert (found.headline, found.date_published, found.source) == (None, None, None)


@given(st.lists(st.text(max_size=60), max_size=30))
def test_any_lines_are_read_without_an_error(lines: list[str]) -> None:
    found = read_text_metadata(lines, PAGE)
    for index in (*found.headline_blocks, *found.meta_blocks, *found.byline_blocks):
        assert 0 <= index < len(lines)


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the shared seeds are not here")
def test_seed_document_has_its_date_and_the_source_of_its_dateline() -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    found = read_text_metadata(seeds[0].read_text(encoding="utf-8").split("\n"), PAGE)
    assert found.date_published == "2018-08-31T16:40:36+08:00"
    assert found.source == "人民网"
    assert found.headline_blocks[0] == 0
