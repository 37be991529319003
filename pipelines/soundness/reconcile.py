"""Make the state say what the files hold, once these hold nothing but whole lines."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.discovery.urls import canonical_url, page_key, site_name
from pipelines.soundness.accounts import LOST as LOST_LINES
from pipelines.soundness.accounts import ORPHANS, UNKNOWN, WRITTEN, booked_lines
from pipelines.soundness.day_file import DayFile
from pipelines.soundness.inventory import Inventory, day_of
from pipelines.soundness.lines import LineReader, Record
from pipelines.store.frontier import MAX_TRIES
from pipelines.store.versions import LOST
from pipelines.store.versions import UNKNOWN as UNKNOWN_TEXT

_SECONDS_A_DAY = 86_400
_ADOPT_ID = """
    INSERT INTO articles (id, version, digest, gone) VALUES (?, ?, ?, 0)
    ON CONFLICT (id) DO UPDATE SET version=max(version, excluded.version), digest=excluded.digest
"""
_ADOPT_CANDIDATE = """
    INSERT OR IGNORE INTO candidates
    (key, url, site, host, priority, depth, listing, state, outcome, reason, settled)
    VALUES (?, ?, ?, ?, 0, 0, '{}', 'done', ?, ?, ?)
"""
_FAILED_AGAIN = """
    UPDATE candidates SET tries=tries+1, not_before=CASE WHEN tries+1 < ? THEN 1 ELSE 0 END
    WHERE key=? AND outcome='failed'
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """What `crawler` knows: the queue of a URL, and which failures are worth another try."""

    host_of: Callable[[str], str]
    is_passing: Callable[[str], bool]


class Reconciler:
    """Writes to *connection*, inside its open transaction, what *inventory* found.

    *files* are those that were read; *fresh* says that the state is a new one.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        inventory: Inventory,
        reader: LineReader,
        rules: Rules,
        files: dict[str, DayFile],
        *,
        fresh: bool,
    ) -> None:
        self._connection = connection
        self._inventory = inventory
        self._reader = reader
        self._rules = rules
        self._files = files
        self._fresh = fresh

    def reconcile(self, run: str) -> Iterator[str]:
        """Do all of it; one sentence for each thing that was not right. *run* names the repair."""
        self._book_files()
        adopted = self._adopt_lines()
        if adopted:
            yield f"{adopted} lines that the state did not know are in it now"
        lost, again = self._give_up_lost()
        if lost:
            yield f"{lost} lines are lost for good; {again} of their pages will be fetched again"
        orphans = self._forgive_orphans()
        if orphans:
            yield f"{orphans} reposts keep the name of a first print that is lost"
        if self._balance(run):
            yield "the count of lines is booked as it is"

    def _book_files(self) -> None:
        self._connection.execute("DELETE FROM outbox")
        self._connection.execute("DELETE FROM files")
        # The compressed file of a day comes first; where both exist the other one is appended to.
        self._connection.executemany(
            "INSERT OR REPLACE INTO files (path, length, checksum) VALUES (?, ?, ?)",
            [(file.booked_as, file.length, file.checksum) for file in self._files.values()],
        )

    # --- lines that the state does not know ------------------------------------------------------

    def _adopt_lines(self) -> int:
        unknown = {path for path, _ in self._inventory.rows(UNKNOWN)}
        adopted: set[str] = set()
        count = 0
        for path in self._files:
            if path in unknown or (self._fresh and path.startswith("rejected/")):
                for record in self._records(path):
                    count += self._adopt(record, adopted)
        for id_ in adopted:
            query = "SELECT count(DISTINCT version) FROM temp.lines WHERE id=?"
            ((there,),) = self._inventory.rows(query, (id_,))
            self._connection.execute(
                "UPDATE articles SET gone=max(0, version-?) WHERE id=?", (there, id_)
            )
        return count

    def _records(self, path: str) -> Iterator[Record]:
        file = DayFile(self._inventory.folder, path)
        for piece in file.pieces():
            yield self._reader.read(piece.raw, file.folder)

    def _adopt(self, record: Record, adopted: set[str]) -> bool:
        if not record.id:
            self._adopt_rejection(record)
            return self._fresh
        row = self._connection.execute(
            "SELECT version FROM articles WHERE id=?", (record.id,)
        ).fetchone()
        if row is not None and row[0] >= record.version and record.id not in adopted:
            return False
        adopted.add(record.id)
        self._connection.execute(_ADOPT_ID, (record.id, record.version, UNKNOWN_TEXT))
        values = record.values
        for url in dict.fromkeys((values["url"], values["canonical_url"])):
            self._done(url, values["site"], record, None)
        return True

    def _adopt_rejection(self, record: Record) -> None:
        url, reason = record.values["url"], record.values["reason"]
        self._done(url, site_name(url), record, reason)
        if record.outcome == "failed" and self._rules.is_passing(reason):
            self._connection.execute(_FAILED_AGAIN, (MAX_TRIES, page_key(url)))

    def _done(self, url: str, site: str, record: Record, reason: str | None) -> None:
        host = self._rules.host_of(url)
        row = (page_key(url), url, site, host, record.outcome, reason, record.fetched)
        self._connection.execute(_ADOPT_CANDIDATE, row)

    # --- lines that are nowhere ------------------------------------------------------------------

    def _give_up_lost(self) -> tuple[int, int]:
        """Book lost lines as gone, and fetch their pages again where the address is known."""
        if self._fresh:
            return 0, 0
        self._inventory.connection.execute(f"CREATE TEMP TABLE lost AS {LOST_LINES}")
        self._inventory.connection.execute("CREATE UNIQUE INDEX temp.lost_id ON lost (id)")
        count = 0
        for id_, missing in self._inventory.stream("SELECT id, lost FROM temp.lost"):
            count += missing
            self._connection.execute("UPDATE articles SET gone=gone+? WHERE id=?", (missing, id_))
        return count, self._fetch_again() if count else 0

    def _fetch_again(self) -> int:
        again = 0
        candidates = self._inventory.stream(
            "SELECT key, url, settled FROM main.candidates"
            " WHERE outcome IN ('article', 'repost', 'unchanged')"
        )
        query = "SELECT 1 FROM temp.lost WHERE id=?"
        for key, url, settled in candidates:
            # A document of an archive is known by its address and a digest.
            canonical = canonical_url(url) if url else key.rpartition(" ")[0]
            id_ = hashlib.sha256(canonical.encode()).hexdigest()[:16]
            if not self._inventory.rows(query, (id_,)) or self._is_moved_away(settled):
                continue
            again += 1
            self._connection.execute("UPDATE articles SET digest=? WHERE id=?", (LOST, id_))
            change = "UPDATE candidates SET state='waiting', outcome=NULL, tries=0"
            self._connection.execute(
                f"{change} WHERE key=?" if url else "DELETE FROM candidates WHERE key=?", (key,)
            )
        return again

    def _is_moved_away(self, settled: float) -> bool:
        """Whether the file of that day is not there at all: somebody has put it elsewhere."""
        day = day_of(int(settled // _SECONDS_A_DAY))
        return not any(day in path for path in self._files if not path.startswith("rejected/"))

    def _forgive_orphans(self) -> int:
        firsts = {first for *_, first in self._inventory.rows(ORPHANS)}
        count = 0
        for first in firsts:
            cursor = self._connection.execute("SELECT gone FROM articles WHERE id=?", (first,))
            row = cursor.fetchone()
            if row is None or not row[0]:
                count += 1
                self._connection.execute(
                    "INSERT INTO articles (id, version, digest, gone) VALUES (?, 1, ?, 1)"
                    " ON CONFLICT (id) DO UPDATE SET version=version+1, gone=gone+1",
                    (first, LOST),
                )
        return count

    # --- the count -------------------------------------------------------------------------------

    def _balance(self, run: str) -> bool:
        accounts = self._inventory.accounts()
        unclear = [name for name, values in accounts.items() if "lines" not in values]
        for name in unclear:
            self._connection.execute("DELETE FROM runs WHERE run=?", (name,))
            del accounts[name]
        booked = booked_lines(accounts) or Counter()
        lines = {name: self._inventory.counts[name] - booked[name] for name in WRITTEN}
        if not any(lines.values()):
            return False
        self._connection.execute(
            "INSERT INTO runs (run, summary) VALUES (?, ?)", (run, json.dumps({"lines": lines}))
        )
        return True
