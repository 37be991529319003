"""One writer an output folder: a lock that dies with its process."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipelines.store.output import make_folder


class FolderLockedError(Exception):
    """Another process writes to this folder; the message says which."""


class FolderLock:
    """An exclusive `flock` on *path*; the kernel frees it however the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def acquire(self, holder: str) -> None:
        """Take the lock at once, or raise `FolderLockedError` naming who holds it."""
        make_folder(self._path.parent, mode=0o700)
        self._path.touch(mode=0o600)
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = _describe(file.read())
            file.close()
            msg = (
                f"the output folder {self._path.parent.parent} is in use by {who}; try again later"
            )
            raise FolderLockedError(msg) from None
        file.truncate(0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"pid": os.getpid(), "run": holder, "host": socket.gethostname(), "since": since}
        file.write(json.dumps(about))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back; doing so twice is harmless."""
        if self._file is not None:
            self._file.close()
            self._file = None


def is_held(path: Path) -> bool:
    """Whether a process of this machine holds the lock at *path*; asking does not touch the lock.

    Linux tells in `/proc/locks`; elsewhere it is whether the process that wrote its name lives.
    """
    try:
        inode = path.stat().st_ino
        locks = Path("/proc/locks").read_text(encoding="ascii")
    except FileNotFoundError:
        return _is_alive(path)
    # 1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF; what waits for a lock has an arrow.
    rows = [row.split() for row in locks.splitlines() if "->" not in row]
    return any(row[1] == "FLOCK" and row[5].endswith(f":{inode}") for row in rows)


def _is_alive(path: Path) -> bool:
    try:
        os.kill(int(json.loads(path.read_text(encoding="utf-8"))["pid"]), 0)
    except (FileNotFoundError, ProcessLookupError, ValueError, KeyError, TypeError):
        return False
    except PermissionError:
        return True
    return True


def _describe(content: str) -> str:
    # The holder may be between taking the lock and writing its name.
    try:
        about = json.loads(content)
        return "process {pid} on {host} since {since} (run {run})".format(**about)
    except (ValueError, KeyError, TypeError):
        return "another process"
