"""What a terminal says at the end of a run: one screen, whatever the number of sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from crawler.runs.summary import OUTCOMES, Summary, short_counts

SITES = 10
"""Sites that are named: those that did not answer or failed first, then those with most pages."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The terminal, and how its user calls things: `scrapy`, and whether there is a `jq`."""

    width: int = 80
    height: int = 24
    scrapy: str = "scrapy"
    jq: bool = True

    def rows(self, lines: list[str]) -> int:
        """How many rows *lines* take where long ones are wrapped."""
        return sum(max(1, -(-cell_len(line) // self.width)) for line in lines)


def final_lines(
    summary: Summary,
    folder: Path,
    reason: str | None,
    screen: Screen = Screen(),
    silent: Mapping[str, str] | None = None,
) -> list[str]:
    """The sum, a table of sites, where the results lie, what to type next, what went wrong.

    *silent* says why of the sites of which nothing answered. On a narrow or low screen fewer
    sites are named, each on a line of words where the table does not fit.
    """
    silent = silent or {}
    outcomes = summary.outcomes
    parts = [f"{outcomes[name]} {name}" for name in OUTCOMES if outcomes[name]] or ["nothing new"]
    head = [f"{summary.candidates} candidates = {' + '.join(parts)}"]
    tail = _paths(summary, folder)
    tail.append(f"next      {_next(summary, folder, screen)}")
    if reason:
        tail.append(f"exit status {summary.exit_status}: {reason}")
    # The last row is the prompt's.
    room = screen.height - 1 - screen.rows([*head, *tail])
    most = min(SITES, len(summary.sites))
    while most and screen.rows(_sites(summary, screen, silent, most)) > room:
        most -= 1
    return [*head, *_sites(summary, screen, silent, most), *tail]


def _paths(summary: Summary, folder: Path) -> list[str]:
    run = folder / "runs" / summary.run
    lines = [f"{name:8}  {folder / name}" for name in ("articles", "reposts", "rejected")]
    lines.append(f"summary   {run / 'summary.json'}")
    if (run / "report.html").exists():
        lines.append(f"report    {run / 'report.html'}")
    return lines


def _sites(summary: Summary, screen: Screen, silent: Mapping[str, str], most: int) -> list[str]:
    ranked = sorted(
        summary.sites.items(),
        key=lambda item: (
            item[0] not in silent,
            -item[1].get("failed", 0),
            -sum(item[1].values()),
            item[0],
        ),
    )
    shown = sorted(ranked[:most])
    table = _table(shown, [name for name in OUTCOMES if summary.outcomes[name]], silent)
    if not table or max(map(cell_len, table)) > screen.width:
        table = [f"  {site}: {_words(site, counts, silent)}" for site, counts in shown]
    more = len(ranked) - len(shown)
    return [*table, *([f"  and {more} more sites: see the report"] if more > 0 else [])]


def _table(
    sites: list[tuple[str, dict[str, int]]], names: list[str], silent: Mapping[str, str]
) -> list[str]:
    if not sites or not names:
        return []
    # Names of sites may be Chinese, whose characters are two columns wide.
    longest = max(cell_len(site) for site, _ in sites)
    widths = [max(len(name), 6) for name in names]
    lines = [" " * (longest + 2) + _columns(names, widths)]
    for site, counts in sites:
        cells = [str(counts.get(name) or "-") for name in names]
        row = f"  {_unheard(silent[site])}" if site in silent else _columns(cells, widths)
        lines.append(f"  {set_cell_size(site, longest)}{row}")
    return lines


def _columns(cells: list[str], widths: list[int]) -> str:
    return "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _words(site: str, counts: Mapping[str, int], silent: Mapping[str, str]) -> str:
    return _unheard(silent[site]) if site in silent else short_counts(counts) or "-"


def _unheard(why: str) -> str:
    """Without the detail, which is for the report."""
    reason = why.partition(":")[0]
    return f"no answer: {reason}" if reason else "no answer"


def _next(summary: Summary, folder: Path, screen: Screen) -> str:
    """The command that most helps after a run like this one."""
    where = "" if str(folder) == "output" else f" -s OUTPUT_DIR={folder}"
    outcomes = summary.outcomes
    if outcomes["pending"]:
        return "the same command again goes on with what is left"
    if outcomes["failed"] + outcomes["rejected"] > outcomes["article"] + outcomes["unchanged"]:
        lines = f"{folder / 'rejected'}/*.jsonl"
        return f"jq -r '[.reason,.url]|@tsv' {lines}" if screen.jq else f"tail {lines}"
    if outcomes["article"] and screen.jq:
        return f"jq -r .headline {folder / 'articles'}/*.jsonl"
    return f"{screen.scrapy} report{where}"
