"""Whole pages as visible text, several languages, each with what must and must not stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.article.metadata.labels import Labels
from pipelines.article.visible_text.plain_text import TextReading, read_plain_text
from pipelines.article.vocabulary import Vocabulary

FOLDER = Path(__file__).parent / "visible_text"
LANGUAGES = ["zh", "en", "de", "ko", "ja"]


def _page(language: str) -> str:
    return (FOLDER / f"{language}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words() -> tuple[Vocabulary, Labels]:
    return Vocabulary.load(), Labels.load()


@pytest.fixture(scope="module")
def readings(words: tuple[Vocabulary, Labels]) -> dict[str, TextReading]:
    return {language: read_plain_text(_page(language), *words) for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "first", "last", "paragraphs"),
    [
        pytest.param("zh", "业绩平稳", "放大了一倍。", 6, id="zh"),
        pytest.param("en", "Harbour Tools, a maker", "since the summer.", 5, id="en"),
        pytest.param("de", "Der Maschinenbauer", "Kunden greifen.", 3, id="de"),
        pytest.param("ko", "항구기계는 수요일", "그는 덧붙였다.", 3, id="ko"),
        pytest.param("ja", "港工作機械は水曜日", "社長は述べた。", 3, id="ja"),
    ],
)
def test_body_is_the_story_alone(
    readings: dict[str, TextReading], language: str, first: str, last: str, paragraphs: int
) -> None:
    body = readings[language].paragraphs
    assert body[0].startswith(first)
    assert body[-1].endswith(last)
    assert len(body) == paragraphs


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("zh", "晨港机床前三季度净利润增长一成二 拟向全体股东分红"),
        ("en", "Harbour Tools lifts profit by twelve per cent on wind orders"),
        ("de", "Hafenwerk steigert Gewinn um zwölf Prozent"),
        ("ko", "항구기계 순이익 십이 퍼센트 증가"),
        ("ja", "港工作機械、純利益が十二パーセント増"),
    ],
)
def test_headline_is_the_storys(
    readings: dict[str, TextReading], language: str, headline: str
) -> None:
    assert readings[language].headline == headline


@pytest.mark.parametrize("language", LANGUAGES)
def test_headline_line_is_the_place_of_the_headline_among_the_lines(
    readings: dict[str, TextReading], language: str
) -> None:
    reading = readings[language]
    assert reading.headline_line is not None
    assert reading.decisions[reading.headline_line].text == reading.headline
    assert reading.decisions[reading.headline_line + 1].rule in {"meta_line", "byline"}


def test_a_list_set_into_the_story_goes_and_the_story_goes_on(
    readings: dict[str, TextReading],
) -> None:
    body = readings["zh"].paragraphs
    assert "老城区的三家面馆" not in body
    assert any(line.startswith("他同时提醒") for line in body)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("延伸阅读", "recommendation"),
        ("北岸码头重新开放", "recommendation"),
        ("（责任编辑：林小舟）", "editor_credit"),
        ("关键词：机床 分红", "tags"),
        ("苹果熟了", "recommendation"),
        ("字号减小 字号增大", "share_prompt"),
        ("股票", "before_story"),
    ],
)
def test_each_removal_names_its_rule(
    readings: dict[str, TextReading], line: str, rule: str
) -> None:
    assert {d.rule for d in readings["zh"].decisions if d.text == line} == {rule}


def test_removed_counts_the_lines_that_each_rule_took(readings: dict[str, TextReading]) -> None:
    reading = readings["zh"]
    assert sum(reading.removed.values()) == sum(not d.kept for d in reading.decisions)
    assert reading.removed["editor_credit"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_gets_one_decision_in_order(
    readings: dict[str, TextReading], language: str
) -> None:
    texts = [decision.text for decision in readings[language].decisions]
    assert texts == [line for line in _page(language).split("\n") if line]
