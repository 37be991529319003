"""The status of an output folder for people, on terminals of any width, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawler.assembly.status_facts import SiteStatus, Status

# Below this many columns each site has lines of its own instead of a row.
_NARROW = 76
_UNITS = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"))


def print_status(status: Status, console: Console, now: datetime) -> None:
    """Print *status*: the sites, what failed and rests, the size of the state."""
    if console.width < _NARROW:
        for site in status.sites:
            _print_block(site, console, now)
    else:
        console.print(_table(status, now))
    for line in _details(status):
        console.print(escape(line), soft_wrap=True, highlight=False)
    size = f"{status.state_bytes / 1e6:.1f} MB of state, {status.documents} documents"
    console.print(f"{size}, {status.bytes_per_document:.0f} bytes each", highlight=False)


def _table(status: Status, now: datetime) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("site", overflow="fold")
    for name in ("news", "habit", "articles", "reposts", "pending", "failed", "rests"):
        table.add_column(name, justify="right")
    for site in status.sites:
        table.add_row(
            f"[bold red]{escape(site.site)}[/]" if site.quiet else escape(site.site),
            _ago(site.last_news, now) + (" [bold red]quiet[/]" if site.quiet else ""),
            _duration(site.habit.interval) if site.habit else "-",
            *(str(count) for count in _numbers(site)),
        )
    return table


def _print_block(site: SiteStatus, console: Console, now: datetime) -> None:
    mark = " [bold red]quiet[/]" if site.quiet else ""
    console.print(f"[bold]{escape(site.site)}[/]{mark}", highlight=False)
    interval = _duration(site.habit.interval) if site.habit else "-"
    console.print(f"  news {_ago(site.last_news, now)}, habit {interval}", highlight=False)
    words = ("articles", "reposts", "pending", "failed", "rests")
    counts = [f"{n} {word}" for n, word in zip(_numbers(site), words, strict=True) if n]
    if counts:
        console.print(f"  {', '.join(counts)}", highlight=False)


def _numbers(site: SiteStatus) -> tuple[int, int, int, int, int]:
    failed = sum(failure.count for failure in site.failures)
    return site.articles, site.reposts, site.pending, failed, len(site.resting)


def _details(status: Status) -> Iterator[str]:
    for site in status.sites:
        yield from _quiet(site)
        for failure in site.failures:
            yield f"{site.site}: {failure.count} failed({failure.reason}), e.g. {failure.example}"
        yield from _resting(site)


def troubles(status: Status) -> Iterator[str]:
    """Sentences on the sites that have gone quiet, then on the lists that are left alone."""
    for site in status.sites:
        yield from _quiet(site)
    for site in status.sites:
        yield from _resting(site)


def _quiet(site: SiteStatus) -> Iterator[str]:
    if site.quiet and site.habit is not None:
        silence = _duration(site.last_asked - site.last_news)
        patience = _duration(site.habit.patience)
        yield f"{site.site}: asked for {silence} without news; its habit allows {patience}"


def _resting(site: SiteStatus) -> Iterator[str]:
    for rest in site.resting:
        until = f"{rest.until:%Y-%m-%d %H:%M}Z" if rest.until else "the next run"
        yield f"{site.site}: {rest.url} failed {rest.failures} times, rests until {until}"


def _ago(time: float, now: datetime) -> str:
    return f"{_duration(max(0.0, now.timestamp() - time))} ago" if time else "never"


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def as_json(status: Status) -> dict[str, Any]:
    """*status* as JSON values; times are ISO 8601 in UTC or null, durations in seconds."""
    return {
        "sites": {site.site: _site_json(site) for site in status.sites},
        "quiet": status.quiet,
        "state": {
            "bytes": status.state_bytes,
            "documents": status.documents,
            "bytes_per_document": round(status.bytes_per_document, 1),
        },
    }


def _site_json(site: SiteStatus) -> dict[str, Any]:
    return {
        "last_news": _iso(site.last_news),
        "last_asked": _iso(site.last_asked),
        "habit": {"interval": site.habit.interval, "patience": site.habit.patience}
        if site.habit
        else None,
        "quiet": site.quiet,
        "articles": site.articles,
        "reposts": site.reposts,
        "pending": site.pending,
        "failed": {f.reason: {"count": f.count, "example": f.example} for f in site.failures},
        "resting": [
            {
                "url": rest.url,
                "failures": rest.failures,
                "until": rest.until.isoformat(timespec="seconds") if rest.until else None,
            }
            for rest in site.resting
        ],
    }


def _iso(time: float) -> str | None:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds") if time else None
