"""Invented runs, as their files would tell them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle, Rejection, Repost
from crawler.runs.figures import Figures
from crawler.runs.summary import Summary, write_summary

HOSTILE = "<script>alert('x')</script>"


def figures(sites: int = 3, pages: int = 30) -> Figures:
    """Figures of a run with *pages* pages on each of *sites* sites."""
    made = Figures()
    for number in range(sites):
        site = f"site{number}.test"
        for page in range(pages):
            about: dict[str, Any] = {
                "site": site,
                "canonical_url": f"https://{site}/{page}",
                "date_published": f"2026-03-01T{page % 24:02}:10:00+08:00",
                "extraction_seconds": 0.004 * (page + 1),
            }
            made.fetched(site, 0.03 * (page + 1))
            if page % 5 == 0 and number:
                first = f"https://site{page % number}.test/{page}"
                made.take(Repost(**about, repost_of_url=first))
            elif page % 7 == 0:
                made.take(
                    Rejection(
                        site=site, url=f"https://{site}/{HOSTILE}", reason="empty", detail=HOSTILE
                    )
                )
            else:
                made.take(NewsArticle(**about))
    return made


def write_run(
    folder: Path,
    name: str,
    *,
    figures: Figures | None = None,
    more: dict[str, Any] | None = None,
    status: int = 0,
    **sites: dict[str, int],
) -> Path:
    """Write the summary of a run over *sites*, with *figures*; its folder.

    *name* begins with the time at which it started; it took a minute and a half.
    """
    started = datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    summary = Summary(run=name, started=started.isoformat())
    summary.finished = (started + timedelta(seconds=90)).isoformat()
    summary.sites = {site.replace("_", "."): counts for site, counts in sites.items()}
    for counts in sites.values():
        for outcome, count in counts.items():
            summary.outcomes[outcome] += count
    summary.exit_status = status
    summary.candidates = sum(summary.outcomes.values())
    path = write_summary(summary, folder).parent
    if figures is not None or more is not None:
        found = (figures or Figures()).as_json() | (more or {})
        text = json.dumps(found, ensure_ascii=False)
        (path / "figures.json").write_text(text, encoding="utf-8")
    return path
