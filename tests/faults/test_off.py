"""Each of our parts is needed: without it, the test of the fault that it is for fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.off import OFF

ROOT = Path(__file__).parents[2]
# Where runs of `scrapy` or crawls have to be made, it takes a minute.
QUICK = [fault for fault, off in OFF.items() if not off.slow]
SLOW = [fault for fault, off in OFF.items() if off.slow]


def reports(folder: Path, faults: list[str]) -> dict[str, set[str]]:
    """What came of the tests of *faults* without our parts, in one run of pytest."""
    order = folder / "faults.json"
    order.write_text(json.dumps(faults), encoding="utf-8")
    plugins = ("-p", "tests.faults.plugin", "-p", "no:cacheprovider", "-p", "no:xdist")
    marks = ("-m", "soak or not soak")
    tests = dict.fromkeys(f"tests/{OFF[fault].test}" for fault in faults)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *marks, *tests],
        cwd=ROOT,
        env={**os.environ, "FAULTS_ORDER": str(order)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(order.read_bytes())
    assert isinstance(found, dict), run.stdout + run.stderr
    return {fault: {outcome for _, outcome, _ in found[fault]} for fault in faults}


def test_the_tests_of_the_pure_code_fail_without_our_parts(tmp_path: Path) -> None:
    found = reports(tmp_path, QUICK)
    assert {fault: found[fault] for fault in QUICK if "failed" not in found[fault]} == {}


@pytest.mark.soak
def test_the_tests_that_crawl_fail_without_our_parts(tmp_path: Path) -> None:
    found = reports(tmp_path, SLOW)
    assert {fault: found[fault] for fault in SLOW if "failed" not in found[fault]} == {}
