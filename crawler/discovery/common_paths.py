"""Where sites keep feeds and sitemaps without naming them: `data/common_paths.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "common_paths.toml"


def parse_common_paths(text: str) -> dict[str, tuple[str, ...]]:
    """Read the groups `feed` and `sitemap`; ValueError for a path that is not absolute."""
    groups = tomllib.loads(text)
    found: dict[str, tuple[str, ...]] = {}
    for name in ("feed", "sitemap"):
        paths = tuple(entry["path"] for entry in groups[name])
        if not paths or not all(path.startswith("/") for path in paths):
            raise ValueError(f"the group {name} needs absolute paths")
        found[name] = paths
    return found


@cache  # read once, never changed
def common_paths() -> dict[str, tuple[str, ...]]:
    """The project's own table."""
    return parse_common_paths(_DATA.read_text(encoding="utf-8"))
