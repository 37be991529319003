"""Invented stories in six languages, each with its own figures."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_NEWEST = datetime(2026, 3, 28, 9, 20, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True, slots=True)
class Story:
    """One story; *number* is higher for what is newer."""

    number: int
    headline: str
    paragraphs: tuple[str, ...]
    published: datetime

    @property
    def day(self) -> str:
        """The day as sites print it."""
        return f"{self.published:%Y-%m-%d}"


@cache  # read once, never changed
def _texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def story(language: str, number: int, newest: int) -> Story:
    """The story of this number, one every nine hours up to *newest*."""
    texts = _texts()[language]
    rng = Random(f"{language}/{number}")
    names = {"name": rng.choice(texts["name"])}

    def say(line: str) -> str:
        return str(line).format(n=rng.randint(11, 98), **names)

    lines = rng.sample(texts["lines"], 6)
    paragraphs = tuple(f"{say(lines[n])} {say(lines[n + 1])}" for n in (0, 2, 4))
    published = _NEWEST - timedelta(hours=9) * (newest - number)
    return Story(number, say(rng.choice(texts["head"])), paragraphs, published)


def words(language: str) -> list[str]:
    """What the language calls section, other section, next, about, login, privacy, tag, more."""
    found: list[str] = _texts()[language]["words"]
    return found
