"""An output folder with a few invented records, written without a crawl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle, Rejection, Repost, Security
from pipelines.record_lines import to_line
from pipelines.store.days import last_days
from tests.reports.runs import write_run


def article(number: int, **more: Any) -> NewsArticle:
    """The article *number*."""
    return NewsArticle(**_about(number) | more)


def repost(number: int, of: int) -> Repost:
    """The article *number* as a repost of another."""
    return Repost(**_about(number), repost_of=f"{of:016x}", similarity=0.9, containment=0.95)


def rejection(number: int) -> Rejection:
    """A page without a story."""
    return Rejection(url=f"https://a.test/{number}", reason="empty", detail="no text at all")


def append(folder: Path, kind: str, day: str, *records: NewsArticle | Rejection) -> None:
    """Append the lines of *records* to a day's file."""
    path = folder / kind / f"{day}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.writelines(map(to_line, records))


def end_run(folder: Path, name: str) -> None:
    """Leave what a run leaves at its end."""
    path = write_run(folder, name, a_test={"article": 1})
    files = json.dumps({"files": last_days(folder)})
    (path / "figures.json").write_text(files, encoding="utf-8")


def _about(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:016x}",
        "url": f"https://a.test/{number}",
        "canonical_url": f"https://a.test/{number}",
        "site": "a.test",
        "headline": f'第{number}号泊位,"完工"',
        "article_body": "第一段。\n第二段。",
        "date_published": "2026-03-01T08:30:00+08:00",
        "date_fetched": "2026-03-01T00:31:00+00:00",
        "keywords": ["港口", "泊位"],
        "source": f"海湾{number % 3}报",
        "securities": [Security("300540.SZ", None)],
        "removed": {"recommendation": number},
    }
