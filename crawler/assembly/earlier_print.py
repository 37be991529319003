"""Look into an output folder as a reader: what a site repeats, and who printed a text before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle
from crawler.reports.explained import Block, Earlier, Explained
from crawler.reports.shared_text import grams, shared_spans
from pipelines.article.story.site_memory import SiteMemory, SiteMemoryError
from pipelines.fingerprint.detector import Detector, Document, FirstPrint
from pipelines.store.database import DATABASE_NAME, StateError, open_database
from pipelines.store.days import day_files, day_lines, day_name
from pipelines.store.fingerprints import FingerprintError, FingerprintStore

__all__ = ["OutputReader", "StateError"]

_SECONDS_A_DAY = 86_400


class OutputReader:
    """The last commit of an output folder, read without its lock."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[OutputReader]:
        """Open *folder*, which has a state. Raises `StateError`."""
        connection = open_database(folder / "state" / DATABASE_NAME, readonly=True)
        try:
            yield cls(folder, connection)
        finally:
            connection.close()

    def site_memory(self, site: str) -> SiteMemory | None:
        """What *site* repeats; None where nothing that this version can read is known of it."""
        row = self._connection.execute(
            "SELECT state FROM site_memory WHERE site=?", (site,)
        ).fetchone()
        try:
            return None if row is None else SiteMemory.from_bytes(row[0])
        except SiteMemoryError:
            return None

    def compare(self, article: NewsArticle, explained: Explained) -> str | None:
        """Look for the article that *article* would repost, and mark in *explained* what it has.

        Gives a sentence where the fingerprints or the output cannot be read.
        """
        try:
            explained.earlier = self._earlier(article)
        except (FingerprintError, sqlite3.Error, OSError) as error:
            return str(error)
        if explained.earlier is not None:
            explained.verdict = f"repost of {explained.earlier.id}"
            _mark_shared(explained.earlier, explained.blocks)
        return None

    def _earlier(self, article: NewsArticle) -> Earlier | None:
        store = FingerprintStore(
            self._connection, self._folder / "state" / "fingerprints", readonly=True
        )
        detector = Detector(store)
        fingerprint = detector.fingerprint(article.article_body, article.date_published)
        verdict = detector.judge(Document(article.id, fingerprint, article.canonical_url))
        if verdict.first_print is None:
            return None
        return self._described(verdict.first_print)

    def _described(self, first: FirstPrint) -> Earlier:
        record = self._record(first) or {}
        return Earlier(
            first.id,
            first.url or "",
            _measured(first),
            str(record.get("headline") or ""),
            str(record.get("site") or ""),
            str(record.get("date_published") or ""),
            record.get("article_body"),
        )

    def _record(self, first: FirstPrint) -> dict[str, Any] | None:
        """The line of the first print: looked for on the day on which it was added, then on all."""
        row = self._connection.execute(
            "SELECT seen FROM fingerprints WHERE number=?", (first.number,)
        ).fetchone()
        added = datetime.fromtimestamp((row[0] if row else 0) * _SECONDS_A_DAY, UTC)
        near = {f"{added + timedelta(days=days):%Y-%m-%d}" for days in (-1, 0, 1)}
        files = [*day_files(self._folder / "articles"), *day_files(self._folder / "reposts")]
        mark = json.dumps(first.id, ensure_ascii=False).encode()
        for path in sorted(files, key=lambda path: day_name(path) not in near):
            for _, line in day_lines(path):
                if mark in line and (record := _parsed(line)).get("id") == first.id:
                    return record
        return None


def _mark_shared(earlier: Earlier, blocks: list[Block]) -> None:
    """Mark in kept *blocks* and in the earlier print what both have."""
    if earlier.body is None:
        return
    known = grams(earlier.body)
    for block in blocks:
        if block.kept:
            block.shared = shared_spans(block.text, known)
    mine = "\n".join(block.text for block in blocks if block.kept)
    earlier.shared = shared_spans(earlier.body, grams(mine))


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _measured(first: FirstPrint) -> list[tuple[str, str]]:
    found = first.evidence
    days = [] if found.days is None else [("days between", f"{found.days:.1f}")]
    return [
        ("similarity", f"{first.similarity:.2f}"),
        ("containment", f"{first.containment:.2f}"),
        ("bits that differ", f"{first.hamming_distance} of 64"),
        ("of the earlier text", f"{found.old_share:.0%}"),
        ("of this text", f"{found.new_share:.0%}"),
        ("numbers that agree, moved, differ", f"{found.agree}, {found.moved}, {found.differ}"),
        *days,
    ]
