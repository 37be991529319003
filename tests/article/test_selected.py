"""A site list's selector names the place of the story, its language that of the text."""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extractor

STORY = (
    "The harbour company said on Monday that its twenty cranes would be replaced within three"
    " years by new ones from a yard up the river."
)
MORE = STORY.replace("Monday", "Tuesday").replace("twenty", "thirty")
COLUMN = (
    "Readers of this column know that the writer prefers the mountains to the sea in every"
    " season of the year, and that he says so whenever he is asked."
)
HTML = f"""<html><head><title>Cranes replaced at the harbour</title></head><body>
<h1>Cranes replaced at the harbour</h1><div class="long">{f"<p>{COLUMN}</p>" * 9}</div>
<div class="tale"><p>{STORY}</p><div class="tale"><p>{MORE}</p></div></div>
<div class="empty"><img src="/a.jpg"></div></body></html>"""


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def body_of(extractor: Extractor, selector: str, *parts: str) -> str:
    pages = [PagePart("https://news.example/1", part.encode()) for part in parts or (HTML,)]
    page = Page("c", "https://news.example/1", pages, "s", "2026-03-01T00:00:00+00:00")
    page.body_selector = selector
    article = extractor.extract(page).article
    assert article is not None
    assert article.headline == "Cranes replaced at the harbour"
    return article.article_body


@pytest.mark.parametrize("selector", [".tale", "div.tale", ".nothing, .tale", "h1, .tale"])
def test_the_story_is_what_the_selector_finds_once(extractor: Extractor, selector: str) -> None:
    assert body_of(extractor, selector) == f"{STORY}\n{MORE}"


@pytest.mark.parametrize("selector", ["", ".gone", ".empty"])
def test_a_selector_that_finds_no_text_is_left_aside(extractor: Extractor, selector: str) -> None:
    assert COLUMN in body_of(extractor, selector)


def test_it_holds_for_every_part(extractor: Extractor) -> None:
    second = HTML.replace(STORY, STORY.replace("harbour", "railway")).replace(MORE, "")
    assert body_of(extractor, ".tale", HTML, second).count("\n") == 2


def test_the_language_of_a_list_holds_where_the_text_tells_none(extractor: Extractor) -> None:
    words = "Brondel karvis tumelat oskirane, velundas priket somarol. " * 6
    html = f"<html><body><h1>Brondel karvis tumelat</h1><p>{words}</p></body></html>"
    part = PagePart("https://news.example/1", html.encode())
    page = Page("c", part.url, [part], "s", "2026-03-01T00:00:00+00:00", language="tl")
    article = extractor.extract(page).article
    assert article is not None
    assert article.language == "tl"
