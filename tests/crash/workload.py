"""A small crawl without a network: the pipelines and the store over invented articles."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle, Rejection, Task
from pipelines.near_duplicates import NearDuplicatesPipeline
from pipelines.site_memories import SiteMemories
from pipelines.store.database import DATABASE_NAME
from pipelines.store.outcome import outcome_of
from pipelines.store.store import Store
from tests.fingerprint.stories import BRIEF, HARBOUR, ROOF, WEATHER, quarter_notice

SITE = "a.test"
ARTICLES = 24
BATCH = 4
_MIDNIGHT = 1_900_022_400.0  # one that falls into the middle of the crawl
_STORIES = (ROOF, BRIEF, WEATHER, HARBOUR)
_REJECTED = 5  # every fifth page is no article


def tasks(articles: int) -> list[Task]:
    """What a list of the invented site names."""
    urls = [f"https://{SITE}/{number}" for number in range(articles)]
    return [Task("article", url, url, SITE, SITE, priority=-n) for n, url in enumerate(urls)]


def body_of(number: int) -> str:
    """The text of an article; some are the same, some nearly, most differ."""
    if number < 2 * len(_STORIES):
        return _STORIES[number % len(_STORIES)]
    word = blake2b(b"%d" % number, digest_size=4).hexdigest()
    return quarter_notice(f"{word}股份", f"30{number:04}.SZ", f"{number}.41", f"0.{number}", "7")


def crawl(folder: Path, *, run: str = "run", articles: int = ARTICLES) -> None:
    """One run from wherever an earlier one came to, to its end."""
    clock = _Clock()
    store = Store.open(folder, run, clock=clock)
    # So that the log moves into the database within so small a crawl.
    store.connection.execute("PRAGMA wal_autocheckpoint=12")
    memories = SiteMemories(store)
    store.join(memories)
    reposts = NearDuplicatesPipeline(store.fingerprints, clock)
    store.frontier.begin([SITE])
    store.frontier.add(tasks(articles))
    while batch := store.frontier.take(SITE, BATCH):
        for task in batch:
            clock.seconds = _MIDNIGHT - 60 * (articles / 2 + task.priority)
            _settle(store, memories, reposts, task)
        store.commit()
    store.close()


class _Clock:
    def __init__(self) -> None:
        self.seconds = _MIDNIGHT

    def __call__(self) -> float:
        return self.seconds


def _settle(
    store: Store, memories: SiteMemories, reposts: NearDuplicatesPipeline, task: Task
) -> None:
    number = int(task.url.rpartition("/")[2])
    if number % _REJECTED == 0:
        item: Any = Rejection(
            outcome="rejected", url=task.url, reason="empty", candidate=task.key, site=SITE
        )
    else:
        article = NewsArticle(
            id=f"{number:016x}", canonical_url=task.url, url=task.url, site=SITE,
            article_body=body_of(number), candidate=task.key, text_digest=b"%d" % number,
        )  # fmt: skip
        assert store.next_version(article.id, article.text_digest) == 1
        memories.clean(article, article.article_body.split("\n"))
        item = reposts.process_item(article)
    outcome = outcome_of(item, store.now(), write=True, tag=False)
    assert outcome is not None
    store.book(outcome)


@dataclass
class Written:
    """What a reader finds in an output folder, and what is wrong with it."""

    lines: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def read(folder: Path) -> Written:
    """Read every line and compare it with the state; nothing here is the store's own code."""
    found = Written()
    fingerprints: set[str] = set()
    for kind in ("articles", "reposts", "rejected"):
        for path in sorted((folder / kind).glob("*")):
            data = path.read_bytes()
            if data and not data.endswith(b"\n"):
                found.wrong.append(f"{path.name}: a torn last line")
            for line in data.split(b"\n")[:-1]:
                try:
                    record = json.loads(line)
                except ValueError:
                    found.wrong.append(f"{path.name}: {line[:40]!r} is no record")
                    continue
                found.lines[kind, record.get("canonical_url") or record["url"]] += 1
                fingerprints |= {record["id"]} if kind != "rejected" else set()
    found.wrong += [f"{key} twice" for key, count in found.lines.items() if count > 1]
    _compare_with_state(folder, found, fingerprints)
    return found


def _compare_with_state(folder: Path, found: Written, fingerprints: set[str]) -> None:
    connection = sqlite3.connect(folder / "state" / DATABASE_NAME)
    try:
        done = dict(
            connection.execute("SELECT key, outcome FROM candidates WHERE state='done'").fetchall()
        )
        indexed = [row[0] for row in connection.execute("SELECT id FROM fingerprints")]
        versions = {row[0] for row in connection.execute("SELECT id FROM articles")}
    finally:
        connection.close()
    folders = {"article": "articles", "repost": "reposts", "rejected": "rejected"}
    booked = {(folders[outcome], key) for key, outcome in done.items()}
    found.wrong += [f"{key} done and lost" for key in sorted(booked - set(found.lines))]
    found.wrong += [f"{key} written and undone" for key in sorted(set(found.lines) - booked)]
    if sorted(indexed) != sorted(fingerprints) or versions != fingerprints:
        found.wrong.append("index and output disagree")


def done(folder: Path) -> set[str]:
    """The candidates whose outcome is booked, as the database says by itself."""
    connection = sqlite3.connect(folder / "state" / DATABASE_NAME)
    try:
        return {row[0] for row in connection.execute("SELECT key FROM candidates WHERE outcome>''")}
    finally:
        connection.close()
