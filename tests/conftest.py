"""Fixtures that every area may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from demo import Press

# How long an example takes says how busy the machine is, not whether the property holds.
settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")


@pytest.fixture
def press() -> Iterator[Press]:
    """The demo press with its bundled stories, on free ports of 127.0.0.1."""
    with Press() as running:
        yield running
