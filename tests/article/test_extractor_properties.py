"""What holds for any page: nothing invented, order kept, no exception, linear time."""

from __future__ import annotations

import html
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.items import Page, PagePart
from pipelines.article import Extractor
from pipelines.article.page.document import parse

EXTRACTOR = Extractor.load()
NOW = "2021-10-01T00:00:00+00:00"
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SENTENCES = [
    "海港银行周四公布中期业绩，上半年实现净利润三十二亿元，同比增长一成。",
    "行长在业绩会上表示，增长主要来自渔业贷款和港口物流贷款，不良率下降。",
    "The last bank in the harbour town closed on Thursday, leaving nobody at the counter.",
    "Ein Lager der Schiffsschraube musste getauscht werden, was länger dauerte als geplant.",
    "（责任编辑：林小舟）",
    "猜你喜欢",
    "Related articles",
    "2021-08-19 16:40",
    "更多>>",
]
TAGS = ["p", "div", "section", "li", "td", "span", "h2", "figcaption", "aside", "font", "b"]
NAMES = ["", ' class="content"', ' class="share-bar"', ' style="display:none"', ' class="related"']

leaves = st.sampled_from(SENTENCES) | st.just("<br>") | st.just('<img src="a.jpg">')
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda tag, name, parts: f"<{tag}{name}>{''.join(parts)}</{tag}>",
        st.sampled_from([*TAGS, "a href=/x"]).map(lambda tag: tag),
        st.sampled_from(NAMES),
        st.lists(inner, max_size=4),
    ).map(lambda text: text.replace("</a href=/x>", "</a>")),
    max_leaves=30,
)


def page_of(body: bytes) -> Page:
    url = "https://bay.example/news/1.html"
    return Page(candidate=url, url=url, parts=[PagePart(url, body)], site="x", date_fetched=NOW)


def squeezed(text: str) -> str:
    return "".join(text.split())


@RELAXED
@given(trees)
def test_the_body_is_the_pages_own_text_in_its_order(tree: str) -> None:
    page = f"<meta charset=utf-8><title>t</title><body>{tree}"
    done = EXTRACTOR.extract(page_of(page.encode()))
    assert (done.article is None) != (done.rejection is None)
    if done.article is None:
        return
    visible = squeezed("".join(block.text for block in parse(page).blocks))
    at = 0
    for line in done.article.article_body.split("\n"):
        at = visible.index(squeezed(line), at) + len(squeezed(line))


@RELAXED
@given(st.binary(max_size=400))
def test_any_bytes_end_in_one_outcome(body: bytes) -> None:
    for whole in (body, b"<p>" + body, b"<html><body>" + SENTENCES[0].encode("gbk") + body):
        done = EXTRACTOR.extract(page_of(whole))
        assert (done.article is None) != (done.rejection is None)


@RELAXED
@given(st.text(max_size=200))
def test_any_text_is_written_as_valid_utf_8(text: str) -> None:
    story = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:4])
    page = f"<title>{html.escape(text)}</title>{story}<p>{html.escape(text)}，{SENTENCES[0]}</p>"
    done = EXTRACTOR.extract(page_of(page.encode("utf-8", "replace")))
    assert done.article is not None
    done.article.article_body.encode("utf-8")
    assert "\n\n" not in done.article.article_body


@RELAXED
@given(st.lists(st.sampled_from(SENTENCES[:4]), min_size=2, max_size=8, unique=False))
def test_cleaning_a_clean_body_changes_nothing(sentences: list[str]) -> None:
    page = "<meta charset=utf-8>" + "".join(f"<p>{sentence}</p>" for sentence in sentences)
    done = EXTRACTOR.extract(page_of(page.encode()))
    assert done.article is not None
    assert done.article.article_body.split("\n") == sentences


def test_a_page_twice_as_long_takes_at_most_two_and_a_half_times_as_long() -> None:
    item = '<div class="item"><p>{}</p><a href="/x">更多新闻在这里</a><span>08-19</span></div>'
    half = "".join(item.format(SENTENCES[number % 4]) for number in range(1_500))
    times = []
    for body in (half, half + half):
        page = page_of(f"<meta charset=utf-8><h1>题目</h1>{body}".encode())
        rounds = []
        for _ in range(3):
            started = time.process_time()
            EXTRACTOR.extract(page)
            rounds.append(time.process_time() - started)
        times.append(min(rounds))
    assert times[1] < 2.5 * times[0] + 0.02
