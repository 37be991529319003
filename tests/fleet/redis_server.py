"""A `redis-server` of a test's own, on a free port of 127.0.0.1."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import redis

_SECONDS_TO_START = 20.0
_LAST_PORT = 65_535


class RedisServer:
    """Starts, stops, kills and starts again; keeps its files in *folder*."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What a worker is given as `REDIS_URL`."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        """A connection of the test's own."""
        return redis.Redis(host="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Start, and return when it answers."""
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self._process = subprocess.Popen(
            ["redis-server", *place, "--save", "", *self._options],  # noqa: S607 - as installed
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + _SECONDS_TO_START
        with self.client as client:
            while True:
                try:
                    client.ping()
                except redis.AuthenticationError:
                    return
                except redis.RedisError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.01)
                else:
                    return

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def needs_redis() -> None:
    """Skip where there is no `redis-server`."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")


def _free_port() -> int:
    while True:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port: int = found.getsockname()[1]
        if port + 10_000 <= _LAST_PORT:  # where the nodes of a cluster would talk
            return port
