"""JSON-LD as pages really write it: every shape and every fault, one row each."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.metadata.json_ld import StoryData, load_json, plain, read_json_ld
from pipelines.article.metadata.labels import Labels

NAMES = Labels.load().fields
CORE = '"@type": "NewsArticle", "headline": "Mill reopens", "datePublished": "2024-05-13"'


def story(extra: str = "") -> str:
    return "{" + CORE + extra + "}"


def first(*blocks: str) -> StoryData:
    stories = read_json_ld(blocks, NAMES)
    assert stories
    return stories[0]


SHAPES = {
    "object": "{STORY}",
    "list": "[{STORY}]",
    "graph": '{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, {STORY}]}',
    "nested list": "[[{STORY}]]",
    "main entity": '{"@type": "WebPage", "mainEntity": {STORY}}',
    "trailing comma": "{STORY,}",
    "raw line end in a string": '{STORY, "description": "two\nlines"}',
    "cdata": "//<![CDATA[\n{STORY}\n//]]>",
    "html comment": "<!-- {STORY} -->",
    "javascript comments": '{ /* story */ STORY\n// end\n, "x": 1}',
    "semicolon": "{STORY};",
    "two objects in a row": '{"@type": "WebSite"} {STORY}',
    "type is a list": '{STORY, "@type": ["NewsArticle", "Thing"]}',
    "type is an address": '{STORY, "@type": "http://schema.org/NewsArticle"}',
    "broken beyond repair": '{STORY, "description": "an "unescaped" quotation" ]',
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_story_is_read_from(shape: str) -> None:
    found = first(shape.replace("STORY", CORE))
    assert (found.headline, found.published) == ("Mill reopens", "2024-05-13")


def test_entities_for_quotes_are_resolved() -> None:
    block = story().replace('"', "&quot;")
    assert first(block).headline == "Mill reopens"


def test_entities_inside_values_are_resolved_twice_escaped_ones_too() -> None:
    assert first('{"@type":"Article","headline":"A &amp;amp; B &#8216;C&#8217;"}').headline == (
        "A & B ‘C’"
    )
    assert plain("R&D") == "R&D"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        pytest.param('"Jane Rivers"', ["Jane Rivers"], id="string"),
        pytest.param('{"@type": "Person", "name": "Jane Rivers"}', ["Jane Rivers"], id="object"),
        pytest.param(
            '[{"name": "Jane Rivers"}, "John Brook"]', ["Jane Rivers", "John Brook"], id="list"
        ),
        pytest.param('{"name": ["Jane Rivers", "John Brook"]}', ["Jane Rivers", "John Brook"],
                     id="list of names"),
        pytest.param("null", [], id="null"),
    ],
)  # fmt: skip
def test_authors_in_every_shape(author: str, names: list[str]) -> None:
    assert first(story(f', "author": {author}')).authors == names


def test_every_field_is_read() -> None:
    found = first(
        story(
            ', "dateModified": "2024-05-14", "publisher": {"name": "Courier"},'
            ' "keywords": ["a", "b"], "articleSection": "Markets", "inLanguage": "en-GB",'
            ' "image": [{"url": "/p.jpg"}], "description": "What happened.",'
            ' "articleBody": "It did."'
        )
    )
    assert found.modified == "2024-05-14"
    assert found.publisher == "Courier"
    assert found.keywords == ["a", "b"]
    assert (found.section, found.language, found.image) == ("Markets", "en-GB", "/p.jpg")
    assert (found.description, found.body) == ("What happened.", "It did.")


def test_story_comes_before_the_page_and_a_list_of_others_is_not_read() -> None:
    stories = read_json_ld(
        [
            '{"@type": "WebPage", "headline": "Page", "datePublished": "2020-01-01"}',
            '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle",'
            ' "headline": "Another story", "datePublished": "2021-01-01"}]}',
            story(),
        ],
        NAMES,
    )
    assert [story.headline for story in stories] == ["Mill reopens", "Page"]


def test_a_search_engines_dialect_without_a_type_is_read() -> None:
    found = first('{"@id": "x", "title": "Mill reopens", "pubDate": "2024-05-13T16:40:00"}')
    assert (found.headline, found.published) == ("Mill reopens", "2024-05-13T16:40:00")


@given(st.text(max_size=200))
def test_any_block_is_read_without_an_error(block: str) -> None:
    read_json_ld([block, '{"headline"' + block], NAMES)
    load_json(block)


@pytest.mark.parametrize(
    "filler", ["\n", "//", "[", "{", '{"headline":', ",", " ", "/*", '"', "\\", "}{"]
)
def test_long_runs_take_linear_time(filler: str) -> None:
    started = time.process_time()
    read_json_ld(['{"headline": ' + filler * (100_000 // len(filler))], NAMES)
    assert time.process_time() - started < 2
