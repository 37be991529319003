"""One set of tables for all tests: making them takes a tenth of a second."""

import pytest

from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.normalise import Folding


@pytest.fixture(scope="session")
def folding() -> Folding:
    return Folding()


@pytest.fixture(scope="session")
def fingerprinter() -> Fingerprinter:
    return Fingerprinter()
