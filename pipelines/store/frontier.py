"""The durable queue and the seen set, in the embedded database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from math import inf
from typing import Any, Literal

from crawler.items import Listing, Task

# A candidate that failed for a passing reason is taken up again by a later run, this many runs
# in all and not before this many seconds.
MAX_TRIES = 3
RETRY_AFTER_SECONDS = 900.0

FileState = Literal["ours", "done", "theirs"]
"""Of a file: ours to read, read by another worker of this run, or just being read by one."""

OURS = "(:sites IS NULL OR site IN (SELECT value FROM json_each(:sites)))"


class SqliteFrontier:
    """Tasks in the tables `lists` and `candidates`; every call is part of the open transaction.

    Only tasks of *sites* are handed out; None means all. *clock* gives seconds since the epoch.
    """

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock
        # The run's sites as a JSON list, the form in which SQL takes a set; None means all.
        self._sites: str | None = None
        self._waiting: dict[str, int] = {}
        self._claimed: set[str] = set()
        self.taken_up = 0

    def begin(self, sites: Iterable[str] | None, bounds: tuple[float, float] = (-inf, inf)) -> None:
        """Start a run over *sites*: what a dead run had in hand waits again, in its old place.

        So does what an earlier run left out by its date, where that is within *bounds*.
        """
        self._sites = None if sites is None else json.dumps(sorted(sites))
        # There is one writer, so whatever is taken was taken by a run that is no more.
        self._connection.execute("UPDATE candidates SET state='waiting' WHERE state='taken'")
        self._connection.execute("UPDATE lists SET state='waiting' WHERE state='taken'")
        self._connection.execute(
            "UPDATE candidates SET state='waiting', outcome=NULL, reason=NULL"
            " WHERE outcome='failed' AND tries < ? AND not_before BETWEEN 1 AND ?",
            (MAX_TRIES, self._clock()),
        )
        self._connection.execute(
            "UPDATE candidates SET state='waiting', outcome=NULL, reason=NULL"  # noqa: S608
            f" WHERE reason='out_of_range' AND dated BETWEEN :since AND :until AND {OURS}",
            {"since": bounds[0], "until": bounds[1], "sites": self._sites},
        )
        self._waiting = {}
        for table in ("candidates", "lists"):
            rows = self._connection.execute(
                f"SELECT host, count(*) FROM {table}"  # noqa: S608 - one of two fixed names
                f" WHERE state='waiting' AND {OURS} GROUP BY host",
                {"sites": self._sites},
            )
            for host, count in rows.fetchall():
                self._waiting[host] = self._waiting.get(host, 0) + count
                self.taken_up += count if table == "candidates" else 0

    def expect(self, tasks: Sequence[Task]) -> None:
        """Do nothing: a look at the table costs the same for one as for many."""

    def add(self, tasks: Iterable[Task]) -> int:
        """Queue what is not known yet; return how many that were."""
        return sum(self._add(task) for task in tasks)

    def _add(self, task: Task) -> bool:
        if task.kind == "article":
            cursor = self._connection.execute(
                "INSERT OR IGNORE INTO candidates"
                " (key, url, site, host, priority, depth, listing, modified)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*_place(task), _listing(task), task.modified),
            )
        else:
            cursor = self._connection.execute(
                "INSERT OR IGNORE INTO lists (key, url, site, host, priority, depth, kind, memo)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*_place(task), task.kind, json.dumps(task.memo)),
            )
        if cursor.rowcount:
            self._count(task)
        return bool(cursor.rowcount)

    def _count(self, task: Task) -> None:
        self._waiting[task.host] = self._waiting.get(task.host, 0) + 1
        self.taken_up += task.kind == "article"

    def update(self, task: Task) -> bool:
        """Queue a known article again if its *modified* is later than what we knew of it.

        That is the time in an earlier listing, or else the time at which we fetched it.
        """
        row = self._connection.execute(
            "SELECT state, modified, settled, outcome, tries FROM candidates WHERE key=?",
            (_key(task),),
        ).fetchone()
        if row is None or row[0] != "done" or task.modified <= row[1]:
            return False
        # Sites also stamp the pages that are no articles, each time that they publish one.
        hopeless = row[3] in ("rejected", "failed") and row[4] >= MAX_TRIES
        changed = (bool(row[1]) or task.modified > row[2]) and not hopeless
        state = "waiting" if changed else "done"
        self._connection.execute(
            "UPDATE candidates SET state=?, modified=?, listing=? WHERE key=?",
            (state, task.modified, _listing(task), _key(task)),
        )
        if changed:
            self._connection.execute(
                "UPDATE candidates SET outcome=NULL, reason=NULL,"
                " tries=CASE WHEN outcome IN ('rejected', 'failed') THEN tries ELSE 0 END"
                " WHERE key=?",
                (_key(task),),
            )
            self._count(task)
        return changed

    def has_article(self, key: str) -> bool:
        """Whether the candidate *key* is done and gave an article, now or earlier."""
        row = self._connection.execute(
            "SELECT 1 FROM candidates WHERE key=? AND state='done'"
            " AND outcome IN ('article', 'repost', 'unchanged')",
            (key,),
        ).fetchone()
        return row is not None

    def hosts(self) -> Iterable[str]:
        """Every host that has tasks waiting."""
        return list(self._waiting)

    def unfinished(self) -> bool:
        """Whether something of this run waits."""
        return bool(self._waiting)

    def rest(self, host: str, seconds: float) -> None:
        """Do nothing: nobody else asks the hosts of this run."""

    def take(self, host: str, limit: int) -> list[Task]:
        """Hand out up to *limit* waiting tasks of *host*: some lists, then the most urgent."""
        # A quarter for lists: a site with many of them shall yield articles meanwhile.
        tasks = self._take_lists(host, max(1, limit // 4))
        tasks += self._take_candidates(host, limit - len(tasks))
        if not tasks:
            tasks = self._take_lists(host, limit)
        left = self._waiting.get(host, 0) - len(tasks)
        if left > 0 and tasks:
            self._waiting[host] = left
        else:
            self._waiting.pop(host, None)
        return tasks

    def _take_lists(self, host: str, limit: int) -> list[Task]:
        rows = self._connection.execute(
            "SELECT key, url, site, host, priority, depth, kind, memo FROM lists"  # noqa: S608
            f" WHERE state='waiting' AND host=:host AND {OURS} ORDER BY priority DESC LIMIT :limit",
            {"host": host, "sites": self._sites, "limit": limit},
        ).fetchall()
        tasks = [_control_task(row) for row in rows]
        self._connection.executemany(
            "UPDATE lists SET state='taken' WHERE key=?", [(_key(task),) for task in tasks]
        )
        return tasks

    def _take_candidates(self, host: str, limit: int) -> list[Task]:
        rows = self._connection.execute(
            "SELECT key, url, site, host, priority, depth, listing FROM candidates"  # noqa: S608
            f" WHERE state='waiting' AND host=:host AND {OURS} ORDER BY priority DESC LIMIT :limit",
            {"host": host, "sites": self._sites, "limit": limit},
        ).fetchall()
        tasks = [
            Task("article", url, key, site, host_, priority, depth, Listing(**json.loads(listing)))
            for key, url, site, host_, priority, depth, listing in rows
        ]
        self._connection.executemany(
            "UPDATE candidates SET state='taken' WHERE key=?", [(task.key,) for task in tasks]
        )
        return tasks

    def finish(self, task: Task) -> None:
        """Book a control task as done, with its *memo*; what it led to was added before."""
        self._connection.execute(
            "UPDATE lists SET state='done', memo=? WHERE key=?",
            (json.dumps(task.memo), _key(task)),
        )

    def control_tasks(self, site: str) -> list[Task]:
        """The lists, feeds and sitemaps known for *site*."""
        rows = self._connection.execute(
            "SELECT key, url, site, host, priority, depth, kind, memo FROM lists WHERE site=?",
            (site,),
        )
        return [_control_task(row) for row in rows.fetchall()]

    def ask(self, task: Task) -> None:
        """Queue a control task, known or not."""
        if not self._add(task):
            cursor = self._connection.execute(
                "UPDATE lists SET state='waiting', priority=?, memo=? WHERE key=? AND state='done'",
                (task.priority, json.dumps(task.memo), _key(task)),
            )
            if cursor.rowcount:
                self._count(task)

    def start_file(self, name: str) -> FileState:  # noqa: ARG002  (nobody else reads it)
        """Say whether a file of an archive is ours to read."""
        return "ours"

    def end_file(self, name: str) -> None:
        """Do nothing: each of its documents is known by itself."""

    def claim(self, key: str) -> bool:
        """Take up a document that is at hand already; False if it has its outcome."""
        row = self._connection.execute(
            "SELECT 1 FROM candidates WHERE key=? AND state='done'", (key,)
        ).fetchone()
        if row is not None:
            return False
        self.taken_up += key not in self._claimed
        self._claimed.add(key)
        return True

    def settle(self, key: str, site: str, outcome: str, reason: str | None, **run: Any) -> None:
        """Book the outcome of the candidate *key*.

        *run* names the run and, with *retry*, asks that a later run takes the candidate up again;
        *dated* is when an article outside the run's bounds was published.
        """
        self._claimed.discard(key)
        not_before = self._clock() + RETRY_AFTER_SECONDS if run.get("retry") else 0
        self._connection.execute(
            "INSERT INTO candidates"
            " (key, url, site, host, priority, depth, listing, state, outcome, reason, tries,"
            " not_before, settled, run, dated)"
            " VALUES (?, '', ?, '', 0, 0, '{}', 'done', ?, ?, 1, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET state='done', outcome=excluded.outcome,"
            " reason=excluded.reason, tries=tries+1, not_before=excluded.not_before,"
            " settled=excluded.settled, run=excluded.run, dated=excluded.dated",
            (
                *(key, site, outcome, reason, not_before, self._clock(), run["run"]),
                run.get("dated", 0.0),
            ),
        )

    def pending(self) -> int:
        """How many candidates of this run have no outcome."""
        count = len(self._claimed)
        for state in ("waiting", "taken"):
            (found,) = self._connection.execute(
                f"SELECT count(*) FROM candidates WHERE state='{state}' AND {OURS}",  # noqa: S608
                {"sites": self._sites},
            ).fetchone()
            count += found
        return count


def _key(task: Task) -> str:
    # One address can be a homepage and a list at once; each is asked for its own.
    return task.key if task.kind == "article" else f"{task.kind} {task.key}"


def _listing(task: Task) -> str:
    # Each list names most stories once more; `asdict` copies all that it finds.
    values = {name: getattr(task.listing, name) for name in _LISTING}
    return json.dumps(values, ensure_ascii=False)


_LISTING = tuple(field.name for field in fields(Listing))


def _place(task: Task) -> tuple[str, str, str, str, float, int]:
    return (_key(task), task.url, task.site, task.host, task.priority, task.depth)


def _control_task(row: tuple[Any, ...]) -> Task:
    key, url, site, host, priority, depth, kind, memo = row
    return Task(
        kind, url, key.partition(" ")[2], site, host, priority, depth, memo=json.loads(memo)
    )
