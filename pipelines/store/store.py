"""The memory between runs of one output folder, and the only hand that writes there.

A batch of outcomes becomes durable in one transaction: what happened to each candidate, the
fingerprints, and the output lines themselves (the outbox). Only then are the lines appended to
their files, and the next transaction books them as written. Whenever the process dies, `open`
finds either nothing of a batch, or all of it with the lines that are still to be appended.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from crawler.items import Rejection
from pipelines.store.database import (
    DATABASE_NAME,
    UNREADABLE,
    Connection,
    StateError,
    damaged,
    is_blank,
    open_database,
    unfinished_repair,
)
from pipelines.store.days import holds_articles
from pipelines.store.fingerprints import FingerprintStore
from pipelines.store.frontier import SqliteFrontier
from pipelines.store.lock import FolderLock
from pipelines.store.outcome import Outcome, outcome_of
from pipelines.store.output import append, checksum, cut_torn_line, repair
from pipelines.store.robots import RobotsStore
from pipelines.store.versions import UNKNOWN


class Participant(Protocol):
    """Something that writes in the store's transactions, such as the fingerprints."""

    def write(self) -> None:
        """Write what is staged; called inside the open transaction."""

    def committed(self) -> None:
        """The transaction is durable."""


class Store:
    """State and output of one folder, held under its lock from `open` to `close`."""

    def __init__(
        self,
        folder: Path,
        run: str,
        lock: FolderLock,
        connection: Connection,
        keep_days: int,
        clock: Callable[[], float],
    ) -> None:
        self.folder = folder
        self.run = run
        self.clock = clock
        self.connection = connection
        self.frontier = SqliteFrontier(connection, clock)
        self.robots = RobotsStore(connection, clock)
        self.outcomes: Counter[str] = Counter()
        self.outcomes_by_site: dict[str, Counter[str]] = {}
        self._lock = lock
        self._unwritten: list[tuple[int, str, bytes]] = []
        self._written_to_seq = 0
        self._lengths: dict[str, int] = {}
        self._checksums: dict[str, int] = {}
        self._lines: Counter[str] = Counter()
        self.fingerprints = FingerprintStore(
            connection, folder / "state" / "fingerprints", keep_days=keep_days
        )
        self._parts: list[Participant] = [self.fingerprints]
        self._booked: list[Outcome] = []
        self.write_lines = True
        self.tag_reposts = False

    @classmethod
    def open(
        cls,
        folder: Path,
        run: str,
        *,
        keep_days: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> Store:
        """Lock *folder*, open its state, and finish what a dead run left.

        Fingerprints older than *keep_days* are forgotten; 0 keeps all. *clock* gives seconds since
        the epoch, and every moment that is written. Raises
        `FolderLockedError`, `StateError`, `FingerprintError`, or `OSError` when the folder cannot
        be written.
        """
        lock = FolderLock(folder / "state" / "lock")
        lock.acquire(run)
        try:
            path = folder / "state" / DATABASE_NAME
            connection = open_database(path)
            try:
                _refuse_lost_state(folder, connection)
                store = cls(folder, run, lock, connection, keep_days, clock)
                store.recover()
            except BaseException as error:
                connection.close()
                if isinstance(error, UNREADABLE):
                    raise damaged(path, error) from error
                raise
        except BaseException:
            lock.release()
            raise
        connection.execute("BEGIN IMMEDIATE")
        return store

    def now(self) -> datetime:
        """The moment, in UTC, by the clock of this run."""
        return datetime.fromtimestamp(self.clock(), UTC)

    @property
    def uncommitted(self) -> int:
        """How many outcomes a crash would undo now."""
        return len(self._booked)

    def candidates(self, pending: int) -> int:  # noqa: ARG002  (they are among those taken up)
        """How many candidates this run took up, with those that are *pending*."""
        return self.frontier.taken_up

    def expects(self, site: str) -> bool:  # noqa: ARG002  (nobody else asks it)
        """Whether an answer of *site* was to be expected in this run."""
        return True

    def join(self, participant: Participant) -> None:
        """Let *participant* write in every transaction from now on."""
        self._parts.append(participant)

    def book(self, outcome: Outcome) -> None:
        """Add one outcome to the open transaction; it is durable after the next `commit`."""
        self.frontier.settle(
            outcome.candidate,
            outcome.site,
            outcome.name,
            outcome.reason,
            run=self.run,
            retry=outcome.retry,
            dated=outcome.dated,
        )
        if outcome.path is not None and outcome.line is not None:
            cursor = self.connection.execute(
                "INSERT INTO outbox (path, line) VALUES (?, ?)", (outcome.path, outcome.line)
            )
            self._unwritten.append((cursor.lastrowid or 0, outcome.path, outcome.line))
        if outcome.version is not None:
            self.connection.execute(
                "INSERT INTO articles (id, version, digest, gone) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET version=excluded.version,"
                " digest=excluded.digest, gone=gone+excluded.gone",
                (*outcome.version, outcome.line is None),
            )
        self._booked.append(outcome)

    def book_rejection(self, rejection: Rejection) -> None:
        """Book a candidate that yields no article."""
        outcome = outcome_of(rejection, self.now(), write=self.write_lines, tag=False)
        if outcome is not None:
            self.book(outcome)

    def next_version(self, article_id: str, digest: bytes) -> int | None:
        """The version that an article with this text gets, or None if it is the text we have."""
        row = self.connection.execute(
            "SELECT version, digest FROM articles WHERE id=?", (article_id,)
        ).fetchone()
        if row is None:
            return 1
        if row[1] == UNKNOWN:
            query = "UPDATE articles SET digest=? WHERE id=?"
            self.connection.execute(query, (digest, article_id))
            return None
        return None if row[1] == digest else int(row[0]) + 1

    def has_articles(self, site: str) -> bool:
        """Whether *site* ever gave an article or a repost."""
        row = self.connection.execute(
            "SELECT 1 FROM candidates WHERE site=? AND outcome IN ('article', 'repost') LIMIT 1",
            (site,),
        ).fetchone()
        return row is not None

    def site_memory(self, site: str) -> bytes | None:
        """What was remembered of *site*'s template."""
        row = self.connection.execute(
            "SELECT state FROM site_memory WHERE site=?", (site,)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def remember_site(self, site: str, state: bytes) -> None:
        """Replace what is remembered of *site*'s template."""
        self.connection.execute(
            "INSERT INTO site_memory (site, state) VALUES (?, ?)"
            " ON CONFLICT (site) DO UPDATE SET state=excluded.state",
            (site, state),
        )

    def commit(self) -> None:
        """Make everything so far durable, then append the lines to their files.

        Raises `sqlite3.Error` with nothing done, or `OSError` with the batch committed and its
        lines left to the next `open`. After either, this store only reads.
        """
        for part in self._parts:
            part.write()
        self._book_written()
        self._book_run()
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error:
            self.connection.give_up()
            raise
        for outcome in self._booked:
            self.outcomes[outcome.name] += 1
            self._lines[outcome.name] += outcome.line is not None
            self.outcomes_by_site.setdefault(outcome.site, Counter())[outcome.name] += 1
        self._booked = []
        for part in self._parts:
            part.committed()
        try:
            self._write_out()
        except OSError:
            self.connection.give_up()
            raise
        self.connection.execute("BEGIN IMMEDIATE")

    def _book_run(self) -> None:
        """Book what this run has done so far; a run that dies leaves no other account of it."""
        if not self._booked:
            return
        outcomes, lines = self.outcomes.copy(), self._lines.copy()
        for outcome in self._booked:
            outcomes[outcome.name] += 1
            lines[outcome.name] += outcome.line is not None
        self.connection.execute(
            "INSERT OR REPLACE INTO runs (run, summary) VALUES (?, ?)",
            (self.run, json.dumps({"outcomes": outcomes, "lines": lines})),
        )

    def _book_written(self) -> None:
        if not self._written_to_seq:
            return
        self.connection.execute("DELETE FROM outbox WHERE seq <= ?", (self._written_to_seq,))
        self._written_to_seq = 0
        for path in self._lengths:
            self._book_length(path)

    def _book_length(self, path: str) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO files (path, length, checksum) VALUES (?, ?, ?)",
            (path, self._lengths[path], self._checksums[path]),
        )

    def _write_out(self) -> None:
        by_path: dict[str, list[bytes]] = {}
        for _, path, line in self._unwritten:
            by_path.setdefault(path, []).append(line)
        for path, lines in by_path.items():
            data = b"".join(lines)
            self._lengths[path] = append(self.folder / path, data, at=self._length(path))
            self._checksums[path] = zlib.crc32(data, self._checksums[path])
        if self._unwritten:
            self._written_to_seq = self._unwritten[-1][0]
            self._unwritten = []

    def _length(self, path: str) -> int:
        if path not in self._lengths:
            self._take_stock(path, cut_torn_line(self.folder / path), self._booked_file(path))
        return self._lengths[path]

    def _booked_file(self, path: str) -> tuple[int, int | None]:
        row = self.connection.execute(
            "SELECT length, checksum FROM files WHERE path=?", (path,)
        ).fetchone()
        return (0, 0) if row is None else (row[0], row[1])

    def _take_stock(self, path: str, length: int, booked: tuple[int, int | None]) -> None:
        """Go on from *length* bytes of *path*, of which *booked* were known with their checksum."""
        known, seed = booked
        # What we wrote is not read again: were it damaged, its checksum must go on telling.
        start = known if known <= length and seed is not None else 0
        self._lengths[path] = length
        self._checksums[path] = checksum(
            self.folder / path, start=start, seed=(seed or 0) if start else 0
        )

    def recover(self) -> None:
        """Append what is committed and not written, each line once, whatever the crash left."""
        pending: dict[str, list[bytes]] = {}
        last = 0
        for seq, path, line in self.connection.execute(
            "SELECT seq, path, line FROM outbox ORDER BY seq"
        ).fetchall():
            pending.setdefault(path, []).append(bytes(line))
            last = seq
        for path, lines in pending.items():
            booked = self._booked_file(path)
            length = repair(self.folder / path, length=booked[0], pending=lines)
            self._take_stock(path, length, booked)
        if last:
            self.connection.execute("BEGIN IMMEDIATE")
            self._written_to_seq = last
            self._book_written()
            self.connection.execute("COMMIT")

    def close(self) -> None:
        """Commit what is left, book it as written, and give the folder back."""
        self.commit()
        self._book_written()
        self.connection.execute("COMMIT")
        self.abandon()

    def abandon(self) -> None:
        """Give the folder back without another word, as after an error; `open` will recover."""
        self.connection.close()
        self._lock.release()


def _refuse_lost_state(folder: Path, connection: sqlite3.Connection) -> None:
    """A crawl that knows nothing of the articles it finds would write them all again."""
    problem = unfinished_repair(connection)
    if problem is not None:
        msg = f"a repair has not come to its end ({problem}); run `scrapy verify --repair` again"
        raise StateError(msg)
    if is_blank(connection) and holds_articles(folder):
        msg = (
            f"the state of {folder} is lost, but there are articles;"
            " `scrapy verify --repair` makes it again from them"
        )
        raise StateError(msg)
