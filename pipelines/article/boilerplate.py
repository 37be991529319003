"""Decide, block by block, what of the story's container is the story; every cut has its reasons.

Evidence adds up. A block goes when its sum reaches 1; its rule is named after the heaviest piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pipelines.article.body import Region
from pipelines.article.evidence import Evidence
from pipelines.article.nodes import Block, Container, Document
from pipelines.article.vocabulary import Marker, Vocabulary

THRESHOLD: Final = 1.0


@dataclass(slots=True)
class Decision:
    """What became of one block, and why."""

    block: int
    text: str
    kept: bool
    rule: str = ""
    evidence: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(slots=True)
class _Case:
    """The evidence gathered against one block."""

    pieces: list[tuple[float, str]] = field(default_factory=list)

    def add(self, rule: str, weight: float) -> None:
        self.pieces.append((weight, rule))

    @property
    def score(self) -> float:
        return sum(weight for weight, _ in self.pieces)


# How much a purpose of a container inside the story's says against what it holds.
_PURPOSES: Final = {
    "recommendation": 0.8,
    "comments": 0.9,
    "share": 0.9,
    "subscription": 0.8,
    "advert": 0.8,
    "consent": 1.0,
    "credits": 0.7,
    "tags": 0.9,
    "caption": 1.0,
    "navigation": 0.8,
    "meta": 0.8,
    "summary": 0.6,
    "player": 0.5,
    "deck": 0.6,
}
_TAGS: Final = {
    "nav": ("navigation", 1.6),
    "footer": ("navigation", 1.5),
    "aside": ("aside", 1.6),
    "figcaption": ("caption", 1.0),
    "figure": ("caption", 0.8),
    "noscript": ("hidden", 1.0),
    "form": ("follow_prompt", 0.5),
    "dialog": ("hidden", 1.0),
    "caption": ("caption", 0.2),
}
_PARAGRAPH: Final = 60  # units of prose that make a paragraph of the story
_LONGEST_MARKED: Final = 1_200
# Groups that are asked for by name only: where their words say something.
_ASKED_FOR: Final = frozenset(("caption", "not_found", "login_wall"))
_SHORT: Final = 40
# A label at the head of a whole paragraph outweighs the paragraph's being prose.
_MARKER_WEIGHT: Final = {"pager": 0.6, "editor_note": 1.6, "disclaimer": 1.6, "original_title": 1.3}


_TEMPLATE: Final = re.compile(r"\{[{*|%]")  # what a script has not filled in yet
_TEASER: Final = re.compile(
    r"(?:\.\.\.|…|[。！？])?\s?[\[【(（]?(?:详细|更多|阅读全文|查看全文|詳細)[\]】)）]?[>»]*$"
)


def clean(
    document: Document,
    evidence: Evidence,
    region: Region,
    vocabulary: Vocabulary,
    headline: int | None = None,
    about: frozenset[int] = frozenset(),
) -> list[Decision]:
    """Decide about every block of the region, in order.

    *headline* is the headline's block, *about* those that hold date, source and writers.
    """
    return Cleaner(document, evidence, region, vocabulary, headline, about).run()


class Cleaner:
    """Cleans one region."""

    def __init__(
        self,
        document: Document,
        evidence: Evidence,
        region: Region,
        vocabulary: Vocabulary,
        headline: int | None,
        about: frozenset[int],
    ) -> None:
        self._document = document
        self._evidence = evidence
        self._region = region
        self._vocabulary = vocabulary
        self._headline_block = headline
        self._about = about
        self._headline = "" if headline is None else _bare(document.blocks[headline].text)
        # A line with the same letters may have more blanks and stops, but not twice the length.
        self._headline_units = 0.0 if headline is None else 2 * evidence.units[headline] + 4
        self._against: dict[int, list[tuple[float, str]]] = {}
        prose = [i for i in range(region.first, region.end) if self._is_story(i)]
        self._first = prose[0] if prose else region.first
        self._last = prose[-1] if prose else region.end - 1
        self._around_first = self._around(self._first)
        self._around_last = self._around(self._last)
        above = 0.0 if headline is None else sum(evidence.prose[i] for i in prose if i < headline)
        self._headed = above < 0.3 * region.prose
        self._tail = set(prose[-3:]) if len(prose) > 4 else set()
        in_p = sum(document.blocks[i].tag == "p" for i in prose)
        self._paragraphs = in_p >= 0.8 * len(prose) and in_p > 1
        self._groups = frozenset(vocabulary.scopes) - _ASKED_FOR
        self._pictures = {image.before for image in document.images}
        self._pictured = {image.container for image in document.images}
        self._section = -1  # up to which block a section marker speaks
        self._section_rule = ""
        self._section_weight = 0.7

    def _is_story(self, index: int) -> bool:
        block = self._document.blocks[index]
        return bool(self._evidence.prose[index]) and not self._evidence.beside[block.container]

    def _around(self, index: int) -> Container:
        """The container around the paragraph in which a block stands."""
        containers = self._document.containers
        container = containers[self._document.blocks[index].container]
        if container.end - container.first <= 2 and container.parent >= 0:
            container = containers[container.parent]
        return container

    def run(self) -> list[Decision]:
        decisions = []
        for index in range(self._region.first, self._region.end):
            block = self._document.blocks[index]
            case = _Case()
            self._gather(block, case)
            decisions.append(_decide(block, case))
        return decisions

    def _gather(self, block: Block, case: _Case) -> None:
        index = block.index
        if block.hidden:
            case.add("hidden", 1.0)
        units = self._evidence.units[index]
        density = self._evidence.density[index]
        prose = self._evidence.prose[index]
        marker = self._find_marker(block, prose)
        if marker is not None:
            self._marker(block, marker, case)
            if index in self._tail:
                case.add("tail", 0.4)
        if index <= self._section:
            case.add(self._section_rule, self._section_weight)
            if prose and density < 0.2 and block.tag == "p":
                case.add("prose", -0.3)
        for weight, rule in self._containers(block.container):
            case.add(rule, weight)
        if density >= 0.95:
            case.add("link", 1.0)
        elif density >= 0.8:
            case.add("link", 0.8)
        elif density > 0.5:
            case.add("link", 0.5)
        if not self._first <= index <= self._last and not prose:
            around = self._around_first if index < self._first else self._around_last
            near = around.first <= index < around.end
            if index > self._last:
                case.add("after_story", 0.4 if near else 1.0)
            else:
                case.add("before_story", 0.2 if near else 0.7)
        if self._paragraphs and not prose and block.tag in ("div", "section", "dt", "dd"):
            case.add("odd_element", 0.3)
        if self._headline_block is not None and index < self._headline_block and self._headed:
            case.add("before_headline", 1.0)
        if index in self._about and not prose:
            case.add("meta_line", 1.0)
        if _TEMPLATE.search(block.text):
            case.add("template", 1.2)
        if _TEASER.search(block.text):
            case.add("teaser", 0.5)
        if (
            self._headline
            and 3 < units < self._headline_units
            and _bare(block.text) == self._headline
        ):
            case.add("headline", 1.3)
        if not prose and index in self._pictures and units < _SHORT:
            self._caption(block, case)
        if prose > 60 and density < 0.3:
            case.add("prose", -0.5)
        elif block.heading and index < self._last:
            case.add("heading", -0.2)

    def _find_marker(self, block: Block, prose: float) -> Marker | None:
        text = block.text
        if len(text) > _LONGEST_MARKED:
            return None
        if prose > _PARAGRAPH and block.index not in self._tail and block.index != self._first:
            return self._vocabulary.find(text, self._groups, heads_only=True)
        marker = self._vocabulary.find(text, self._groups)
        if marker is None and (prose < _PARAGRAPH or block.index in self._pictures):
            rule = self._vocabulary.match("caption", text)
            return Marker(rule, "line", "pattern") if rule else None
        return marker

    def _marker(self, block: Block, marker: Marker, case: _Case) -> None:
        if marker.group == "caption":
            case.add(
                "caption",
                0.5 if block.index in self._pictures or block.container in self._pictured else 0.4,
            )
            return
        if marker.scope == "section" and marker.kind == "whole":
            case.add(marker.group, 1.0)
            self._section_rule = marker.group
            self._section = self._section_end(block)
            return
        case.add(
            marker.group, 0.7 if marker.kind == "part" else _MARKER_WEIGHT.get(marker.group, 1.0)
        )

    def _section_end(self, block: Block) -> int:
        """The last block for which a section's heading speaks."""
        containers = self._document.containers
        container = containers[block.container]
        while container.end - container.first == 1 and container.parent >= 0:
            container = containers[container.parent]
        if (
            container.index == self._region.container
            or container.first <= self._first <= container.end - 1
        ):
            end = block.index
            while end + 1 < container.end and (
                self._evidence.density[end + 1] >= 0.5 or self._evidence.units[end + 1] < 8
            ):
                end += 1
            self._section_weight = 0.7
            return end
        self._section_weight = 1.1
        return container.end - 1

    def _containers(self, index: int) -> list[tuple[float, str]]:
        """What the containers between a block and the region's say; worked out once for each."""
        known = self._against.get(index)
        if known is not None:
            return known
        if index == self._region.container or index < 0:
            return []
        container = self._document.containers[index]
        pieces = list(self._containers(container.parent))
        if index not in self._against:
            share = self._evidence.prose_in(container.first, container.end)
            if share <= 0.4 * self._region.prose:
                pieces += self._own(index)
        self._against[index] = pieces
        return pieces

    def _own(self, index: int) -> list[tuple[float, str]]:
        container = self._document.containers[index]
        pieces = []
        tag = _TAGS.get(container.tag)
        if tag is not None:
            pieces.append((tag[1], tag[0]))
        for purpose in self._evidence.purposes[index]:
            weight = _PURPOSES.get(purpose)
            if weight:
                pieces.append((weight, purpose))
        if self._evidence.cards[index]:
            pieces.append((1.3, "cards"))
        return pieces

    def _caption(self, block: Block, case: _Case) -> None:
        container = self._document.containers[block.container]
        style = (container.attributes.get("style") or "").replace(" ", "").lower()
        centred = (
            "text-align:center" in style
            or container.attributes.get("align") == "center"
            or container.tag == "center"
        )
        if centred:
            case.add("caption", 1.0)
        elif block.container in self._pictured:
            case.add("caption", 0.8)
        else:
            case.add("caption", 0.3)


def _decide(block: Block, case: _Case) -> Decision:
    score = case.score
    if score < THRESHOLD - 1e-9:
        return Decision(block.index, block.text, True, "", tuple(r for _, r in case.pieces), score)
    rule = max(case.pieces)[1]
    return Decision(block.index, block.text, False, rule, tuple(r for _, r in case.pieces), score)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
