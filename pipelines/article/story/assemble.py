"""Kept blocks to paragraphs; nothing is added, nothing changes its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import is_normalized

from pipelines.article.page.nodes import Document
from pipelines.article.story.boilerplate import Decision
from pipelines.article.text import clean_lines


def paragraphs(document: Document, decisions: Sequence[Decision]) -> list[str]:
    """One paragraph a kept block; the cells of a table's row stand on one line."""
    lines: list[str] = []
    before = -1
    for decision in decisions:
        if not decision.kept:
            continue
        row = _row_of(document, decision.block)
        if row >= 0 and row == before:
            lines[-1] = f"{lines[-1]} {decision.text}"
        else:
            lines.append(decision.text)
        before = row
    return tidy(lines)


def tidy(lines: Iterable[str]) -> list[str]:
    """Lines in the form of `article_body`: NFC, no controls, none empty."""
    tidied: list[str] = []
    for line in lines:
        # Most lines are in order, and looking is cheaper than cleaning.
        if line.isprintable() and is_normalized("NFC", line):
            tidied.append(line)
        else:
            tidied += clean_lines(line)
    return [line for line in tidied if line]


def _row_of(document: Document, block: int) -> int:
    """The index of the `<tr>` of which the block is a whole cell, else -1.

    A cell of several blocks lays the page out and holds paragraphs.
    """
    cell = document.containers[document.blocks[block].container]
    if cell.tag not in ("td", "th") or cell.end - cell.first != 1:
        return -1
    return cell.parent
