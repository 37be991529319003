"""Files to rows, and functions of rows as Spark takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
Batches = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

_AT_ONCE = 128  # rows handed over together: records of some kilobytes each


def by_rows(function: Callable[[Iterable[Row]], Iterable[Row]], schema: pa.Schema) -> Batches:
    """A function of rows as one of Arrow batches; it sees all rows of a task, one after another."""

    def batches(arriving: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = iter(function(row for batch in arriving for row in batch.to_pylist()))
        while together := list(islice(rows, _AT_ONCE)):
            yield pa.RecordBatch.from_pylist(together, schema)

    return batches


def order_of(file: int, line: int) -> int:
    """A place in the inputs as one number above 0: the file's place among them, then the line."""
    return file << 32 | line


def absolute(paths: list[Path]) -> list[Row]:
    """The inputs as rows, one a file; a task may run in any folder."""
    return [{"file": number, "path": str(path.resolve())} for number, path in enumerate(paths)]
