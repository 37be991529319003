"""Runs of `scrapy`, each in a process of its own, forked from one that has imported it."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PATIENCE = 120.0  # seconds


class Forks:
    """The process that forks them, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = subprocess.Popen(
            [sys.executable, "-c", "from tests.fork_server import main; main()"],
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "default"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def close(self) -> None:
        """End the process."""
        self._server.communicate()

    def run(
        self, arguments: tuple[str, ...], stdin: bytes | None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `scrapy` with *arguments* in the repository and wait for it."""
        given, *taken = (self._folder / name for name in ("stdin", "stdout", "stderr"))
        given.write_bytes(stdin or b"")
        for path in taken:
            path.write_bytes(b"")
        files = [str(path) for path in (given, *taken)]
        pid = self._order({"arguments": arguments, "files": files})
        status = self._answer(pid)
        return subprocess.CompletedProcess(
            arguments, status, taken[0].read_bytes(), taken[1].read_bytes()
        )

    def _order(self, order: object) -> int:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(order).encode() + b"\n")
        self._server.stdin.flush()
        return self._read()

    def _answer(self, pid: int) -> int:
        assert self._server.stdout is not None
        ready, _, _ = select.select([self._server.stdout], [], [], _PATIENCE)
        if not ready:
            os.killpg(pid, signal.SIGKILL)
            raise TimeoutError(f"scrapy took more than {_PATIENCE:g} seconds")
        return self._read()

    def _read(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())


@cache
def forks() -> Forks:
    """The one of this test process, started when it is first asked for."""
    folder = tempfile.TemporaryDirectory()
    made = Forks(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(made.close)
    return made
