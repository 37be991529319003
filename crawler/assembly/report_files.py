"""Write the page of a run, or of many, beside what it is made of."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from crawler.assembly.status_facts import read_status
from crawler.assembly.status_view import troubles
from crawler.reports.run_report import TREND, overview_page, run_page
from crawler.reports.runs import load_before, load_run, newest_first
from crawler.runs.summary import write_whole
from pipelines.store.database import StateError


def write_report(folder: Path, name: str) -> Path:
    """Write `runs/NAME/report.html` from the run's files; raises `RunError` and `OSError`."""
    page = run_page(load_run(folder, name), load_before(folder, name, TREND - 1))
    return write_whole(folder / "runs" / name / "report.html", page)


def write_overview(folder: Path) -> Path:
    """Write `runs/report.html` on the runs of the last weeks; raises `RunError` and `OSError`."""
    page = overview_page(newest_first(folder), _of_status(folder))
    return write_whole(folder / "runs" / "report.html", page)


def _of_status(folder: Path) -> list[str]:
    """What `scrapy status` would say of sites that want somebody to look."""
    try:
        status = read_status(folder, datetime.now(UTC))
    except (StateError, OSError, sqlite3.Error) as error:
        return [f"The state cannot be read: {error}."]
    return list(troubles(status))
