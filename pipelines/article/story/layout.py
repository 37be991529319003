"""Where the paragraphs stand: the element that holds them, and what stands in others around it.

No class name and no phrase is asked: only which element the prose is directly in. On labelled pages
nineteen blocks of twenty that stand in a picture's frame, in a headed box between the paragraphs
or behind the element of the paragraphs are not the story's, whatever their elements are called.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.article.page.nodes import Block, Container, Document
from pipelines.article.story import weights
from pipelines.article.story.evidence import Evidence

_MAIN_SHARE: Final = 0.5  # of the prose, in one element: the story is there
_DOMINATED: Final = 0.25  # where no other element holds this share of the main one's prose
_LEAST_SHARE: Final = 0.3  # less is enough: the rest is scattered
# With this share of the main one's prose an element of the same make holds the story, too.
_PART: Final = 0.2
_OTHER_PART: Final = 0.5  # and one of another make with this share
_FRAME_BLOCKS: Final = 3
_FRAME_UNITS: Final = 220.0
_PICTURED: Final = 0.35  # from this share of the prose in frames on, the pictures tell the story
_BOX_SHARE: Final = 0.4
_SECTIONS: Final = 3  # so many boxes of one make are the story's own sections
_LABEL: Final = re.compile(r"[^\d\s]\s?[:：]")
_ITEMS: Final = 3
_INLINE: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "pre"))


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks by place: in a picture's frame, in a box, ahead of the paragraphs and behind them."""

    framed: frozenset[int]
    boxed: frozenset[int]
    begin: int  # the first block of the elements that hold the paragraphs
    end: int


def lay_out(
    document: Document, evidence: Evidence, story: Sequence[int], first: int, end: int
) -> Layout:
    """Lay out `blocks[first:end]`; *story* are the indexes of those that may be its paragraphs.

    Linear in blocks, containers and pictures.
    """
    held: dict[int, float] = defaultdict(float)
    for index in story:
        held[_holder(document, index).index] += evidence.prose[index]
    main = max(held, key=held.__getitem__, default=-1)
    holder = document.containers[main] if main >= 0 else None
    total = sum(held.values())
    framed = _frames(document, evidence, main, first, end)
    if sum(evidence.prose[index] for index in story if index in framed) > _PICTURED * total:
        framed = frozenset()
    inside = _held_alike(document, held, holder) if holder is not None else 0.0
    second = max((prose for at, prose in held.items() if at != main), default=0.0)
    share = _MAIN_SHARE if second > _DOMINATED * inside else _LEAST_SHARE
    if holder is None or inside < share * total:
        return Layout(framed, frozenset(), first, end)
    begin, last = holder.first, holder.end
    for at, prose in held.items():
        part = document.containers[at]
        if prose >= (_PART * held[main] if _alike(part, holder) else _OTHER_PART * inside):
            begin, last = min(begin, part.first), max(last, part.end)
    last = _before_list_of_links(document, evidence, story, min(end, last))
    return Layout(framed, _boxes(document, evidence, holder, held[main]), begin, last)


def _before_list_of_links(
    document: Document, evidence: Evidence, story: Sequence[int], end: int
) -> int:
    """Where a list at the story's end begins whose items all hold a link; else *end*."""
    last = max((index for index in story if index < end), default=end)
    # The last paragraph may be an item of it, or stand before the list and its heading.
    lists = [_list_around(document, index) for index in range(last, min(end, last + 3))]
    listed = next((each for each in lists if each is not None), None)
    if listed is None:
        return end
    items = document.blocks[listed.first : listed.end]
    linked = sum(bool(block.link_chars) for block in items)
    prose = evidence.prose_in(listed.first, listed.end)
    small = prose <= _BOX_SHARE * sum(evidence.prose[index] for index in story)
    if not small or linked < max(_ITEMS, 0.8 * len(items)):
        return end
    # Its heading goes with it.
    return listed.first - (not evidence.prose[listed.first - 1])


def _list_around(document: Document, index: int) -> Container | None:
    at = document.blocks[index].container
    while at >= 0 and document.containers[at].tag in ("li", "p", "span"):
        at = document.containers[at].parent
    found = document.containers[at] if at >= 0 else None
    return found if found is not None and found.tag in ("ul", "ol") else None


def _held_alike(document: Document, held: dict[int, float], holder: Container) -> float:
    """The prose in elements of *holder*'s make that stand beside it, its own with it."""
    parts = [(document.containers[at], prose) for at, prose in held.items()]
    return sum(
        prose for part, prose in parts if part.parent == holder.parent and _alike(part, holder)
    )


def _alike(one: Container, other: Container) -> bool:
    """Whether two elements are of one make: the same tag, and a class in common or none at all."""
    names, others = (set((each.class_name or "").split()) for each in (one, other))
    return one.tag == other.tag and (names == others or not names.isdisjoint(others))


def _holder(document: Document, index: int) -> Container:
    """The element in which a block stands beside others."""
    containers = document.containers
    container = containers[document.blocks[index].container]
    while container.end - container.first == 1 and container.parent >= 0:
        container = containers[container.parent]
    return container


def _frames(
    document: Document, evidence: Evidence, main: int, first: int, end: int
) -> frozenset[int]:
    """The blocks in the smallest element around a picture that holds any, where they are few."""
    containers = document.containers
    seen: set[int] = set()
    framed: set[int] = set()
    for image in document.images:
        if not first <= image.before <= end:
            continue
        container = containers[image.container]
        while container.end == container.first and container.parent >= 0:
            container = containers[container.parent]
        if container.index in seen:
            continue
        seen.add(container.index)
        if (
            container.end - container.first <= _FRAME_BLOCKS
            and container.tag not in _INLINE
            and not container.index <= main < container.last
            and sum(evidence.units[container.first : container.end]) <= _FRAME_UNITS
        ):
            framed.update(range(container.first, container.end))
    return frozenset(framed)


def _boxes(
    document: Document, evidence: Evidence, holder: Container, prose: float
) -> frozenset[int]:
    """The blocks of headed boxes between the paragraphs; sections of the story come in numbers."""
    found: list[Container] = []
    at = holder.index + 1
    while at < holder.last:
        child = document.containers[at]
        at = child.last
        if (
            (child.tag == "div" or "-" in child.tag)
            and child.end - child.first > 1
            and any(block.heading for block in document.blocks[child.first : child.first + 2])
            and evidence.prose_in(child.first, child.end) <= _BOX_SHARE * prose
        ):
            found.append(child)
    makes = Counter((child.tag, child.class_name) for child in found)
    return frozenset(
        index
        for child in found
        if makes[child.tag, child.class_name] < _SECTIONS
        for index in range(child.first, child.end)
    )


def caption_beside(container: Container, *, with_picture: bool) -> tuple[float, str, str]:
    """What standing right behind a picture says of a line in *container*, which may hold both."""
    if container.tag == "center" or container.centred:
        return weights.CENTRED_CAPTION, "caption", "centred behind a picture"
    if with_picture:
        return weights.CAPTION_IN_ITS_BLOCK, "caption", "in a picture's element"
    return weights.CAPTION_BEHIND, "caption", "behind a picture"


def is_cell(document: Document, block: Block) -> bool:
    """Whether a block is a cell of a table of data: a word in a row of others, and no label."""
    if block.tag not in ("td", "th") or block.link_chars or _LABEL.search(block.text):
        return False
    cell = document.containers[block.container]
    row = document.containers[cell.parent]
    rows = document.containers[row.parent]
    return (
        cell.end - cell.first == 1
        and row.tag == "tr"
        and row.end - row.first > 1
        and rows.end - rows.first >= 2 * (row.end - row.first)
    )
