"""The embedded database of an output folder: one SQLite file, its schema and its versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.store.output import make_folder, sync_folder

DATABASE_NAME = "firstprint.sqlite"
# What a repair has saved of a damaged database, whole, to take its place.
SAVED_NAME = f"{DATABASE_NAME}.saved"
# A database and the files that SQLite has beside it.
SUFFIXES = ("", "-wal", "-shm", "-journal")

# One entry a schema version; a database of version n is brought up by the entries after n.
MIGRATIONS = (
    """
    CREATE TABLE candidates (
        key TEXT PRIMARY KEY, url TEXT NOT NULL, site TEXT NOT NULL, host TEXT NOT NULL,
        priority REAL NOT NULL, depth INTEGER NOT NULL, listing TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting', outcome TEXT, reason TEXT,
        tries INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
        settled REAL NOT NULL DEFAULT 0, modified REAL NOT NULL DEFAULT 0, run TEXT
    ) WITHOUT ROWID;
    CREATE INDEX candidates_waiting ON candidates (host, priority DESC) WHERE state = 'waiting';
    CREATE INDEX candidates_taken ON candidates (site) WHERE state = 'taken';
    CREATE INDEX candidates_failed ON candidates (not_before) WHERE outcome = 'failed';
    CREATE INDEX candidates_news ON candidates (site) WHERE outcome IN ('article', 'repost');
    CREATE TABLE lists (
        key TEXT PRIMARY KEY, kind TEXT NOT NULL, url TEXT NOT NULL, site TEXT NOT NULL,
        host TEXT NOT NULL, priority REAL NOT NULL, depth INTEGER NOT NULL,
        memo TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting'
    ) WITHOUT ROWID;
    CREATE INDEX lists_waiting ON lists (host, priority DESC) WHERE state = 'waiting';
    CREATE INDEX lists_site ON lists (site);
    CREATE TABLE articles (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, digest BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY, path TEXT NOT NULL, line BLOB NOT NULL
    );
    CREATE TABLE files (path TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE site_memory (site TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE runs (run TEXT PRIMARY KEY, summary TEXT NOT NULL) WITHOUT ROWID;
    """,
    # What `scrapy verify` compares the output with. Of lines written before, nothing is known.
    """
    ALTER TABLE files ADD COLUMN checksum INTEGER;
    ALTER TABLE articles ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
    INSERT INTO runs SELECT 'before', '{}' WHERE EXISTS (SELECT 1 FROM files);
    """,
    """
    CREATE TABLE robots (
        url TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, fetched REAL NOT NULL
    ) WITHOUT ROWID;
    """,
    # Articles that a run left out by their date, so that another may take them.
    """
    ALTER TABLE candidates ADD COLUMN dated REAL NOT NULL DEFAULT 0;
    CREATE INDEX candidates_out ON candidates (dated) WHERE reason = 'out_of_range';
    """,
)


# What damage in a database comes to; its own message may hold bytes that are no text.
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)


class StateError(Exception):
    """The state cannot be used: corrupt, foreign, or written by a newer version."""


class NewerStateError(StateError):
    """The state was written by a newer version of this program, which can read it."""


class Connection(sqlite3.Connection):
    """A connection that only reads once it has lost a transaction.

    SQLite undoes the open transaction by itself where the disk fails a write. Statements after
    that would each be a transaction of its own: an outcome without its line, a list without what it
    named.
    """

    _begun = False

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self._notice_loss()
        cursor = super().execute(sql, parameters)
        self._begun = self.in_transaction
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        self._notice_loss()
        return super().executemany(sql, parameters)

    def _notice_loss(self) -> None:
        if self._begun and not self.in_transaction:
            self.give_up()

    def give_up(self) -> None:
        """Undo what is not committed; from now on a write raises `sqlite3.OperationalError`."""
        self._begun = False
        if self.in_transaction:
            super().execute("ROLLBACK")
        super().execute("PRAGMA query_only=ON")


def open_database(path: Path, *, readonly: bool = False) -> Connection:
    """Open the database at *path*, made or brought up to date unless *readonly*.

    Transactions are explicit (`isolation_level=None`). Readers never wait for the writer (WAL);
    a commit is on the disk when it returns (`synchronous=FULL`). Raises `StateError`.
    """
    try:
        connection = _open_to_read(path) if readonly else _open_to_write(path)
    except UNREADABLE as error:
        raise damaged(path, error) from error
    try:
        if not readonly:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        _migrate(connection, path, readonly=readonly)
    except BaseException as error:
        connection.close()  # which undoes half a migration
        if isinstance(error, UNREADABLE):
            raise damaged(path, error) from error
        raise
    return connection


def _open_to_write(path: Path) -> Connection:
    make_folder(path.parent, mode=0o700)
    put_saved_in_place(path)
    # The journal files that SQLite adds take the database's mode.
    path.touch(mode=0o600)
    return sqlite3.connect(path, isolation_level=None, factory=Connection)


def put_saved_in_place(path: Path) -> None:
    """Let what a repair has saved take the place of the damaged database at *path*, if it has.

    Whoever writes next does so where the repair died: the saved one alone is whole.
    """
    saved = path.with_name(SAVED_NAME)
    if path.name != DATABASE_NAME or not saved.exists():
        return
    # The database first: a log without one is nobody's, a log of another one would be taken over.
    for suffix in SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
        sync_folder(path.parent)
    saved.replace(path)
    sync_folder(path.parent)


def unfinished_repair(connection: sqlite3.Connection) -> str | None:
    """Why a repair made this state anew, if it has not come to its end."""
    known = "SELECT 1 FROM sqlite_master WHERE name='rescue'"
    if connection.execute(known).fetchone() is None:
        return None
    row = connection.execute("SELECT problem FROM rescue").fetchone()
    return str(row[0])


def _open_to_read(path: Path) -> Connection:
    """Readers share a small file beside the database; where none can be made, nobody writes."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, factory=Connection)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if not path.is_file() or (log.exists() and log.stat().st_size):
            raise
        return sqlite3.connect(f"{uri}&immutable=1", uri=True, factory=Connection)
    return connection


def damaged(path: Path, error: Exception) -> StateError:
    """What to tell whoever finds that the state at *path* cannot be used."""
    hint = "; `scrapy verify --repair` saves what can be saved"
    # An operational error is the disk's or the folder's; the state itself may be sound.
    known = "" if isinstance(error, sqlite3.OperationalError) else hint
    return StateError(f"the state file {path} cannot be used: {error}{known}")


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether a state knows of no line that was ever written, or shall be."""
    tables = ("files", "articles", "outbox")
    return not any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - our names
        for table in tables
    )


def _migrate(connection: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    newest = len(MIGRATIONS)
    if version > newest:
        msg = f"the state file {path} is of version {version}; this program knows {newest}"
        raise NewerStateError(msg)
    if readonly and version < newest:
        msg = f"the state file {path} is of version {version}; the next crawl brings it to {newest}"
        raise StateError(msg)
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")
