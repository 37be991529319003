"""Who printed it first, who copied it, and how fast it spread: from the records themselves."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from crawler.assembly.dedup_lines import BadLineError, Line, parse, read_lines
from pipelines.fingerprint.document import day_of

LARGEST = 10
"""Clusters and outlets that are printed."""
_HOURS_A_DAY = 24.0


@dataclass(slots=True)
class Print:
    """One appearance of a story."""

    id: str
    outlet: str
    day: float | None
    date: str | None

    @property
    def order(self) -> float:
        """Earliest publication first; one without a date comes last."""
        return float("inf") if self.day is None else self.day


@dataclass(slots=True)
class Cluster:
    """A story and its copies; *kept* is the copy that was seen first."""

    kept: Print
    first: Print
    prints: int = 1
    outlets: set[str] = field(default_factory=set)
    latest: float | None = None

    def take(self, copy: Print) -> None:
        """Count another copy."""
        self.prints += 1
        self.outlets.add(copy.outlet)
        if copy.order < self.first.order:
            self.first = copy
        if copy.day is not None and (self.latest is None or copy.day > self.latest):
            self.latest = copy.day

    @property
    def hours(self) -> float | None:
        """From the first print to the last copy."""
        days = [day for day in (self.latest, self.kept.day) if day is not None]
        if self.first.day is None or not days:
            return None
        return (max(days) - self.first.day) * _HOURS_A_DAY


def clusters_of(paths: Iterable[Path]) -> tuple[dict[str, Cluster], Counter[str]]:
    """Gather the clusters of written records, and how often each outlet copied.

    Memory grows with the reposts' clusters, not with the archive.
    """
    paths = list(paths)
    copies: dict[str, list[Print]] = {}
    copied: Counter[str] = Counter()
    for line in _records(paths):
        first_id = line.record.get("repost_of")
        if isinstance(first_id, str):
            copies.setdefault(first_id, []).append(_print(line))
    clusters: dict[str, Cluster] = {}
    for line in _records(paths):
        if line.id in copies and line.record.get("repost_of") is None and line.id not in clusters:
            kept = _print(line)
            clusters[line.id] = Cluster(kept, kept, outlets={kept.outlet})
    for first_id, prints in copies.items():
        # The first print of a repost may lie in an earlier archive, known by its state only.
        unknown = Print(first_id, "not in these files", None, None)
        cluster = clusters.setdefault(first_id, Cluster(unknown, unknown))
        for copy in prints:
            cluster.take(copy)
        copied.update(
            copy.outlet for copy in [cluster.kept, *prints] if copy.outlet != cluster.first.outlet
        )
    return clusters, copied


def print_summary(paths: Iterable[Path], out: IO[str]) -> None:
    """Print the largest clusters, the outlets that copy most, and how stories spread."""
    clusters, copied = clusters_of(paths)
    copies = sum(cluster.prints - 1 for cluster in clusters.values())
    print(f"{len(clusters)} stories were reprinted, {copies} times in all", file=out)
    hours = [hours for cluster in clusters.values() if (hours := cluster.hours) is not None]
    if hours:
        print(
            f"from first print to last copy: {statistics.median(hours):.1f} hours (median),"
            f" {max(hours):.1f} at most",
            file=out,
        )
    moved = sum(cluster.first is not cluster.kept for cluster in clusters.values())
    if moved:
        print(f"in {moved} of them the first print was fetched later than a copy", file=out)
    for name, count in sorted(copied.items(), key=lambda item: (-item[1], item[0]))[:LARGEST]:
        print(f"copied: {count:6}  {name}", file=out)
    ranked = sorted(clusters.values(), key=lambda cluster: (-cluster.prints, cluster.kept.id))
    for cluster in ranked[:LARGEST]:
        print(_described(cluster), file=out)


def _described(cluster: Cluster) -> str:
    first = cluster.first
    spread = "" if cluster.hours is None else f", over {cluster.hours:.1f} hours"
    later = "" if first is cluster.kept else f" (kept: {cluster.kept.id}, fetched earlier)"
    return (
        f"story: {cluster.prints:6} prints by {len(cluster.outlets)} outlets{spread};"
        f" first {first.id} {first.outlet} {first.date or 'without a date'}{later}"
    )


def _print(line: Line) -> Print:
    return Print(line.id, _outlet(line), day_of(line.date_published), line.date_published)


def _outlet(line: Line) -> str:
    site = line.record.get("site")
    if isinstance(site, str) and site and site != "file":
        return site
    try:
        host = urlsplit(line.url or "").hostname
    except ValueError:
        host = None
    return host or "unknown"


def _records(paths: Iterable[Path]) -> Iterator[Line]:
    for path in paths:
        for where, raw in read_lines(path, lambda _size: None):
            try:
                yield parse(raw, where)
            except BadLineError as error:
                msg = f"an output cannot be read back: {error}"
                raise OSError(msg) from error
