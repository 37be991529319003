"""Which query parameters never choose a page: `data/tracking_parameters.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

Condition = Literal["any", "words", "token"] | frozenset[str]

_DATA = Path(__file__).parent / "data" / "tracking_parameters.toml"
_TOKEN = re.compile(r"[A-Za-z0-9._\-]{16,}")


@dataclass(frozen=True, slots=True)
class TrackingParameters:
    """Names, and beginnings of names, each with what the value must be."""

    names: dict[str, Condition] = field(default_factory=dict)
    beginnings: tuple[tuple[str, Condition], ...] = ()

    def matches(self, name: str, value: str) -> bool:
        """Whether the parameter *name* with this (percent-encoded) value may be dropped."""
        name = name.lower()
        condition = self.names.get(name)
        if condition is None:
            for beginning, named in self.beginnings:
                if name.startswith(beginning):
                    return _holds(named, value)
            return False
        return _holds(condition, value)


def _holds(condition: Condition, value: str) -> bool:
    if condition == "any":
        return True
    if condition == "words":
        return not value.isdigit()
    if condition == "token":
        return _TOKEN.fullmatch(value) is not None
    return value.lower() in condition


def parse_tracking_parameters(text: str) -> TrackingParameters:
    """Read the TOML table; ValueError for an entry without a name or with an unknown condition."""
    names: dict[str, Condition] = {}
    beginnings: list[tuple[str, Condition]] = []
    for entry in tomllib.loads(text)["parameter"]:
        name, only = entry["name"], entry.get("only", "any")
        condition = frozenset(only) if isinstance(only, list) else only
        if not name.rstrip("*") or name != name.lower():
            raise ValueError(f"a tracking parameter needs a lower-case name, not {name!r}")
        if isinstance(condition, str) and condition not in ("any", "words", "token"):
            raise ValueError(f"tracking parameter {name}: only = {only!r} is unknown")
        if name.endswith("*"):
            beginnings.append((name[:-1], condition))
        else:
            names[name] = condition
    return TrackingParameters(names, tuple(beginnings))


@cache  # read once, never changed
def tracking_parameters() -> TrackingParameters:
    """The project's own table."""
    return parse_tracking_parameters(_DATA.read_text(encoding="utf-8"))
