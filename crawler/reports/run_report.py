"""A run, or the last day of many, as one page with charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crawler.reports import charts
from crawler.reports.changes import ENOUGH, changes, compared, shortened, troubles
from crawler.reports.days import Day, days_back
from crawler.reports.pages import render
from crawler.reports.runs import Run
from crawler.runs.summary import OUTCOMES

BEFORE = 5
"""Runs that one is compared with."""
TREND = 40
"""Runs, or days, that are drawn beside each other."""
_ROWS = 60  # sites with a row of their own
_COPIERS = 24
_MOST_RUNS = 300  # with a row of their own: a day of one every five minutes, and a little


@dataclass(slots=True)
class Times:
    """What a site's answers and pages took: numbers, medians, and the slowest twentieth."""

    site: str
    fetched: int
    fetch: str
    fetch_slow: str
    extraction: str
    extraction_slow: str


def run_page(run: Run, before: Sequence[Run]) -> str:
    """The page of *run*, compared with those *before* it, oldest first; without a network."""
    return render("report.html", **_sections(run, before, "run"))


def overview_page(runs: Iterable[Run], status: Sequence[str] = ()) -> str:
    """The page of many *runs*, newest first: the last 24 hours against the days before.

    *status* are sentences on sites that want somebody to look. Runs of more than `TREND` days ago
    are not taken from *runs* any more.
    """
    days: list[Day] = []
    rows: list[Run] = []
    newest = ""
    for run in runs:
        newest = newest or run.started
        back = days_back(newest, run.started)
        if back >= TREND:
            break
        days += [Day() for _ in range(back + 1 - len(days))]
        days[back].take(run)
        run.figures, run.sites = {}, {}  # they are in the sums, and there may be thousands
        rows.append(run)
    merged = [day.as_run() for day in days[::-1] if day.runs]
    values = _sections(merged[-1], merged[:-1], "day")
    if len(merged) == 1 and len(rows) > 1:
        values["trend"] = _trend_chart(rows[::-1], "run")
    values["troubles"] += shortened(status)
    shown = rows[:_MOST_RUNS] + [run for run in rows[_MOST_RUNS:] if run.failed][:_MOST_RUNS]
    return render("overview.html", **values, day=days[0], runs=rows, shown=shown, names=OUTCOMES)


def _sections(run: Run, before: Sequence[Run], unit: str) -> dict[str, Any]:
    """The values of the sections that both pages have."""
    figures = run.figures
    hours = figures.get("hours", ())
    copies = figures.get("copies", [])
    return {
        "run": run,
        "unit": unit,
        "outcomes": [(name, run.outcomes[name]) for name in OUTCOMES if run.outcomes[name]],
        "troubles": troubles(run),
        "compared": compared(run, before[-BEFORE:]),
        "changes": changes(run, before[-BEFORE:], unit),
        "before": len(before[-BEFORE:]),
        "enough": ENOUGH,
        "sites": _sites_chart(run),
        "hours": charts.columns([f"{hour:02}" for hour in range(24)], {"articles": hours})
        if any(hours)
        else None,
        "trend": _trend_chart([*before, run], unit) if before else None,
        "copies": _copies_chart(copies),
        "copied": sum(count for _, _, count in copies),
        "most_copies": _COPIERS,
        "histogram": _times_chart(figures),
        "times": _times(figures),
        "reasons": figures.get("reasons", []),
    }


def _sites_chart(run: Run) -> Markup | None:
    ranked = sorted(run.sites.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows = [(site, counts) for site, counts in ranked if sum(counts.values())]
    if len(rows) > _ROWS:
        rest: Counter[str] = Counter()
        for _, counts in rows[_ROWS:]:
            rest.update(counts)
        rows = [*rows[:_ROWS], (f"{len(rows) - _ROWS} more", dict(rest))]
    if not rows:
        return None
    series = {name: [counts.get(name, 0) for _, counts in rows] for name in OUTCOMES}
    return charts.stacked_rows([site for site, _ in rows], series)


def _trend_chart(runs: Sequence[Run], unit: str) -> Markup:
    runs = runs[-TREND:]
    labels = [
        run.name if unit == "day" else f"{run.started[5:10]} {run.started[11:16]}" for run in runs
    ]
    series = {name: [run.outcomes[name] for run in runs] for name in OUTCOMES}
    return charts.stacked_columns(labels, series)


def _copies_chart(copies: Sequence[tuple[str, str, int]]) -> Markup | None:
    if not copies:
        return None
    copiers: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for copier, first, count in copies:
        copiers[copier] += count
        firsts[first] += count
        pairs[copier, first] += count
    columns = [name for name, _ in firsts.most_common(_COPIERS)]
    rows = {
        copier: [pairs[copier, first] for first in columns]
        for copier, _ in copiers.most_common(_COPIERS)
    }
    return charts.matrix(columns, rows)


def _times_chart(figures: dict[str, Any]) -> Markup | None:
    if not figures.get("times"):
        return None
    labels = [f"≤ {_seconds(bound)}" for bound in figures["bounds"]]
    labels.append(f"> {_seconds(figures['bounds'][-1])}")
    series = {
        name: [sum(column) for column in zip(*bins, strict=True)]
        for name, bins in (
            ("fetching", [each["fetch"] for each in figures["times"].values()]),
            ("extraction", [each["extraction"] for each in figures["times"].values()]),
        )
    }
    return charts.columns(labels, series)


def _times(figures: dict[str, Any]) -> list[Times]:
    bounds = figures.get("bounds", [])
    return [
        Times(
            site,
            sum(each["fetch"]),
            _quantile(each["fetch"], bounds, 0.5),
            _quantile(each["fetch"], bounds, 0.95),
            _quantile(each["extraction"], bounds, 0.5),
            _quantile(each["extraction"], bounds, 0.95),
        )
        for site, each in figures.get("times", {}).items()
    ]


def _quantile(bins: Sequence[int], bounds: Sequence[float], share: float) -> str:
    """The bin in which the quantile lies, by its upper bound."""
    total = sum(bins)
    if not total:
        return "–"
    passed = 0
    for bound, count in zip(bounds, bins, strict=False):
        passed += count
        if passed >= share * total:
            return f"≤ {_seconds(bound)}"
    return f"> {_seconds(bounds[-1])}"


def _seconds(value: float) -> str:
    return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"
