"""Runs of `scrapy` from a process that has imported it, as objects."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0  # seconds; a run of these takes some ten on a busy machine
_STEP = 0.004


@dataclass(frozen=True)
class Ended:
    """How a run ended: its status (negative: the signal), CPU seconds, peak memory in kB."""

    status: int
    cpu: float
    peak: int
    log: str


class Run:
    """One run of `scrapy`, in a session of its own."""

    def __init__(self, forks: Forks, pid: int, log: Path) -> None:
        self.pid = pid
        self._forks = forks
        self._log = log
        self._ended: Ended | None = None

    def poll(self) -> Ended | None:
        """How it ended, or None while it runs."""
        return self._wait(block=False)

    def wait(self) -> Ended:
        """Wait for its end."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ended = self.poll()
            if ended is not None:
                return ended
            time.sleep(_STEP)
        self.signal(signal.SIGKILL)
        raise TimeoutError(f"it did not end: {self._log.read_text(encoding='utf-8')[-2000:]}")

    def when(self, reached: Callable[[], bool], number: int) -> bool:
        """Send the signal *number* once *reached* is true; False if the run ended before."""
        deadline = time.monotonic() + PATIENCE
        while not reached():
            if self.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(_STEP)
        if self.poll() is not None:
            return False
        self.signal(number)
        return True

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def _wait(self, *, block: bool) -> Ended | None:
        if self._ended is None:
            answer = self._forks.order({"wait": self.pid, "block": block})
            if answer is not None:
                status, cpu, peak = answer
                log = self._log.read_text(encoding="utf-8", errors="replace")
                self._ended = Ended(status, cpu, peak, log)
        return self._ended


class Forks:
    """The process that forks them; use it as a context manager.

    *without* is a fault of `tests/faults/off.py`: every run lacks our part for it.
    """

    without: str | None = None

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._runs = 0
        self._server = subprocess.Popen(
            [sys.executable, "-c", "from tests.crash.fork_server import main; main()"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def start(
        self,
        arguments: Sequence[str],
        *,
        file_size: int | None = None,
        death: dict[str, Any] | None = None,
        damaged: dict[str, Any] | None = None,
        early: int | None = None,
    ) -> Run:
        """Start `scrapy` with *arguments*.

        *file_size* is the most bytes of any file it may write, *death* is for `deaths.prepare`,
        *damaged* for `deaths.damage` and *early* for `deaths.stop_early`.
        """
        self._runs += 1
        log = self._logs / f"run-{self._runs}.log"
        pid = self.order(
            {
                "start": {
                    "arguments": list(arguments),
                    "log": str(log),
                    "file_size": file_size,
                    "death": death,
                    "damaged": damaged,
                    "early": early,
                    "without": self.without,
                }
            }
        )
        return Run(self, pid, log)

    def order(self, order: dict[str, Any]) -> Any:
        """Send one order and read its answer."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(order).encode() + b"\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())
