"""One hostile server for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.hostile import HostileServer


@pytest.fixture(scope="session")
def hostile() -> Iterator[HostileServer]:
    server = HostileServer()
    yield server
    server.close()
