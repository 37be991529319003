"""Pages made to be slow or to break: metadata stays linear and never raises."""

from __future__ import annotations

import time

import pytest

from crawler.items import Page
from pipelines.article.metadata.fields import read_metadata
from pipelines.article.page.document import parse
from pipelines.article.visible_text.metadata import read_text_metadata

PAGE = Page(
    candidate="https://www.river.example/a.html",
    url="https://www.river.example/a.html",
    parts=[],
    site="river.example",
    date_fetched="2024-06-15T12:00:00+00:00",
)
RUN = 100_000
FILLERS = [
    " ",
    "1",
    "(",
    "来源：",
    "作者：",
    "a|",
    "_河",
    "2024-05-13 ",
    "：",
    "、",
    "1:",
    "\n",
    "By ",
]


def seconds(html: str, **metas: str) -> float:
    document = parse(html)
    document.metas += [{"name": name, "content": content} for name, content in metas.items()]
    started = time.process_time()
    read_metadata(document, PAGE)
    return time.process_time() - started


@pytest.mark.parametrize("filler", FILLERS)
def test_long_title_takes_linear_time(filler: str) -> None:
    run = filler * (RUN // len(filler))
    assert seconds(f"<title>{run}</title><h1>{run}</h1><p>x") < 2


@pytest.mark.parametrize("filler", FILLERS)
def test_long_line_takes_linear_time(filler: str) -> None:
    run = filler * (RUN // len(filler))
    assert seconds(f"<title>河畔机床</title><h1>河畔机床</h1><p>{run}</p>") < 2


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("name", ["author", "pubdate", "keywords", "source", "og:title"])
def test_long_value_takes_linear_time(name: str, filler: str) -> None:
    assert seconds("<title>河畔机床</title>", **{name: filler * (RUN // len(filler))}) < 2


@pytest.mark.parametrize("line", ["来源：", "2024-05-13 16:40", "作者：李小溪", "河畔机床", "a:b"])
def test_many_short_lines_take_linear_time(line: str) -> None:
    html = "<title>河畔机床</title><h1>河畔机床</h1>" + f"<p>{line}</p>" * 10_000
    assert seconds(html) < 2
    started = time.process_time()
    read_text_metadata([line] * 10_000, PAGE)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<title></title>",
        "<h1></h1>",
        '<link rel="canonical" href="http://[">',
        '<base href="http://["><meta property="og:image" content="a.jpg">',
        '<meta property="og:image" content="http://[::1">',
        "<meta><meta name><meta content>",
        '<script type="application/ld+json">{"@type": ["NewsArticle"], "headline": {}}</script>',
        '<script type="application/ld+json">{"headline": 1, "datePublished": []}</script>',
    ],
)
def test_broken_markup_is_read_without_an_error(html: str) -> None:
    found = read_metadata(parse(html), PAGE)
    assert found.date_published is None
