"""Where the story stands in the lines of a page's visible text.

Every line gets points for being prose or against it for being furniture; the story is a run of
lines whose points sum up highest (all maximal runs are found in one linear pass, Ruzzo and Tompa
1999). Comments and footers end a zone that no run crosses. An early run wins over a later one that
is not clearly larger: what follows a story is teasers and comments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.article.story.line_shapes import is_speech
from pipelines.article.visible_text.lines import TITLE_WEIGHT, Line
from pipelines.article.visible_text.lists import (
    dated_lists,
    repeated_titles,
    summaries_in_lists,
    tables,
)

_PROSE_CAP = 160.0  # one endless paragraph is no surer a story than three sentences
_SECTION = -40.0
_SHAPES = {"date": -15.0, "number": -6.0, "teaser": -25.0, "code": -25.0}
_MARKED = {"editor_credit": -30.0, "tags": -20.0, "disclaimer": -20.0, "read_more": -15.0}
_ENDS_STORY = frozenset({"editor_credit", "tags", "comments", "disclaimer", "pager"})
_AT_EDGE = frozenset({"account_prompt", "author_note"})  # sentences only at a story's end
_STORY_GOES_ON = 0.6  # share of the prose before a closing mark that must follow it
_LISTED = -9.0
_TABLE = -0.5  # a table of fifty rows must not cut a story in two
_LONGEST_TABLE = 400  # lines of a table at a story's end
_REPEATED = -15.0
_SUMMARY_SHARE = 0.3
_PHRASE_IN_PROSE = 60.0  # a longer paragraph is not a marker because a phrase is in it
_NAMES_ONE = re.compile(r"[:：|｜]\s?\S.{6,}")  # the one story that a line leads to, on the line
_ENDS_ZONE = frozenset({"comments"})
_LETTERS = 0.3  # what the points of a run count behind a heading of comments
_EARLY_SHARE = 0.4  # of the best run's points, with which an earlier run is preferred
_JOIN_SHARE = 0.25  # of the chosen run's points, with which a later one is its continuation
_JOIN_GAP = 14  # lines of another story's titles between two halves of one story
SMALLEST = 24.0  # points of the shortest flash that is still a story


@dataclass(frozen=True, slots=True)
class Run:
    """Lines `start` to `stop` (exclusive) and their points."""

    start: int
    stop: int
    points: float


def points_of(line: Line) -> float:
    """Give the points by which *line* speaks for (positive) or against being the story's."""
    if line.is_ordinal:
        return _SHAPES["number"]
    if line.marker is not None and not is_phrase_in_prose(line):
        return _SECTION if line.is_section else _MARKED.get(line.group, -8.0)
    if line.shape == "prose":
        return min(line.weight, _PROSE_CAP) * _prose_share(line)
    if line.shape == "links":
        return -10.0 - min(line.weight, 60.0) / 3
    return _SHAPES.get(line.shape, -6.0 if line.weight < 8 else -9.0)


def _prose_share(line: Line) -> float:
    """Statements count in full, a line that goes on in the next one half, a question little."""
    if line.is_solid:
        return 1.0
    return 0.2 if line.text[-1] in "?？!！" and line.weight < TITLE_WEIGHT else 0.5


def is_phrase_in_prose(line: Line) -> bool:
    """Whether the marker's words only happen to stand in a sentence of the story."""
    marker = line.marker
    if marker is None or line.shape != "prose":
        return False
    if marker.group in _AT_EDGE or (marker.kind in ("start", "part") and is_speech(line.text)):
        return True
    return marker.kind == "part" and line.weight > _PHRASE_IN_PROSE


def find_story(lines: Sequence[Line]) -> Run | None:
    """Give the run of *lines* that is the story, None where no run is long enough for one."""
    points = _points_in_context(lines)
    runs: list[Run] = []
    start, letters = 0, len(lines)
    for position, line in enumerate(lines):
        if line.group in _ENDS_ZONE and not is_phrase_in_prose(line):
            runs += _maximal_runs(points, start, position)
            start = position + 1
            letters = min(letters, start)
    runs += _maximal_runs(points, start, len(lines))
    if not runs:
        return None
    # Readers' letters may be longer than the story they are about.
    best = max(run.points * (_LETTERS if run.start >= letters else 1.0) for run in runs)
    if best < SMALLEST:
        return None
    chosen = next(run for run in runs if run.points >= best * _EARLY_SHARE)
    return _joined(chosen, runs, lines)


def _joined(chosen: Run, runs: list[Run], lines: Sequence[Line]) -> Run:
    """Add the later runs that continue the chosen one behind a block set into the story."""
    for run in runs:
        if run.start < chosen.stop or run.points < chosen.points * _JOIN_SHARE:
            continue
        gap = lines[chosen.stop : run.start]
        if len(gap) > _JOIN_GAP or any(_ends_story(line) for line in gap):
            break
        chosen = Run(chosen.start, run.stop, chosen.points + run.points)
    return chosen


def _ends_story(line: Line) -> bool:
    return line.group in _ENDS_STORY and not (line.is_ordinal or is_phrase_in_prose(line))


def story_stop(lines: Sequence[Line], start: int, stop: int) -> int:
    """Give where the story ends inside its run: at an editor's credit, tags, another list.

    A mark ends the story when less prose follows it than went before; a list of other stories
    when what follows it reads like more of the list.
    """
    stop = _first_end(lines, start, stop)
    while stop > start and not _may_end(lines[stop - 1]):
        stop -= 1
    stop = _behind_table(lines, stop)
    # A last sentence without its full stop: with two commas it is no title.
    if stop < len(lines) and _is_open_sentence(lines[stop]):
        stop += 1
    return stop


def _behind_table(lines: Sequence[Line], stop: int) -> int:
    """Take in a table that stands between the last paragraph and a mark that ends the story."""
    figures = tables(lines[stop : stop + _LONGEST_TABLE])
    end = stop
    while end - stop in figures:
        end += 1
    return end if end < len(lines) and _ends_story(lines[end]) else stop


def _may_end(line: Line) -> bool:
    """Whether a story may end with the line: with prose or a long line, not with a label."""
    if line.marker is not None:
        return line.group not in _AT_EDGE and is_phrase_in_prose(line)
    return line.shape == "prose" or (line.shape == "short" and line.weight >= 20)


def _is_open_sentence(line: Line) -> bool:
    return (
        line.marker is None
        and line.shape in {"short", "prose"}
        and line.weight >= 20
        and sum(line.text.count(comma) for comma in ",，") > 1
    )


def _first_end(lines: Sequence[Line], start: int, stop: int) -> int:
    """The first line that ends the story, or *stop*."""
    prose = [min(line.weight, _PROSE_CAP) if line.is_solid else 0.0 for line in lines[start:stop]]
    before, after = 0.0, sum(prose)
    for position in range(start, stop):
        line = lines[position]
        if before >= SMALLEST:
            if _ends_story(line) and after < before * _STORY_GOES_ON:
                return position
            if _heads_list(line) and not _goes_on(lines[position + 1 : stop]):
                return position
        before += prose[position - start]
        after -= prose[position - start]
    return stop


def _heads_list(line: Line) -> bool:
    return (
        line.group == "recommendation"
        and not is_phrase_in_prose(line)
        and not _NAMES_ONE.search(line.text)
    )


def _goes_on(lines: Sequence[Line]) -> bool:
    """Whether the story continues behind the heading of a list that was set into it.

    Two paragraphs in a row are a story. So is one behind two titles: such a list has no summaries.
    """
    titles, paragraphs = 0, 0
    for line in lines:
        if _ends_story(line):
            return False
        if line.is_solid:
            paragraphs += 1
            if paragraphs > 1 or titles > 1:
                return True
        else:
            titles = titles + 1 if not paragraphs else 1
            paragraphs = 0
    return False


def _points_in_context(lines: Sequence[Line]) -> list[float]:
    """The points of every line, with what recurs around it: lists, tables, copies of titles."""
    figures = tables(lines)
    listed = dated_lists(lines, figures)
    summaries, twice = summaries_in_lists(lines), repeated_titles(lines)
    result = []
    for position, line in enumerate(lines):
        points = points_of(line)
        if position in figures:
            points = _TABLE
        elif position in listed:
            points = min(points, _LISTED)
        elif position in summaries:
            points *= _SUMMARY_SHARE
        elif position in twice:
            points = min(points, _REPEATED)
        result.append(points)
    return result


def _maximal_runs(points: Sequence[float], start: int, stop: int) -> list[Run]:
    """All maximal scoring runs between two positions, in order; each entry of the stack knows the
    nearest earlier one with a smaller sum before it, which keeps the search linear."""
    stack: list[tuple[int, int, float, float, int]] = []  # start, stop, sums before and at end
    total = 0.0
    for position in range(start, stop):
        before, total = total, total + points[position]
        if points[position] <= 0:
            continue
        begin, earlier = position, len(stack) - 1
        while earlier >= 0 and stack[earlier][2] >= before:
            earlier = stack[earlier][4]
        while earlier >= 0 and stack[earlier][3] < total:
            begin, _, before, _, link = stack[earlier]
            del stack[earlier:]
            earlier = link
        stack.append((begin, position + 1, before, total, earlier))
    return [Run(begin, end, right - left) for begin, end, left, right, _ in stack]
