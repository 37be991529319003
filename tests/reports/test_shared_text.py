"""Stretches that two texts share are found, and only those."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reports.explained import cut
from crawler.reports.shared_text import grams, shared_spans


@pytest.mark.parametrize(
    ("text", "earlier", "shared"),
    [
        pytest.param(
            "另据报道，渔港扩建工程周一正式开工了。",
            "渔港扩建工程，周一正式开工，总投资三亿元。",
            ["渔港扩建工程周一正式开工"],
            id="punctuation does not count",
        ),
        pytest.param("完全不同的一句话在这里。", "渔港扩建工程周一正式开工。", [], id="nothing"),
        pytest.param(
            "Yesterday the harbour office announced new cranes, it said.",
            "THE HARBOUR OFFICE ANNOUNCED NEW CRANES on Monday",
            ["the harbour office announced new cranes"],
            id="case does not count",
        ),
        pytest.param("", "渔港扩建工程周一正式开工。", [], id="empty"),
        pytest.param("渔港扩建工程周一正式开工。", "", [], id="nothing to compare with"),
    ],
)
def test_what_both_have_is_found(text: str, earlier: str, shared: list[str]) -> None:
    spans = shared_spans(text, grams(earlier))
    assert [text[first:end] for first, end in spans] == shared


@given(st.text(max_size=200), st.text(max_size=200))
def test_spans_are_in_order_and_cutting_loses_nothing(text: str, earlier: str) -> None:
    spans = shared_spans(text, grams(earlier))
    assert all(first < end for first, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join(piece for piece, _ in cut(text, spans)) == text


@given(st.text(alphabet="渔港扩建工程周一正式开，。 ", min_size=1, max_size=80))
def test_a_text_shares_all_of_its_letters_with_itself(text: str) -> None:
    if sum(map(str.isalnum, text)) < 8:
        return
    spans = shared_spans(text, grams(text))
    outside = "".join(piece for piece, inside in cut(text, spans) if not inside)
    assert not any(map(str.isalnum, outside))
