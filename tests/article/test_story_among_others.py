"""A story keeps its short sentences and its tables, and takes no other text of its page in."""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extraction, Extractor

URL = "https://quay.example/1"
TITLE = "海港机场上半年旅客增加一成"
STORY = [
    "海港机场周一公布半年报，上半年旅客比去年同期增加一成，货运量也有小幅增长，收入因此创下新高。",
    "公司在公告中表示，增长主要来自国际航线的恢复，新航站楼的租金收入也比预期更早进账，负债有所下降。",
    "分析人士认为，下半年仍是旺季，但燃油价格的走势还不明朗，票价能否维持在目前的水平要看需求。",
]
LETTERS = [
    "我在机场上班，客流确实恢复得很好，但国际线还差一些，尤其是远程的方向，航班只有以前的六成。",
    "现在说增长还太早，去年同期的基数本来就低，再过两个季度看看票价和油价，才知道是不是真的好。",
    "希望夜间的航班少一些，我家就在跑道旁边，孩子睡不好觉，写信给机场也一直没有人回答我们。",
] * 4
SHORT = [
    "海港机场今天发布了半年报。",
    "收入增长，利润也在增长。",
    "为什么？",
    STORY[1],
    "但是",
    "合同还要重新谈。",
    "这是最大的变数。",
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def extract(extractor: Extractor, content: str) -> Extraction:
    html = f"<meta charset=utf-8><title>{TITLE}</title><body>{content}"
    page = Page(
        candidate=URL,
        url=URL,
        parts=[PagePart(URL, html.encode())],
        site="quay.example",
        date_fetched="2026-03-12T00:00:00+00:00",
        timezone="Asia/Shanghai",
    )
    return extractor.extract(page)


def body(extractor: Extractor, content: str) -> list[str]:
    article = extract(extractor, content).article
    assert article is not None
    return article.article_body.split("\n")


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def head(date: str = "2026-03-10 16:40") -> str:
    return f"<h1>{TITLE}</h1><div>{date}</div>"


def test_sentences_too_short_for_prose_stay_around_the_only_long_one(extractor: Extractor) -> None:
    assert body(extractor, f"{head()}<div>{paragraphs(SHORT)}</div>") == SHORT


def test_a_first_sentence_that_ends_in_the_word_for_report_is_no_outlet(
    extractor: Extractor,
) -> None:
    article = extract(extractor, f"{head()}<div>{paragraphs(SHORT)}</div>").article
    assert article is not None
    assert article.source is None


def test_readers_letters_go_though_they_are_longer_than_the_story(extractor: Extractor) -> None:
    letters = f"<h3>网友评论</h3><div class=zq>{paragraphs(LETTERS)}</div>"
    assert body(extractor, f"{head()}<div>{paragraphs(STORY)}</div>{letters}") == STORY


def test_a_button_for_comments_between_paragraphs_ends_nothing(extractor: Extractor) -> None:
    content = f"<p>{STORY[0]}</p><h4>评论</h4>" + paragraphs(STORY[1:])
    assert body(extractor, f"{head()}<div>{content}</div>") == STORY


def test_the_next_story_of_an_endless_page_is_another(extractor: Extractor) -> None:
    other = f"<article><h1>海港的三个夏天</h1>{paragraphs(LETTERS)}</article>"
    content = f"<main><article>{head()}{paragraphs(STORY)}</article>{other}</main>"
    assert body(extractor, content) == STORY


def test_an_article_that_holds_the_headline_alone_is_not_the_story(extractor: Extractor) -> None:
    content = f"<article>{head()}</article><article>{paragraphs(STORY)}</article>"
    assert body(extractor, content) == STORY


def test_the_cells_of_a_table_are_no_labels(extractor: Extractor) -> None:
    rows = [["日期", "时间", "来源", "涨跌幅"], ["2026-03-09", "09:30", "公告", "+1.2%"]] * 2
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    content = f"<p>{STORY[0]}</p><table>{table}</table>" + paragraphs(STORY[1:])
    expected = [STORY[0], *map(" ".join, rows), *STORY[1:]]
    assert body(extractor, f"{head()}<div>{content}</div>") == expected


def test_summaries_scattered_behind_the_story_go_though_they_are_more_together(
    extractor: Extractor,
) -> None:
    scattered = "".join(
        f'<div><div><a href="/s/{n}">海港的第{n}个夏天</a><p>第{n}年，{line}</p></div></div>'
        for n, line in enumerate(LETTERS)
    )
    content = f"<div>{head()}<div>{paragraphs(STORY * 2)}</div></div><h2>海港网更多</h2>{scattered}"
    assert body(extractor, content) == STORY * 2


def test_a_story_whose_paragraphs_each_have_an_element_stays_whole(extractor: Extractor) -> None:
    lines = [*STORY, *LETTERS[:3], *SHORT]
    apart = "".join(f"<div><div><div>{line}</div></div></div>" for line in lines)
    assert body(extractor, f"{head()}<div>{apart}</div>") == lines
