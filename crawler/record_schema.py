"""The record as a JSON Schema and as documentation, both made from `crawler.items`."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from crawler.items import NewsArticle, Rejection, Repost, record_keys

RECORDS: tuple[tuple[str, type[NewsArticle] | type[Rejection]], ...] = (
    ("article", NewsArticle),
    ("repost", Repost),
    ("rejected", Rejection),
)

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def json_schema(record: type[NewsArticle] | type[Rejection]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line of *record*; every key is required."""
    keys = record_keys(record)
    hints = get_type_hints(record)
    notes = {field.name: field.metadata["note"] for field in fields(record) if field.name in keys}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": record.__name__,
        "type": "object",
        "properties": {key: _schema(hints[key]) | {"description": notes[key]} for key in keys},
        "required": keys,
        "additionalProperties": False,
    }


def _schema(hint: Any) -> dict[str, Any]:
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument) for argument in arguments]}
    if origin is list:
        return {"type": "array", "items": _schema(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1])}
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return {
            "type": "object",
            "properties": {name: _schema(inner) for name, inner in hints.items()},
            "required": list(hints),
            "additionalProperties": False,
        }
    msg = f"the record has a type that JSON Schema cannot say: {hint}"
    raise TypeError(msg)


def documentation() -> str:
    """`docs/record.md`: every key of every kind of line, with its type and its meaning."""
    parts = [
        "# The record\n\nMade from `crawler/items.py` by `make docs`; a test compares the two."
        " Files are UTF-8 JSON Lines\nwith `\\n` only, one object a line, every key always present"
        " (null when unknown), lists and objects empty rather\nthan null. The same as JSON Schema:"
        " `docs/record.schema.json`.\n"
    ]
    known: set[str] = set()
    for name, record in RECORDS:
        rows = [
            f"| `{field.name}` | {_words(get_type_hints(record)[field.name])} |"
            f" {field.metadata['note']} |"
            for field in fields(record)
            if field.name in record_keys(record) and field.name not in known
        ]
        if name == "article":
            known.update(record_keys(record))
        more = "All keys of an article, and:\n\n" if name == "repost" else ""
        parts.append(
            f"\n## A line of `{_FOLDERS[name]}/DATE.jsonl`\n\n{more}"
            "| key | type | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"
        )
        if name == "repost":
            known = set()
    return "".join(parts)


_FOLDERS = {"article": "articles", "repost": "reposts", "rejected": "rejected"}


def _words(hint: Any) -> str:
    schema = _schema(hint)
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        kinds = [get_args(hint)[index] for index in range(len(schema["anyOf"]))]
        return " or ".join(_words(kind) for kind in kinds)
    if schema["type"] == "array":
        return f"list of {_words(get_args(hint)[0])}"
    if is_dataclass(hint):
        return "{" + ", ".join(f"`{name}`" for name in get_type_hints(hint)) + "}"
    if schema["type"] == "object":
        return "object of " + _words(get_args(hint)[1])
    return str(schema["type"])
