"""What becomes of a candidate, as the store books it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.items import NewsArticle, Rejection, Repost, Unchanged
from pipelines.record_lines import to_line

OutcomeName = Literal["article", "repost", "rejected", "failed", "unchanged"]


@dataclass(slots=True)
class Outcome:
    """What became of one candidate, with the line to write for it, if any.

    *path* is relative to the output folder; *line* ends with its newline; *version* is the `id`,
    version and text digest of what the line holds; *dated* is the date of an article outside the
    run's bounds, in seconds since the epoch; *item* is the article, for who has to judge it again.
    """

    candidate: str
    site: str
    name: OutcomeName
    reason: str | None = None
    path: str | None = None
    line: bytes | None = None
    version: tuple[str, int, bytes] | None = None
    retry: bool = False
    dated: float = 0.0
    item: NewsArticle | None = None


def outcome_of(item: Any, now: datetime, *, write: bool, tag: bool) -> Outcome | None:
    """The outcome that *item* is, or None if it is none; *now*, in UTC, dates its file.

    *write* off gives an outcome without its line; *tag* puts a repost among the articles.
    """
    match item:
        case Repost():
            outcome = Outcome(item.candidate, item.site, "repost")
            folder = "articles" if tag else "reposts"
        case NewsArticle():
            outcome, folder = Outcome(item.candidate, item.site, "article"), "articles"
        case Rejection():
            outcome = Outcome(item.candidate, item.site, item.outcome, item.reason)
            outcome.retry, outcome.dated = item.retry, item.dated
            folder = "rejected"
        case Unchanged():
            return Outcome(item.candidate, item.site, "unchanged")
        case _:
            return None
    if write:
        outcome.path = f"{folder}/{now:%Y-%m-%d}.jsonl"
        outcome.line = to_line(item)
    if isinstance(item, NewsArticle):
        outcome.version = (item.id, item.version, item.text_digest)
        outcome.item = item
    return outcome
