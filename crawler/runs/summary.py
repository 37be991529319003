"""The figures of one run: `summary.json`, and what the terminal says at the end."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

OUTCOMES = ("article", "repost", "rejected", "failed", "unchanged", "pending")
_SHORT = ("art", "rep", "rej", "fail", "same", "left")


@dataclass(slots=True)
class Summary:
    """What `summary.json` holds; *candidates* is the sum of *outcomes*, or `check` raises."""

    run: str
    started: str
    finished: str = ""
    exit_status: int = 0
    candidates: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    fetched_other: dict[str, dict[str, int]] = field(default_factory=dict)
    sites: dict[str, dict[str, int]] = field(default_factory=dict)

    def check(self) -> None:
        """Raise `ValueError` unless every candidate has exactly one outcome."""
        total = sum(self.outcomes.values())
        if total != self.candidates:
            msg = f"{self.candidates} candidates have {total} outcomes: {self.outcomes}"
            raise ValueError(msg)


def short_counts(counts: Mapping[str, int]) -> str:
    """The outcomes that occur, in as few letters as are clear."""
    pairs = zip(OUTCOMES, _SHORT, strict=True)
    return " ".join(f"{counts[name]} {short}" for name, short in pairs if counts.get(name))


def fetched_other(stats: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """What was fetched beside candidates, by kind, from stats `fetched/KIND/{answered,failed}`."""
    found: dict[str, dict[str, int]] = {}
    for name, count in sorted(stats.items()):
        match name.split("/"):
            case ["fetched", kind, state]:
                found.setdefault(kind, {"answered": 0, "failed": 0})[state] = count
    return found


def write_summary(summary: Summary, folder: Path) -> Path:
    """Write `runs/RUN/summary.json` below *folder*, whole or not at all; return its path."""
    text = json.dumps(asdict(summary), ensure_ascii=False, indent=2)
    return write_whole(folder / "runs" / summary.run / "summary.json", f"{text}\n")


def write_whole(path: Path, text: str) -> Path:
    """Write *text* to *path*, whole or not at all; return *path*. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path
