"""The word lists in `labels/*.toml`, and regular expressions made of words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).with_name("labels")
PHRASES: Final = Path(__file__).with_name("vocabulary")
"""The folder of the marker phrases; a compiled module does not lie beside it."""


def read_labels(name: str) -> dict[str, Any]:
    """Read `labels/NAME.toml`; tomllib.TOMLDecodeError or OSError when it is damaged or missing."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def alternatives(words: Iterable[str]) -> str:
    """Make a regular expression of literal *words*, the longest first; ValueError if empty.

    An empty group would match everywhere.
    """
    ordered = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    if not ordered:
        raise ValueError("a group of words is empty")
    return "|".join(re.escape(word) for word in ordered)
