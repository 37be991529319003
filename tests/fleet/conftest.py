"""Servers for the tests of a fleet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
