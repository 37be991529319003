"""The seed document, one page as visible text, comes out as its story alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.article.metadata.labels import Labels
from pipelines.article.visible_text.plain_text import TextReading, read_plain_text
from pipelines.article.vocabulary import Vocabulary

SEEDS = Path(__file__).parents[2] / "../shared/seeds"


@pytest.fixture(scope="module")
def page() -> list[str]:
    seeds = sorted(SEEDS.glob("*.txt"))
    if not seeds:
        pytest.skip("the shared seed document is not here")
    lines = seeds[0].read_text(encoding="utf-8").split("\n")
    return [line.strip() for line in lines if line.strip()]


@pytest.fixture(scope="module")
def reading(page: list[str]) -> TextReading:
    return read_plain_text("\n".join(page), Vocabulary.load(), Labels.load())


def test_headline_is_the_first_line(page: list[str], reading: TextReading) -> None:
    assert reading.headline == page[0]


def test_body_is_exactly_what_stands_between_the_date_and_the_keywords(
    page: list[str], reading: TextReading
) -> None:
    end = next(i for i, line in enumerate(page) if line.startswith("关键词"))
    assert reading.paragraphs == page[2:end]
    assert len(reading.paragraphs) == 5


@pytest.mark.parametrize("furniture", ["猜你喜欢", "更多", "©", "关键词", "邮箱"])
def test_nothing_of_the_lists_and_the_footer_stays(reading: TextReading, furniture: str) -> None:
    assert not any(furniture in line for line in reading.paragraphs)
