"""The headline: what is cut off a title, and which of several titles is the story's."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.metadata.headline import TitleClaim, choose_headline, strip_site
from pipelines.article.page.document import parse

TITLES = {
    "underscore": ("河畔机床净利润同比增长两成_河畔财经", "河畔机床净利润同比增长两成"),
    "sections too": (
        "河畔机床净利润同比增长两成_数据_宏观_河畔网 - RIVER.COM.CN",
        "河畔机床净利润同比增长两成",
    ),
    "two hyphens": ("河畔机床净利润同比增长两成--时政--河畔网", "河畔机床净利润同比增长两成"),
    "hyphen": ("河畔机床净利润同比增长两成-河畔网", "河畔机床净利润同比增长两成"),
    "a short section": (
        "강변 공작기계 순이익 늘었다-경제ㅣ강변일보",
        "강변 공작기계 순이익 늘었다",
    ),
    "bar": ("Mill reopens after the flood | Courier", "Mill reopens after the flood"),
    "known name": (
        "Mill reopens after the flood - Riverside Today",
        "Mill reopens after the flood",
    ),
    "name of the host": (
        "Mill reopens after the flood — Riverpost",
        "Mill reopens after the flood",
    ),
    "name first": (
        "Riverside Today | Mill reopens after the flood",
        "Mill reopens after the flood",
    ),
    "a hyphen inside": ("COVID-19 closes the mill - Riverside Today", "COVID-19 closes the mill"),
    "a dash inside": (
        "Mill reopens – after a year of repairs",
        "Mill reopens – after a year of repairs",
    ),
    "a colon inside": ("河畔机床：净利润同比增长两成", "河畔机床：净利润同比增长两成"),
    "a long dash inside": ("积极因素增多——河畔外贸向好_河畔网", "积极因素增多——河畔外贸向好"),
    "nothing to cut": ("河畔机床净利润增长", "河畔机床净利润增长"),
    "only the site": ("河畔网", "河畔网"),
}


@pytest.mark.parametrize(("title", "headline"), TITLES.values(), ids=TITLES.keys())
def test_site_is_cut_off_the_title_and_nothing_else(title: str, headline: str) -> None:
    assert strip_site(title, ["Riverside Today"], "www.riverpost.com") == headline


def headline_of(html: str, *claims: TitleClaim) -> str | None:
    document = parse(html)
    chosen = choose_headline(
        [*claims, TitleClaim(document.title, "title", 1)], document.blocks, host="www.river.example"
    )
    return chosen.text if chosen else None


def test_heading_that_the_title_begins_with_is_the_headline() -> None:
    html = (
        "<title>河畔机床净利润增长两成_河畔网</title><h1>河畔网</h1><h2>河畔机床净利润增长两成</h2>"
    )
    assert headline_of(html) == "河畔机床净利润增长两成"


def test_first_heading_of_another_story_is_not_taken() -> None:
    html = (
        "<title>河畔机床净利润增长两成 | 两岸 | 河畔日报</title>"
        "<h1>周报：东港大桥下月通车</h1><p>广告</p><div>河畔机床净利润增长两成</div>"
    )
    assert headline_of(html) == "河畔机床净利润增长两成"


def test_heading_restores_a_claim_that_was_cut_at_a_quotation_mark() -> None:
    html = '<title>河畔集团"暗伤"曝露_河畔网</title><h1>河畔集团"暗伤"曝露</h1>'
    assert headline_of(html, TitleClaim("河畔集团", "meta", 2)) == '河畔集团"暗伤"曝露'


def test_claims_that_agree_outvote_a_lower_heading() -> None:
    html = "<title>Mill reopens at last | Courier</title><h3>Mill reopens</h3>"
    claims = [
        TitleClaim("Mill reopens at last", "json-ld", 2),
        TitleClaim("Mill reopens at last", "meta", 2),
    ]
    assert headline_of(html, *claims) == "Mill reopens at last"


def test_separator_that_markup_swallowed_comes_back_from_metadata() -> None:
    html = (
        "<title>x</title><h1><span class=k>Flood at the river</span><span>Mill reopens</span></h1>"
    )
    claim = TitleClaim("Flood at the river: Mill reopens", "meta", 2)
    assert headline_of(html, claim) == "Flood at the river: Mill reopens"


def test_a_page_without_any_title_has_no_headline() -> None:
    assert choose_headline([], parse("<p>text</p>").blocks) is None


@given(st.text(max_size=120))
def test_what_is_left_of_a_title_is_a_part_of_it(title: str) -> None:
    assert strip_site(title, ["x"], "river.example") in " ".join(title.split())


@pytest.mark.parametrize("filler", [" ", "-", "_", " - ", "|", "：", "a", "河"])
def test_long_runs_take_linear_time(filler: str) -> None:
    started = time.process_time()
    strip_site(filler * (100_000 // len(filler)), [], "")
    assert time.process_time() - started < 3
