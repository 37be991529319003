"""What holds for any text: order, nothing invented, cleaning twice, linear time, refusals."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.article.metadata.labels import Labels
from pipelines.article.text import clean_lines
from pipelines.article.visible_text.plain_text import read_plain_text
from pipelines.article.vocabulary import Vocabulary

PARAGRAPHS = [
    "周三，晨港机床公布前三季度业绩，净利润同比增长百分之十二，董事会决定向全体股东分红。",
    "公司总经理表示，订单主要来自造船和风电两个行业，四季度的排产已经满了。",
    "他同时提醒，原材料价格仍在上升，明年上半年的毛利率可能受到影响。",
    "截至收盘，该公司股价上涨百分之三，成交额比前一天放大了一倍，创下今年以来的新高。",
    "分析人士认为，海外市场的需求还会持续两个季度，之后要看汇率和运费的变化。",
    "Orders came mostly from shipyards and builders of wind turbines, the director told analysts.",
]
FURNITURE = [
    "首页",
    "财经",
    "股票",
    "分享到：",
    "字号减小 字号增大",
    "猜你喜欢",
    "相关阅读",
    "（责任编辑：林小舟）",
    "2021-10-19 16:26:34",
    "渡轮公司将更新船队",
    "关于我们 | 联系我们 | 网站地图 | 友情链接",
    "1",
    "更多",
    "© 2015-2021 晨港在线 版权所有",
]
HEADLINE = "晨港机床前三季度净利润增长一成二"

quiet = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def words() -> tuple[Vocabulary, Labels]:
    return Vocabulary.load(), Labels.load()


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page: furniture, a headline and a date, paragraphs with furniture among them, a foot."""
    body = draw(st.lists(st.sampled_from(PARAGRAPHS), min_size=2, max_size=6, unique=True))
    inside = draw(st.lists(st.sampled_from(FURNITURE), max_size=3))
    middle = body[:1] + draw(st.permutations(body[1:] + inside))
    top = draw(st.lists(st.sampled_from(FURNITURE), max_size=8))
    foot = draw(st.lists(st.sampled_from(FURNITURE), max_size=12))
    head = [HEADLINE, "2021-10-20 09:31:05 来源：晨港晚报"]
    return "\n".join([*top, *head, *middle, *foot])


def _is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(any(other.startswith(line) for other in rest) for line in part)


@quiet
@given(page=pages())
def test_paragraphs_are_lines_of_the_page_in_their_order(
    words: tuple[Vocabulary, Labels], page: str
) -> None:
    assert _is_subsequence(read_plain_text(page, *words).paragraphs, clean_lines(page))


@quiet
@given(page=pages())
def test_cleaning_the_headline_and_the_body_again_changes_nothing(
    words: tuple[Vocabulary, Labels], page: str
) -> None:
    once = read_plain_text(page, *words)
    twice = read_plain_text("\n".join([once.headline, *once.paragraphs]), *words)
    assert (twice.headline, twice.paragraphs) == (once.headline, once.paragraphs)


@quiet
@given(text=st.text(st.characters(exclude_categories=()), max_size=300))
def test_no_text_raises_and_nothing_is_invented(
    words: tuple[Vocabulary, Labels], text: str
) -> None:
    reading = read_plain_text(text, *words)
    assert (reading.rejected is None) == bool(reading.paragraphs)
    assert all(decision.rule for decision in reading.decisions if not decision.kept)


@pytest.mark.parametrize("headline", [HEADLINE, "晨港机床净利润增长一成二，股东能分多少？"])
@pytest.mark.parametrize("decks", [[], ["业绩平稳"], ["净利润增长一成二", "董事会拟分红"]])
def test_an_article_alone_is_a_headline_and_a_body(
    words: tuple[Vocabulary, Labels], headline: str, decks: list[str]
) -> None:
    reading = read_plain_text("\n".join([headline, *decks, *PARAGRAPHS[:4]]), *words)
    assert reading.headline == headline
    assert reading.paragraphs == [*decks, *PARAGRAPHS[:4]]


@pytest.mark.parametrize("prompt", ["返回晨港网，查看更多", "[详细]"])
def test_a_prompt_behind_a_lines_last_sentence_is_no_part_of_it(
    words: tuple[Vocabulary, Labels], prompt: str
) -> None:
    lines = [HEADLINE, "2021-10-20 09:31:05", *PARAGRAPHS[:3], PARAGRAPHS[3] + prompt]
    reading = read_plain_text("\n".join(lines), *words)
    assert reading.paragraphs == PARAGRAPHS[:4]
    assert reading.decisions[-1].text == prompt
    assert reading.removed["read_more"] == 1


def test_a_table_with_a_column_of_days_is_no_list_of_stories(
    words: tuple[Vocabulary, Labels],
) -> None:
    table = ["日期", "收盘价", "成交量", "涨跌幅"]
    for day in (11, 12, 13):
        table += [f"2021-10-{day}", f"18.{day}", f"120,3{day}", f"+1.{day}%"]
    lines = [*PARAGRAPHS[:2], *table, *PARAGRAPHS[2:4]]
    reading = read_plain_text("\n".join([HEADLINE, "2021-10-20 09:31:05", *lines]), *words)
    assert reading.paragraphs == lines


def test_readers_letters_are_no_story_though_they_are_longer(
    words: tuple[Vocabulary, Labels],
) -> None:
    letters = [f"{n}号读者说，{line}" for n in range(6) for line in PARAGRAPHS[:4]]
    lines = [HEADLINE, "2021-10-20 09:31:05", *PARAGRAPHS[:4], "网友评论", *letters]
    assert read_plain_text("\n".join(lines), *words).paragraphs == PARAGRAPHS[:4]


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\u2028", "\n\n\n"])
def test_any_line_end_separates_paragraphs(words: tuple[Vocabulary, Labels], line_end: str) -> None:
    page = line_end.join([HEADLINE, "2021-10-20 09:31", *PARAGRAPHS[:4], "相关阅读", "苹果熟了"])
    reading = read_plain_text(page, *words)
    assert reading.paragraphs == PARAGRAPHS[:4]


def test_paragraphs_that_lost_their_line_ends_are_told_by_their_indents(
    words: tuple[Vocabulary, Labels],
) -> None:
    assert read_plain_text("\u3000\u3000".join(PARAGRAPHS[:4]), *words).paragraphs == PARAGRAPHS[:4]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(PARAGRAPHS[:5]), id="without-a-line-break"),
        pytest.param(PARAGRAPHS[0], id="one-paragraph"),
        pytest.param(PARAGRAPHS[5] + " " + PARAGRAPHS[5], id="one-english-paragraph"),
    ],
)
def test_text_that_is_one_paragraph_stays_whole(
    words: tuple[Vocabulary, Labels], text: str
) -> None:
    assert read_plain_text(text, *words).paragraphs == [text]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param(" \n\u3000\n\u200b\n", "empty", id="blanks"),
        pytest.param("首页\n财经\n股票\n视频\n登录\n注册", "not_an_article", id="menu"),
        pytest.param("首页\n页面不存在\n返回首页", "not_found", id="soft-404-zh"),
        pytest.param("Home\n404 Not Found\nBack", "not_found", id="soft-404-en"),
        pytest.param(
            "首页\n用户登录\n密码登录\n忘记密码\n验证码\n登录即表示您同意服务协议，并愿意遵守。",
            "not_an_article",
            id="login",
        ),
        pytest.param(
            "\n".join(
                f"第{i}家面馆开业\n{PARAGRAPHS[i % 5]}...更多\n2021-10-{10 + i} 09:00"
                for i in range(12)
            ),
            "not_an_article",
            id="list-with-dates",
        ),
        pytest.param(
            "\n".join(f"老街的第{i}家面馆今天开业迎客\n{PARAGRAPHS[i % 5]}" for i in range(12)),
            "not_an_article",
            id="list-with-summaries",
        ),
        pytest.param(
            "\n".join(f"渡轮公司将更新第{i}条航线的船队" for i in range(60)),
            "not_an_article",
            id="list-of-titles",
        ),
    ],
)
def test_pages_that_are_no_article_are_refused_with_the_reason(
    words: tuple[Vocabulary, Labels], text: str, reason: str
) -> None:
    assert read_plain_text(text, *words).rejected == reason


@pytest.mark.parametrize(
    "table",
    [
        pytest.param([f"第{i}车间 {i * 103} {i}.5% 良好" for i in range(1, 30)], id="rows"),
        pytest.param(
            [c for i in range(1, 30) for c in ("车间", f"{i * 103}", f"{i}.5%")], id="cells"
        ),
    ],
)
@pytest.mark.parametrize(
    "behind", [PARAGRAPHS[2:4], ["（责任编辑：林小舟）"]], ids=["text", "credit"]
)
def test_a_table_of_the_story_stays_and_does_not_cut_it(
    words: tuple[Vocabulary, Labels], table: list[str], behind: list[str]
) -> None:
    page = [HEADLINE, "2021-10-20 09:31", *PARAGRAPHS[:2], *table, *behind, "相关阅读", "苹果熟了"]
    body = read_plain_text("\n".join(page), *words).paragraphs
    assert [line for line in body if line in table][-2:] == table[-2:]
    assert body[-1] == (behind[-1] if behind[0] in PARAGRAPHS else table[-1])


@pytest.mark.parametrize(
    "unit",
    ["1 | ", "(", "。", "a ", "2021-10-19 ", "\n1", "\n2021-10-19", "…", "\u3000\u3000", "记者 "],
    ids=repr,
)
def test_long_runs_take_linear_time(words: tuple[Vocabulary, Labels], unit: str) -> None:
    started = time.process_time()
    read_plain_text(unit * 30_000, *words)
    read_plain_text("\n".join([unit * 15] * 400), *words)
    assert time.process_time() - started < 4


def test_many_small_runs_take_linear_time(words: tuple[Vocabulary, Labels]) -> None:
    started = time.process_time()
    read_plain_text("什么？\n老桥加固工程完工\n" * 12_000, *words)
    assert time.process_time() - started < 5


def test_megabytes_take_seconds_and_keep_every_paragraph(
    words: tuple[Vocabulary, Labels],
) -> None:
    paragraph = "".join(PARAGRAPHS[:5])
    text = "\n".join(f"{i}{paragraph}" for i in range(9_000))
    assert len(text.encode()) > 4_000_000
    started = time.process_time()
    assert len(read_plain_text(text, *words).paragraphs) == 9_000
    assert time.process_time() - started < 6
