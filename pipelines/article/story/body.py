"""Choose the container that holds the story: most prose, least of anything else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipelines.article.page.nodes import Block, Document
from pipelines.article.story.evidence import Evidence

_FURNITURE_SHARE: Final = 0.1  # what prose beside the story counts
_TOO_LITTLE: Final = 20.0  # units of prose proper under which furniture may be the story after all
_BEFORE_HEADLINE: Final = 0.3
_LINK_COST: Final = 4.0
_LINE_COST: Final = 0.7
_SENTENCE: Final = 3.0  # units of the shortest sentence
_SHORT: Final = 14.0  # and from so many on a line is measured as prose
_SAID: Final = 0.5  # what its units count
_STOPS: Final = frozenset("。！？…”!?.")
_CELLS: Final = frozenset(("td", "th", "caption"))
_SPLIT: Final = 0.2  # a part of the story outside holds at least this share of what is inside


@dataclass(frozen=True, slots=True)
class Region:
    """Where the story is: `blocks[first:end]`, all inside `containers[container]`."""

    container: int
    first: int
    end: int
    prose: float  # units of prose inside, furniture left out


@dataclass(frozen=True, slots=True)
class _Values:
    """What each block speaks for its containers, and sums over the blocks before each.

    The sums are of that without what speaks against them, and of prose proper. *gaining* are the
    blocks that speak for theirs.
    """

    gains: list[float]
    sums: list[float]
    story: list[float]
    gaining: list[int]


def choose(document: Document, evidence: Evidence, headline: int | None = None) -> Region | None:
    """The container with the greatest sum of its blocks' values; None on a page without prose.

    *headline* is the index of the headline's block where it is known: prose before it counts less.
    """
    values = _values(document, evidence, headline, 0.0)
    if values.story[-1] < _TOO_LITTLE:
        values = _values(document, evidence, headline, _FURNITURE_SHARE)
    sums = values.sums
    best, best_sum = -1, 0.0
    for index in _holders(document, values.gaining):
        first, end = document.containers[index].first, document.containers[index].end
        total = sums[end] - sums[first]
        # The deeper of two equals: it holds the same prose in less.
        if total > 0 and total >= best_sum:
            best, best_sum = index, total
    if best < 0:
        return None
    best = _widen(document, values.story, best)
    container = document.containers[best]
    inside = sum(values.gains[container.first : container.end])
    return Region(best, container.first, container.end, inside)


def _holders(document: Document, blocks: list[int]) -> list[int]:
    """The containers around any of *blocks*, in document order."""
    holders: set[int] = set()
    for block in blocks:
        at = document.blocks[block].container
        while at >= 0 and at not in holders:
            holders.add(at)
            at = document.containers[at].parent
    return sorted(holders)


def _values(
    document: Document, evidence: Evidence, headline: int | None, furniture: float
) -> _Values:
    """Weigh the blocks; prose in furniture counts *furniture* of what it would elsewhere."""
    size = len(document.blocks)
    gains, net, story = [0.0] * size, [0.0] * size, [0.0] * size
    gaining: list[int] = []
    homes: set[int] = set()  # of prose; worked out when the first short sentence is met
    head = -1 if headline is None else headline
    for index, (block, prose, linked, units) in enumerate(
        zip(document.blocks, evidence.prose, evidence.density, evidence.units, strict=True)
    ):
        if prose:
            value = prose
            if evidence.beside[block.container]:
                value *= furniture
                net[index] = 0.0 if furniture else -_LINE_COST
            elif index > head:
                story[index] = value
            if index < head:
                value *= _BEFORE_HEADLINE
            gains[index] = value
            net[index] += value
            gaining.append(index)
        elif not block.hidden and (linked > 0.5 or block.tag not in _CELLS):
            if (
                _SENTENCE <= units < _SHORT
                and block.text[-1] in _STOPS
                and not block.link_chars
                and not evidence.beside[block.container]
                and _home(document, block) in (homes := homes or _homes(document, evidence))
            ):
                # Too short for prose by itself, but said among paragraphs.
                gains[index] = net[index] = _SAID * units
                gaining.append(index)
            else:
                net[index] = -_LINE_COST - _LINK_COST * linked
    return _Values(gains, _sums(net), _sums(story), gaining)


def _sums(values: list[float]) -> list[float]:
    return list(accumulate(values, initial=0.0))


def _homes(document: Document, evidence: Evidence) -> set[int]:
    return {
        _home(document, block)
        for block, prose in zip(document.blocks, evidence.prose, strict=True)
        if prose
    }


def _home(document: Document, block: Block) -> int:
    """The container in which a block stands beside others."""
    container = document.containers[block.container]
    return container.parent if container.end - container.first == 1 else container.index


def _widen(document: Document, gains: list[float], best: int) -> int:
    """Climb while an ancestor holds a good part of the story that the container does not."""
    containers = document.containers
    while True:
        here = containers[best]
        inside = gains[here.end] - gains[here.first]
        above = here.parent
        found = -1
        while above >= 0:
            around = containers[above]
            if around.tag in ("html", "body"):
                break
            if gains[around.end] - gains[around.first] >= (1 + _SPLIT) * inside:
                found = above
                break
            above = around.parent
        if found < 0:
            return best
        best = found
