"""Stories that stand only in a script: JSON-LD's articleBody, `__NEXT_DATA__` and their like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from pipelines.article.document import Document, DocumentLimitError, parse

_LONG_STRING: Final = re.compile(r'"((?:[^"\\]|\\.){60,})"', re.DOTALL)
_MARKUP: Final = re.compile(r"<(?:p|br|div|section|span)\b[^<>]{0,400}>", re.IGNORECASE)
_MAX_SCRIPT: Final = 3_000_000
_MAX_STRINGS: Final = 2_000
_MAX_LEVELS: Final = 3  # JSON inside a string inside JSON
_CODE: Final = re.compile(r"function\s?\(|=>|;\s*var |\{[\w-]+:[^{}]*;\}|https?://\S+$")
_STOPS: Final = ".。,，、!！?？;；।،"


def embedded_story(document: Document) -> Document | None:
    """The scripts' best story as a document of its own; None where no string reads like prose."""
    best: Document | None = None
    best_prose = 0.0
    seen = 0
    for source in [*document.json_ld, *(script.text for script in document.scripts)]:
        for text in _strings(source, 0):
            seen += 1
            if seen > _MAX_STRINGS:
                return best
            prose = _prose(text)
            if prose > best_prose:
                story = _as_document(text)
                if story is not None:
                    best, best_prose = story, prose
    return best


def _strings(source: str, level: int) -> Iterator[str]:
    """Every long JSON string in a script, unescaped; strings that hold JSON are looked into."""
    if len(source) > _MAX_SCRIPT:
        return
    for match in _LONG_STRING.finditer(source):
        try:
            text = json.loads(f'"{match.group(1)}"', strict=False)
        except ValueError:
            continue  # not JSON but a program's string; its escapes differ
        if not isinstance(text, str):
            continue
        if level < _MAX_LEVELS and '":' in text:
            yield from _strings(text, level + 1)
        yield text


def _prose(text: str) -> float:
    """How much of a string reads like sentences; 0 for code, JSON and data."""
    stops = sum(map(text.count, _STOPS))
    weight = len(text.encode("utf-8", "replace")) / 3
    if '":' in text or stops < weight / 60 or _CODE.search(text[:4000]):
        return 0.0
    return weight


def _as_document(text: str) -> Document | None:
    if _MARKUP.search(text):
        html = text
    else:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        html = "".join(f"<p>{line}</p>" for line in escaped.splitlines())
    try:
        return parse(html)
    except DocumentLimitError:
        return None
