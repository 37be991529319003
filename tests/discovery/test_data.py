"""The data files of discovery: every entry is sound, explained, and does what its example says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawler.discovery.advertisements import advertisement_marks, parse_advertisement_marks
from crawler.discovery.archives import archive_date
from crawler.discovery.common_paths import common_paths, parse_common_paths
from crawler.discovery.link_words import link_words, parse_link_words
from crawler.discovery.page_words import page_words, parse_page_words
from crawler.discovery.tracking import parse_tracking_parameters
from crawler.discovery.urls import canonical_url, safe_url

DATA = Path(__file__).parents[2] / "crawler" / "discovery" / "data"


def load(name: str) -> dict[str, Any]:
    """A data file."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


PARAMETERS: list[dict[str, Any]] = load("tracking_parameters")["parameter"]


@pytest.mark.parametrize("entry", PARAMETERS, ids=[entry["name"] for entry in PARAMETERS])
def test_a_tracking_parameter_disappears_from_its_example(entry: dict[str, Any]) -> None:
    assert len(entry["note"]) > 4
    name = entry["name"].rstrip("*")
    assert name in entry["example"].lower()
    query = canonical_url(entry["example"]).lower().partition("?")[2]
    assert not any(pair.startswith(name) for pair in query.split("&")) or not query


def test_tracking_parameters_are_named_once() -> None:
    names = [entry["name"] for entry in PARAMETERS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("only", ['"some"', '"Words"'])
def test_an_unknown_condition_is_refused(only: str) -> None:
    with pytest.raises(ValueError, match="unknown"):
        parse_tracking_parameters(f'[[parameter]]\nname = "x"\nonly = {only}\n')


@pytest.mark.parametrize("name", ["", "*", "X"])
def test_a_name_that_matches_everything_or_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case name"):
        parse_tracking_parameters(f'[[parameter]]\nname = "{name}"\n')


def test_every_page_word_has_an_example_that_holds_it() -> None:
    for name, group in load("page_words").items():
        assert len(group["note"]) > 10, name
        for word, example in group["words"]:
            assert word in example.lower(), (name, word)
            assert safe_url(example) is not None, (name, word)


def test_every_link_word_has_an_example_that_holds_it() -> None:
    for name, group in load("link_words").items():
        assert len(group["note"]) > 10, name
        for word, example in group["words"]:
            assert word in example.lower(), (name, word)


def test_every_name_of_a_month_has_an_example_that_is_its_archive() -> None:
    for entry in load("months")["month"]:
        for word, note, example in entry["words"]:
            assert word in example, word
            assert note
            assert archive_date(example) == f"2026{entry['number']:02}", word


def test_next_words_never_name_the_next_article() -> None:
    assert not {"下一篇", "下一条", "next article", "next story", "next post"} & link_words().next


def test_every_advertisement_mark_matches_its_example() -> None:
    marks = advertisement_marks()
    for name, entries in load("advertisements").items():
        for entry in entries:
            assert len(entry["note"]) > 4
            example = entry["example"]
            if name == "category":
                category = example.removeprefix("<category>").removesuffix("</category>")
                assert marks.match("http://a.example/", "", [category]), entry
            elif name == "title":
                assert marks.match("http://a.example/", example, []), entry
            else:
                assert marks.match(example, "", []), entry


def test_common_paths_are_few_because_each_is_a_request() -> None:
    assert all(3 <= len(paths) <= 10 for paths in common_paths().values())


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_page_words, ""),
        (parse_link_words, "[next]\nwords = []"),
        (parse_link_words, '[next]\nwords = [[" ", "x"]]'),
        (parse_advertisement_marks, '[[category]]\nword = ""'),
        (parse_common_paths, '[[feed]]\npath = "x"\n[[sitemap]]\npath = "/x"'),
    ],
)
def test_an_empty_group_or_word_is_refused(parse: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"group|words|paths"):
        parse(text)


def test_a_word_is_not_both_stranger_and_article() -> None:
    words = page_words()
    assert not (words.stranger | words.aside) & (words.article | words.list | words.closed)
    assert not words.closed & (words.article | words.list)
