"""Runs put together by day: a crawl that cron starts every five minutes is looked at as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.reports.runs import Run
from crawler.runs.summary import OUTCOMES

_DAY = timedelta(days=1)
_EXAMPLES = 3


def days_back(newest: str, started: str) -> int:
    """In which span of 24 hours, counted back from the start of the *newest* run, one started."""
    return (datetime.fromisoformat(newest) - datetime.fromisoformat(started)) // _DAY


@dataclass(slots=True)
class Day:
    """The sums over the runs of 24 hours; `take` them newest first."""

    runs: int = 0
    finished: str = ""
    started: str = ""
    exit_status: int = 0
    failed: int = 0
    pending: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    sites: dict[str, Counter[str]] = field(default_factory=dict)
    fetched_other: dict[str, Counter[str]] = field(default_factory=dict)
    _hours: list[int] = field(default_factory=lambda: [0] * 24)
    _bounds: list[float] = field(default_factory=list)
    _times: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    _copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    _reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    _examples: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _silent: dict[str, str] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _failure: str | None = None

    def take(self, run: Run) -> None:
        """Add a run, which is older than those before."""
        if not self.runs:
            self.finished = run.finished or run.started
            # What is pending in a run is taken up by the next, so only the last one's is left.
            self.pending = run.outcomes["pending"]
        self.runs += 1
        self.started = run.started
        if run.failed:
            self.exit_status = run.exit_status
            self.failed += 1
            self._failure = self._failure or run.figures.get("failure")
        self.outcomes.update(run.outcomes)
        _add(self.sites, run.sites)
        _add(self.fetched_other, run.fetched_other)
        self._silent = run.silent | self._silent
        self._answered.update(run.sites.keys() - run.silent.keys())
        self._take_figures(run.figures)

    def _take_figures(self, figures: dict[str, Any]) -> None:
        self._hours = _sums(self._hours, figures.get("hours", ()))
        # A version with other bins may have made the older runs.
        self._bounds = self._bounds or figures.get("bounds", [])
        if figures.get("bounds") == self._bounds:
            for site, bins in figures.get("times", {}).items():
                mine = self._times.setdefault(site, {})
                for kind, counts in bins.items():
                    mine[kind] = _sums(mine.get(kind, ()), counts)
        for copier, first, count in figures.get("copies", ()):
            self._copies[copier, first] += count
        for each in figures.get("reasons", ()):
            key = each["outcome"], each["reason"]
            self._reasons[key] += each["count"]
            known = self._examples.setdefault(key, [])
            known += each["examples"][: _EXAMPLES - len(known)]

    def as_run(self) -> Run:
        """The sums as if one run had done it all."""
        outcomes = {name: self.outcomes[name] for name in OUTCOMES} | {"pending": self.pending}
        figures = {
            "bounds": self._bounds,
            "hours": self._hours,
            "times": dict(sorted(self._times.items())),
            "copies": [[copier, first, n] for (copier, first), n in self._copies.most_common()],
            "reasons": [
                {
                    "outcome": key[0],
                    "reason": key[1],
                    "count": count,
                    "examples": self._examples[key],
                }
                for key, count in self._reasons.most_common()
            ],
            "silent": {
                site: why for site, why in self._silent.items() if site not in self._answered
            },
            "failure": self._failed(),
        }
        return Run(
            self.finished[:10],
            self.started,
            self.finished,
            self.exit_status,
            sum(outcomes.values()),
            outcomes,
            {site: dict(counts) for site, counts in self.sites.items()},
            {kind: dict(counts) for kind, counts in self.fetched_other.items()},
            figures,
        )

    def _failed(self) -> str | None:
        if not self.failed:
            return None
        last = f", the last one: {self._failure}" if self._failure else ""
        return f"{self.failed} of {self.runs} runs could not do their job{last}"


def _add(into: dict[str, Counter[str]], counts: dict[str, dict[str, int]]) -> None:
    for name, each in counts.items():
        into.setdefault(name, Counter()).update(each)


def _sums(some: Iterable[int], others: Iterable[int]) -> list[int]:
    some, others = list(some), list(others)
    if len(some) != len(others):
        return some or others
    return [one + other for one, other in zip(some, others, strict=True)]
