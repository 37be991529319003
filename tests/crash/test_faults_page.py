"""`docs/faults.md` names a test in every row of its last sections, and only tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [row for row in PAGE.partition("## The process")[2].splitlines() if row.startswith("| ")]


def test_every_test_that_is_named_exists() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/*/test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", written))
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert [name for name in named if name not in there] == []
    off = [name for row in ROWS for name in re.findall(r"\[([^\]]+)\]", row)]
    assert off
    assert [name for name in off if f'"{name}"' not in written] == []


def test_every_row_names_a_test() -> None:
    rows = [row for row in ROWS if not row.startswith("| fault |")]
    bare = [row for row in rows if not re.search(r"test_|OFF\[|the same \|$", row)]
    assert len(rows) >= 30
    assert bare == []
