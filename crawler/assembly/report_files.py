"""Write the page of a run, or of many, beside what it is made of."""

from __future__ import annotations

from pathlib import Path

from crawler.reports.run_report import TREND, overview_page, run_page
from crawler.reports.runs import RunError, load_before, load_run, run_names
from crawler.summary import write_whole


def write_report(folder: Path, name: str) -> Path:
    """Write `runs/NAME/report.html` from the run's files; raises `RunError` and `OSError`."""
    page = run_page(load_run(folder, name), load_before(folder, name, TREND - 1))
    return write_whole(folder / "runs" / name / "report.html", page)


def write_overview(folder: Path) -> Path:
    """Write `runs/report.html` on all runs that can be read; raises `RunError` and `OSError`."""
    runs, unread = [], ""
    for name in run_names(folder):
        try:
            runs.append(load_run(folder, name))
        except RunError as error:
            unread = str(error)
    if not runs:
        raise RunError(unread or f"there is no run in {folder / 'runs'} yet")
    return write_whole(folder / "runs" / "report.html", overview_page(runs))
