"""What an invented site repeats goes from the ninth page on; what may be news stays."""

from __future__ import annotations

import random

import pytest

from pipelines.article.story.site_memory import MIN_PAGES, SiteMemory

SUBJECTS = [
    "机床",
    "渡轮",
    "面馆",
    "苹果",
    "大桥",
    "风电",
    "码头",
    "船厂",
    "钢材",
    "票价",
    "港口",
    "运费",
]
PROMOTION = "晨港在线每天清晨六点为你读报"
ENGLISH_PROMOTION = "The Gazette is read aloud every morning at six"
BOARD = (
    "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述或者重大遗漏，"
    "并对其内容的真实性、准确性和完整性承担法律责任。"
)


def story(number: int) -> list[str]:
    """Three paragraphs that no other number has."""
    chance = random.Random(number)
    subject = chance.choice(SUBJECTS)
    return [
        f"第{number}号{subject}项目周三在晨港开工，投资{chance.randint(10, 99)}亿元，两年建成。",
        f"负责{subject}的部门表示，{number}家企业参加了招标，其中{chance.randint(2, 9)}家来自外地，"
        f"中标价比预算低了百分之{chance.randint(1, 20)}，差额会用于周边道路的修缮。",
        f"居民对{subject}的看法不一，有人担心噪声，{number}人签了名。",
    ]


def after(pages: int, *, head: str = "", tail: str = "", inside: str = "") -> SiteMemory:
    """A memory of *pages* stories with the same lines added to each."""
    memory = SiteMemory()
    for number in range(pages):
        body = story(number)
        memory.observe([*filter(None, [head, body[0], inside, *body[1:], tail])])
    return memory


@pytest.mark.parametrize("line", [PROMOTION, ENGLISH_PROMOTION])
@pytest.mark.parametrize("place", ["head", "tail"])
def test_a_promotion_line_goes_from_the_ninth_page_on(line: str, place: str) -> None:
    body = story(1_000)
    body = [line, *body] if place == "head" else [*body, line]
    position = body.index(line)
    pages = int(MIN_PAGES)
    assert after(pages - 1, **{place: line}).repeats(body) == []
    assert after(pages, **{place: line}).repeats(body) == [position]


def test_sentences_of_the_story_stay() -> None:
    memory = after(60, tail=PROMOTION)
    assert memory.repeats([*story(1_000), PROMOTION]) == [3]
    assert not any(memory.is_template(line) for line in story(7))


def test_spelling_with_other_blanks_and_punctuation_is_the_same_line() -> None:
    memory = after(10, tail=PROMOTION)
    assert memory.is_template("【晨港在线 每天清晨六点，为你读报】")


def test_other_numbers_make_another_line() -> None:
    memory = after(30, head="沪指收报3100点")
    assert memory.is_template("沪指收报3100点")
    assert not memory.is_template("沪指收报3200点")


def test_a_long_legal_formula_stays_however_often_it_recurs() -> None:
    memory = after(100, head=BOARD)
    assert memory.repeats([BOARD, *story(1_000)]) == []


def test_a_short_sentence_at_the_edge_needs_twice_the_pages() -> None:
    line = "特此公告并请各位股东留意后续进展。"
    body = [*story(1_000), line]
    assert after(12, tail=line).repeats(body) == []
    assert after(20, tail=line).repeats(body) == [3]


@pytest.mark.parametrize("position", [1, 2, 3])
def test_a_sentence_inside_the_story_stays(position: int) -> None:
    line = "记者就此多次致电该公司，电话无人接听。"
    body = [*story(1_000), *story(1_001)]
    body.insert(position, line)
    assert after(60, inside=line).repeats(body) == []


def test_a_short_subheading_of_a_column_stays() -> None:
    memory = after(60, inside="市场回顾")
    body = [*story(1_000)[:2], "市场回顾", *story(1_001)]
    assert memory.repeats(body) == []


def test_a_long_prompt_between_paragraphs_goes_on_twice_the_evidence() -> None:
    line = "上晨港在线客户端，看本地生活第一手消息"
    body = [*story(1_000)[:2], line, *story(1_001)]
    assert after(12, inside=line).repeats(body) == []
    assert after(20, inside=line).repeats(body) == [2]


def test_a_story_printed_again_and_again_stays_whole() -> None:
    memory = SiteMemory()
    counted = [memory.observe([f"编号{number}", *story(5)]) for number in range(40)]
    assert counted == [True, *[False] * 39]
    assert memory.repeats(story(5)) == []


def test_a_named_page_counts_once() -> None:
    memory = SiteMemory()
    assert memory.observe(story(1), "page-1")
    assert not memory.observe(story(2), "page-1")


def test_a_page_of_which_much_would_go_is_left_alone() -> None:
    memory = after(30, head=PROMOTION, tail=ENGLISH_PROMOTION)
    assert memory.repeats([PROMOTION, "周三停电。", ENGLISH_PROMOTION]) == []


def test_a_rare_line_of_a_busy_site_stays() -> None:
    memory = SiteMemory()
    for number in range(1_200):
        memory.observe([*story(number), *([PROMOTION] if number % 40 == 0 else [])])
    assert not memory.is_template(PROMOTION)


def test_a_campaign_that_ended_is_forgotten() -> None:
    memory = after(20, tail=PROMOTION)
    assert memory.is_template(PROMOTION)
    for number in range(1_000, 1_900):
        memory.observe(story(number))
    assert not memory.is_template(PROMOTION)


def test_one_bad_page_cannot_poison_the_memory() -> None:
    memory = after(20, tail=PROMOTION)
    lines = [f"灌入的第{number}行文字" for number in range(50_000)] + story(5_000)[:1] * 30
    memory.observe(lines)
    assert memory.is_template(PROMOTION)
    assert not any(memory.is_template(line) for line in [*lines[:50], story(5_000)[0]])


def test_shapes_of_blocks_recur_as_lines_do() -> None:
    memory = SiteMemory()
    for number in range(8):
        memory.observe(story(number), shapes=["after-body: list of 5 links"])
    assert memory.is_template_shape("after-body: list of 5 links")
    assert not memory.is_template_shape("after-body: list of 9 links")
    assert not memory.is_template("after-body: list of 5 links")
