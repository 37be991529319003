"""Rows to a file: Parquet, CSV or SQLite, streaming, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from crawler.assembly.export_types import arrow_schema, arrow_values, sqlite_type

BATCH = 2_000
"""Rows in memory at once, and in a row group of Parquet."""
FORMATS = ("parquet", "csv", "sqlite")
Rows = Iterable[dict[str, Any]]


def write_table(format_: str, path: Path, table: str, keys: list[str], rows: Rows) -> int:
    """Write *rows* to *path* and give their number; CSV to `-` goes to standard output.

    *table* is the table's name in SQLite. An existing file is replaced when all is written.
    Raises `OSError` and `sqlite3.Error`.
    """
    counted = _Counted(rows)
    if str(path) == "-":
        _write_csv(sys.stdout, keys, counted)
        return counted.number
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        if format_ == "parquet":
            _write_parquet(draft, keys, counted)
        elif format_ == "sqlite":
            _write_sqlite(draft, table, keys, counted)
        else:
            with draft.open("w", encoding="utf-8", newline="") as file:
                _write_csv(file, keys, counted)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return counted.number


class _Counted:
    """Rows, counted as they pass."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.number += 1
            yield row


def _write_parquet(path: Path, keys: list[str], rows: Rows) -> None:
    import pyarrow  # noqa: PLC0415 - a quarter of a second that the other formats do not need
    from pyarrow import parquet  # noqa: PLC0415

    schema = arrow_schema(keys)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            values = [arrow_values(row, keys) for row in batch]
            writer.write_table(pyarrow.Table.from_pylist(values, schema=schema))


def _write_csv(file: IO[str], keys: list[str], rows: Rows) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(keys)
    for row in rows:
        writer.writerow([_plain(row.get(key)) for key in keys])


def _write_sqlite(path: Path, table: str, keys: list[str], rows: Rows) -> None:
    named = ", ".join(f'"{key}" {sqlite_type(key)}' for key in keys)
    marks = ", ".join("?" * len(keys))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")  # a draft: it is finished or thrown away
        connection.execute(f'CREATE TABLE "{table}" ({named})')
        insert = f'INSERT INTO "{table}" VALUES ({marks})'  # noqa: S608 - our own names
        for batch in _batches(rows):
            connection.executemany(
                insert, [[_plain(row.get(key)) for key in keys] for row in batch]
            )
        if "id" in keys:
            connection.execute(f'CREATE INDEX "{table}_id" ON "{table}" (id)')
        connection.commit()


def _batches(rows: Rows) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _plain(value: Any) -> Any:
    """Lists and objects as JSON, everything else as it is."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value
