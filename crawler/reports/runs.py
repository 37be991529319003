"""The runs of an output folder, as their files tell them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.runs.exit_status import COULD_NOT
from crawler.runs.summary import OUTCOMES


class RunError(Exception):
    """A run that cannot be shown; one sentence."""


@dataclass(slots=True)
class Run:
    """One run: its summary, and its figures where they were written."""

    name: str
    started: str
    finished: str
    exit_status: int
    candidates: int
    outcomes: dict[str, int]
    sites: dict[str, dict[str, int]]
    fetched_other: dict[str, dict[str, int]] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    has_page: bool = False  # whether its report lies beside it

    @property
    def failed(self) -> bool:
        """Whether it could not do its job; a run that was stopped or had to wait is none."""
        return self.exit_status == COULD_NOT

    @property
    def silent(self) -> dict[str, str]:
        """The sites of which no list and no page answered, each with why, where it is known."""
        return dict(self.figures.get("silent", {}))

    @property
    def began(self) -> str:
        """When it started, to the minute."""
        return self.started[:16].replace("T", " ")

    @property
    def ended(self) -> str:
        """When it ended, to the minute; empty where it did not."""
        return self.finished[:16].replace("T", " ")

    @property
    def seconds(self) -> float:
        """From start to end; 0 where the run did not come to its end."""
        if not self.finished:
            return 0.0
        begin, end = map(datetime.fromisoformat, (self.started, self.finished))
        return (end - begin).total_seconds()

    def count(self, site: str, outcome: str) -> int:
        """How many pages of *site* had this outcome."""
        return self.sites.get(site, {}).get(outcome, 0)


def run_names(folder: Path) -> list[str]:
    """The names of the runs below *folder* that have a summary, oldest first."""
    return sorted(path.parent.name for path in folder.glob("runs/*/summary.json"))


def load_run(folder: Path, name: str) -> Run:
    """Read the run *name*; raises `RunError`."""
    path = folder / "runs" / name
    if not path.is_dir():
        raise RunError(f"there is no run {name} in {folder / 'runs'}")
    summary = _object(path / "summary.json")
    figures = _object(path / "figures.json") if (path / "figures.json").exists() else {}
    try:
        return Run(
            name,
            str(summary["started"]),
            str(summary["finished"]),
            int(summary["exit_status"]),
            int(summary["candidates"]),
            {each: int(summary["outcomes"].get(each, 0)) for each in OUTCOMES},
            dict(summary["sites"]),
            dict(summary["fetched_other"]),
            figures,
            (path / "report.html").exists(),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunError(f"{path / 'summary.json'} is no summary: {error!r}") from error


def newest_first(folder: Path) -> Iterator[Run]:
    """Every run below *folder* that can be read; raises `RunError` where there is none."""
    found, unread = False, f"there is no run in {folder / 'runs'} yet"
    for name in reversed(run_names(folder)):
        try:
            run = load_run(folder, name)
        except RunError as error:
            unread = str(error)
            continue
        found = True
        yield run
    if not found:
        raise RunError(unread)


def load_before(folder: Path, name: str, most: int) -> list[Run]:
    """At most *most* runs before *name*, oldest first; a summary that is none is passed over."""
    runs: list[Run] = []
    for earlier in reversed([each for each in run_names(folder) if each < name]):
        try:
            runs.append(load_run(folder, earlier))
        except RunError:
            continue
        if len(runs) == most:
            break
    return runs[::-1]


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunError(f"{path} is gone: the run did not come to its end") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise RunError(f"{path} is no JSON object")
    return found
