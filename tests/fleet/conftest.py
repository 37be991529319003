"""Servers for the tests of a fleet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.store.shared.store import FleetSettings, SharedStore
from pipelines.store.store import Store
from tests.fleet.contract import Clock, Opener
from tests.fleet.redis_server import RedisServer, needs_redis


@pytest.fixture(scope="session")
def running_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for all tests of this process."""
    needs_redis()
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis_server(running_redis: RedisServer) -> RedisServer:
    """An empty server."""
    with running_redis.client as client:
        client.flushall()
        client.script_flush()
    return running_redis


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["embedded", "shared"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Opener:
    if request.param == "embedded":
        return lambda run: Store.open(tmp_path, run, clock=clock)
    server: RedisServer = request.getfixturevalue("redis_server")
    return lambda run: SharedStore.open(tmp_path, run, FleetSettings(server.url), clock)
