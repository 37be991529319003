"""The summary adds up and is written whole."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.reports.final_lines import final_lines
from crawler.runs.run_id import new_run_id
from crawler.runs.summary import Summary, fetched_other, write_summary


def summary(**outcomes: int) -> Summary:
    made = Summary(run="20300101T000000Z-abcd", started="2030-01-01T00:00:00+00:00")
    made.outcomes |= outcomes
    made.candidates = sum(outcomes.values())
    return made


def test_a_sum_that_does_not_hold_is_refused() -> None:
    wrong = summary(article=3)
    wrong.candidates = 4
    with pytest.raises(ValueError, match="4 candidates have 3 outcomes"):
        wrong.check()


def test_the_file_holds_every_promised_key(tmp_path: Path) -> None:
    path = write_summary(summary(article=2, repost=1), tmp_path)
    assert path == tmp_path / "runs" / "20300101T000000Z-abcd" / "summary.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    assert set(written) == {
        "run", "started", "finished", "exit_status", "candidates", "outcomes", "fetched_other",
        "sites",
    }  # fmt: skip
    assert written["candidates"] == sum(written["outcomes"].values()) == 3


def test_fetches_beside_candidates_are_counted_by_kind_with_their_failures() -> None:
    stats = {
        "fetched/feed/answered": 2,
        "fetched/feed/failed": 1,
        "fetched/home/answered": 1,
        "x": 9,
    }
    assert fetched_other(stats) == {
        "feed": {"answered": 2, "failed": 1},
        "home": {"answered": 1, "failed": 0},
    }


def test_the_terminal_shows_the_sum_and_where_the_results_lie(tmp_path: Path) -> None:
    lines = final_lines(summary(article=2, repost=1), tmp_path, None)
    assert lines[0] == "3 candidates = 2 article + 1 repost"
    assert any(str(tmp_path / "articles") in line for line in lines)
    assert "nothing new" in final_lines(summary(), tmp_path, None)[0]


def test_run_ids_of_one_second_differ() -> None:
    now = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    names = {new_run_id(now) for _ in range(20)}
    assert len(names) > 1
    assert all(re.fullmatch(r"20300102T030405Z-[0-9a-f]{4}", name) for name in names)
