"""The policy of docs/reposts.md as a truth table: invented stories, in both orders of arrival."""

import numpy as np
import pytest

from pipelines.fingerprint.detector import Detector, Document, FirstPrint
from pipelines.fingerprint.document import Fingerprinter, Text
from pipelines.fingerprint.index import MemoryIndex
from pipelines.fingerprint.sketch import SECURITIES
from tests.fingerprint.stories import (
    BRIEF,
    DISCLAIMER,
    HARBOUR,
    ROOF,
    WEATHER,
    halt_notice,
    quarter_notice,
    warning_notice,
)

MONDAY, TUESDAY = "2026-05-11T20:00:00+08:00", "2026-05-12T09:00:00+08:00"
MARCH = "2026-03-02T09:00:00+08:00"
TRADITIONAL = (
    "白鷺航運董事長周遠川在股東會上表示，今年新增的四艘集裝箱船已經全部投入東南亞航線，"
    "艙位利用率約為九成，公司暫時沒有提高運價的計劃。"
)


def judged(
    fingerprinter: Fingerprinter, old: str, new: str, old_date: str | None, new_date: str | None
) -> FirstPrint | None:
    detector = Detector(MemoryIndex(), fingerprinter=fingerprinter)
    first = Document("old", detector.fingerprint(old, old_date))
    detector.add(first, detector.judge(first))
    return detector.judge(Document("new", detector.fingerprint(new, new_date))).first_print


PARAGRAPHS = ROOF.split("\n")
FIGURES = " ".join(f"{number * 37 % 101}.{number % 10}" for number in range(30))
REPOSTS = {
    "the same text": (ROOF, ROOF),
    "credits added": (ROOF, f"（来源：海湾商报）\n{ROOF}\n责任编辑：林一苇"),
    "cut after two paragraphs": (ROOF, "\n".join(PARAGRAPHS[:2]) + "……[查看全文]"),
    "paragraphs in another order": (ROOF, "\n".join(PARAGRAPHS[::-1])),
    "half-width punctuation": (ROOF, ROOF.replace("，", ",").replace("。", ".")),
    "a word replaced": (ROOF, ROOF.replace("不小", "很大").replace("短板", "缺口")),
    "another story put before it": (ROOF, f"{WEATHER}\n{ROOF}"),
    "a notice appended": (ROOF, f"{ROOF}\n{DISCLAIMER}"),
    "traditional characters": (BRIEF, TRADITIONAL),
    "English, a new first sentence": (
        HARBOUR,
        "Grain is coming back to the river." + HARBOUR[HARBOUR.index(".") :],
    ),
    "English, upper case and reflowed": (HARBOUR, HARBOUR.upper().replace(" ", "\n", 20)),
    "a warning again, of the same security": (
        warning_notice("澄江玻璃（300912）"),
        warning_notice("300912 澄江玻璃股份"),
    ),
    "a table of figures only": (FIGURES, f"{FIGURES}\n"),
    "one very short sentence": ("南湖港今日恢复通航。", "南湖港今日恢复通航！"),
}
NO_REPOSTS = {
    "another story": (ROOF, WEATHER),
    "another company in the same template": (
        quarter_notice("澄江玻璃", "300912", "8.41", "1.02", "12.5"),
        quarter_notice("白鹭航运", "601733", "23.96", "3.38", "7.4"),
    ),
    "the same company, another quarter's figures": (
        quarter_notice("澄江玻璃", "300912", "8.41", "1.02", "12.5"),
        quarter_notice("澄江玻璃", "300912", "9.77", "1.31", "16.2"),
    ),
    "a warning of another security": (
        warning_notice("澄江玻璃（300912）"),
        warning_notice("澄湖玻璃（300921）"),
    ),
    "a table of other figures": (
        FIGURES,
        " ".join(f"{number * 41 % 103}.{number % 10}" for number in range(30)),
    ),
    "the same fund, the next day's halt": (halt_notice(12), halt_notice(13)),
    "only the disclaimer is shared": (f"{ROOF}\n{DISCLAIMER}", f"{WEATHER * 2}\n{DISCLAIMER}"),
    "a digest more than six times the item": (
        BRIEF,
        "\n".join([ROOF, WEATHER, HARBOUR, DISCLAIMER, BRIEF, halt_notice(12)]),
    ),
    "a quotation": (ROOF, PARAGRAPHS[3] + "\n" + WEATHER + DISCLAIMER),
    "nothing to compare": ("", ""),
    "punctuation only": ("……", "……"),
}


@pytest.mark.parametrize(("old", "new"), REPOSTS.values(), ids=REPOSTS)
def test_is_a_repost(fingerprinter: Fingerprinter, old: str, new: str) -> None:
    found = judged(fingerprinter, old, new, MONDAY, TUESDAY)
    assert found is not None
    assert found.id == "old"
    assert 0 < found.similarity <= 1
    assert 0 < found.containment <= 1
    assert 0 <= found.hamming_distance <= 64


@pytest.mark.parametrize(("old", "new"), NO_REPOSTS.values(), ids=NO_REPOSTS)
def test_is_no_repost(fingerprinter: Fingerprinter, old: str, new: str) -> None:
    assert judged(fingerprinter, old, new, MONDAY, TUESDAY) is None


@pytest.mark.parametrize(
    ("new", "date", "repost"),
    [
        pytest.param(ROOF, MONDAY, True, id="word for word, months later"),
        pytest.param(ROOF.replace("3.6亿元", "3.9亿元"), MARCH, True, id="a figure corrected soon"),
        pytest.param(ROOF.replace("3.6亿元", "3.9亿元"), MONDAY, False, id="another figure later"),
        pytest.param("\n".join(PARAGRAPHS[1:]) + WEATHER, MARCH, True, id="edited soon"),
        pytest.param("\n".join(PARAGRAPHS[2:]) + WEATHER, MONDAY, False, id="edited months later"),
        pytest.param("\n".join(PARAGRAPHS[1:]) + WEATHER, None, True, id="without a date"),
    ],
)
def test_far_dates_ask_for_more(
    fingerprinter: Fingerprinter, new: str, date: str | None, repost: bool
) -> None:
    found = judged(fingerprinter, ROOF, new, MARCH, date)
    assert (found is not None) is repost


@pytest.mark.parametrize(
    ("old_date", "new_date", "repost"),
    [
        pytest.param("2026-03-02T09:00:07+08:00", "2026-03-02T01:00:07Z", True, id="same second"),
        pytest.param("2026-03-02T09:00:07+08:00", "2026-03-02T09:00:08+08:00", False, id="next"),
        pytest.param(MARCH, MARCH, False, id="a full minute says nothing"),
        pytest.param("2026-03-02", "2026-03-02", False, id="nor does a day"),
        pytest.param(None, None, False, id="nor no date"),
    ],
)
def test_versions_of_one_text_bear_the_same_second(
    fingerprinter: Fingerprinter, old_date: str | None, new_date: str | None, repost: bool
) -> None:
    # Two fifths of the old text are left.
    new = "\n".join([*PARAGRAPHS[:2], WEATHER, BRIEF])[44:]
    assert (judged(fingerprinter, ROOF, new, old_date, new_date) is not None) is repost


@pytest.mark.parametrize(
    ("text", "securities"),
    [
        pytest.param("澄江玻璃（300912）今日停牌", 1, id="in brackets"),
        pytest.param("300912.SZ", 1, id="with its market"),
        pytest.param("300912 601733 300912", 2, id="each once"),
        pytest.param("公司卖出300912股", 0, id="an amount"),
        pytest.param("代码 30091 3009123 30.091", 0, id="of another length"),
    ],
)
def test_securities_are_six_digits_that_stand_alone(
    fingerprinter: Fingerprinter, text: str, securities: int
) -> None:
    one, *_ = fingerprinter.many([Text(text), Text("（300912）")])
    assert np.count_nonzero(one.contexts == 0) == securities


def test_a_list_of_securities_is_about_none(fingerprinter: Fingerprinter) -> None:
    def listed(first: int) -> str:
        return "，".join(f"（{600000 + first + number}）" for number in range(SECURITIES))

    assert judged(fingerprinter, ROOF + listed(1), ROOF + listed(101), MONDAY, MONDAY) is not None
    assert judged(fingerprinter, f"{ROOF}（600001）", f"{ROOF}（600002）", MONDAY, MONDAY) is None


def test_boilerplate_stops_counting_once_it_is_common(fingerprinter: Fingerprinter) -> None:
    stories = [WEATHER, *ROOF.split("\n"), halt_notice(12)]
    detector = Detector(MemoryIndex(), fingerprinter=fingerprinter)
    for number, story in enumerate(stories):
        document = Document(str(number), detector.fingerprint(f"{story}\n{DISCLAIMER}"))
        detector.add(document, detector.judge(document))
    # Two thirds of it have been seen, but never anything that is its own.
    new = Document("new", detector.fingerprint(f"{BRIEF}\n{DISCLAIMER}"))
    assert detector.judge(new).kept
