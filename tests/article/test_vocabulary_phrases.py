"""Every entry of the vocabulary matches its example and leaves its counter-example alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.article.vocabulary import Entry, Vocabulary, VocabularyError

VOCABULARY = Vocabulary.load()
ENTRIES = [
    pytest.param(entry, id=f"{entry.group}-{entry.language}-{entry.kind}-{number}")
    for number, entry in enumerate(VOCABULARY.entries)
]
GROUP = """
[[group]]
name = "{name}"
scope = "line"
{entry}
"""
ENTRY = """
[[group.entry]]
language = "en"
kind = "{kind}"
phrases = [{phrases}]
note = "A note."
example = "An example"
not = "Another"
"""


def only(entry: Entry) -> Vocabulary:
    return Vocabulary([entry], {entry.group: VOCABULARY.scopes[entry.group]})


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_example_of_an_entry_matches_that_entry_alone(entry: Entry) -> None:
    assert only(entry).match(entry.group, entry.example) == entry.group


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_counter_example_of_an_entry_is_left_alone(entry: Entry) -> None:
    assert only(entry).match(entry.group, entry.counter_example) is None


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_whole_phrase_matches_with_decoration_around_it(entry: Entry) -> None:
    if entry.kind != "whole":
        return
    missed = [p for p in entry.phrases if not only(entry).match(entry.group, f"【{p}】 >>")]
    assert missed == []


NEEDY = [
    pytest.param(phrase, entry.needs, id=f"{entry.group}-{entry.language}-{number}")
    for entry in VOCABULARY.entries
    if entry.needs
    for number, phrase in enumerate(entry.phrases)
]


# Lines without them are harder to make up, and what such lines need, those with them need as well.
LOOKING_AROUND = re.compile(r"\(\?<?[=!](?:\[[^\]]*\]|[^()\[\]])*\)")


@pytest.mark.parametrize(("pattern", "needs"), NEEDY)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_line_of_a_pattern_has_one_of_the_characters_that_it_needs(
    pattern: str, needs: frozenset[str], data: st.DataObject
) -> None:
    lines = st.from_regex(re.compile(LOOKING_AROUND.sub("", pattern), re.I), fullmatch=True)
    line = data.draw(lines)
    assert needs & set(line.casefold())


def test_only_a_pattern_may_name_what_it_needs(tmp_path: Path) -> None:
    entry = ENTRY.format(kind="start", phrases='"Read on"') + 'needs = "r"\n'
    (tmp_path / "en.toml").write_text(GROUP.format(name="teaser", entry=entry), "utf-8")
    with pytest.raises(VocabularyError, match="only patterns"):
        Vocabulary.load(tmp_path)


@pytest.mark.parametrize(
    ("line", "group", "kind"),
    [
        pytest.param("猜你喜欢", "recommendation", "whole", id="heading"),
        pytest.param("RELATED STORIES", "recommendation", "whole", id="letter case"),
        pytest.param("· 相关阅读 ·", "recommendation", "whole", id="decorated"),
        pytest.param("（责任编辑：林小舟）", "editor_credit", "label", id="in brackets"),
        pytest.param("Les også: Havnen mister banken", "recommendation", "whole", id="a story"),
        pytest.param("上一页 1 2 3 下一页", "pager", "pattern", id="pager"),
        pytest.param("提示：支持键盘翻页", "pager", "pattern", id="keys of a gallery"),
        pytest.param("次ページ＞＞下半期は？", "pager", "pattern", id="japanese next page"),
        pytest.param("（编辑 林小舟 审核 周一鸣）", "editor_credit", "pattern", id="blanks only"),
        pytest.param("SOURCE Harbour Authority", "source_line", "pattern", id="press release"),
        pytest.param("SCROLL TO CONTINUE WITH CONTENT", "advert", "whole", id="advert's seam"),
        pytest.param("16.40 BST", "meta_line", "pattern", id="time of a live blog's entry"),
        pytest.param("Giriş: 31 Ağustos 2026, 16:40", "meta_line", "label", id="turkish date"),
        pytest.param("【写真】港のクレーン", "picture_credit", "pattern", id="japanese pictures"),
        pytest.param(
            "Follow me on Twitter. Check out my website.", "account_prompt", "pattern", id="two"
        ),
    ],
)
def test_a_line_is_found_with_its_group_and_kind(line: str, group: str, kind: str) -> None:
    marker = VOCABULARY.find(line)
    assert marker is not None
    assert (marker.group, marker.kind) == (group, kind)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("海港银行上半年净利润同比增长一成。", id="chinese sentence"),
        pytest.param("The harbour bank closed its last branch.", id="english sentence"),
        pytest.param("2018", id="a year"),
        pytest.param("18.35", id="a price"),
        pytest.param("编辑部的三个夜晚", id="a sub-heading about editors"),
        pytest.param("Source water comes from two wells", id="water"),
        pytest.param("", id="nothing"),
        pytest.param("——", id="decoration only"),
    ],
)
def test_ordinary_lines_are_no_markers(line: str) -> None:
    assert VOCABULARY.find(line) is None


def test_heads_only_leaves_phrases_inside_a_line_alone() -> None:
    line = "本公司提醒各位，文中观点不构成投资建议，请大家留意。"
    assert VOCABULARY.find(line) is not None
    assert VOCABULARY.find(line, heads_only=True) is None


def test_every_pattern_is_a_regular_expression_by_itself() -> None:
    for entry in VOCABULARY.entries:
        if entry.kind == "pattern":
            assert [re.compile(phrase).fullmatch("") for phrase in entry.phrases] == [
                None for _ in entry.phrases
            ]


def test_an_unknown_group_is_an_error() -> None:
    with pytest.raises(KeyError):
        VOCABULARY.match("no_such_group", "line")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="no group at all"),
        pytest.param(GROUP.format(name="empty", entry=""), id="group without entries"),
        pytest.param(
            GROUP.format(name="empty", entry=ENTRY.format(kind="whole", phrases="")),
            id="entry without phrases",
        ),
        pytest.param(
            GROUP.format(name="blank", entry=ENTRY.format(kind="whole", phrases='" "')),
            id="blank phrase",
        ),
        pytest.param(
            GROUP.format(name="all", entry=ENTRY.format(kind="pattern", phrases='".*"')),
            id="pattern that matches nothing",
        ),
        pytest.param(
            GROUP.format(name="bad", entry=ENTRY.format(kind="pattern", phrases='"("')),
            id="broken pattern",
        ),
        pytest.param(
            GROUP.format(name="odd", entry=ENTRY.format(kind="sometimes", phrases='"a"')),
            id="unknown kind",
        ),
        pytest.param(
            GROUP.format(name="Not snake", entry=ENTRY.format(kind="whole", phrases='"a"')),
            id="name of another style",
        ),
    ],
)
def test_a_file_that_would_match_everything_or_nothing_is_refused(
    content: str, tmp_path: Path
) -> None:
    (tmp_path / "words.toml").write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError):
        Vocabulary.load(tmp_path)


@pytest.mark.parametrize(
    "unit", ["1 ", "A", "by A", "von Ab ", "（", "a", "页", "图", "记者", " ", "—"]
)
def test_long_runs_cost_linear_time(unit: str) -> None:
    line = unit * (100_000 // len(unit))
    started = time.process_time()
    for cut in (line, line[:1_000], line[:600], line[:200], line[:110] + "!", line[:85] + "!"):
        VOCABULARY.find(cut)
    assert time.process_time() - started < 0.5
