"""What the state of an output folder knows of each site, read from its last commit."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crawler.discovery.freshness import Freshness
from crawler.discovery.urls import without_secrets
from crawler.runs.habit import Habit, habit, is_quiet
from pipelines.store.database import DATABASE_NAME, StateError, open_database

_NEWS = """
    SELECT site, min(settled) FROM candidates WHERE outcome IN ('article', 'repost')
    GROUP BY site, run
"""
_COUNTS = """
    SELECT site, state, outcome, reason, count(*), max(url) FROM candidates
    GROUP BY site, state, outcome, reason
"""


@dataclass(slots=True)
class Failure:
    """Candidates of a site that failed for one reason, with one of their addresses."""

    reason: str
    count: int
    example: str


@dataclass(slots=True)
class Resting:
    """A feed, sitemap or list that failed so often in a row that it is left alone *until* then."""

    url: str
    failures: int
    until: datetime | None


@dataclass(slots=True)
class SiteStatus:
    """One site; times are in seconds since the epoch, 0 for never."""

    site: str
    last_news: float = 0.0
    last_asked: float = 0.0
    habit: Habit | None = None
    articles: int = 0
    reposts: int = 0
    pending: int = 0
    failures: list[Failure] = field(default_factory=list)
    resting: list[Resting] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Whether it has been silent beyond its habit, though it was asked."""
        return is_quiet(self.habit, self.last_news, self.last_asked)


@dataclass(slots=True)
class Status:
    """All sites by name, the size of the state in bytes, and the documents that it remembers."""

    sites: list[SiteStatus]
    state_bytes: int
    documents: int

    @property
    def bytes_per_document(self) -> float:
        """Bytes of state for each article or repost."""
        return self.state_bytes / self.documents if self.documents else 0.0

    @property
    def quiet(self) -> list[str]:
        """The sites that have been silent beyond their habit."""
        return [site.site for site in self.sites if site.quiet]


def read_status(folder: Path, now: datetime) -> Status:
    """The status of *folder*; raises `StateError`, or `OSError` and `sqlite3.Error`."""
    path = folder / "state" / DATABASE_NAME
    if not path.exists():
        raise StateError(f"nothing has been crawled into {folder} yet")
    connection = open_database(path, readonly=True)
    try:
        connection.execute("BEGIN")
        sites = _sites(connection, now)
        (documents,) = connection.execute(
            "SELECT coalesce(sum(version), 0) FROM articles"
        ).fetchone()
    finally:
        connection.close()
    size = sum(_sizes(folder / "state"))
    return Status(sorted(sites.values(), key=lambda site: site.site), size, documents)


def _sites(connection: sqlite3.Connection, now: datetime) -> dict[str, SiteStatus]:
    sites: dict[str, SiteStatus] = {}
    _lists(connection, sites, now)
    for row in connection.execute(_COUNTS):
        _count(sites.setdefault(row[0], SiteStatus(row[0])), *row[1:])
    times: dict[str, list[float]] = defaultdict(list)
    for site, time in connection.execute(_NEWS):
        times[site].append(time)
    for site, found in times.items():
        sites[site].last_news = max(found)
        sites[site].habit = habit(found)
    return sites


def _count(
    site: SiteStatus, state: str, outcome: str | None, reason: str | None, count: int, url: str
) -> None:
    if state in ("waiting", "taken"):
        site.pending += count
    elif outcome == "article":
        site.articles += count
    elif outcome == "repost":
        site.reposts += count
    elif outcome == "failed":
        site.failures.append(Failure(reason or "other", count, without_secrets(url)))


def _lists(connection: sqlite3.Connection, sites: dict[str, SiteStatus], now: datetime) -> None:
    for name, url, memo in connection.execute("SELECT site, url, memo FROM lists ORDER BY url"):
        site = sites.setdefault(name, SiteStatus(name))
        freshness = Freshness.from_json(json.loads(memo).get("freshness"))
        if freshness.asked is not None:
            site.last_asked = max(site.last_asked, freshness.asked.timestamp())
        if freshness.resting(now):
            until = freshness.due_at()
            site.resting.append(
                Resting(without_secrets(url), freshness.failures, until and until.astimezone(UTC))
            )


def _sizes(folder: Path) -> Iterator[int]:
    """What the state's files take; a crawl may take one away meanwhile."""
    for path in folder.rglob("*"):
        if "repaired" in path.relative_to(folder).parts:
            continue
        try:
            yield path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
