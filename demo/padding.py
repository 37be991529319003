"""Markup that makes pages as heavy as real ones: scripts, styles, menus, tables of quotes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Protocol

_WORDS = ("banner", "float", "slide", "trace", "pixel", "panel", "quote", "chart", "login", "topic")


@dataclass(frozen=True, slots=True)
class Padding:
    """Pieces of markup for the four places of a template that take some."""

    head: str = ""
    top: str = ""
    side: str = ""
    foot: str = ""


def make_padding(kilobytes: int, seed: int) -> Padding:
    """Make about *kilobytes* kB in all, in the proportions of a news page; 0 makes none.

    News pages of 90 to 180 kB have some 1,050 elements and 950 texts (mean of twelve, measured);
    the rest of their weight is scripts, styles and attributes.
    """
    size = kilobytes * 1000
    if size <= 0:
        return Padding()
    rng = Random(seed)
    return Padding(
        head=_fill(size * 34 // 100, rng, _style) + _fill(size * 26 // 100, rng, _script),
        top=_fill(size * 6 // 100, rng, _menu),
        side=_fill(size * 6 // 100, rng, _quotes),
        foot=_fill(size * 28 // 100, rng, _script),
    )


def _fill(size: int, rng: Random, make: _Maker) -> str:
    pieces: list[str] = []
    length = 0
    while length < size:
        pieces.append(make(rng))
        length += len(pieces[-1].encode())
    return "\n".join(pieces)


class _Maker(Protocol):
    """The type of the functions below."""

    def __call__(self, rng: Random) -> str: ...


def _style(rng: Random) -> str:
    rules = [
        f".{rng.choice(_WORDS)}-{rng.randrange(900)} .{rng.choice(_WORDS)} li"
        f"{{float:left;width:{rng.randrange(9, 990)}px;margin:0 {rng.randrange(30)}px 0 auto}}"
        for _ in range(20)
    ]
    return "<style>" + "\n".join(rules) + "</style>"


def _script(rng: Random) -> str:
    lines = [
        f'  _q{rng.randrange(9999)}.push(["{rng.choice(_WORDS)}", {rng.randrange(10**8)}, '
        f"function (e) {{ return e && e.{rng.choice(_WORDS)} > {rng.randrange(99)}; }}]);"
        for _ in range(20)
    ]
    return "<script>(function () {\n" + "\n".join(lines) + "\n})();</script>"


def _menu(rng: Random) -> str:
    items = "".join(
        f'<li class="{rng.choice(_WORDS)}"><a href="#m{rng.randrange(10**6)}">'
        f'<i class="ico-{rng.randrange(99)}"></i>{rng.choice(_WORDS).title()}</a></li>'
        for _ in range(12)
    )
    return f'<div class="mega {rng.choice(_WORDS)}" style="display:none"><ul>{items}</ul></div>'


def _quotes(rng: Random) -> str:
    rows = "".join(
        f'<tr><td><a href="#q{rng.randrange(10**6)}">{rng.randrange(900000, 999999)}</a></td>'
        f"<td>{rng.uniform(2, 90):.2f}</td><td>{rng.uniform(-5, 5):+.2f}%</td></tr>"
        for _ in range(10)
    )
    return f'<div class="quotes {rng.choice(_WORDS)}"><table>{rows}</table></div>'
