"""Shingles and numbers: what two texts must share to look alike."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fingerprint.document import Fingerprinter, Text, day_of
from pipelines.fingerprint.sketch import KEYS, SHINGLES, Sketch, SketchError, choose_keys
from tests.fingerprint.stories import BRIEF, HARBOUR, ROOF


@pytest.mark.parametrize(
    ("text", "units", "shingles"),
    [
        pytest.param("", 0, 0, id="empty"),
        pytest.param("，。！", 0, 0, id="punctuation only"),
        pytest.param("涨", 1, 1, id="shorter than a shingle: one"),
        pytest.param("股价今日上涨三成", 8, 1, id="as long as a shingle"),
        pytest.param("股价今日上涨三成半", 9, 2, id="one letter longer"),
        pytest.param("股价今日上涨 31.5%", 7, 1, id="a number is one unit"),
        pytest.param("the quay was let again", 5, 2, id="words: four to a shingle"),
        pytest.param("涨停涨停涨停涨停涨停涨停", 12, 2, id="repeats count once"),
        pytest.param("12 12.5 13", 3, 1, id="numbers only"),
    ],
)
def test_units(fingerprinter: Fingerprinter, text: str, units: int, shingles: int) -> None:
    found = fingerprinter.one(text)
    assert (found.units, len(found.shingles)) == (units, shingles)


def test_a_foreign_story_around_it_changes_no_shingle_of_a_story(
    fingerprinter: Fingerprinter,
) -> None:
    story = set(fingerprinter.one(BRIEF).shingles.tolist())
    merged = set(fingerprinter.one(f"{HARBOUR}\n{BRIEF}\n{HARBOUR}").shingles.tolist())
    assert story <= merged


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        pytest.param("净利8,882.35万", "净利8882.35万", True, id="grouped digits"),
        pytest.param("净利1.5亿", "净利15亿", False, id="the decimal point counts"),
        pytest.param("净利１．５亿", "净利1.5亿", True, id="full width"),
        pytest.param("净利1.5亿", "净利 1.5 亿", True, id="blanks around"),
    ],
)
def test_number_values(fingerprinter: Fingerprinter, one: str, other: str, equal: bool) -> None:
    first, second = fingerprinter.one(one), fingerprinter.one(other)
    assert np.array_equal(first.contexts, second.contexts)
    assert np.array_equal(first.values, second.values) is equal


def test_a_number_is_known_by_the_words_before_it(fingerprinter: Fingerprinter) -> None:
    one = fingerprinter.one("公司全年净利润8亿元，公司全年营业收入8亿元")
    assert len(set(one.contexts.tolist())) == 2
    assert len(set(one.values.tolist())) == 1


@given(st.lists(st.text(max_size=60), max_size=8))
def test_a_batch_gives_what_its_texts_give_alone(
    fingerprinter: Fingerprinter, texts: list[str]
) -> None:
    together = fingerprinter.many([Text(text) for text in texts])
    for text, found in zip(texts, together, strict=True):
        alone = fingerprinter.one(text)
        assert found.simhash == alone.simhash
        assert np.array_equal(found.shingles, alone.shingles)
        assert np.array_equal(found.contexts, alone.contexts)
        assert np.array_equal(found.values, alone.values)


def test_a_change_touches_only_the_shingles_around_it(fingerprinter: Fingerprinter) -> None:
    before = set(fingerprinter.one(ROOF).shingles.tolist())
    after = set(fingerprinter.one(ROOF.replace("短板", "缺口")).shingles.tolist())
    assert len(before - after) == 9  # two letters in the middle of shingles of eight


@pytest.mark.parametrize("text", ["", "涨", BRIEF, ROOF, HARBOUR], ids=len)
def test_a_sketch_survives_being_packed(fingerprinter: Fingerprinter, text: str) -> None:
    sketch = fingerprinter.one(text, "2026-03-01T08:00:00+08:00").sketch(indexed=0b1011)
    again = Sketch.unpack(sketch.pack())
    assert again.pack() == sketch.pack()
    assert (again.simhash, again.units, again.day) == (sketch.simhash, sketch.units, sketch.day)
    assert np.array_equal(again.shingles, sketch.shingles)


def test_fingerprints_of_yesterday_stay_comparable(fingerprinter: Fingerprinter) -> None:
    """What an archive has stored was made by an older version of this code."""
    texts = [ROOF, HARBOUR, BRIEF, "净利润1,234.5万元，同比增12.5%", ""]
    packed = b"".join(fingerprinter.one(text).sketch(indexed=7).pack() for text in texts)
    assert hashlib.sha256(packed).hexdigest()[:16] == "68d516956ff71380"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\0" * 31, b"\x01" + b"\xff" * 200], ids=["none", "one", "head", "junk"]
)
def test_foreign_bytes_are_no_sketch(data: bytes) -> None:
    with pytest.raises(SketchError):
        Sketch.unpack(data)


def test_keys_are_the_smallest_shingles_that_are_not_common() -> None:
    lengths = np.zeros(SHINGLES, np.int64)
    lengths[[0, 2]] = 40
    mask = choose_keys(lengths, 40)
    assert mask & 0b111 == 0b010
    assert mask.bit_count() == KEYS
    assert choose_keys(np.full(SHINGLES, 40), 40) == 0


@pytest.mark.parametrize(
    ("date", "day"),
    [
        pytest.param("1970-01-02T00:00:00+00:00", 1.0, id="utc"),
        pytest.param("1970-01-02T08:00:00+08:00", 1.0, id="with an offset"),
        pytest.param("1970-01-02", 1.0, id="a day alone"),
        pytest.param("2018-11", None, id="a month"),
        pytest.param("昨天", None, id="words"),
        pytest.param(None, None, id="none"),
    ],
)
def test_days(date: str | None, day: float | None) -> None:
    assert day_of(date) == day
