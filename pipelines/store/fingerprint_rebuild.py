"""The fingerprints of an output folder, made again from its JSON Lines."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.fingerprint.detector import Detector
from pipelines.fingerprint.document import Text, day_of
from pipelines.fingerprint.index import COMMON, Entry
from pipelines.fingerprint.sketch import SHINGLES, choose_keys
from pipelines.store.days import day_files, day_lines, day_name
from pipelines.store.fingerprints import FingerprintStore

_BATCH = 64
_FOLDERS = ("articles", "reposts")


def rebuild(store: FingerprintStore, folder: Path) -> Iterator[int]:
    """Replace all fingerprints by those of the records below *folder*, decisions as written.

    Yields, after each batch, how many records were taken, so that the caller can commit. Raises
    `OSError`, and `ValueError` naming the line that is no record.
    """
    store.clear()
    detector = Detector(store)
    numbers: dict[str, int] = {}
    batch: list[dict[str, Any]] = []
    taken = 0
    for record in _records(folder):
        batch.append(record)
        if len(batch) == _BATCH:
            taken += _take(store, detector, numbers, batch)
            batch = []
            yield taken
    yield taken + _take(store, detector, numbers, batch)


def _take(
    store: FingerprintStore,
    detector: Detector,
    numbers: dict[str, int],
    batch: list[dict[str, Any]],
) -> int:
    texts = [
        Text(record.get("article_body") or "", record.get("date_published")) for record in batch
    ]
    for record, print_ in zip(batch, detector.fingerprints(texts), strict=True):
        keys = print_.shingles[:SHINGLES]
        indexed = choose_keys(store.lookup(keys).lengths(len(keys)), COMMON)
        # A first print whose line is gone leaves its repost to stand for the story.
        first = numbers.get(record.get("repost_of") or "", 0)
        sketch = print_.sketch(indexed)
        entry = Entry(record["id"], record.get("canonical_url"), first, sketch)
        number = store.add(entry, day_of(record.get("date_fetched")) or 0.0)
        numbers.setdefault(record["id"], first or number)
    return len(batch)


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    """All records, day by day, and of one day in the order in which they were fetched."""
    days: dict[str, list[Path]] = {}
    for part in _FOLDERS:
        for path in day_files(folder / part):
            days.setdefault(day_name(path), []).append(path)
    for day in sorted(days):
        files = [_lines(path) for path in days[day]]
        yield from heapq.merge(*files, key=lambda record: str(record.get("date_fetched")))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in day_lines(path):
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            raise ValueError(f"{path}:{number} is no record")
        yield record
