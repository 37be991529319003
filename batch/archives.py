"""Archives as rows of cleaned records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from batch.rows import Row, order_of
from crawler.assembly.cleaner import Cleaner
from crawler.documents import Document, read_documents
from pipelines.record_lines import json_line
from pipelines.store.versions import text_digest

RECORDS = pa.schema(
    [
        ("order", pa.int64()),
        ("id", pa.string()),
        ("digest", pa.binary()),
        ("line", pa.string()),
        ("rejected", pa.bool_()),
        ("problem", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What extraction of one page may take: *timeout* in seconds, *memory* in megabytes."""

    now: str
    timeout: float
    memory: int

    def read_archives(self, files: Iterable[Row]) -> Iterator[Row]:
        """The documents of *files* in order, each a record or why it is none.

        Of a file that cannot be read to its end, the last row is the `problem`.
        """
        # One process beside the task's own, so that a page over its limits costs only itself.
        cleaner = Cleaner(
            now=self.now,
            url=None,
            workers=1,
            timeout=self.timeout,
            memory=self.memory,
            site_memory=False,
            ids_from_urls=True,
        )
        try:
            for file in files:
                yield from _records(cleaner, file)
        finally:
            cleaner.close()


def _records(cleaner: Cleaner, file: Row) -> Iterator[Row]:
    documents = _Documents(Path(file["path"]))
    number = 0
    for number, line in enumerate(cleaner.clean(documents), 1):
        record = json.loads(line)
        text = record["article_body"]
        yield {
            "order": order_of(file["file"], number),
            "id": record["id"],
            "digest": text_digest(record["headline"], text or ""),
            "line": line.decode()[:-1],
            "rejected": text is None,
        }
    if documents.problem:
        order = order_of(file["file"], number + 1)
        yield {"order": order, "problem": documents.problem}


class _Documents:
    """The documents of one file, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problem: str | None = None

    def __iter__(self) -> Iterator[Document]:
        try:
            yield from read_documents(self._path)
        except (OSError, EOFError, ValueError) as error:
            self.problem = f"{self._path} cannot be read: {error}"


def with_versions(rows: Iterable[Row]) -> Iterator[Row]:
    """The lines of changed articles, with their numbers."""
    for row in rows:
        line = row["line"]
        if row["version"] > 1:
            line = json_line({**json.loads(line), "version": row["version"]}).decode()[:-1]
        yield {"order": row["order"], "line": line}
