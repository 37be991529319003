"""The policy of docs/reposts.md as a truth table: invented stories, in both orders of arrival."""

import pytest

from pipelines.fingerprint.detector import Detector, Document, FirstPrint
from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.index import MemoryIndex
from tests.fingerprint.stories import (
    BRIEF,
    DISCLAIMER,
    HARBOUR,
    ROOF,
    WEATHER,
    halt_notice,
    quarter_notice,
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


def test_boilerplate_stops_counting_once_it_is_common(fingerprinter: Fingerprinter) -> None:
    stories = [WEATHER, *ROOF.split("\n"), halt_notice(12)]
    detector = Detector(MemoryIndex(), fingerprinter=fingerprinter)
    for number, story in enumerate(stories):
        document = Document(str(number), detector.fingerprint(f"{story}\n{DISCLAIMER}"))
        detector.add(document, detector.judge(document))
    # Two thirds of it have been seen, but never anything that is its own.
    new = Document("new", detector.fingerprint(f"{BRIEF}\n{DISCLAIMER}"))
    assert detector.judge(new).kept
