"""Runs that start quickly, for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.forks import Forks


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Starts runs of `scrapy`, each in a process of its own."""
    with Forks(tmp_path_factory.mktemp("logs")) as running:
        yield running
