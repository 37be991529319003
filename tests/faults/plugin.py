"""A plugin for pytest: run each test of `OFF` without the part of ours that it is about.

The file that FAULTS_ORDER names has a list of faults, and afterwards the reports by fault.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.faults.off import OFF, without

_reports: list[pytest.TestReport] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _reports.append(report)


def pytest_runtestloop(session: pytest.Session) -> bool:
    """One test after the other, each with fixtures of its own."""
    order = Path(os.environ["FAULTS_ORDER"])
    found = {}
    for fault in json.loads(order.read_bytes()):
        off = OFF[fault]
        _reports.clear()
        with ExitStack() as stack:
            if off.in_runs:
                program = [sys.executable, "-m", "tests.faults.off", fault]
                stack.enter_context(patch("tests.crawl.running.SCRAPY", program))
                stack.enter_context(patch("tests.crash.forks.Forks.without", fault))
                stack.enter_context(patch("tests.crash.forks.PATIENCE", 40.0))
            else:
                stack.enter_context(without(fault))
            for item in session.items:
                if item.nodeid.removeprefix("tests/").startswith(off.test):
                    session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        found[fault] = [(each.when, each.outcome, each.longreprtext) for each in _reports]
    order.write_text(json.dumps(found), encoding="utf-8")
    return True
