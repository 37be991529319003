"""Every entry of the vocabulary has a page that needs it and one that it must not touch.

One invented story a language; the entry's example stands at its group's place and must go, its
counter-example stands between the paragraphs and must stay.
"""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extraction, Extractor
from pipelines.article.vocabulary import Entry, Vocabulary

URL = "https://quay.example/1"
# The paragraphs of the story: those of the entry's script, so that languages do not look foreign.
CHINESE = (
    (
        "晨港市图书馆周一宣布，全市二十家分馆从六月起把开放时间延"
        "长到晚上十点，周末也不例外，读者不必再赶末班车还书。"
    ),
    (
        "馆长林小舟在发布会上介绍，新增的四十名馆员已经招齐，所需"
        "经费由市里承担，估计每年比过去多花三百万元左右。"
    ),
    (
        "家住河东的周一鸣说，他下班到家往往已经八点，以前只能在周"
        "末借书，现在终于可以在平日的晚上带着孩子来看书。"
    ),
    (
        "图书馆还计划在年底前翻修三家最老的分馆，换上更亮的灯和更"
        "宽的桌子，工程期间读者可以到邻近的分馆去借书。"
    ),
    (
        "市议会将在下个月讨论这项计划的经费，几名议员已经表示支持"
        "，他们认为这比修建一座新的体育馆更有用处得多。"
    ),
)
LATIN = (
    "The library of the harbour said on Monday that its twenty branches would stay open until ten"
    " at night from June, at weekends too, and that nobody would have to run for the last tram.",
    "Its director, Ann Lee, told the council that forty librarians had been hired for the longer"
    " hours, and that the town would pay for them, at a cost of three million crowns a year.",
    "Tom Hall, who lives across the river, said he seldom came home before eight, and that he had"
    " only been able to take out books at weekends, which his children had never liked.",
    "Three of the oldest branches will be repaired before the end of the year, with brighter lamps"
    " and wider tables, and readers will be sent to the next branch while the work goes on.",
    "The council will talk about the money next month, and several of its members have said they"
    " are for the plan, which they think more useful than another hall for sports.",
)
LISTED = [f'<li><a href="/s/{n}">Another story of the quay, number {n}</a></li>' for n in range(5)]
HEAD = frozenset(("byline", "meta_line", "source_line", "original_title", "editor_note"))
# Groups that say something of a page and not of a line: the reason that they give.
OF_PAGES = {
    "not_found": "not_found",
    "login_wall": "not_an_article",
    "about_site": "not_an_article",
}
TITLE = "Libraries will stay open until ten at night"
VOCABULARY = Vocabulary.load()
NAMED = [
    (entry, f"{entry.group}-{entry.language}-{entry.kind}-{number}")
    for number, entry in enumerate(VOCABULARY.entries)
]
ENTRIES = [pytest.param(entry, id=name) for entry, name in NAMED]
OF_LINE_ENTRIES = [pytest.param(e, id=name) for e, name in NAMED if e.group not in OF_PAGES]
OF_PAGE_ENTRIES = [pytest.param(e, id=name) for e, name in NAMED if e.group in OF_PAGES]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def story_for(entry: Entry) -> tuple[str, ...]:
    return CHINESE if entry.language.startswith("zh") else LATIN


def extract(extractor: Extractor, title: str, content: str) -> Extraction:
    html = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"<div>{content}</div></body></html>"
    )
    page = Page(
        candidate=URL,
        url=URL,
        parts=[PagePart(URL, html.encode())],
        site="quay.example",
        date_fetched="2026-03-12T00:00:00+00:00",
    )
    return extractor.extract(page)


def paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def with_example(entry: Entry, scope: str) -> str:
    """The story's paragraphs with the entry's example at the place of its group."""
    story = story_for(entry)
    if scope == "section" and entry.kind != "part":
        listed = f"<div><h3>{entry.example}</h3><ul>{''.join(LISTED)}</ul></div>"
        return paragraphs(story[:2]) + listed + paragraphs(story[2:])
    line = f"<p>{entry.example}</p>"
    if entry.group == "caption":
        return paragraphs(story[:2]) + f'<p><img src="/q.jpg"></p>{line}' + paragraphs(story[2:])
    if entry.group in HEAD:
        return line + paragraphs(story)
    return paragraphs(story) + line


@pytest.mark.parametrize("entry", OF_LINE_ENTRIES)
def test_the_example_goes_from_its_place_in_a_story(extractor: Extractor, entry: Entry) -> None:
    content = with_example(entry, VOCABULARY.scopes[entry.group])
    article = extract(extractor, TITLE, content).article
    assert article is not None
    assert article.article_body.split("\n") == list(story_for(entry))


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_counter_example_stays_between_the_paragraphs(
    extractor: Extractor, entry: Entry
) -> None:
    story = story_for(entry)
    lines = (*story[:2], entry.counter_example, *story[2:])
    article = extract(extractor, TITLE, paragraphs(lines)).article
    assert article is not None
    assert article.article_body.split("\n") == list(lines)


@pytest.mark.parametrize("entry", OF_PAGE_ENTRIES)
def test_the_example_of_a_page_has_it_refused(extractor: Extractor, entry: Entry) -> None:
    said = f"<p>{entry.example}</p>" * 2 + f"<p>{story_for(entry)[0]}</p>"
    rejection = extract(extractor, entry.example, said).rejection
    assert rejection is not None
    assert rejection.reason == OF_PAGES[entry.group]


@pytest.mark.parametrize("entry", OF_PAGE_ENTRIES)
def test_the_counter_example_of_a_page_is_the_title_of_a_story(
    extractor: Extractor, entry: Entry
) -> None:
    story = story_for(entry)
    article = extract(extractor, entry.counter_example, paragraphs(story[:2])).article
    assert article is not None
    assert article.article_body.split("\n") == list(story[:2])
