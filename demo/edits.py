"""What a site that reprints a story does to it; the kinds follow the labelled repost data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<=[。！？])(?=[^”」』])")


@dataclass(frozen=True, slots=True)
class Edit:
    """The steps between an original body and its reprint, in the order in which they are taken.

    *replace* swaps words, *keep* cuts the story off after so many paragraphs, *drop* leaves
    paragraphs out, *last_first* moves the last paragraph behind the first, *reflow* sets each
    sentence as a paragraph of its own, *lead* and *append* add paragraphs of the reprinter.
    """

    replace: tuple[tuple[str, str], ...] = ()
    keep: int | None = None
    drop: tuple[int, ...] = ()
    last_first: bool = False
    reflow: bool = False
    lead: tuple[str, ...] = ()
    append: tuple[str, ...] = ()


def apply_edit(paragraphs: Sequence[str], edit: Edit) -> tuple[str, ...]:
    """Return the edited body; ValueError where a word to be replaced does not occur."""
    body = _replaced(paragraphs, edit.replace)[: edit.keep]
    body = [text for index, text in enumerate(body) if index not in edit.drop]
    if edit.last_first and len(body) > 2:
        body.insert(1, body.pop())
    if edit.reflow:
        body = [piece for text in body for piece in _SENTENCE_END.split(text) if piece]
    return (*edit.lead, *body, *edit.append)


def _replaced(paragraphs: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    body = list(paragraphs)
    for old, new in pairs:
        if not any(old in text for text in body):
            raise ValueError(f"nothing to replace: {old!r}")
        body = [text.replace(old, new) for text in body]
    return body
