"""Dialogs that ask for consent and hold more prose than the story, by the word they repeat."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

from pipelines.article.page.nodes import Container, Document
from pipelines.article.story.body import Region, choose
from pipelines.article.story.evidence import Evidence

_COOKIES: Final = ("ookie", "クッキー", "куки", "쿠키")
_TIMES: Final = 3  # blocks of the dialog that speak of cookies
_SHARE: Final = 0.4  # of its blocks of prose


def beside_consent(
    document: Document, evidence: Evidence, region: Region, headline: int | None
) -> Region:
    """The region, or where it is a dialog the one behind the headline; *evidence* is told.

    A story may tell of cookies, too: it holds the headline or follows it. Linear in the blocks.
    """
    prose = [index for index in range(region.first, region.end) if evidence.prose[index]]
    told = [index for index in prose if _tells(document.blocks[index].text)]
    if headline is None or len(told) < _TIMES or len(told) < _SHARE * len(prose):
        return region
    dialog = _around(document, told[0], told[-1])
    if dialog.first <= headline < dialog.end:
        return region
    before = evidence.prose[dialog.first : dialog.end]
    _set_prose(evidence, dialog, [0.0] * len(before))
    other = choose(document, evidence, headline)
    if other is not None and headline <= other.end and not headline < dialog.first < other.first:
        return other
    _set_prose(evidence, dialog, before)
    return region


def _tells(text: str) -> bool:
    return any(word in text for word in _COOKIES)


def _set_prose(evidence: Evidence, container: Container, prose: list[float]) -> None:
    evidence.prose[container.first : container.end] = prose
    evidence.prose_before[:] = accumulate(evidence.prose, initial=0.0)


def _around(document: Document, first: int, last: int) -> Container:
    """The deepest container around two blocks."""
    container = document.containers[document.blocks[first].container]
    while container.end <= last and container.parent >= 0:
        container = document.containers[container.parent]
    return container
