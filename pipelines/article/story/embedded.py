"""Stories that stand only in a script: JSON-LD's articleBody, `__NEXT_DATA__` and their like.

A story is one long string, or a list of objects that each hold a paragraph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from pipelines.article.page.document import Document, DocumentLimitError, parse
from pipelines.article.story.embedded_lists import paragraph_lists

_LONG_STRING: Final = re.compile(r'"((?:[^"\\]|\\.){60,})"', re.DOTALL)
_MARKUP: Final = re.compile(r"<(?:p|br|div|section|span)\b[^<>]{0,400}>", re.IGNORECASE)
_MAX_SCRIPT: Final = 3_000_000
_MAX_STRINGS: Final = 2_000
_MORE: Final = 1.3  # a list holds that much more than the longest string, or it is another's
_TAG: Final = re.compile("</?[a-zA-Z]")
_MAX_LEVELS: Final = 3  # JSON inside a string inside JSON
_CODE: Final = re.compile(r"function\s?\(|=>|;\s*var |\{[\w-]+:[^{}]*;\}|https?://\S+$")
_STOPS: Final = ".。,，、!！?？;；।،"


def embedded_story(document: Document) -> Document | None:
    """The scripts' best story as a document of its own; None where no string reads like prose."""
    best, best_prose = "", 0.0
    seen = 0
    sources = [*document.json_ld, *(script.text for script in document.scripts)]
    for source in sources:
        for text in islice(_strings(source, 0), _MAX_STRINGS - seen):
            seen += 1
            prose = _prose(text)
            if prose > best_prose:
                best, best_prose = text, prose
    for source in sources:
        for lines in paragraph_lists(source):
            prose = sum(map(_prose, lines))
            if prose > _MORE * best_prose:
                best, best_prose = "".join(map(_paragraph, lines)), prose
    return _as_document(best) if best else None


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
    html = text if _MARKUP.search(text) else "".join(map(_paragraph, text.splitlines()))
    try:
        return parse(html)
    except DocumentLimitError:
        return None


def _paragraph(line: str) -> str:
    """A line as a paragraph; what is no markup is escaped."""
    if _MARKUP.match(line):
        return line
    if not _TAG.search(line):
        line = line.replace("&", "&amp;").replace("<", "&lt;")
    return f"<p>{line}</p>"
