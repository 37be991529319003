"""What a terminal says at the end of a run: one screen, whatever the number of sites."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crawler.summary import OUTCOMES, Summary

SITES = 10
"""Sites that are named: those with failures first, then those with most pages."""


def final_lines(summary: Summary, folder: Path, reason: str | None, width: int = 80) -> list[str]:
    """The sum, a table of sites, where the results lie, what to type next, what went wrong.

    *width* is the terminal's; where the table does not fit, each site is a line of words.
    """
    outcomes = summary.outcomes
    parts = [f"{outcomes[name]} {name}" for name in OUTCOMES if outcomes[name]] or ["nothing new"]
    run = folder / "runs" / summary.run
    lines = [
        f"{summary.candidates} candidates = {' + '.join(parts)}",
        *_sites(summary, width),
        f"articles  {folder / 'articles'}",
        f"reposts   {folder / 'reposts'}",
        f"rejected  {folder / 'rejected'}",
        f"summary   {run / 'summary.json'}",
    ]
    if (run / "report.html").exists():
        lines.append(f"report    {run / 'report.html'}")
    lines.append(f"next      {_next(summary, folder)}")
    if reason:
        lines.append(f"exit status {summary.exit_status}: {reason}")
    return lines


def _sites(summary: Summary, width: int) -> list[str]:
    ranked = sorted(
        summary.sites.items(),
        key=lambda item: (-item[1].get("failed", 0), -sum(item[1].values()), item[0]),
    )
    shown = sorted(ranked[:SITES])
    table = _table(shown, [name for name in OUTCOMES if summary.outcomes[name]])
    if not table or max(map(len, table)) > width:
        table = [f"  {site}: {_counts(counts)}" for site, counts in shown]
    more = len(ranked) - len(shown)
    return [*table, *([f"  and {more} more sites: see the report"] if more > 0 else [])]


def _table(sites: list[tuple[str, dict[str, int]]], names: list[str]) -> list[str]:
    if not sites or not names:
        return []
    longest = max(len(site) for site, _ in sites)
    widths = [max(len(name), 6) for name in names]
    rows = [("", dict[str, int | str](zip(names, names, strict=True)))]
    rows += [(site, dict[str, int | str](counts)) for site, counts in sites]
    return [
        f"  {site:{longest}}"
        + "".join(
            f"  {row.get(name) or '-':>{size}}" for name, size in zip(names, widths, strict=True)
        )
        for site, row in rows
    ]


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts.get(name)) or "-"


def _next(summary: Summary, folder: Path) -> str:
    """The command that most helps after a run like this one."""
    where = "" if str(folder) == "output" else f" -s OUTPUT_DIR={folder}"
    outcomes = summary.outcomes
    if outcomes["pending"]:
        return "the same command again goes on with what is left"
    if outcomes["failed"] + outcomes["rejected"] > outcomes["article"] + outcomes["unchanged"]:
        return f"jq -r '[.reason,.url]|@tsv' {folder / 'rejected'}/*.jsonl"
    if outcomes["article"]:
        return f"jq -r .headline {folder / 'articles'}/*.jsonl"
    return f"scrapy report{where}"
