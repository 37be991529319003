"""Strings as they may stand in a record."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.text import clean_lines, clean_paragraphs, normalise_text, one_line

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("a\r\nb\rc\nd", "a\nb\nc\nd", id="carriage-returns"),
        pytest.param("a\u2028b\u2029c\x85d", "a\nb\nc\nd", id="unicode-line-ends"),
        pytest.param("a\x0bb\x0cc\x1cd\x1de\x1ef", "a\nb\nc\nd\ne\nf", id="splitlines-ends"),
        pytest.param("利\x00率\x07上\x9d调", "利率上调", id="c0-and-c1-controls"),
        pytest.param("\u202eabc\u202c\u2066d\u2069\u200e\u200f\u061c", "abcd", id="bidi"),
        pytest.param("\ufeff央\u200b行\xad", "央行", id="zero-width-and-soft-hyphen"),
        pytest.param("a\ud83d\ude00b", "a\U0001f600b", id="surrogate-pair-is-joined"),
        pytest.param("a\ud83db\udc00", "ab", id="lone-surrogates-go"),
        pytest.param("e\u0301", "\u00e9", id="nfc"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="persian-joiner-stays"),
        pytest.param("\uffff\ufdd0\U0001fffe好", "好", id="noncharacters"),
        pytest.param("one  two\tthree", "one  two\tthree", id="blanks-stay"),
    ],
)
def test_normalise_text_gives(raw: str, expected: str) -> None:
    assert normalise_text(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("\u3000\u3000股市 \t 收高\n", "股市 收高", id="ideographic-space"),
        pytest.param("two\nlines\u2028here", "two lines here", id="line-ends-become-a-space"),
        pytest.param("a\xa0\u2009b", "a b", id="no-break-and-thin-space"),
    ],
)
def test_one_line_gives(raw: str, expected: str) -> None:
    assert one_line(raw) == expected


def test_clean_lines_keeps_empty_lines_as_places() -> None:
    assert clean_lines(" a \r\n\r\n\u3000b") == ["a", "", "b"]


def test_clean_paragraphs_drops_empty_lines() -> None:
    assert clean_paragraphs("\n\n a \r\r b\n") == "a\nb"


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_text(text)
    assert normalise_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(ANY_TEXT)
def test_paragraphs_are_stable_and_break_only_at_newline(text: str) -> None:
    body = clean_paragraphs(text)
    assert clean_paragraphs(body) == body
    assert body.splitlines() == [line for line in body.split("\n") if line]


@given(ANY_TEXT)
def test_every_result_can_be_written_as_utf8_json(text: str) -> None:
    json.dumps(normalise_text(text), ensure_ascii=False).encode("utf-8")
