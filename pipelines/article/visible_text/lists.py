"""Lists of other stories in visible text, by what recurs: dates, titles over summaries, copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from pipelines.article.visible_text.lines import Line

_ABOVE_SUMMARY = frozenset({"short", "date", "number"})
_SUMMARY = 65.0  # a summary in a list is no longer; most paragraphs are
_CELL = 12.0  # Chinese characters in a table's cell that is no figure
_CELLS = 6
_HEAD = 6.0  # of the heading of a column
_HEADS = 12
_TITLE = 6.0  # no title is shorter
_ITEM_LINES = 5  # from one summary in a list to the next
_STORY = 150.0  # prose before a line, after which the story may well be over


def dated_lists(lines: Sequence[Line], cells: frozenset[int] = frozenset()) -> frozenset[int]:
    """Name the positions inside lists of other stories: dates that recur after a few short lines.

    Three dates, each at most six lines and 160 Chinese characters after the one before, make one;
    dates among the *cells* of tables do not.
    """
    dates = [i for i, line in enumerate(lines) if line.shape == "date" and i not in cells]
    inside: set[int] = set()
    chain: list[int] = []
    for position in dates:
        if chain and not _near(lines, chain[-1], position):
            inside |= _covered(chain)
            chain = []
        chain.append(position)
    return frozenset(inside | _covered(chain))


def tables(lines: Sequence[Line]) -> frozenset[int]:
    """Name the positions inside tables: rows of figures, or six cells with one figure each.

    Cells have a line of their own; at most two short ones stand between two figures. Days and hours
    are figures where as many others stand among them.
    """
    inside = {position for position, line in enumerate(lines) if line.shape == "row"}
    chain: list[int] = []
    for position in [i for i, line in enumerate(lines) if line.is_figure or line.shape == "date"]:
        between = lines[chain[-1] + 1 : position] if chain else []
        if len(between) > 2 or any(line.marker or line.weight > _CELL for line in between):
            inside |= _table(lines, chain)
            chain = []
        chain.append(position)
    return frozenset(inside | _table(lines, chain))


def _table(lines: Sequence[Line], figures: list[int]) -> set[int]:
    """The lines from the first figure's own labels to the last figure, if there are enough."""
    proper = sum(lines[position].is_figure for position in figures)
    if len(figures) < _CELLS or 2 * proper < len(figures):
        return set()
    start = figures[0]
    if start and _is_cell(lines[start - 1]):
        start -= 1
    while start > max(0, figures[0] - _HEADS) and _is_head(lines[start - 1]):
        start -= 1
    return set(range(start, figures[-1] + 1))


def _is_cell(line: Line) -> bool:
    return line.shape == "short" and not line.marker and line.weight <= _CELL


def _is_head(line: Line) -> bool:
    """Whether the line may head a column: a word, even one that labels elsewhere (日期, 来源)."""
    return line.shape == "short" and line.weight <= _HEAD and line.text[-1] not in ":："


def _near(lines: Sequence[Line], first: int, second: int) -> bool:
    between = lines[first + 1 : second]
    return len(between) <= 6 and sum(line.weight for line in between) <= 160


def _covered(chain: list[int]) -> set[int]:
    if len(chain) < 3:
        return set()
    gap = max(second - first for first, second in pairwise(chain))
    return set(range(max(0, chain[0] - gap + 1), chain[-1] + 1))


def summaries_in_lists(lines: Sequence[Line]) -> frozenset[int]:
    """Name the short paragraphs that stand alone under titles: three so close, or late ones.

    Marked lines between a title and its paragraph are passed over: they go, whatever these are.
    """
    places = [position for position, line in enumerate(lines) if not line.marker]
    alone = [
        (above, position)
        for above, position, below in zip(places, places[1:], [*places[2:], None], strict=False)
        if lines[position].shape == "prose"
        and lines[position].weight <= _SUMMARY
        and lines[above].shape in _ABOVE_SUMMARY
        and (below is None or lines[below].shape != "prose")
    ]
    found = [position for above, position in alone if _is_title(lines[above])]
    told = list(accumulate(line.weight if line.is_solid else 0.0 for line in lines))
    late = {
        position
        for above, position in alone
        if told[position - 1] >= _STORY
        and (lines[above].shape != "short" or _is_title(lines[above]))
    }
    chains = (found[i : i + 3] for i in range(len(found) - 2))
    if len(late) < 2:
        late = set()  # a sub-heading and the story's last paragraph look the same
    close = {a for chain in chains if chain[2] - chain[0] <= 2 * _ITEM_LINES for a in chain}
    return frozenset(late | close)


def repeated_titles(lines: Sequence[Line]) -> frozenset[int]:
    """Name the title-like lines whose text the page has more than once: of links, of pictures."""
    counts = Counter(line.text for line in lines if _is_title(line))
    return frozenset(
        position
        for position, line in enumerate(lines)
        if line.shape == "short" and counts.get(line.text, 0) > 1
    )


def _is_title(line: Line) -> bool:
    return line.shape == "short" and not line.marker and line.weight >= _TITLE
