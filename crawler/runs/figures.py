"""What a run's report shows beside its summary, counted in bounded room."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from crawler.items import NewsArticle, Rejection, Repost

BOUNDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper bounds of the bins of a histogram of seconds; one more bin holds what is above."""
OTHER = "(other)"
"""The site under which everything is counted that came when there was no more room."""
MOST_SITES = 500
MOST_COPIES = 2_000  # pairs of who copied whom
MOST_HOSTS = 5_000
EXAMPLES = 3  # of each reason
_DETAIL = 200

Key = TypeVar("Key", bound=Hashable)


def _bins() -> list[int]:
    return [0] * (len(BOUNDS) + 1)


@dataclass(slots=True)
class SiteTimes:
    """Histograms of seconds over `BOUNDS`: from request to answer, and of extraction."""

    fetch: list[int] = field(default_factory=_bins)
    extraction: list[int] = field(default_factory=_bins)


@dataclass(slots=True)
class Figures:
    """Counts of one run; `figures.json` holds what `as_json` gives."""

    hours: list[int] = field(default_factory=lambda: [0] * 24)
    times: dict[str, SiteTimes] = field(default_factory=dict)
    copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    _site_of_host: dict[str, str] = field(default_factory=dict)

    def take(self, item: Any) -> None:
        """Count one outcome."""
        if isinstance(item, (NewsArticle, Rejection)) and item.extraction_seconds:
            self._times(item.site).extraction[_bin(item.extraction_seconds)] += 1
        if isinstance(item, Rejection):
            self._refused(item)
        elif isinstance(item, NewsArticle):
            self._printed(item)

    def fetched(self, site: str, seconds: float) -> None:
        """Count one answer of *site*, *seconds* after it was asked for."""
        self._times(site).fetch[_bin(seconds)] += 1

    def as_json(self) -> dict[str, Any]:
        """What `figures.json` holds."""
        return {
            "bounds": list(BOUNDS),
            "hours": self.hours,
            "times": {
                site: {"fetch": times.fetch, "extraction": times.extraction}
                for site, times in sorted(self.times.items())
            },
            "copies": [[copier, first, n] for (copier, first), n in self.copies.most_common()],
            "reasons": [
                {
                    "outcome": key[0],
                    "reason": key[1],
                    "count": count,
                    "examples": self.examples[key],
                }
                for key, count in self.reasons.most_common()
            ],
        }

    def _printed(self, article: NewsArticle) -> None:
        host = _host(article.canonical_url)
        if len(self._site_of_host) < MOST_HOSTS:
            self._site_of_host.setdefault(host, article.site)
        # The hour as the site printed it; a day alone has none.
        if article.date_published and article.date_precision != "day":
            self.hours[datetime.fromisoformat(article.date_published).hour] += 1
        if isinstance(article, Repost):
            first = _host(article.repost_of_url)
            pair = (article.site, self._site_of_host.get(first, first or article.site))
            self.copies[_room(self.copies, pair, MOST_COPIES, (OTHER, OTHER))] += 1

    def _refused(self, rejection: Rejection) -> None:
        key = (rejection.outcome, rejection.reason)
        self.reasons[key] += 1
        examples = self.examples.setdefault(key, [])
        if len(examples) < EXAMPLES:
            examples.append({"url": rejection.url, "detail": rejection.detail[:_DETAIL]})

    def _times(self, site: str) -> SiteTimes:
        return self.times.setdefault(_room(self.times, site, MOST_SITES, OTHER), SiteTimes())


def _room(known: dict[Key, Any], key: Key, most: int, other: Key) -> Key:
    return key if key in known or len(known) < most else other


def _bin(seconds: float) -> int:
    return bisect_left(BOUNDS, seconds)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
