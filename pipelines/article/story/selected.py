"""The part of a page in which its site list says the story stands."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.article.page.document import Document, parse


def select(text: str, selector: str) -> Document | None:
    """What the CSS *selector* finds in a page, in order, as a document of its own.

    None where it finds nothing. An element inside another that was found counts once. *selector*
    was checked when the list was read. Raises `DocumentLimitError` as `parse` does, which has seen
    *text* before.
    """
    found: list[LexborNode] = []
    for node in LexborHTMLParser(text).css(selector):
        if not any(_holds(outer, node) for outer in found[-1:]):
            found.append(node)
    inner = "".join(node.html or "" for node in found)
    return parse(f"<html><body>{inner}</body></html>") if inner else None


def _holds(outer: LexborNode, node: LexborNode) -> bool:
    """Whether *outer* is above *node*; matches come in document order, so the last one decides."""
    above = node.parent
    while above is not None:
        if above == outer:
            return True
        above = above.parent
    return False
