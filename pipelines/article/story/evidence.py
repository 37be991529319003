"""What each block and container of a page looks like, as flat lists of numbers.

Everything that body choice and cleaning ask about a page is measured here once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate, compress
from typing import Final

from pipelines.article.page.class_names import NOTHING, ClassNames
from pipelines.article.page.nodes import Container, Document

# A text's weight in units: a Chinese character is one, an English word about two, so that one set
# of thresholds serves all scripts.
_UNIT: Final = 3.0  # bytes of UTF-8
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
    blocks = document.blocks
    texts = [block.text for block in blocks]
    units = [
        (len(text) if text.isascii() else len(text.encode("utf-8", "replace"))) / _UNIT
        for text in texts
    ]
    density = [
        min(1.0, block.link_chars / len(block.text)) if block.link_chars else 0.0
        for block in blocks
    ]
    prose = [
        _prose(text, unit, linked) if unit >= _PROSE_UNITS and linked <= _FEW_LINKS else 0.0
        for text, unit, linked in zip(texts, units, density, strict=True)
    ]
    _hide(document, prose)
    before = list(accumulate(prose, initial=0.0))
    survey = _Survey(document, names)
    evidence = Evidence(units, density, prose, before, survey.purposes, [], [])
    _clear_paragraphs(evidence, survey.named)
    evidence.cards = _find_cards(document, evidence, survey.alike)
    evidence.beside = _find_furniture(document, evidence, survey, headline)
    return evidence


class _Survey:
    """What one pass over a document's containers tells of those that hold text."""

    __slots__ = ("alike", "articles", "furniture", "named", "purposes")

    def __init__(self, document: Document, names: ClassNames) -> None:
        self.purposes = [NOTHING] * len(document.containers)  # by class and id; mostly none
        self.named: list[Container] = []  # those that have purposes
        self.furniture: list[Container] = []  # by their tag
        self.articles: list[Container] = []
        # By their make, those that a link in them could make cards: a link alone needs no siblings.
        self.alike: dict[tuple[int, str, str | None], list[Container]] = defaultdict(list)
        for container in document.containers:
            size = container.end - container.first
            if not size:
                continue
            tag, class_name, id_name = container.tag, container.class_name, container.id_name
            if (class_name or id_name) and tag not in _WHOLE_PAGE:
                says = names.purposes(class_name, id_name)
                if says:
                    self.purposes[container.index] = says
                    self.named.append(container)
            if size > 1 and tag not in _NO_CARDS:
                self.alike[container.parent, tag, class_name].append(container)
            if tag in _FURNITURE:
                self.furniture.append(container)
            elif tag == "article":
                self.articles.append(container)


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


def _clear_paragraphs(evidence: Evidence, named: list[Container]) -> None:
    """Take their purposes from paragraphs of one class that hold most of the page's prose.

    A class such as `editor-text` names who wrote the story there, not who is credited.
    """
    held: dict[str, float] = defaultdict(float)
    paragraphs = [container for container in named if container.tag == "p"]
    for container in paragraphs:
        held[container.class_name or ""] += evidence.prose_in(container.first, container.end)
    most = _MAJORITY * evidence.prose_before[-1]
    for container in paragraphs:
        if held[container.class_name or ""] > most:
            evidence.purposes[container.index] = NOTHING


def _find_cards(
    document: Document,
    evidence: Evidence,
    alike: dict[tuple[int, str, str | None], list[Container]],
) -> list[bool]:
    """Mark containers that repeat one shape at least three times, each around a link."""
    linked = list(accumulate([share >= _LINKED for share in evidence.density], initial=0))
    cards = [False] * len(document.containers)
    for members in alike.values():
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
    hidden = [block for block in document.blocks if block.hidden]
    if not hidden:
        return
    containers = document.containers
    seen = sum(prose, 0.0) - sum([prose[block.index] for block in hidden], 0.0)
    for container in [each for each in containers if each.hidden]:
        if container.parent >= 0 and containers[container.parent].hidden:
            continue
        held = sum(prose[container.first : container.end], 0.0)
        if held > seen and not _is_form(document, container):
            for block in document.blocks[container.first : container.end]:
                block.hidden = False
    for block in hidden:
        if block.hidden:
            prose[block.index] = 0.0


def _is_form(document: Document, container: Container) -> bool:
    inside = document.containers[container.index : container.last]
    return any(each.tag in ("form", "fieldset", "dialog") for each in inside)


def _find_furniture(
    document: Document, evidence: Evidence, survey: _Survey, headline: int | None
) -> list[bool]:
    """Mark containers that are beside the story, and all that is inside them.

    One that holds the headline or most of the page's prose is never furniture, whatever it is
    called; nor is one that calls itself the story's text in the same breath.
    """
    containers, purposes = document.containers, evidence.purposes
    at = -1 if headline is None else headline
    total = evidence.prose_before[-1] - _prose_of_consent(evidence, survey.named)
    behind = _end_of_article(document, evidence, survey.articles, at)
    suspects = {each.index for each in survey.furniture}
    suspects.update(compress(range(len(containers)), evidence.cards))
    suspects.update(
        each.index for each in survey.named if not purposes[each.index].isdisjoint(_BESIDE)
    )
    others = {each.index for each in survey.articles if each.index >= behind}
    beside = [False] * len(containers)
    end = 0  # of the furniture that was found last
    for index in sorted(suspects | others):
        if index >= end and (
            (index in suspects and _is_furniture(document, evidence, containers[index], at, total))
            or index in others
        ):
            end = containers[index].last
            beside[index:end] = [True] * (end - index)
    return beside


def _is_furniture(
    document: Document, evidence: Evidence, container: Container, headline: int, total: float
) -> bool:
    if container.first <= headline < container.end:
        return False
    purposes = evidence.purposes[container.index]
    share = evidence.prose_in(container.first, container.end)
    most = _MAJORITY if "body" not in purposes else _MAJORITY / 4
    if share > most * total and "consent" not in purposes:
        return False
    return not _holds_body(document, evidence, container, share)


def _end_of_article(
    document: Document, evidence: Evidence, articles: list[Container], headline: int
) -> int:
    """From which container on an `<article>` holds another story; past all where none is known.

    Pages that go on for ever put the next stories behind the first.
    """
    for container in articles:
        if (
            container.first <= headline < container.end
            and evidence.prose_in(headline, container.end) >= _BODY_UNITS
        ):
            return container.last
    return len(document.containers)


def _prose_of_consent(evidence: Evidence, named: list[Container]) -> float:
    """Prose that asks for consent to cookies; it is no part of what a page has to say."""
    purposes, total = evidence.purposes, 0.0
    for container in named:
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
