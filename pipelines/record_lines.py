"""Write a record as one line of JSON that every reader can read."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from crawler.items import NewsArticle, Rejection, Repost, Security, record_keys

# Newlines to some readers and not to others; as escapes they are plain text to all.
_LINE_BREAKERS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def to_line(record: NewsArticle | Rejection) -> bytes:
    """The record's keys in their order as one UTF-8 line of RFC 8259 JSON, newline included."""
    return json_line({key: getattr(record, key) for key in _KEYS[type(record)]})


_KEYS = {cls: record_keys(cls) for cls in (NewsArticle, Repost, Rejection)}


def json_line(values: dict[str, Any]) -> bytes:
    """*values* as one UTF-8 line; lone surrogates and NaN, unknown to JSON, are replaced."""
    try:
        return _encoded(values)
    except (ValueError, TypeError):  # which nearly no record needs
        return _encoded(_clean(values))


def _encoded(values: dict[str, Any]) -> bytes:
    text = _ENCODER.encode(values)
    for character, escape in _LINE_BREAKERS:
        if character in text:  # a look costs a hundredth of `translate`
            text = text.replace(character, escape)
    return text.encode("utf-8") + b"\n"


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return value.decode("utf-8", "replace")
        case Security():
            return asdict(value)
        case _:
            msg = f"{type(value).__name__} has no place in a record"
            raise TypeError(msg)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
)


def _clean(value: Any) -> Any:
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
        case float():
            return value if math.isfinite(value) else None
        case bytes() | Security():
            return _clean(_plain(value))
        case dict():
            return {_clean(key): _clean(item) for key, item in value.items()}
        case list() | tuple():
            return [_clean(item) for item in value]
        case _:
            return value
