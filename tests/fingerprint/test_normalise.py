"""What is compared is the same text however it was typed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.normalise import DIGIT, POINT, Folding


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        pytest.param("ＡＢＣ１２３", "abc123", id="full width"),
        pytest.param("營業收入，同比增長", "营业收入同比增长", id="traditional"),
        pytest.param("看著、瞭解、鉅額", "看着了解巨额", id="forms that only a phrase tells apart"),
        pytest.param("a b\tc\n d", "abcd", id="blanks"),
        pytest.param("3.6亿元—（约8,882万）", "36亿元约8882万", id="punctuation"),
        pytest.param("ﬁnance ㎡ ½", "financem212", id="one character that folds to several"),
        pytest.param("e\u0301te\u0301", "été", id="a combining accent"),
        pytest.param("\u1112\u1161\u11ab", "한", id="hangul in parts"),
        pytest.param("ΟΔΟΣ", "οδος", id="a final sigma"),
        pytest.param("涨\ud83d停\udc00", "涨停", id="lone surrogates"),
        pytest.param("涨停🚀𠮷", "涨停𠮷", id="beyond the basic plane"),
        pytest.param("_ \u200b\u200b—", "", id="nothing to compare"),
    ],
)
def test_folds(folding: Folding, text: str, normalised: str) -> None:
    assert folding.normalised(text) == normalised


@given(st.lists(st.text(st.characters(exclude_categories=[])), max_size=5))
def test_arrays_hold_what_the_definition_says(folding: Folding, texts: list[str]) -> None:
    folded = folding.fold(texts)
    for place, text in enumerate(texts):
        part = slice(folded.starts[place], folded.starts[place + 1])
        letters = folded.codes[part][(folded.codes[part] != POINT) | (folded.kinds[part] != DIGIT)]
        assert "".join(map(chr, letters.tolist())) == folding.normalised(text)


@given(st.text())
def test_folding_twice_changes_nothing(folding: Folding, text: str) -> None:
    once = folding.normalised(text)
    again = folding.normalised(once)
    # Dropping a mark can bring two letters together that compose; a third time nothing is left.
    assert folding.normalised(again) == again


def test_a_text_does_not_depend_on_its_neighbours_in_the_batch(folding: Folding) -> None:
    alone = folding.fold(["价格3.5"])
    between = folding.fold(["结尾8.", "价格3.5", ".7元"])
    part = slice(between.starts[1], between.starts[2])
    assert np.array_equal(alone.codes, between.codes[part])
    assert np.array_equal(alone.kinds, between.kinds[part])


def test_only_the_first_million_characters_are_compared() -> None:
    fingerprinter = Fingerprinter()
    long = "甲乙丙丁戊己庚辛壬癸" * 100_000
    assert fingerprinter.one(long).simhash == fingerprinter.one(long + "子丑寅卯").simhash
