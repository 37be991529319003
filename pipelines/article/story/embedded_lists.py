"""Paragraphs that a script keeps as a list of objects, one a paragraph, whatever their keys are."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

_START: Final = re.compile(r"^\s*[{\[]|=\s*(?=[{\[])")
_MAX_SCRIPT: Final = 3_000_000
_MAX_NODES: Final = 50_000
_DEEPEST: Final = 5  # levels between a paragraph's object and its text
_LEAST: Final = 2
_ADDRESS: Final = re.compile(r"https?://|/[^/\s]")
_DECODER: Final = json.JSONDecoder(strict=False)


def paragraph_lists(script: str) -> Iterator[list[str]]:
    """Every list of objects in the script's JSON, once for each key under which they hold text.

    The texts below one object are joined. Lists whose objects lead to pages name other stories.
    Nothing where the script's first value is no JSON. Linear in the script's length.
    """
    start = _START.search(script[:2_000]) if len(script) <= _MAX_SCRIPT else None
    if start is None:
        return
    at = start.end() if start[0].startswith("=") else start.end() - 1
    try:
        value, _ = _DECODER.raw_decode(script, at)
    except (ValueError, RecursionError):
        return
    waiting, seen = [value], 0
    while waiting and seen < _MAX_NODES:
        node = waiting.pop()
        seen += 1
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
            yield from _by_key([item for item in node if isinstance(item, dict)])


def _by_key(items: list[dict[str, Any]]) -> Iterator[list[str]]:
    if len(items) < _LEAST or 2 * sum(map(_leads_away, items)) >= len(items):
        return
    texts: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for key, text in _texts(item).items():
            texts[key].append(text)
    yield from (lines for lines in texts.values() if len(lines) >= _LEAST)


def _leads_away(item: dict[str, Any]) -> bool:
    return any(isinstance(value, str) and _ADDRESS.match(value) for value in item.values())


def _texts(item: dict[str, Any]) -> dict[str, str]:
    """The strings below an object, joined in order by the key under which they stand."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, Any, int]] = [("", item, 0)]
    while waiting:
        key, node, level = waiting.pop()
        if isinstance(node, str):
            found[key] = found.get(key, "") + node
        elif level < _DEEPEST and isinstance(node, dict):
            waiting += [(name, value, level + 1) for name, value in reversed(node.items())]
        elif level < _DEEPEST and isinstance(node, list):
            waiting += [(key, value, level + 1) for value in reversed(node)]
    return found
