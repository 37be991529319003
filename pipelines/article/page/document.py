"""A page as flat lists: one parse, one walk, and nobody touches the tree again.

A *block* is a run of text between two block-level boundaries, in document order. A *container* is
a block-level element; blocks and containers point at each other by index, so that body choice,
cleaning and metadata are loops over lists.
"""

from __future__ import annotations

import re

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from pipelines.article.page.nodes import Block, Container, Document, Image, Link, Mark, Script
from pipelines.article.page.walk import Walk

__all__ = [
    "Block",
    "Container",
    "Document",
    "DocumentLimitError",
    "Image",
    "Link",
    "Mark",
    "Script",
    "check_limits",
    "parse",
]


class DocumentLimitError(Exception):
    """A page that no parser should be given; *reason* is a word of `docs/outcomes.md`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


# Elements that close themselves when the next one opens: they do not nest by being left open.
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_FLAT_NAMES = (
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th"
    " thead tbody tfoot option optgroup rp rt colgroup script style title"
)
_FLAT = frozenset(name.encode() for name in _FLAT_NAMES.split())
_MANY_TAGS = 8_000  # a real page has about 2,000 angle brackets; fewer than this cannot go deep
_MAX_DEPTH = 3_000
_MAX_ATTRIBUTES = 4_000
_WINDOW = 8_000  # characters without a ">" that make a tag worth a closer look


def parse(page: str | bytes) -> Document:
    """Flatten a page's HTML, bytes as UTF-8: parse once, walk once.

    Raises `DocumentLimitError` for nesting over 3,000 levels and for tags with more than 4,000
    attributes: both make any HTML parser quadratic.
    """
    source = page.encode("utf-8", "replace") if isinstance(page, str) else page
    check_limits(source)
    # Without mutation events: they cost a tenth of the parse and serve scripting only.
    tree = LexborHTMLParser(source, options=1)
    document = Document()
    root = tree.root
    if root is not None:
        Walk(document).run(root)
    return document


def check_limits(source: bytes) -> None:
    """Raise `DocumentLimitError` where parsing would take a quadratic time; linear itself."""
    if _count(source, ord("<")) > _MANY_TAGS:
        depth = _nesting(source)
        if depth > _MAX_DEPTH:
            raise DocumentLimitError("too_deep", f"elements nested {depth} levels deep")
    for start in range(0, len(source) - _WINDOW, _WINDOW):
        if source.find(b">", start, start + _WINDOW) == -1:
            count = _attributes_around(source, start)
            if count > _MAX_ATTRIBUTES:
                raise DocumentLimitError("too_slow", f"a tag with about {count} attributes")


def _count(source: bytes, byte: int) -> int:
    """How often *byte* stands in *source*, in a quarter of the time of `bytes.count`."""
    return int(np.count_nonzero(np.frombuffer(source, np.uint8) == byte))


def _nesting(source: bytes) -> int:
    deepest = depth = 0
    for closing, name in _TAG.findall(source):
        if name.lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _attributes_around(source: bytes, position: int) -> int:
    """About how many attributes the tag has that is open at *position*."""
    opening = source.rfind(b"<", 0, position + _WINDOW)
    if opening == -1 or _TAG.match(source, opening) is None:
        return 0
    longest = opening + 4 * _MAX_ATTRIBUTES * 10
    end = source.find(b">", opening, longest)
    return len(source[opening : longest if end == -1 else end].split())
