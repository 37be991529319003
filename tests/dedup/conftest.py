"""One command over one folder, for every test of `scrapy dedup`."""

from pathlib import Path

import pytest

from tests.dedup.running import Dedup


@pytest.fixture
def dedup(tmp_path: Path) -> Dedup:
    return Dedup(tmp_path)
