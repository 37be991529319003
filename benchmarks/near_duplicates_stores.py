"""Where postings could lie: the stores that were weighed against each other, on the same keys.

    python benchmarks/near_duplicates_stores.py [--documents N] [NAME...]

Every store takes the keys of the same invented documents, commits every 2,000, and is then asked
for the keys of 400 others, half of them edited copies, warm. Only what leads from a key to its
documents is measured, without the sketches. Processor time; bytes of files and growth of resident
memory; each store in a process of its own. LMDB comes with the optional group `bench`.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.near_duplicates_corpus import blocks
from pipelines.fingerprint.index import COMMON
from pipelines.fingerprint.sketch import KEYS
from pipelines.store.fingerprint_runs import Batch, Run, merge_runs, run_name, write_run
from pipelines.store.fingerprints import GROWTH

QUERIES = 400
PAGE = 4096
_OWNER = bytes(16)

Narrow = NDArray[np.uint32]


class Postings(Protocol):
    """A store of postings."""

    def insert(self, batch: Batch) -> None:
        """Add documents with their postings, sorted by key, and commit."""

    def query(self, keys: Narrow) -> int:
        """How many documents these keys lead to."""


class SortedRuns:
    """The run files of `pipelines/store/fingerprint_runs.py`, merged as the product merges them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: list[Run] = []

    def insert(self, batch: Batch) -> None:
        """Write a run, and merge it with those that are not ten times as large."""
        size = len(batch.simhashes)
        path = self._folder / run_name(batch.first, batch.first + size - 1)
        write_run(path, _OWNER, 0, batch)
        self._runs.append(Run(path, _OWNER))
        start = len(self._runs) - 1
        while start and len(self._runs[start - 1]) < GROWTH * size:
            start -= 1
            size += len(self._runs[start])
        old = self._runs[start:]
        if len(old) > 1:
            path = self._folder / run_name(old[0].first, old[-1].last)
            merge_runs(path, _OWNER, old, 0)
            self._runs[start:] = [Run(path, _OWNER)]
            for run in old:
                run.path.unlink()

    def query(self, keys: Narrow) -> int:
        """Ask every run."""
        return sum(len(run.lookup(keys).which) for run in self._runs)


class Sqlite:
    """One table without row numbers, clustered by key."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "postings.sqlite")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE postings (key INTEGER, document INTEGER, PRIMARY KEY (key, document))"
            " WITHOUT ROWID"
        )

    def insert(self, batch: Batch) -> None:
        """Insert in key order, which spares pages."""
        with self._connection:
            self._connection.executemany("INSERT INTO postings VALUES (?, ?)", _pairs(batch))

    def query(self, keys: Narrow) -> int:
        """One statement for all keys."""
        marks = ",".join("?" * len(keys))
        statement = f"SELECT key, document FROM postings WHERE key IN ({marks})"  # noqa: S608
        return len(self._connection.execute(statement, keys.tolist()).fetchall())


class Lmdb:
    """A B+ tree in mapped memory, many values of four bytes a key."""

    def __init__(self, folder: Path) -> None:
        library: Any = importlib.import_module("lmdb")
        self._environment = library.open(str(folder), map_size=1 << 36, max_dbs=1)
        self._postings = self._environment.open_db(b"p", dupsort=True, dupfixed=True)

    def insert(self, batch: Batch) -> None:
        """Insert in key order, in one transaction."""
        with self._environment.begin(write=True) as transaction:
            pairs = [
                (key.to_bytes(4, "big"), number.to_bytes(4, "big")) for key, number in _pairs(batch)
            ]
            transaction.cursor(self._postings).putmulti(pairs)

    def query(self, keys: Narrow) -> int:
        """All keys of a query in one call."""
        asked = [key.to_bytes(4, "big") for key in keys.tolist()]
        with self._environment.begin() as transaction:
            found = transaction.cursor(self._postings).getmulti(asked, dupdata=True)
            return len(list(found))


class Dictionary:
    """A Python dictionary: a number, or a list of them, a key; nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[int, int | list[int]] = {}

    def insert(self, batch: Batch) -> None:
        """Add to the dictionary; there is nothing to commit."""
        for key, number in _pairs(batch):
            known = self._known.get(key)
            if known is None:
                self._known[key] = number
            elif isinstance(known, int):
                self._known[key] = [known, number]
            else:
                known.append(number)

    def query(self, keys: Narrow) -> int:
        """Count what is found."""
        found = map(self._known.get, keys.tolist())
        return sum(1 if isinstance(some, int) else len(some) for some in found if some is not None)


STORES: dict[str, Callable[[Path], Postings]] = {
    "runs": SortedRuns,
    "sqlite": Sqlite,
    "lmdb": Lmdb,
    "dict": Dictionary,
}


def _pairs(batch: Batch) -> Iterator[tuple[int, int]]:
    return zip(batch.keys.tolist(), batch.documents.tolist(), strict=True)


def _batches(documents: int) -> Iterator[Batch]:
    """Invented documents with the keys the index would choose: the smallest that are not common."""
    counts = np.zeros(1 << 26, np.uint8)  # by the upper bits of a key, which rarely meet
    first = 1
    for block in blocks(documents):
        rare = counts[block.shingles >> np.uint32(6)] < COMMON
        chosen = rare & (np.cumsum(rare, axis=1) <= KEYS)
        keys = block.shingles[chosen]
        np.add.at(counts, keys >> np.uint32(6), 1)
        pairs = keys.astype(np.uint64) << np.uint64(32)
        pairs |= chosen.nonzero()[0].astype(np.uint64) + np.uint64(first)
        pairs = np.unique(pairs)
        keys, numbers = (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)
        yield Batch(first, block.simhashes, keys, numbers)
        first += len(block.simhashes)


def resident() -> int:
    """Bytes of memory that the process holds, mapped files included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def measure(name: str, documents: int) -> dict[str, float]:
    """Fill one store and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        store = STORES[name](Path(folder))
        before = resident()
        inserted = 0.0
        for batch in _batches(documents):
            start = time.process_time()
            store.insert(batch)
            inserted += time.process_time() - start
        asked = _questions(documents)
        spent = []
        for _ in range(3):
            start = time.process_time()
            found = sum(store.query(keys) for keys in asked)
            spent.append(time.process_time() - start)
        grown = resident() - before
        files = sum(path.stat().st_blocks * 512 for path in Path(folder).iterdir())
    return {
        "insert_us": round(1e6 * inserted / documents, 1),
        "query_us": round(1e6 * min(spent) / len(asked), 1),
        "file_bytes": round(files / documents),
        "resident_bytes": round(grown / documents),
        "found_a_query": round(found / len(asked), 1),
    }


def _questions(documents: int) -> list[Narrow]:
    """The keys of edited copies of the newest documents, and of new ones."""
    random = np.random.default_rng(3)
    (newest,) = deque(blocks(documents), maxlen=1)
    rows = random.integers(0, len(newest.shingles), QUERIES // 2)
    copies = newest.shingles[rows]
    edited = random.random(copies.shape) < 0.1
    copies[edited] = random.integers(0, 2**32, int(edited.sum()), dtype=np.uint32)
    return [*copies, *next(blocks(QUERIES // 2, seed=4)).shingles]


def main() -> None:
    """Measure each store and print a row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=200_000, metavar="N")
    parser.add_argument("names", nargs="*", default=list(STORES), metavar="NAME")
    options = parser.parse_args()
    if unknown := set(options.names) - set(STORES):
        parser.error(f"no such store: {', '.join(sorted(unknown))}; there are {', '.join(STORES)}")
    spawn = multiprocessing.get_context("spawn")
    for name in options.names:
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            try:
                figures = process.submit(measure, name, options.documents).result()
            except ImportError as error:
                print(f"{name:8} {error}; `make bench` installs it")
                continue
        columns = "   ".join(f"{key} {value:9}" for key, value in figures.items())
        print(f"{name:8} {columns}", flush=True)


if __name__ == "__main__":
    main()
