"""What each block and container of a page looks like, as flat lists of numbers.

Everything that body choice and cleaning ask about a page is measured here once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipelines.article.page.class_names import NOTHING, ClassNames
from pipelines.article.page.nodes import Container, Document

# A text's weight in units: a Chinese character is one, an English word about two, so that one set
# of thresholds serves all scripts.
_BYTES_A_UNIT: Final = 3.0
_PROSE_UNITS: Final = 14  # a sentence with a comma
_LONG_UNITS: Final = 45  # prose even without punctuation (Thai, verse, headings of essays)
_VERY_LONG_UNITS: Final = 400
_MOST_UNITS: Final = 1500  # what one block may weigh
_LINKED: Final = 0.8  # from this share of link text a block is a link
_FEW_LINKS: Final = 0.45
_NO_CARDS: Final = frozenset(
    ("html", "body", "head", "p", "h1", "h2", "h3", "h4", "h5", "h6", "tbody", "pre")
)
_CARD_SIBLINGS: Final = 3
_CARD_UNITS: Final = 110  # summaries of other stories are shorter than this
_FURNITURE: Final = frozenset(("nav", "footer", "aside", "menu", "dialog"))
# Systems write a story's categories and tags into the class of these.
_WHOLE_PAGE: Final = frozenset(("html", "body", "article", "main"))
_BESIDE: Final = frozenset(
    (
        "recommendation",
        "comments",
        "share",
        "subscription",
        "advert",
        "navigation",
        "tags",
        "consent",
        "credits",
        "caption",
    )
)
_BODY_ONLY: Final = frozenset(("body",))
_BODY_UNITS: Final = 80
_MAJORITY: Final = 0.4


@dataclass(slots=True)
class Evidence:
    """Lists parallel to `document.blocks` (units, density, prose) and to `document.containers`."""

    units: list[float]
    density: list[float]  # share of the text inside links
    prose: list[float]  # units of a block that reads like sentences, else 0
    prose_before: list[float]  # sum of `prose` over all blocks before this one; one longer
    purposes: list[frozenset[str]]
    cards: list[bool]  # one of several siblings that each hold a link and little else
    beside: list[bool]  # in something that class names, tag or shape call furniture

    def prose_in(self, first: int, end: int) -> float:
        """Units of prose in `blocks[first:end]`."""
        return self.prose_before[end] - self.prose_before[first]


def measure(document: Document, names: ClassNames, headline: int | None = None) -> Evidence:
    """Measure a document; linear in its blocks and containers.

    *headline* is the index of the headline's block where it is known: its holders are no furniture.
    """
    units: list[float] = []
    density: list[float] = []
    prose: list[float] = []
    for block in document.blocks:
        text, linked = block.text, 0.0
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        unit = size / _BYTES_A_UNIT
        if block.link_chars:
            linked = min(1.0, block.link_chars / len(text))
        units.append(unit)
        density.append(linked)
        reads = unit >= _PROSE_UNITS and linked <= _FEW_LINKS
        prose.append(_prose(text, unit, linked) if reads else 0.0)
    _hide(document, prose)
    before = list(accumulate(prose, initial=0.0))
    purposes = _purposes(document, names)
    evidence = Evidence(units, density, prose, before, purposes, [], [])
    _clear_paragraphs(document, evidence)
    evidence.cards = _find_cards(document, evidence)
    evidence.beside = _find_furniture(document, evidence, headline)
    return evidence


def _purposes(document: Document, names: ClassNames) -> list[frozenset[str]]:
    """What class and id say of each container that holds text; most say nothing."""
    purposes = [NOTHING] * len(document.containers)
    for container in document.containers:
        class_name, id_name = container.class_name, container.id_name
        if (
            (class_name or id_name)
            and container.end > container.first
            and container.tag not in _WHOLE_PAGE
        ):
            purposes[container.index] = names.purposes(class_name, id_name)
    return purposes


def _prose(text: str, units: float, density: float) -> float:
    if units >= _VERY_LONG_UNITS:
        # A heap of search words is long, too, but does not stop for breath.
        stops = sum(map(text.count, ".。,，、!！?？;；।،"))
        return min(units, _MOST_UNITS) * (1.0 - density) if stops >= units / 150 else 0.0
    if units >= _LONG_UNITS or _sentences(text):
        return units * (1.0 - density)
    return 0.0


def _sentences(text: str) -> bool:
    """Whether the text has a comma inside or ends like a sentence."""
    return (
        text[-1] in '.。!！?？…”"»」।؟:：'
        or "，" in text
        or ", " in text
        or "、" in text
        or "。" in text
        or ". " in text
        or "، " in text
    )


def _clear_paragraphs(document: Document, evidence: Evidence) -> None:
    """Take their purposes from paragraphs of one class that hold most of the page's prose.

    A class such as `editor-text` names who wrote the story there, not who is credited.
    """
    held: dict[str, float] = defaultdict(float)
    named = [
        container
        for container in document.containers
        if container.tag == "p" and evidence.purposes[container.index]
    ]
    for container in named:
        names = container.class_name or ""
        held[names] += evidence.prose_in(container.first, container.end)
    most = _MAJORITY * evidence.prose_before[-1]
    for container in named:
        if held[container.class_name or ""] > most:
            evidence.purposes[container.index] = NOTHING


def _find_cards(document: Document, evidence: Evidence) -> list[bool]:
    """Mark containers that repeat one shape at least three times, each around a link."""
    containers = document.containers
    linked = list(accumulate((share >= _LINKED for share in evidence.density), initial=0))
    groups: dict[tuple[int, str, str | None], list[Container]] = defaultdict(list)
    for container in containers:
        # A link alone needs no siblings to be known for one.
        if container.first + 1 < container.end and container.tag not in _NO_CARDS:
            names = container.class_name
            groups[container.parent, container.tag, names].append(container)
    cards = [False] * len(containers)
    for members in groups.values():
        if len(members) < _CARD_SIBLINGS:
            continue
        with_link = prose = 0.0
        for container in members:
            with_link += linked[container.end] > linked[container.first]
            prose += evidence.prose_in(container.first, container.end)
        if with_link >= 0.6 * len(members) and prose < _CARD_UNITS * len(members):
            for container in members:
                cards[container.index] = True
    return cards


def _hide(document: Document, prose: list[float]) -> None:
    """Take hidden text out, unless it is the story, which a script shows later.

    It is where one hidden element holds more prose than all that is to be seen, and is no form.
    """
    if True not in [block.hidden for block in document.blocks]:
        return
    seen = sum(
        value for block, value in zip(document.blocks, prose, strict=True) if not block.hidden
    )
    for container in document.containers:
        parent = container.parent
        if not container.hidden or (parent >= 0 and document.containers[parent].hidden):
            continue
        if sum(prose[container.first : container.end]) > seen and not _is_form(document, container):
            for block in document.blocks[container.first : container.end]:
                block.hidden = False
    for block in document.blocks:
        if block.hidden:
            prose[block.index] = 0.0


def _is_form(document: Document, container: Container) -> bool:
    inside = document.containers[container.index : container.last]
    return any(each.tag in ("form", "fieldset", "dialog") for each in inside)


def _find_furniture(document: Document, evidence: Evidence, headline: int | None) -> list[bool]:
    """Mark containers that are beside the story, and all that is inside them.

    One that holds the headline or most of the page's prose is never furniture, whatever it is
    called; nor is one that calls itself the story's text in the same breath.
    """
    beside: list[bool] = []
    at = -1 if headline is None else headline
    total = evidence.prose_before[-1] - _prose_of_consent(document, evidence)
    behind = _end_of_article(document, evidence, at)
    for container, purposes, card in zip(
        document.containers, evidence.purposes, evidence.cards, strict=True
    ):
        inside = container.parent >= 0 and beside[container.parent]
        if (
            not inside
            and (card or container.tag in _FURNITURE or not purposes.isdisjoint(_BESIDE))
            and container.end > container.first
            and not container.first <= at < container.end
        ):
            share = evidence.prose_in(container.first, container.end)
            most = _MAJORITY if "body" not in purposes else _MAJORITY / 4
            inside = (share <= most * total or "consent" in purposes) and not _holds_body(
                document, evidence, container, share
            )
        elif container.index >= behind and container.tag == "article":
            inside = True
        beside.append(inside)
    return beside


def _end_of_article(document: Document, evidence: Evidence, headline: int) -> int:
    """From which container on an `<article>` holds another story; past all where none is known.

    Pages that go on for ever put the next stories behind the first.
    """
    for container in [each for each in document.containers if each.tag == "article"]:
        if (
            container.first <= headline < container.end
            and evidence.prose_in(headline, container.end) >= _BODY_UNITS
        ):
            return container.last
    return len(document.containers)


def _prose_of_consent(document: Document, evidence: Evidence) -> float:
    """Prose that asks for consent to cookies; it is no part of what a page has to say."""
    purposes, total = evidence.purposes, 0.0
    for container in document.containers:
        if "consent" in purposes[container.index] and (
            container.parent < 0 or "consent" not in purposes[container.parent]
        ):
            total += evidence.prose_in(container.first, container.end)
    return total


def _holds_body(document: Document, evidence: Evidence, container: Container, prose: float) -> bool:
    """Whether something inside calls itself the story's text and holds most of the prose."""
    if prose < _BODY_UNITS:
        return False
    return any(
        evidence.purposes[inner.index] == _BODY_ONLY
        and evidence.prose_in(inner.first, inner.end) >= 0.7 * prose
        for inner in document.containers[container.index + 1 : container.last]
    )
