"""The records of an output folder as rows, from the first day or from where a run ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.items import Rejection, Repost, record_keys
from pipelines.store.days import KINDS, day_files, day_lines, day_name

__all__ = ["KINDS", "ExportError", "columns", "ends_of", "rows"]


class ExportError(Exception):
    """What was asked for cannot be exported; one sentence."""


def columns(kind: str) -> list[str]:
    """The keys of a row: of an article and a repost the same, so that both fit into one table."""
    return record_keys(Rejection if kind == "rejected" else Repost)


def ends_of(folder: Path, run: str) -> dict[str, int]:
    """How long the output's files were when *run* ended, by `KIND/DAY`; raises `ExportError`."""
    path = folder / "runs" / run
    if not path.is_dir():
        raise ExportError(f"there is no run {run} in {folder / 'runs'}")
    try:
        files = json.loads((path / "figures.json").read_text(encoding="utf-8"))["files"]
        return {str(name): int(length) for name, length in files.items()}
    except FileNotFoundError:
        raise ExportError(f"run {run} did not come to its end; name an earlier one") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExportError(f"{path / 'figures.json'} cannot be read: {error!r}") from error


def rows(
    folder: Path, kind: str, after: dict[str, int] | None, bad: list[str]
) -> Iterator[dict[str, Any]]:
    """The records of *kind*, oldest day first, without those before the lengths *after*.

    A line that is no record is named in *bad*; a torn last one is the writer's, and not there yet.
    Raises `OSError`.
    """
    # Days before the newest one of that time have not grown since.
    ends = {
        name.removeprefix(f"{kind}/"): end
        for name, end in (after or {}).items()
        if name.startswith(f"{kind}/")
    }
    at: dict[str, int] = {}
    for path in day_files(folder / kind):
        day = day_name(path)
        if day < min(ends, default=""):
            continue
        start = ends.get(day, 0)
        for number, line in day_lines(path):
            at[day] = at.get(day, 0) + len(line)
            if at[day] <= start or not line.endswith(b"\n"):
                continue
            record = _parsed(line)
            if record is None:
                bad.append(f"{path}:{number} is no record")
            else:
                yield record


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
