"""Truth tables of the press's small parts: templates, dates, edits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import pytest

from demo.dates import as_printed, print_date
from demo.edits import Edit, apply_edit
from demo.templating import Template

MOMENT = datetime(2026, 3, 11, 16, 5, 9, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("text", "context", "out"),
    [
        pytest.param("a {{x}}", {"x": "<b>"}, "a &lt;b&gt;", id="escaped"),
        pytest.param("a {{{x}}}", {"x": "<b>"}, "a <b>", id="raw"),
        pytest.param("{{#l}}[{{n}}]{{/l}}", {"l": [{"n": 1}, {"n": 2}]}, "[1][2]", id="list"),
        pytest.param("{{#l}}{{.}},{{/l}}", {"l": ["p", "q"]}, "p,q,", id="strings"),
        pytest.param("{{#x}}yes{{/x}}{{^x}}no{{/x}}", {"x": ""}, "no", id="empty is false"),
        pytest.param("{{#l}}{{o}}{{/l}}", {"l": [{}], "o": "outer"}, "outer", id="outer scope"),
        pytest.param("{{#x}}{{x}}{{/x}}", {"x": "once"}, "once", id="text as condition"),
    ],
)
def test_templates(text: str, context: Mapping[str, object], out: str) -> None:
    assert Template(text).render(context) == out


@pytest.mark.parametrize("text", ["{{#a}}", "{{/a}}", "{{#a}}{{/b}}"])
def test_unbalanced_sections_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="section"):
        Template(text)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        Template("{{nobody}}").render({})


@pytest.mark.parametrize(
    ("form", "printed", "iso"),
    [
        ("{y}-{mm}-{dd} {HH}:{M}:{S}", "2026-03-11 16:05:09", "2026-03-11T16:05:09+08:00"),
        ("{y}/{m}/{d} {H}:{M}", "2026/3/11 16:05", "2026-03-11T16:05:00+08:00"),
        ("{han}", "二〇二六年三月十一日", "2026-03-11T00:00:00+08:00"),
        ("{reiwa}", "令和8年3月11日", "2026-03-11T00:00:00+08:00"),
        (
            "{d} {month_en} {y}, {h}:{M} {ampm}",
            "11 March 2026, 4:05 p.m.",
            "2026-03-11T16:05:00+08:00",
        ),
        (
            "{m}月{d}日（{week}） {noon} {h}:{M}",
            "3月11日（三） 下午 4:05",
            "2026-03-11T16:05:00+08:00",
        ),
        ("", "", "2026-03-11T16:05:09+08:00"),
    ],
)
def test_dates_are_printed_and_known_as_exactly_as_printed(
    form: str, printed: str, iso: str
) -> None:
    assert print_date(MOMENT, form) == printed
    assert as_printed(MOMENT, form) == iso


BODY = ("甲说一。甲说二。", "乙“好。”又说。", "丙。", "丁。")


@pytest.mark.parametrize(
    ("edit", "out"),
    [
        pytest.param(Edit(), BODY, id="verbatim"),
        pytest.param(Edit(replace=(("丙", "戊"),)), (*BODY[:2], "戊。", "丁。"), id="a word"),
        pytest.param(Edit(keep=2), BODY[:2], id="truncated"),
        pytest.param(Edit(drop=(1, 2)), (BODY[0], BODY[3]), id="dropped"),
        pytest.param(Edit(last_first=True), (BODY[0], "丁。", *BODY[1:3]), id="reordered"),
        pytest.param(
            Edit(reflow=True),
            ("甲说一。", "甲说二。", "乙“好。”又说。", "丙。", "丁。"),
            id="a sentence a paragraph",
        ),
        pytest.param(Edit(lead=("序。",), append=("跋。",)), ("序。", *BODY, "跋。"), id="framed"),
    ],
)
def test_edits(edit: Edit, out: tuple[str, ...]) -> None:
    assert apply_edit(BODY, edit) == out


def test_a_word_that_does_not_occur_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="nothing to replace"):
        apply_edit(BODY, Edit(replace=(("没有", "有"),)))
