"""A small part of Mustache: variables, sections, inverted sections, partials.

`{{name}}` is escaped, `{{{name}}}` is not; `{{#name}}…{{/name}}` repeats for a list and shows for
anything true, `{{^name}}…{{/name}}` shows for anything false. `{{.}}` is the item of a list of
strings. Names are looked up from the innermost section outwards; an unknown name is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

Context = Mapping[str, object]
_TAG = re.compile(r"\{\{(?:\{([\w.]+)\}|([#^/]?)([\w.]+))\}\}")


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    raw: bool


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    inverted: bool
    nodes: list[_Node]


_Node = str | _Variable | _Section


class Template:
    """A parsed template; raises ValueError for a section that is not closed."""

    def __init__(self, text: str) -> None:
        self._nodes = _parse(text)

    @classmethod
    def load(cls, path: Path) -> Template:
        """Read a template from a UTF-8 file."""
        return cls(path.read_text(encoding="utf-8"))

    def render(self, context: Context) -> str:
        """Fill the template; KeyError names an unknown variable."""
        out: list[str] = []
        _render(self._nodes, [context], out)
        return "".join(out)


def _parse(text: str) -> list[_Node]:
    """Turn the text into nodes, sections nested."""
    stack: list[tuple[str, bool, list[_Node]]] = [("", False, [])]
    position = 0
    for tag in _TAG.finditer(text):
        stack[-1][2].append(text[position : tag.start()])
        position = tag.end()
        raw, sign, name = tag.groups()
        if raw or not sign:
            stack[-1][2].append(_Variable(raw or name, bool(raw)))
        elif sign == "/":
            opened, inverted, nodes = stack.pop()
            if opened != name or not stack:
                raise ValueError(f"section {name!r} closes {opened!r}")
            stack[-1][2].append(_Section(name, inverted, nodes))
        else:
            stack.append((name, sign == "^", []))
    if len(stack) > 1:
        raise ValueError(f"section {stack[-1][0]!r} is not closed")
    stack[0][2].append(text[position:])
    return stack[0][2]


def _render(nodes: list[_Node], scopes: list[Context], out: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, _Variable):
            value = str(_lookup(node.name, scopes))
            out.append(value if node.raw else escape(value))
        else:
            _render_section(node, scopes, out)


def _render_section(section: _Section, scopes: list[Context], out: list[str]) -> None:
    value = _lookup(section.name, scopes)
    if section.inverted:
        if not value:
            _render(section.nodes, scopes, out)
    elif isinstance(value, (list, tuple)):
        for item in value:
            scope: Context = item if isinstance(item, Mapping) else {".": item}
            _render(section.nodes, [*scopes, scope], out)
    elif value:
        inner = [*scopes, value] if isinstance(value, Mapping) else scopes
        _render(section.nodes, inner, out)


def _lookup(name: str, scopes: list[Context]) -> object:
    for scope in reversed(scopes):
        if name in scope:
            return scope[name]
    raise KeyError(name)
