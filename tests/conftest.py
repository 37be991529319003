"""Fixtures that every area may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo import Press


@pytest.fixture
def press() -> Iterator[Press]:
    """The demo press with its bundled stories, on free ports of 127.0.0.1."""
    with Press() as running:
        yield running
