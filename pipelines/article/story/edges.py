"""Where a story begins and ends among its blocks: decks, headline, trailing notes and prompts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from pipelines.article.page.nodes import Block, Container, Document
from pipelines.article.story.body import Region
from pipelines.article.story.evidence import Evidence
from pipelines.article.vocabulary import Marker

MarkerOf = Callable[[str], Marker | None]

# Groups that count at the story's end, or in an element of another kind than its paragraphs.
AT_EDGE: Final = frozenset(("account_prompt", "author_note"))
_MOST_AT_EDGE: Final = 4
_TAIL_BLOCKS: Final = 4
_STORY: Final = 150.0  # units of prose that are a story by themselves
_HAN: Final = re.compile("[\u3400-\u9fff]{4}")


def find_tail(document: Document, story: Sequence[int], marker_of: MarkerOf) -> frozenset[int]:
    """The last paragraphs as far as each of them holds a marker."""
    at = len(story)
    while len(story) - at < min(_TAIL_BLOCKS, len(story) - 2) and marker_of(
        document.blocks[story[at - 1]].text
    ):
        at -= 1
    return frozenset(story[at:])


def find_edge(document: Document, story: Sequence[int], marker_of: MarkerOf, otherwise: int) -> int:
    """The first block behind the last paragraph that holds no marker."""
    last = len(story) - 1
    while last > 0 and len(story) - last <= _MOST_AT_EDGE:
        if marker_of(document.blocks[story[last]].text) is None:
            break
        last -= 1
    return story[last] + 1 if story else otherwise


def find_top(
    document: Document, evidence: Evidence, story: Sequence[int], headline: int | None
) -> int:
    """The headline's block where what stands above it is not the story, else -1."""
    if headline is None:
        return -1
    prose = evidence.prose
    above = sum(prose[index] for index in story if index < headline)
    below = sum(prose[index] for index in story if index > headline)
    # Where much stands above it, it is not the headline, or the page has no order; unless it
    # is a great heading with a story of its own below.
    great = 0 < document.blocks[headline].heading < 3 and below > _STORY
    return headline if great or above < 0.3 * (above + below) else -1


def find_decks(
    document: Document, evidence: Evidence, region: Region, story: Sequence[int], begin: int
) -> frozenset[int]:
    """Those blocks of *story* that are a deck or a summary: ahead of block *begin*, or the first.

    None where they are all there is.
    """
    decks = frozenset(
        index
        for at, index in enumerate(story)
        if (index < begin or not at) and _is_deck(document, evidence, region, index)
    )
    return decks if len(decks) < len(story) else frozenset()


def _is_deck(document: Document, evidence: Evidence, region: Region, index: int) -> bool:
    """Whether a block is in a deck or in a list that sums the story up.

    In Chinese in any summary; elsewhere pages call their first paragraph one as often.
    """
    block: Block = document.blocks[index]
    at, names = block.container, set[str]()
    while at >= 0 and at != region.container:
        names |= evidence.purposes[at]
        at = document.containers[at].parent
    sums_up = block.tag == "li" or bool(_HAN.search(block.text))
    return "deck" in names or ("summary" in names and sums_up)


def around(document: Document, index: int) -> Container:
    """The container around the paragraph in which a block stands."""
    containers = document.containers
    container = containers[document.blocks[index].container]
    while container.end - container.first == 1 and container.parent >= 0:
        container = containers[container.parent]
    return container
