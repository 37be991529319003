"""A run, or many, as one page with charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crawler.reports import charts
from crawler.reports.changes import ENOUGH, changes, compared
from crawler.reports.pages import render
from crawler.reports.runs import Run
from crawler.summary import OUTCOMES

BEFORE = 5
"""Runs that one is compared with."""
TREND = 40
"""Runs that are drawn beside each other."""
_ROWS = 60  # sites with a row of their own
_COPIERS = 24


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
    figures = run.figures
    return render(
        "report.html",
        run=run,
        outcomes=[(name, run.outcomes[name]) for name in OUTCOMES if run.outcomes[name]],
        compared=compared(run, before[-BEFORE:]),
        changes=changes(run, before[-BEFORE:]),
        before=len(before[-BEFORE:]),
        enough=ENOUGH,
        sites=_sites_chart(run),
        hours=charts.columns([f"{hour:02}" for hour in range(24)], {"articles": figures["hours"]})
        if any(figures.get("hours", ()))
        else None,
        trend=_trend_chart([*before, run]) if before else None,
        copies=_copies_chart(figures.get("copies", [])),
        copied=sum(count for _, _, count in figures.get("copies", [])),
        histogram=_times_chart(figures),
        times=_times(figures),
        reasons=figures.get("reasons", []),
    )


def overview_page(runs: Sequence[Run]) -> str:
    """The page of many runs, oldest first."""
    totals: Counter[str] = Counter()
    sites: dict[str, Counter[str]] = {}
    for run in runs:
        totals.update(run.outcomes)
        for site, counts in run.sites.items():
            sites.setdefault(site, Counter()).update(counts)
    together = Run("", "", "", 0, 0, dict(totals), {name: dict(c) for name, c in sites.items()})
    # What is pending in one run is taken up by the next.
    outcomes = [(name, totals[name]) for name in OUTCOMES if totals[name] and name != "pending"]
    return render(
        "overview.html",
        runs=list(runs)[::-1],
        outcomes=outcomes,
        trend=_trend_chart(runs[-TREND:]),
        sites=_sites_chart(together),
        names=OUTCOMES,
    )


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


def _trend_chart(runs: Sequence[Run]) -> Markup:
    runs = runs[-TREND:]
    labels = [f"{run.started[5:10]} {run.started[11:16]}" for run in runs]
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
