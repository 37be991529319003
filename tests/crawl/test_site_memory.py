"""What a site repeats without a marker goes once its memory suffices, over runs as well.

The press's site `sitemap` prints a box at the top of each body's container, and two sentences of
its own at the end. No phrase, link or class tells them from the story.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from demo import Press
from pipelines.article.story.site_memory import MIN_PAGES
from tests.crawl.running import crawl, records

LATER = "site_template"


@dataclass
class Remembered:
    """The lines of two runs, in the order written, and what the site repeats."""

    first: list[dict[str, Any]]
    second: list[dict[str, Any]]
    sidebar: tuple[str, ...]
    promotion: tuple[str, ...]
    bodies: dict[str, str]


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remembered]:
    output = tmp_path_factory.mktemp("memory") / "output"
    with Press(stories=16, sites=["sitemap"], repost_share=0) as press:
        assert crawl(press.homes.values(), output).returncode == 0
        first = records(output, "articles")
        press.publish(3)
        assert crawl(press.homes.values(), output).returncode == 0
        second = records(output, "articles")[len(first) :]
        expected = press.expected()
        learned = expected[0].learned
        bodies = {article.canonical_url: article.body for article in expected}
        yield Remembered(first, second, learned[:2], learned[2:], bodies)


def test_nothing_goes_before_the_evidence_suffices(remembered: Remembered) -> None:
    for line in remembered.first[: int(MIN_PAGES)]:
        body = line["article_body"].split("\n")
        assert {*remembered.sidebar, *remembered.promotion} <= set(body)
        assert LATER not in line["removed"]


def test_a_sidebar_goes_from_the_ninth_page_on(remembered: Remembered) -> None:
    for line in remembered.first[int(MIN_PAGES) :]:
        assert not set(remembered.sidebar) & set(line["article_body"].split("\n"))
        assert line["removed"][LATER] >= len(remembered.sidebar)


def test_promotion_sentences_go_on_twice_the_evidence(remembered: Remembered) -> None:
    later = remembered.first[2 * int(MIN_PAGES) :]
    assert later
    for line in later:
        assert line["article_body"] == remembered.bodies[line["canonical_url"]]


def test_the_next_run_knows_what_the_last_one_learned(remembered: Remembered) -> None:
    # Of a body of which they are more than a third, nothing goes: it may be the story.
    repeated = len("".join((*remembered.sidebar, *remembered.promotion)))
    long = [line for line in remembered.second if len(line["article_body"]) > 3.5 * repeated]
    assert long
    for line in long:
        assert line["article_body"] == remembered.bodies[line["canonical_url"]]
