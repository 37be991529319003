"""Where the state between runs could lie: embedded stores, weighed on the work of a crawl.

    python benchmarks/state_stores.py [--outcomes N] [NAME...]

The work: candidates are queued a hundred at a time, handed out by host and priority, and settled in
batches of 64, each with the line of 5 kB that waits for its file and is gone with the next batch.
Every batch is durable when its commit returns; what the disk needs for that is in the seconds, not
in the CPU. Then the store is opened again and asked what waits, as a run does when it begins. Each
store in a process of its own. LMDB comes with the optional group `bench`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Protocol

HOSTS = 50
BATCH = 64
QUEUED = 100
LINE = b"x" * 5_000

Task = tuple[str, str, float]  # key, host, priority


class State(Protocol):
    """What a crawl asks of its memory."""

    def add(self, tasks: Iterable[Task]) -> None:
        """Queue what is not known."""

    def take(self, host: str, limit: int) -> list[str]:
        """Hand out the most urgent keys of a host."""

    def settle(self, keys: list[str]) -> None:
        """Book outcomes with their lines, forget the lines of the batch before, and commit."""

    def waiting(self) -> int:
        """How many wait, over all hosts."""

    def close(self) -> None:
        """Give the files back."""


class Sqlite:
    """One table of candidates with a partial index on what waits, one of lines."""

    def __init__(self, folder: Path, journal: str) -> None:
        self._db = sqlite3.connect(folder / "state.sqlite", isolation_level=None)
        self._db.execute(f"PRAGMA journal_mode={journal}")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(
            """
            CREATE TABLE IF NOT EXISTS candidates (key TEXT PRIMARY KEY, host TEXT NOT NULL,
                priority REAL NOT NULL, state TEXT NOT NULL DEFAULT 'waiting') WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS waiting ON candidates (host, priority DESC)
                WHERE state='waiting';
            CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, line BLOB NOT NULL);
            """
        )
        self._db.execute("BEGIN IMMEDIATE")

    def add(self, tasks: Iterable[Task]) -> None:
        query = "INSERT OR IGNORE INTO candidates (key, host, priority) VALUES (?, ?, ?)"
        self._db.executemany(query, tasks)

    def take(self, host: str, limit: int) -> list[str]:
        query = (
            "SELECT key FROM candidates WHERE state='waiting' AND host=?"
            " ORDER BY priority DESC LIMIT ?"
        )
        keys = [key for (key,) in self._db.execute(query, (host, limit)).fetchall()]
        taken = "UPDATE candidates SET state='taken' WHERE key=?"
        self._db.executemany(taken, [(key,) for key in keys])
        return keys

    def settle(self, keys: list[str]) -> None:
        self._db.execute("DELETE FROM outbox")
        self._db.executemany("INSERT INTO outbox (line) VALUES (?)", [(LINE,) for _ in keys])
        done = "UPDATE candidates SET state='done' WHERE key=?"
        self._db.executemany(done, [(key,) for key in keys])
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def waiting(self) -> int:
        query = "SELECT count(*) FROM candidates WHERE state='waiting'"
        return int(self._db.execute(query).fetchone()[0])

    def close(self) -> None:
        self._db.execute("ROLLBACK")
        self._db.close()


class Lmdb:
    """Three tables of keys and bytes; the queue by host and priority is kept by hand."""

    def __init__(self, folder: Path) -> None:
        lmdb: Any = importlib.import_module("lmdb")
        self._env = lmdb.open(str(folder), max_dbs=3, map_size=1 << 32)
        self._candidates, self._queue, self._outbox = (
            self._env.open_db(name) for name in (b"candidates", b"queue", b"outbox")
        )
        self._begin()

    def _begin(self) -> None:
        self._txn = self._env.begin(write=True)

    def add(self, tasks: Iterable[Task]) -> None:
        for key, host, priority in tasks:
            place = f"{host}\0{1e9 - priority:020.6f}\0{key}".encode()
            value = json.dumps({"host": host, "priority": priority, "state": "waiting"}).encode()
            if self._txn.put(key.encode(), value, overwrite=False, db=self._candidates):
                self._txn.put(place, key.encode(), db=self._queue)

    def take(self, host: str, limit: int) -> list[str]:
        keys: list[str] = []
        with self._txn.cursor(db=self._queue) as cursor:
            there = cursor.set_range(f"{host}\0".encode())
            while there and len(keys) < limit and cursor.key().startswith(f"{host}\0".encode()):
                keys.append(cursor.value().decode())
                there = cursor.delete()
        self._mark(keys, "taken")
        return keys

    def _mark(self, keys: list[str], state: str) -> None:
        for key in keys:
            value = json.loads(self._txn.get(key.encode(), db=self._candidates))
            value["state"] = state
            self._txn.put(key.encode(), json.dumps(value).encode(), db=self._candidates)

    def settle(self, keys: list[str]) -> None:
        self._txn.drop(self._outbox, delete=False)
        for number, _ in enumerate(keys):
            self._txn.put(number.to_bytes(8, "big"), LINE, db=self._outbox)
        self._mark(keys, "done")
        self._txn.commit()
        self._begin()

    def waiting(self) -> int:
        return int(self._txn.stat(self._queue)["entries"])

    def close(self) -> None:
        self._txn.abort()
        self._env.close()


STORES: dict[str, Callable[[Path], State]] = {
    "SQLite, write-ahead log": lambda folder: Sqlite(folder, "WAL"),
    "SQLite, rollback journal": lambda folder: Sqlite(folder, "DELETE"),
    "LMDB": Lmdb,
}


def measure(name: str, outcomes: int) -> dict[str, float]:
    """CPU and seconds for a thousand outcomes, megabytes of files, and seconds to begin again."""
    with tempfile.TemporaryDirectory() as folder:
        state = STORES[name](Path(folder))
        begun, cpu = time.perf_counter(), time.process_time()
        run(state, outcomes)
        spent = (time.process_time() - cpu, time.perf_counter() - begun)
        state.close()
        size = sum(path.stat().st_blocks * 512 for path in Path(folder).iterdir())
        begun = time.perf_counter()
        state = STORES[name](Path(folder))
        assert state.waiting() == 0
        again = time.perf_counter() - begun
        state.close()
    thousands = outcomes / 1_000
    return {
        "CPU s": spent[0] / thousands,
        "s": spent[1] / thousands,
        "MB": size / 1e6,
        "s to begin": again,
    }


def run(state: State, outcomes: int) -> None:
    """Queue, hand out and settle, until *outcomes* are done."""
    queued = done = 0
    batch: list[str] = []
    while done < outcomes:
        host = f"host{(queued // QUEUED) % HOSTS}.example"
        if queued < outcomes:
            numbers = range(queued, queued + QUEUED)
            state.add((f"https://{host}/news/2026/{n}.html", host, -float(n)) for n in numbers)
            queued += QUEUED
        while keys := state.take(host, 16):
            batch += keys
            if len(batch) >= BATCH or done + len(batch) >= outcomes:
                state.settle(batch)
                done += len(batch)
                batch = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(STORES), metavar="NAME")
    parser.add_argument("--outcomes", type=int, default=50_000)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    for name in options.names:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            found = pool.submit(measure, name, options.outcomes).result()
        told = ", ".join(f"{value:.3g} {unit}" for unit, value in found.items())
        print(f"{name}: {told} (a thousand outcomes; files and start after {options.outcomes:,})")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
