"""Decide, block by block, what of the story's element is the story; every cut has its reasons.

Evidence adds up (`weights`). A block goes when its sum reaches 1; the rule that is named in the
record is the heaviest piece's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from pipelines.article.page.nodes import Block, Container, Document
from pipelines.article.story import weights
from pipelines.article.story.body import Region
from pipelines.article.story.edges import (
    AT_EDGE,
    around,
    find_decks,
    find_edge,
    find_tail,
    find_top,
)
from pipelines.article.story.evidence import Evidence
from pipelines.article.story.layout import caption_beside, is_cell, lay_out
from pipelines.article.story.line_shapes import (
    LEADING_ON,
    is_speech,
    leads_to_story,
    repeated_lines,
    shows_figures,
)
from pipelines.article.vocabulary import Marker, Vocabulary

Piece = tuple[float, str, str]  # weight, rule, and where it was seen, for `scrapy explain`

_PARAGRAPH: Final = 60.0  # units of prose that make a paragraph of the story
_LONGEST_MARKED: Final = 1_200
_LINE: Final = 40.0  # units; captions are shorter
_HEADING_CHARS: Final = 60
_LITTLE_OF_STORY: Final = 0.4  # an element with more of the story than this is not furniture
_SECTION_SHARE: Final = 0.2
_LONGEST_PROMPT: Final = 40
_STOPS: Final = frozenset('.!?…。！？）)”"')
_NO_TABLES: Final = frozenset(("div", "section", "ul", "dl", "li", "span"))
_ANYWHERE: Final = frozenset(("start", "part"))  # kinds of phrases that speech may hold, too
# Groups that are asked for by name only: where their words say something.
_ASKED_FOR: Final = frozenset(("caption", "not_found", "login_wall", "about_site"))
_TEMPLATE: Final = re.compile(r"\{[{*|%]|^\$\$\w+\$\$$")  # what a script has not filled in yet
_TEASER: Final = re.compile(
    r"[\[【(（.…]\s?(?:详细|更多|阅读全文|查看全文|詳細|more)[\]】)）]?[>»]*$"
)


class Decision(Struct, gc=False):
    """What became of one block, and why: the pieces of *evidence* and their sum, *score*."""

    block: int
    text: str
    kept: bool
    rule: str = ""
    evidence: Sequence[Piece] = ()
    score: float = 0.0


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
        self._groups = frozenset(vocabulary.scopes) - _ASKED_FOR
        self._about = about
        self._pictures = {image.before for image in document.images}
        self._pictured = {image.container for image in document.images}
        self._inside: dict[int, list[Piece]] = {}  # what containers say, by index
        self._section = (-1, "", 0.0)  # up to which block a section's heading speaks
        blocks = document.blocks[region.first : region.end]
        self._repeated = repeated_lines(blocks, evidence.units)
        self._lay_out(headline)
        self._know_headline(headline)

    def run(self) -> list[Decision]:
        """The decisions about the region's blocks, in order."""
        blocks = self._document.blocks[self._region.first : self._region.end]
        decisions: list[Decision] = []
        for block in blocks:
            decision = _decide(block, self._weigh(block))
            decisions.append(decision)
            if block.links and decision.kept and (prompt := self._prompt_behind(block)):
                decision.text = block.text[: -len(prompt.text)].rstrip()
                decisions.append(prompt)
        return decisions

    def _prompt_behind(self, block: Block) -> Decision | None:
        """The link behind a paragraph's last sentence that only leads on: 返回首页，查看更多."""
        at = block.text.rfind(block.links[-1].text)
        prompt = block.text[at:]
        if (
            not prompt
            or len(prompt) > _LONGEST_PROMPT
            or block.text[:at].rstrip()[-1:] not in _STOPS
        ):
            return None
        marker = self._vocabulary.find(prompt, LEADING_ON)
        if marker is None:
            return None
        why = ((weights.MARKER, marker.group, "a link behind the last sentence"),)
        return Decision(block.index, prompt, False, marker.group, why, weights.MARKER)

    def _lay_out(self, headline: int | None) -> None:
        """Find where the story begins and ends, and whether it is in paragraphs."""
        blocks, evidence, region = self._document.blocks, self._evidence, self._region
        story = [
            index
            for index in range(region.first, region.end)
            if evidence.prose[index] and not evidence.beside[blocks[index].container]
        ]
        layout = lay_out(self._document, evidence, story, region.first, region.end)
        self._layout = layout
        self._placed = {
            *layout.framed,
            *layout.boxed,
            *range(region.first, layout.begin),
            *range(layout.end, region.end),
        }
        story = [index for index in story if index < layout.end]
        self._decks = find_decks(self._document, evidence, region, story, layout.begin)
        story = [index for index in story if index not in self._decks]
        self._placed |= self._decks
        self._story = story
        self._first = story[0] if story else region.first
        self._last = story[-1] if story else region.end - 1
        self._opening = max(self._first + 1, layout.begin)
        self._around_first = around(self._document, self._first)
        self._around_last = around(self._document, self._last)
        self._tail = find_tail(self._document, story, self._marker_of)
        self._edge = find_edge(self._document, story, self._marker_of, region.end)
        in_paragraphs = sum(blocks[index].tag == "p" for index in story)
        self._in_paragraphs = in_paragraphs > 1 and in_paragraphs >= 0.8 * len(story)
        self._top = find_top(self._document, evidence, story, headline)

    def _marker_of(self, text: str) -> Marker | None:
        return self._vocabulary.find(text, self._groups) if len(text) <= _LONGEST_MARKED else None

    def _know_headline(self, headline: int | None) -> None:
        self._headline = ""
        self._headline_units = 0.0
        if headline is not None:
            self._headline = _bare(self._document.blocks[headline].text.casefold())
            # A line with the same letters may have more blanks and stops, but not twice as many.
            self._headline_units = 2 * self._evidence.units[headline] + 4

    def _weigh(self, block: Block) -> list[Piece]:
        """All the evidence for and against a block."""
        index = block.index
        prose = self._evidence.prose[index]
        density = self._evidence.density[index]
        pieces = list(self._containers(block.container))
        # Nothing outweighs that; only a heading may have something to say about what follows it.
        if sum([piece[0] for piece in pieces]) >= weights.SETTLED and (
            block.link_chars or len(block.text) > _HEADING_CHARS
        ):
            return pieces
        marked = self._from_markers(block, prose)
        pieces += marked
        if index <= self._section[0]:
            pieces.append((self._section[2], self._section[1], "under its heading"))
            if prose and density < 0.2 and block.tag == "p":
                pieces.append((weights.SECTION_PARAGRAPH, "prose", "a paragraph under it"))
        # An address written out among the paragraphs is part of what they say.
        written = block.text.startswith("http") and self._first < index < self._last
        if density >= 0.5 and not written:
            share = next(weight for least, weight in weights.LINK if density >= least)
            pieces.append((share, "link", "its text is links"))
        if index < self._top:
            pieces.append((weights.ABOVE_HEADLINE, "before_headline", "place"))
        if block.hidden:
            pieces.append((weights.HIDDEN, "hidden", "not shown"))
        pieces += self._from_text(block)
        if index in self._placed:
            pieces += self._from_layout(block)
        if prose > _PARAGRAPH and density < 0.3 and index > self._top:
            pieces.append((weights.PROSE, "prose", "a paragraph"))
            return pieces
        if not prose or (index in self._about and block.text[-1] not in _STOPS):
            pieces += self._from_place(block)
        if block.heading and index < self._last and not marked and self._heads_text(index):
            pieces.append((weights.HEADING, "heading", "stands above text"))
        return pieces

    def _heads_text(self, index: int) -> bool:
        """Whether a heading stands above text; one in a list of links stands above the next."""
        density = self._evidence.density
        return density[index] < 0.5 or density[index + 1] < 0.5

    def _from_layout(self, block: Block) -> list[Piece]:
        """What the element around a block says by its place, of sentences as of lines."""
        index, layout = block.index, self._layout
        pieces: list[Piece] = []
        if index in layout.framed:
            pieces.append((weights.FRAMED, "caption", "in a picture's frame"))
        if index in layout.boxed:
            pieces.append((weights.BOXED, "aside", "in a box with a heading"))
        if index in self._decks:
            pieces.append((weights.AHEAD, "deck", "ahead of the paragraphs"))
        told = self._evidence.prose[index] or block.link_chars or index == layout.end
        if told and index >= layout.end:
            pieces.append((weights.BEHIND, "after_story", "behind the paragraphs' element"))
        return pieces

    def _from_place(self, block: Block) -> list[Piece]:
        """Evidence that counts against lines only, never against sentences."""
        index = block.index
        pieces: list[Piece] = []
        if index > self._last:
            near = self._around_last.first <= index < self._around_last.end
            pieces.append((weights.AFTER[not near], "after_story", "place"))
        elif index < self._first:
            near = self._around_first.first <= index < self._around_first.end
            pieces.append((weights.BEFORE[not near], "before_story", "place"))
        if block.tag in ("div", "section", "dt", "dd") and self._among_paragraphs(index):
            pieces.append((weights.ODD_ELEMENT, "odd_element", f"<{block.tag}> among <p>"))
        if index in self._about:
            pieces.append((weights.META_LINE, "meta_line", "date, source or writer"))
        if index in self._pictures and self._evidence.units[index] < _LINE:
            container = self._document.containers[block.container]
            pictured = block.container in self._pictured
            pieces.append(caption_beside(container, with_picture=pictured))
        return pieces

    def _among_paragraphs(self, index: int) -> bool:
        """Whether the story is in `<p>`, or both its blocks around this one are."""
        if self._in_paragraphs:
            return True
        after = bisect_right(self._story, index)
        beside = [
            self._document.blocks[at].tag for at in self._story[max(0, after - 1) : after + 1]
        ]
        return beside == ["p", "p"]

    def _from_text(self, block: Block) -> list[Piece]:
        text = block.text
        pieces: list[Piece] = []
        if ("{" in text or "$$" in text) and _TEMPLATE.search(text):
            pieces.append((weights.TEMPLATE, "template", "not filled in"))
        if text[-1] in "多细細文e]】)）>»" and _TEASER.search(text[-16:]):
            pieces.append((weights.TEASER, "teaser", 'ends in "more"'))
        if 3 < self._evidence.units[block.index] < self._headline_units and self._is_headline(
            block
        ):
            pieces.append((weights.HEADLINE, "headline", "its words"))
        if block.links and leads_to_story(block):
            pieces.append((weights.LEADS_AWAY, "recommendation", "a link to a story"))
        if self._repeated and text in self._repeated:
            pieces.append((weights.REPEATED, "repeated_line", "stands here often"))
        return pieces

    def _is_headline(self, block: Block) -> bool:
        """Whether a block is the headline; in headings above the story, with a kicker before it."""
        headline, folded = self._headline, block.text.casefold()
        # Most lines lack one of two letters of it.
        if not headline or headline[0] not in folded or headline[-1] not in folded:
            return False
        bare = _bare(folded)
        kicked = block.heading and block.index < self._first and len(headline) > 9
        return bare == headline or (bool(kicked) and bare.endswith(headline))

    def _from_markers(self, block: Block, prose: float) -> list[Piece]:
        marker = self._find_marker(block, prose)
        if marker is None:
            return []
        group = marker.group
        pieces = [(weights.TAIL, "tail", "place")] if block.index in self._tail else []
        if group in AT_EDGE and block.index >= self._edge:
            pieces = [(weights.EDGE, "tail", "place")]
        if group == "caption":
            beside = block.index in self._pictures or block.container in self._pictured
            weight = weights.CAPTION_BESIDE_PICTURE if beside else weights.MARKERS[group]
            return [*pieces, (weight, group, "phrase")]
        if marker.scope == "section" and marker.kind in ("whole", "pattern"):
            self._section = self._section_of(block, group)
        weight = weights.MARKERS.get(group, weights.MARKER)
        # A prompt leads somewhere, or is no sentence of the story's kind.
        if marker.kind == "part" or (marker.kind == "start" and not block.link_chars):
            weight = weights.PART[bool(prose)]
        return [*pieces, (weight, group, "phrase")]

    def _find_marker(self, block: Block, prose: float) -> Marker | None:
        text = block.text
        if len(text) > _LONGEST_MARKED or is_cell(self._document, block):
            return None
        inside = self._first < block.index < self._edge and block.index not in self._tail
        if prose > _PARAGRAPH and inside:
            return self._vocabulary.find(text, self._groups, heads_only=True)
        marker = self._vocabulary.find(text, self._groups)
        if marker is not None and marker.kind in _ANYWHERE and is_speech(text):
            return None
        if marker is None and (prose < _PARAGRAPH or block.index in self._pictures):
            rule = self._vocabulary.match("caption", text)
            return Marker(rule, "line", "pattern") if rule else None
        return marker

    def _section_of(self, block: Block, group: str) -> tuple[int, str, float]:
        """The last block for which a section's heading speaks, the rule, and its weight."""
        if group == "comments" and block.heading and block.index >= self._around_first.end:
            return self._region.end - 1, group, weights.COMMENTS
        containers, evidence = self._document.containers, self._evidence
        container = containers[block.container]
        while container.end - container.first == 1 and container.parent >= 0:
            container = containers[container.parent]
        prose = evidence.prose_in(container.first, container.end)
        own = container.index != self._region.container
        if own and (prose <= _SECTION_SHARE * self._region.prose or self._is_list_apart(container)):
            return container.end - 1, group, weights.SECTION
        # It stands among the paragraphs: it speaks for the links right behind it.
        end = block.index
        while end + 1 < container.end and (
            evidence.density[end + 1] >= 0.5 or evidence.units[end + 1] < 8
        ):
            end += 1
        return end, group, weights.SECTION_RUN

    def _is_list_apart(self, container: Container) -> bool:
        """Whether an element begins behind the story's beginning and most of it has links."""
        blocks = self._document.blocks[container.first : container.end]
        linked = sum(bool(block.link_chars) for block in blocks)
        return container.first > self._first and linked >= 0.5 * len(blocks)

    def _containers(self, index: int) -> list[Piece]:
        """What the containers between a block and the region's say; worked out once for each."""
        path: list[Container] = []
        while index != self._region.container and index >= 0 and index not in self._inside:
            path.append(self._document.containers[index])
            index = path[-1].parent
        pieces = self._inside.get(index, [])
        for container in reversed(path):
            share = self._evidence.prose_in(container.first, container.end)
            if share <= _LITTLE_OF_STORY * self._region.prose:
                pieces = pieces + self._own(container, share)
            self._inside[container.index] = pieces
        return pieces

    def _own(self, container: Container, share: float) -> list[Piece]:
        pieces: list[Piece] = []
        tag = weights.TAGS.get(container.tag)
        if tag is not None:
            pieces.append((tag[1], tag[0], f"<{container.tag}>"))
        # In one order, so that what is told of a page is the same in every process.
        for purpose in sorted(self._evidence.purposes[container.index]):
            weight = weights.PURPOSES.get(purpose)
            # Behind the first paragraph a sub-heading is one of the story's.
            if weight and not (purpose == "deck" and container.first > self._opening):
                pieces.append((weight, purpose, f'"{container.names[:60]}"'))
        if self._evidence.cards[container.index]:
            pieces.append((weights.CARDS, "cards", "one of several alike"))
        blocks = self._document.blocks[container.first : container.end]
        if container.tag in _NO_TABLES and not share and shows_figures(blocks):
            pieces.append((weights.FIGURES, "stock_widget", "a name and figures"))
        return pieces


def _decide(block: Block, pieces: list[Piece]) -> Decision:
    score = sum([piece[0] for piece in pieces])
    if score < weights.THRESHOLD - 1e-9:
        return Decision(block.index, block.text, True, "", pieces, score)
    return Decision(block.index, block.text, False, max(pieces)[1], pieces, score)


def _bare(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))
