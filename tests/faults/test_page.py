"""`docs/faults.md`: each row names tests that exist, and has been seen without our part for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crash.test_power_cut import OFF as POWER_CUTS
from tests.faults.off import OFF
from tests.network.test_network_faults import FAULTS
from tests.network.test_network_politeness import ROBOTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
CELLS = [
    [cell.strip() for cell in re.split(r"\s\|\s", line.strip("| "))]
    for line in PAGE.partition("## What `make soak`")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| fault ")
]
ROWS = {cells[0]: cells[-1] for cells in CELLS}
# Why there is nothing to switch off, or where it has been.
SAID = ("(both ways)", "default is safe", "libraries expand none", "no part of its own", "outbox")


def test_at_least_sixty_faults_are_known_each_once() -> None:
    assert len(CELLS) == len(ROWS) >= 60


def test_every_test_that_is_named_exists() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/*/test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", written))
    named = [name for name in re.findall(r"`(test_[^`]+)`", PAGE) if not name.endswith(".py")]
    assert [name for name in named if name not in there] == []


@pytest.mark.parametrize("fault", ROWS)
def test_a_row_names_its_test(fault: str) -> None:
    assert re.search(r"`test_\w+`|faults\[|robots\[|OFF\[", ROWS[fault])


def rows_of(table: str, cell: str) -> list[str]:
    """The rows of a table of tests that a cell names: `faults[one], [two]`."""
    found = re.search(rf"\b{table}((?:\[[^\]]+\],? ?)+)", cell)
    return re.findall(r"\[([^\]]+)\]", found[1]) if found else []


@pytest.mark.parametrize("fault", ROWS)
def test_a_row_has_been_seen_without_our_part(fault: str) -> None:
    cell = ROWS[fault]
    if fault in OFF:
        assert re.split(r"::|\[", OFF[fault].test)[1] in cell
        return
    crawled = {
        name: case.plain != [case.ours]
        for table, cases in (("faults", FAULTS), ("robots", ROBOTS))
        for name in rows_of(table, cell)
        for case in [cases[name]]
    }
    cut = [name in POWER_CUTS for name in rows_of("OFF", cell)]
    assert any(crawled.values()) or (cut and all(cut)) or any(words in cell for words in SAID)


def test_nothing_is_switched_off_that_the_page_does_not_know() -> None:
    assert OFF.keys() - ROWS.keys() == set()
