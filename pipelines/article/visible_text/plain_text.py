"""A page's visible text to its article: the same cleaning as for HTML, by lines alone.

Text has no tags, so the evidence is the shape of a line, its place, what recurs, and the marker
phrases. `text_region` finds the story, `text_head` its headline; here the lines of the story are
cleaned and every decision gets the name of its rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.article.metadata.labels import Labels
from pipelines.article.story.line_shapes import LEADING_ON
from pipelines.article.text import clean_lines
from pipelines.article.visible_text.head import (
    find_headline,
    head_end,
    is_bare,
    is_meta,
    story_start,
)
from pipelines.article.visible_text.lines import TITLE_WEIGHT, Line, read_line
from pipelines.article.visible_text.lists import repeated_titles, tables
from pipelines.article.visible_text.region import find_story, is_phrase_in_prose, story_stop
from pipelines.article.visible_text.verdict import refusal
from pipelines.article.vocabulary import Vocabulary

# An ideographic indent inside a line is a paragraph whose line end was lost.
_LOST_LINE_END = re.compile("(?<=[。！？”」])[ \xa0]*\u3000\u3000+")

_FURNITURE = frozenset({"date", "number", "teaser", "links", "code"})
_LONGEST_PROMPT = 24  # characters of a prompt on the line of a paragraph
_BEHIND_SENTENCE = re.compile("[。！？.!?…”）)]\\s{0,3}([^。！？.!?…]{2,24})$")
_PASSES = 50  # bounds the time on a page made to need more; no real one needs three
_CLOSE = 3  # lines between a picture's text and the same title under it


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was done with one visible line, and why: *rule* is empty for a kept one."""

    text: str
    kept: bool
    rule: str


@dataclass(slots=True)
class TextReading:
    """The article in a page's visible text, or in *rejected* why there is none."""

    headline: str = ""
    paragraphs: list[str] = field(default_factory=list)
    decisions: list[LineDecision] = field(default_factory=list)
    headline_line: int | None = None  # the headline's place among the decisions
    rejected: str | None = None

    @property
    def removed(self) -> dict[str, int]:
        """How many lines each rule took out."""
        return dict(Counter(line.rule for line in self.decisions if line.rule))


def read_plain_text(
    text: str, vocabulary: Vocabulary, labels: Labels, known: str | None = None
) -> TextReading:
    """Find the article in *text*, the visible text of a whole page, one block a line.

    *known* is a headline that a listing gave. `rejected` is `empty`, `not_found` or
    `not_an_article`. Paragraphs are lines of *text* in their order, normalised, without prompts
    behind the last sentence. Linear in the length of *text*; never raises.
    """
    lines = [
        read_line(index, line, vocabulary)
        for index, line in enumerate(clean_lines(_LOST_LINE_END.sub("\n", text)))
        if line
    ]
    if not lines:
        return TextReading(rejected="empty")
    run = find_story(lines)
    if run is None:
        return _refused(lines, refusal(lines, 0, 0, False) or "not_an_article")
    start = head_end(lines, run.start, run.stop)
    if is_bare(lines, start):
        headline: int | None = 0
        start = 1
    else:
        headline = find_headline(lines, start, known)
        start = story_start(lines, headline, start, labels.chinese_dateline)
    stop = story_stop(lines, start, run.stop)
    reason = refusal(lines, start, stop, headline is not None)
    if reason is not None:
        return _refused(lines, reason)
    decisions: list[LineDecision] = []
    for line, rule in zip(lines, _rules(lines, headline, start, stop), strict=True):
        prompt = "" if rule else _prompt_behind(line.text, vocabulary)
        text = line.text[: len(line.text) - len(prompt)].rstrip()
        decisions.append(LineDecision(text, not rule, rule))
        if prompt:
            decisions.append(LineDecision(prompt, False, "read_more"))
    return TextReading(
        headline=lines[headline].text if headline is not None else "",
        paragraphs=[decision.text for decision in decisions if decision.kept],
        decisions=decisions,
        headline_line=headline,
    )


def _prompt_behind(text: str, vocabulary: Vocabulary) -> str:
    """What stands behind a line's last sentence and only leads on: 返回首页，查看更多; or empty."""
    found = _BEHIND_SENTENCE.search(text[-_LONGEST_PROMPT - 1 :])
    if found is None:
        return ""
    marker = vocabulary.find(found[1], LEADING_ON)
    return found[1] if marker is not None and marker.kind in ("whole", "pattern") else ""


def _refused(lines: Sequence[Line], reason: str) -> TextReading:
    decisions = [LineDecision(line.text, False, line.group or reason) for line in lines]
    return TextReading(rejected=reason, decisions=decisions)


def _rules(lines: Sequence[Line], headline: int | None, start: int, stop: int) -> list[str]:
    """Name the rule that removes each line; an empty name keeps it."""
    rules = [
        line.group or ("meta_line" if is_meta(line) else "before_story") for line in lines[:start]
    ]
    if headline is not None:
        rules[headline] = "headline"
    rules += _inside(lines[start:stop])
    _take_repeated(rules, lines, headline, start, stop)
    section = ""
    for line in lines[stop:]:
        section = line.group if line.is_section else section
        rules.append(line.group or section or "after_story")
    return rules


def _inside(lines: Sequence[Line]) -> list[str]:
    """The rules for the story's own lines; a section's heading takes its list of titles along."""
    rules: list[str] = []
    section, figures = "", tables(lines)
    last = max((i for i, line in enumerate(lines) if line.is_solid and not line.marker), default=0)
    for position, line in enumerate(lines):
        if line.is_ordinal or (position in figures and line.shape != "prose"):
            rules.append("")
        elif (
            line.marker is not None
            and not is_phrase_in_prose(line)
            and not (line.is_sentence_with_phrase and position < last)
        ):
            section = line.group if line.is_section and line.marker.kind == "whole" else ""
            rules.append(line.group)
        elif section and line.shape != "prose":
            rules.append(section)
        else:
            section = ""
            rules.append(_by_shape(line, lines, position))
    return rules


def _take_repeated(
    rules: list[str], lines: Sequence[Line], headline: int | None, start: int, stop: int
) -> None:
    """Take out the headline set into the story again, and titles that stand there twice at once.

    What is taken out brings other copies together: until none is left.
    """
    title = lines[headline].text if headline is not None else None
    twice = repeated_titles(lines)
    for position in range(start, stop):
        if not rules[position] and lines[position].text == title:
            rules[position] = "headline"
    for _ in range(_PASSES):
        kept = [position for position in range(start, stop) if not rules[position]]
        copies = {
            kept[place]
            for place in range(len(kept))
            if kept[place] in twice
            and any(
                other != kept[place] and lines[other].text == lines[kept[place]].text
                for other in kept[max(0, place - _CLOSE) : place + _CLOSE + 1]
            )
        }
        for position in copies:
            rules[position] = "repeated_line"
        if not copies:
            break


def _by_shape(line: Line, lines: Sequence[Line], position: int) -> str:
    """The rule for a line without a marker: teasers and counters stand beside furniture.

    Figures that stand among figures are cells of a table, and the story's.
    """
    if line.shape == "code":
        return "code"
    if line.shape not in {"teaser", "number"} or line.weight > TITLE_WEIGHT:
        return ""
    beside = [*lines[max(0, position - 1) : position], *lines[position + 1 : position + 2]]
    others = _FURNITURE - {"number"} if line.is_figure else _FURNITURE
    return line.shape if any(other.shape in others for other in beside) else ""
