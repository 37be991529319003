"""Fixtures that every area may use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from demo import Press
from pipelines.compiled.build import can_compile
from pipelines.compiled.finder import use_compiled

# How long an example takes says how busy the machine is, not whether the property holds.
settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")


def pytest_configure() -> None:
    """With COMPILED=1 extraction's innermost modules are the compiled ones in this process, too."""
    if os.environ.get("COMPILED") and not use_compiled():
        why = "nothing is compiled of these sources: `make setup`"
        pytest.exit(why, returncode=1 if can_compile() else 0)


@pytest.fixture
def press() -> Iterator[Press]:
    """The demo press with its bundled stories, on free ports of 127.0.0.1."""
    with Press() as running:
        yield running
