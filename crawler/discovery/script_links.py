"""Links that a page holds as data for its scripts: JSON-LD, the state of an application."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

MAX_SCRIPT = 2_000_000  # characters
MAX_VALUES = 100_000  # of one script that are looked at

_SCRIPTS = "script[type='application/json'], script[type='application/ld+json']"
_ADDRESSES = ("url", "href", "link", "path", "@id")
_TEXTS = ("headline", "title", "name")


def script_links(page: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Address and title of every object that has both, in page order."""
    for node in page.css(_SCRIPTS):
        text = node.text() or ""
        if len(text) > MAX_SCRIPT:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue  # a script that is no JSON names nothing
        yield from _links(data)


def _links(data: Any) -> Iterator[tuple[str, str]]:
    waiting = [data]
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        match waiting.pop():
            case dict() as value:
                address, text = _first(value, _ADDRESSES), _first(value, _TEXTS)
                if address and text:
                    yield address, text
                waiting += reversed(value.values())
            case list() as values:
                waiting += reversed(values)


def _first(value: dict[str, Any], names: tuple[str, ...]) -> str:
    found = (value.get(name) for name in names)
    return next((text for text in found if isinstance(text, str) and text), "")
