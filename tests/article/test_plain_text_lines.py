"""What the shape of one line says, and what recurs over several."""

from __future__ import annotations

import pytest

from pipelines.article.visible_text.lines import Line, read_line, weight_of
from pipelines.article.visible_text.lists import (
    dated_lists,
    repeated_titles,
    summaries_in_lists,
    tables,
)
from pipelines.article.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load()


def read(vocabulary: Vocabulary, *texts: str) -> list[Line]:
    return [read_line(index, text, vocabulary) for index, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("周三，晨港机床公布了业绩，净利润增长一成二。", "prose"),
        ("下周一，", "prose"),
        ("什么？", "prose"),
        ("The plant is booked out until spring, the director said.", "prose"),
        ("공장은 내년 봄까지 예약이 꽉 찼다고 대표가 말했다.", "prose"),
        ("晨港机床前三季度净利润增长一成二", "short"),
        ("항구기계 순이익 십이 퍼센트 증가", "short"),
        ("2021-10-19 16:26:34", "date"),
        ("10月19日 16:26", "date"),
        ("3小时前", "date"),
        ("5 hours ago", "date"),
        ("1,204", "number"),
        ("— * —", "number"),
        ("北京 上海 广州 深圳 天津 重庆", "links"),
        ("Home | Markets | Companies | Opinion", "links"),
        ("渡轮公司周一宣布，将在三年内更换全部旧船...更多", "teaser"),
        ("第二批新船将由本地船厂建造，工期…", "teaser"),
        ("他沉默了很久，说：“我们等了十年……”", "prose"),
        ("晨港机床 3.52 +1.2% 4,310", "row"),
        ("2021 1,204 1,377", "row"),
        ("公司在 2021 年卖出 1,204 台机床，比前一年多 12%。", "prose"),
        ("var a = {}; if (b_c == 1) { d = [e]; }", "code"),
        ('<div class="x" id="y"><a href="#">z</a>', "code"),
    ],
)
def test_shape_of_a_line(vocabulary: Vocabulary, text: str, shape: str) -> None:
    assert read_line(0, text, vocabulary).shape == shape


@pytest.mark.parametrize(
    ("text", "weight"), [("利率", 2.0), ("rate", 4 / 3), ("금리", 2.0), ("", 0)]
)
def test_weight_counts_a_letter_a_third_of_a_character(text: str, weight: float) -> None:
    assert weight_of(text) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("text", "group"),
    [("相 关 阅 读", "recommendation"), ("相关阅读", "recommendation"), ("阅读相关的书", "")],
)
def test_markers_are_found_though_set_with_blanks(
    vocabulary: Vocabulary, text: str, group: str
) -> None:
    assert read_line(0, text, vocabulary).group == group


def test_dates_that_recur_after_a_few_short_lines_make_a_list(vocabulary: Vocabulary) -> None:
    item = ["老桥加固工程完工", "2021-10-19 15:02"]
    lines = read(vocabulary, "导语。", *item, *item, *item)
    assert dated_lists(lines) == frozenset(range(1, 7))


@pytest.mark.parametrize("times", [1, 2])
def test_one_or_two_dates_make_no_list(vocabulary: Vocabulary, times: int) -> None:
    lines = read(vocabulary, *["老桥加固工程完工", "2021-10-19 15:02"] * times)
    assert not dated_lists(lines)


def test_dates_over_whole_paragraphs_make_no_list(vocabulary: Vocabulary) -> None:
    paragraph = (
        "加固工程历时两年，大桥周末恢复双向通车，市民可以步行通过，沿线的公交也会恢复原来的走向。"
        * 4
    )
    assert not dated_lists(read(vocabulary, *["2021-10-19", paragraph] * 4))


def test_three_single_paragraphs_under_titles_are_summaries(vocabulary: Vocabulary) -> None:
    item = ["老桥加固工程完工", "加固工程历时两年，大桥周末恢复通车。"]
    assert summaries_in_lists(read(vocabulary, *item * 3)) == {1, 3, 5}
    assert not summaries_in_lists(read(vocabulary, *item * 2))


def test_a_title_that_the_page_has_twice_is_a_links(vocabulary: Vocabulary) -> None:
    lines = read(vocabulary, "老桥加固工程完工", "老桥加固工程完工", "点评", "点评", "大桥通车。")
    assert repeated_titles(lines) == {0, 1}


def test_six_figures_with_short_cells_between_them_are_a_table(vocabulary: Vocabulary) -> None:
    cells = ["机床", "1,204", "3.5%", "渡轮", "983", "-1.2%", "面馆", "120", "8.0%"]
    assert tables(read(vocabulary, "业绩如下。", *cells, "完。")) == set(range(1, 10))
    assert not tables(read(vocabulary, *cells[:5]))
