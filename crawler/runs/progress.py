"""How far a run has come, as lines or as a table for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.items import NewsArticle, Rejection, Repost, Unchanged
from crawler.runs.summary import short_counts

_ENOUGH = 10  # outcomes before which a rate tells nothing of what is to come


def outcome_name(item: Any) -> str | None:
    """The outcome that *item* is; None for anything else."""
    match item:
        case Repost():
            return "repost"
        case NewsArticle():
            return "article"
        case Rejection():
            return item.outcome
        case Unchanged():
            return "unchanged"
    return None


@dataclass(slots=True)
class Progress:
    """Outcomes so far, all and by site; *begun* and *now* are seconds of one clock."""

    begun: float
    outcomes: Counter[str] = field(default_factory=Counter)
    sites: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, item: Any) -> None:
        """Count an outcome."""
        name = outcome_name(item)
        if name is not None:
            self.outcomes[name] += 1
            self.sites.setdefault(item.site, Counter())[name] += 1

    def sentence(self, known: int, now: float) -> str:
        """Everything on one line; *known* is the number of candidates so far."""
        done = self.outcomes.total()
        rate = done / max(now - self.begun, 0.1)
        parts = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        left = self._left(known, rate)
        return f"{done} of {known} candidates, {rate:.1f}/s{left}" + (f": {parts}" if parts else "")

    def rows(self, most: int, answered: Mapping[str, bool] | None = None) -> list[tuple[str, str]]:
        """The busiest sites with what became of their pages, *most* lines.

        *answered* says of each site of the run whether anything of it has answered.
        """
        asked = dict(answered or {})
        sites = {site: Counter[str]() for site in asked} | self.sites
        ranked = sorted(sites.items(), key=lambda item: (-item[1].total(), item[0]))
        shown = ranked if len(ranked) <= most else ranked[: max(0, most - 1)]
        rows = [(site, short_counts(counts) or _waits(asked[site])) for site, counts in shown]
        rest: Counter[str] = Counter()
        for _, counts in ranked[len(shown) :]:
            rest.update(counts)
        left = len(ranked) - len(shown)
        return [*rows, (f"{left} more", short_counts(rest))] if left else rows

    def _left(self, known: int, rate: float) -> str:
        """The time that what is known will take; more may come to be known."""
        waiting = known - self.outcomes.total()
        if waiting <= 0 or self.outcomes.total() < _ENOUGH:
            return ""
        seconds = int(waiting / rate)
        return f", {seconds // 60}:{seconds % 60:02} left"


def _waits(answered: bool) -> str:
    return "answered, no page yet" if answered else "no answer yet"
