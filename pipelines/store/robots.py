"""The robots.txt files of earlier runs, so that a run every few minutes need not ask for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


class RobotsStore:
    """Answers for robots.txt in the table `robots`; every call is part of the open transaction.

    *clock* gives seconds since the epoch.
    """

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    def recall(self, url: str) -> tuple[int, bytes, float] | None:
        """Status, body and age in seconds of the answer kept for *url*."""
        row = self._connection.execute(
            "SELECT status, body, fetched FROM robots WHERE url=?", (url,)
        ).fetchone()
        return None if row is None else (row[0], bytes(row[1]), self._clock() - row[2])

    def remember(self, url: str, status: int, body: bytes) -> None:
        """Keep the answer that came just now, in the place of an earlier one."""
        self._connection.execute(
            "INSERT OR REPLACE INTO robots (url, status, body, fetched) VALUES (?, ?, ?, ?)",
            (url, status, body, self._clock()),
        )
