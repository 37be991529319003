"""Where paragraphs stand says what belongs to them, with no class name and no phrase to help."""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extractor

URL = "https://quay.example/1"
STORY = [
    "The library of the harbour said on Monday that its twenty branches would stay open until ten"
    " at night from June, at weekends too, and that nobody would have to run for the last tram.",
    "Its director, Ann Lee, told the council that forty librarians had been hired for the longer"
    " hours, and that the town would pay for them, at a cost of three million crowns a year.",
    "Tom Hall, who lives across the river, said he seldom came home before eight, and that he had"
    " only been able to take out books at weekends, which his children had never liked.",
    "Three of the oldest branches will be repaired before the end of the year, with brighter lamps"
    " and wider tables, and readers will be sent to the next branch while the work goes on.",
]
SHOWN = (
    "Readers wait for the doors of the oldest branch to open on a Monday morning in May, before"
    " the longer hours were agreed upon, and before the lamps over its tables had been changed."
)
BEHIND = "The quay belongs to its readers, who may leave a letter with the porter at its door."
OTHERS = [
    f'<a href="/s/{n}">{text}</a>'
    for n, text in enumerate(
        (
            "How the ferries of the quay came to be painted green",
            "What the flood of last spring has left in the cellars",
            "The mayor, the tram and the bridge that nobody wants",
        )
    )
]
LISTED = "".join(
    f"<li>{link}, as it was told to us by the people of the quay</li>" for link in OTHERS
)
NUMBERED = list(enumerate(STORY))
HALVES = (STORY[:2], STORY[2:])
SECTIONS = [f"<div><h2>Part {n}</h2><p>{text}</p></div>" for n, text in enumerate(STORY)]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def body(extractor: Extractor, content: str) -> list[str]:
    title = "Libraries will stay open until ten at night"
    return extract_body(
        extractor, f"<title>{title}</title><body><h1>{title}</h1><div>{content}</div>"
    )


def extract_body(extractor: Extractor, html: str) -> list[str]:
    page = Page(
        candidate=URL,
        url=URL,
        parts=[PagePart(URL, html.encode())],
        site="quay.example",
        date_fetched="2026-03-12T00:00:00+00:00",
    )
    article = extractor.extract(page).article
    assert article is not None
    return article.article_body.split("\n")


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def framed(text: str) -> str:
    return f'<div><div><img src="/q.jpg"></div><div>{text}</div></div>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            paragraphs(STORY[:2]) + framed(SHOWN) + paragraphs(STORY[2:]),
            id="whole sentences in the frame of a picture",
        ),
        pytest.param(
            paragraphs(STORY[:2])
            + f"<div><h3>The branches in figures</h3><ul><li>{BEHIND}</li></ul></div>"
            + paragraphs(STORY[2:]),
            id="a headed box between the paragraphs",
        ),
        pytest.param(
            f"<div>{paragraphs(STORY)}</div><div><div>{BEHIND}</div></div>",
            id="sentences behind the element of the paragraphs",
        ),
        pytest.param(
            paragraphs(STORY[:3]) + f"<p>Wema kule: {OTHERS[0]}</p>" + paragraphs(STORY[3:]),
            id="a few words of any language and a headline that is a link",
        ),
        pytest.param(
            paragraphs(STORY) + f"<div>Kusoma zaidi</div><ul>{LISTED}</ul>",
            id="a list of links at the end",
        ),
        pytest.param(
            "".join(f"<p>{line}</p><div>Tell us if this box troubles you</div>" for line in STORY),
            id="a line in another element behind each paragraph",
        ),
        pytest.param(
            paragraphs(STORY[:2])
            + "<div><div>Quay Ferries</div><div>QFR</div><div>18.35</div><div>+2.14%</div></div>"
            + paragraphs(STORY[2:]),
            id="a box of a name and figures",
        ),
        pytest.param(
            f'<div class="article-deck">{BEHIND}</div><div>{paragraphs(STORY)}</div>',
            id="a deck ahead of the paragraphs' element",
        ),
        pytest.param(
            f'<p class="x-standfirst">{BEHIND}</p>' + paragraphs(STORY),
            id="a deck that is the first of the paragraphs",
        ),
        pytest.param(
            '<div class="Story-keyPoints"><b>In short</b>'
            f"<ul><li>{BEHIND}</li><li>{SHOWN}</li></ul></div>"
            + "".join(f'<div class="group">{paragraphs(two)}</div>' for two in HALVES),
            id="a list of key points before paragraphs in groups",
        ),
        pytest.param(
            "<h2>The harbour Libraries will stay open until ten at night</h2>" + paragraphs(STORY),
            id="the headline with a kicker before it",
        ),
    ],
)
def test_what_stands_apart_from_the_paragraphs_goes(extractor: Extractor, content: str) -> None:
    assert body(extractor, content) == STORY


@pytest.mark.parametrize(
    ("content", "story"),
    [
        pytest.param(framed(SHOWN), [SHOWN], id="one paragraph beside its picture"),
        pytest.param("".join(map(framed, STORY)), STORY, id="pictures that tell the story"),
        pytest.param(
            f"<div>{paragraphs(STORY[:3])}</div><div></div><div>{paragraphs(STORY[3:])}</div>",
            STORY,
            id="a story in two elements",
        ),
        pytest.param(
            "".join(SECTIONS),
            [line for n, text in enumerate(STORY) for line in (f"Part {n}", text)],
            id="sections of one make",
        ),
        pytest.param(
            paragraphs(STORY[:2])
            + "<table><tr><td>Ferries</td><td>18</td><td>21</td></tr></table>"
            + paragraphs(STORY[2:]),
            [*STORY[:2], "Ferries 18 21", *STORY[2:]],
            id="a table of figures",
        ),
        pytest.param(
            paragraphs(STORY[:2]) + f"<ul><li>{BEHIND}</li></ul>" + paragraphs(STORY[2:]),
            [*STORY[:2], BEHIND, *STORY[2:]],
            id="a list without a heading",
        ),
        pytest.param(
            f"<p>{SHOWN}</p>"
            + "".join(f'<h3><a href="/t/{n}">Lamp {n}</a></h3><p>{t}</p>' for n, t in NUMBERED),
            [SHOWN, *[line for n, text in NUMBERED for line in (f"Lamp {n}", text)]],
            id="headings that are links",
        ),
        pytest.param(
            "<p>What it costs by the hour</p>".join(f"<p>{line}</p>" for line in [*STORY, SHOWN]),
            [line for text in STORY for line in (text, "What it costs by the hour")] + [SHOWN],
            id="a line between the paragraphs that is said again and again",
        ),
        pytest.param(
            paragraphs(STORY[:2])
            + '<h2 class="body-subtitle">What it costs</h2>'
            + paragraphs(STORY[2:]),
            [*STORY[:2], "What it costs", *STORY[2:]],
            id="a sub-heading whose class says sub-title",
        ),
        pytest.param(
            f'<p class="summary">{STORY[0]}</p><div>{paragraphs(STORY[1:])}</div>',
            STORY,
            id="a first paragraph that is called a summary",
        ),
        pytest.param(
            "".join(f'<p class="editor-text">{line}</p>' for line in STORY),
            STORY,
            id="paragraphs whose class names an editor",
        ),
    ],
)
def test_a_story_that_is_laid_out_otherwise_stays_whole(
    extractor: Extractor, content: str, story: list[str]
) -> None:
    assert body(extractor, content) == story


@pytest.mark.parametrize(
    ("behind", "kept"),
    [
        ('<a href="/">返回海港网，查看更多</a>', ""),
        ('<a href="/s/1">Read more</a>', ""),
        (' <a href="/s/1">[详细]</a>', ""),
        (' She said so <a href="/s/1">on Facebook</a>.', " She said so on Facebook."),
        (' The report is called <a href="/s/1">Read more</a>', " The report is called Read more"),
    ],
)
def test_a_link_behind_the_last_sentence_goes_where_it_only_leads_on(
    extractor: Extractor, behind: str, kept: str
) -> None:
    content = f"<p>{STORY[0]}{behind}</p>" + paragraphs(STORY[1:])
    assert body(extractor, content) == [STORY[0] + kept, *STORY[1:]]


COOKIES = [
    "We use cookies to see how our pages are read, and to show you what fits your interests best.",
    "Needed cookies make the site work, and cannot be switched off, whatever you would rather do.",
    "Other cookies count the visits of our readers, so that we know which pages they like most.",
    "You may withdraw your consent to cookies at any time, at the foot of every page of the quay.",
]


@pytest.mark.parametrize("places", ["{dialog}{story}", "{story}{dialog}"])
def test_a_dialog_about_cookies_is_not_the_story_though_it_is_longer(
    extractor: Extractor, places: str
) -> None:
    dialog = f'<div class="zq">{paragraphs(COOKIES * 2)}</div>'
    story = f"<main><h1>Libraries stay open</h1><p>{STORY[0]}</p></main>"
    html = f"<title>Libraries stay open</title>{places.format(dialog=dialog, story=story)}"
    assert extract_body(extractor, html) == [STORY[0]]


def test_a_story_about_cookies_is_a_story(extractor: Extractor) -> None:
    assert body(extractor, paragraphs(COOKIES)) == COOKIES
