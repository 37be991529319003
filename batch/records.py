"""Files of records, one JSON object a line, as rows with their fingerprints."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from batch.rows import Row, order_of
from crawler.assembly.dedup_lines import BadLineError, Line, parse, read_lines
from pipelines.fingerprint.document import Fingerprint, Fingerprinter, Text
from pipelines.fingerprint.simhash import block_names
from pipelines.fingerprint.sketch import SHINGLES

DOCUMENTS = pa.schema(
    [
        ("order", pa.int64()),
        ("id", pa.string()),
        ("url", pa.string()),
        ("line", pa.string()),
        ("print", pa.binary()),
        ("keys", pa.list_(pa.int64())),
        ("simhash", pa.int64()),
        ("blocks", pa.list_(pa.int32())),
        ("problem", pa.string()),
    ]
)
_TOGETHER = 64  # texts fingerprinted at once


def read_records(files: Iterable[Row]) -> Iterator[Row]:
    """The records of *files*, in order; of a line that is none, its `problem`."""
    fingerprinter = Fingerprinter()
    for file in files:
        lines = _lines(file)
        while together := list(islice(lines, _TOGETHER)):
            good = [line for _, line in together if isinstance(line, Line)]
            prints = iter(
                fingerprinter.many([Text(line.body, line.date_published) for line in good])
            )
            for order, line in together:
                yield (
                    _row(order, line, next(prints))
                    if isinstance(line, Line)
                    else {
                        "order": order,
                        "problem": line,
                    }
                )


def _lines(file: Row) -> Iterator[tuple[int, Line | str]]:
    """Each line's place and the line, or what is wrong with it, or with the rest of the file."""
    number = 0
    try:
        for number, (where, raw) in enumerate(read_lines(Path(file["path"]), _nobody), 1):
            order = order_of(file["file"], number)
            try:
                yield order, parse(raw, where)
            except BadLineError as error:
                yield order, str(error)
    except (OSError, EOFError) as error:
        yield order_of(file["file"], number + 1), f"{file['path']} cannot be read: {error}"


def _nobody(_size: int) -> None:
    """Nobody watches the progress of a task."""


def _row(order: int, line: Line, fingerprint: Fingerprint) -> Row:
    # An empty text reprints nothing, and nothing reprints it.
    keys = fingerprint.shingles[:SHINGLES].tolist() if fingerprint.units else []
    return {
        "order": order,
        "id": line.id,
        "url": line.url,
        "line": line.encoded().decode().rstrip("\n"),
        "print": pickle.dumps(fingerprint, pickle.HIGHEST_PROTOCOL),
        "keys": keys,
        "simhash": _signed(fingerprint.simhash),
        "blocks": block_names(fingerprint.simhash),
    }


def with_repost_keys(rows: Iterable[Row]) -> Iterator[Row]:
    """The lines of reposts, with the keys of their verdicts."""
    for row in rows:
        line = Line("", json.loads(row["line"]), None)
        yield {"order": row["order"], "line": line.encoded(json.loads(row["repost"])).decode()[:-1]}


def _signed(number: int) -> int:
    """64 bits as Spark's numbers have them."""
    return number - (1 << 64) if number >> 63 else number
