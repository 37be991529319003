"""A run becomes one page with charts: whole, small, and with nothing in it that can run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.commands.report import Command
from crawler.reports.changes import changes, compared
from crawler.reports.run_report import TREND, overview_page, run_page
from crawler.reports.runs import Run, load_before, load_run, newest_first
from crawler.runs.figures import BOUNDS, EXAMPLES, MOST_SITES, OTHER, Figures
from crawler.runs.summary import OUTCOMES
from tests.commands.in_process import run
from tests.explain.html_tags import Tags
from tests.reports.runs import HOSTILE, figures, write_run

GOOD = {"article": 10, "repost": 2}


def test_figures_count_every_outcome_once() -> None:
    made = figures(sites=3, pages=30).as_json()
    assert sum(made["hours"]) == 3 * 30 - sum(each["count"] for each in made["reasons"])
    assert sum(count for _, _, count in made["copies"]) == 2 * 6
    assert {first for _, first, _ in made["copies"]} <= {"site0.test", "site1.test"}
    (empty,) = made["reasons"]
    assert len(empty["examples"]) == EXAMPLES
    times = made["times"]["site1.test"]
    assert sum(times["fetch"]) == 30
    assert len(times["fetch"]) == len(BOUNDS) + 1


def test_figures_stay_bounded_however_many_sites_there_are() -> None:
    made = Figures()
    for number in range(MOST_SITES + 100):
        made.fetched(f"site{number}.test", 0.1)
    assert len(made.times) == MOST_SITES + 1
    assert sum(made.times[OTHER].fetch) == 100


def test_the_page_of_a_large_run_is_small_and_quickly_made(tmp_path: Path) -> None:
    counts = {"article": 180, "failed": 20}
    sites: dict[str, Any] = {f"site{number}_test": counts for number in range(50)}
    for day in range(10, 30):
        write_run(tmp_path, f"202603{day}T080000Z-0000", **sites)
    write_run(tmp_path, "20260330T080000Z-0000", figures=figures(50, 200), **sites)
    begun = time.process_time()
    before = load_before(tmp_path, "20260330T080000Z-0000", 40)
    page = run_page(load_run(tmp_path, "20260330T080000Z-0000"), before)
    assert len(before) == 20
    assert time.process_time() - begun < 5.0
    assert len(page.encode()) < 3_000_000


def test_the_page_shows_all_parts_and_nothing_in_it_can_run(tmp_path: Path) -> None:
    write_run(tmp_path, "20260301T080000Z-0000", a_test=GOOD)
    path = write_run(tmp_path, "20260302T080000Z-0000", figures=figures(), a_test=GOOD)
    page = run_page(load_run(tmp_path, path.name), load_before(tmp_path, path.name, 5))
    for heading in ("What changed", "Outcomes by site", "hour", "Who copied whom", "What it took"):
        assert heading in page
    assert HOSTILE not in page
    assert "alert(" in page  # as text
    made = Tags(page)
    assert made.tags["svg"] == 5
    assert not made.tags.keys() & {"script", "img", "a", "iframe", "link", "object", "form"}
    assert not made.attributes.keys() & {"src", "href", "onclick", "onload"}


def test_what_changed_names_sites_that_fell_silent_or_began_to_fail(tmp_path: Path) -> None:
    for day in range(1, 5):
        write_run(tmp_path, f"2026030{day}T080000Z-0000", a_test=GOOD, b_test=GOOD)
    bad = {"failed": 9, "article": 1}
    path = write_run(
        tmp_path, "20260309T080000Z-0000", a_test={"unchanged": 9}, b_test=bad, c_test=GOOD
    )
    now, before = load_run(tmp_path, path.name), load_before(tmp_path, path.name, 5)
    assert changes(now, before) == [
        "a.test gave no article; 10 a run were usual.",
        "9 of 10 pages of b.test failed; 0% are usual.",
        "c.test is new.",
    ]
    assert compared(now, before)[0] == ("article", 11, 20.0)


def test_a_quiet_run_and_its_like_change_nothing(tmp_path: Path) -> None:
    for day in range(1, 6):
        write_run(tmp_path, f"2026030{day}T080000Z-0000", a_test={})
    name = "20260305T080000Z-0000"
    assert changes(load_run(tmp_path, name), load_before(tmp_path, name, 5)) == []
    assert "nothing new" in run_page(load_run(tmp_path, name), load_before(tmp_path, name, 5))


def test_report_makes_the_page_of_the_latest_run_or_of_the_one_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write_run(tmp_path, "20260301T080000Z-0000", a_test=GOOD)
    last = write_run(tmp_path, "20260302T080000Z-0000", a_test=GOOD)
    assert run(Command(), OUTPUT_DIR=tmp_path) == 0
    assert capsys.readouterr().out.strip() == str(last / "report.html")
    assert run(Command(), first.name, OUTPUT_DIR=tmp_path) == 0
    assert f"Run {first.name}" in (first / "report.html").read_text(encoding="utf-8")


def test_report_makes_one_page_of_all_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path, "20260301T080000Z-0000", a_test=GOOD)
    write_run(tmp_path, "20260302T080000Z-0000", b_test=GOOD)
    torn = write_run(tmp_path, "20260303T080000Z-0000", b_test=GOOD) / "summary.json"
    torn.write_text("{torn", encoding="utf-8")
    assert run(Command(), "--all", OUTPUT_DIR=tmp_path) == 0
    path = Path(capsys.readouterr().out.strip())
    page = path.read_text(encoding="utf-8")
    assert "<h1>The last day: 1 run</h1>" in page
    assert "of 2 runs since 2026-03-01" in page
    assert "20260301T080000Z-0000" in page


def test_the_overview_sums_the_last_24_hours_and_compares_them_with_the_days_before(
    tmp_path: Path,
) -> None:
    for day in range(1, 5):
        for hour in (7, 9):
            write_run(tmp_path, f"2026030{day}T{hour:02}0000Z-0000", a_test=GOOD, b_test=GOOD)
    # 24 hours back from 08:00 of the fifth: the run at nine of the fourth is the last day's.
    write_run(
        tmp_path,
        "20260305T070000Z-0000",
        status=1,
        figures=figures(),
        more={"silent": {"b.test": "refused: by <b>"}, "failure": "the disk is full"},
        a_test={"failed": 9},
        b_test={},
    )
    write_run(tmp_path, "20260305T080000Z-0000", figures=figures(), a_test={"failed": 5})
    page = overview_page(newest_first(tmp_path), ["c.test: has been quiet"])
    assert "<h1>The last day: 3 runs</h1>" in page
    assert "24 hours up to 2026-03-05 08:01 UTC, of 10 runs since 2026-03-01" in page
    assert re.findall(r'"(?:trouble|change)"><bdi>(.*?)</bdi>', page) == [
        "1 of 3 runs could not do their job, the last one: the disk is full.",
        "c.test: has been quiet",
        "14 of 26 pages of a.test failed; 0% are usual.",
        "rejected(empty) came up for the first time in these days.",
    ]
    # Two runs with thirty pages each on two sites that copy, a fifth of them reposts.
    assert "24 reposts." in page


def test_a_day_names_a_site_as_silent_only_if_none_of_its_runs_heard_of_it(tmp_path: Path) -> None:
    quiet = {"silent": {"a.test": "refused", "b.test": "timeout"}}
    write_run(tmp_path, "20260301T080000Z-0000", a_test=GOOD, b_test={}, more=quiet)
    write_run(tmp_path, "20260301T090000Z-0000", a_test=GOOD, more={"silent": {}})
    page = overview_page(newest_first(tmp_path))
    assert "Nothing of b.test answered (timeout)." in page
    assert "Nothing of a.test" not in page


def test_the_overview_of_a_month_of_cron_is_small_and_reads_no_further(tmp_path: Path) -> None:
    def runs() -> Iterator[Run]:
        at = datetime(2026, 3, 1, tzinfo=UTC)
        for number in range(24 * 50):
            started = (at - timedelta(hours=number)).isoformat()
            yield Run(str(number), started, started, number % 2, 3, dict.fromkeys(OUTCOMES, 0), {})

    iterator = runs()
    page = overview_page(iterator)
    assert len(page.encode()) < 500_000
    assert next(iterator).name == str(24 * TREND + 1)


def test_pages_of_runs_are_linked_where_they_are(tmp_path: Path) -> None:
    first = write_run(tmp_path, "20260301T080000Z-0000", a_test=GOOD)
    write_run(tmp_path, "20260302T080000Z-0000", a_test=GOOD)
    assert run(Command(), first.name, OUTPUT_DIR=tmp_path) == 0
    assert run(Command(), "--all", OUTPUT_DIR=tmp_path) == 0
    page = (tmp_path / "runs" / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(.*?)"', page) == [f"{first.name}/report.html"]
    assert (tmp_path / "runs" / first.name / "report.html").exists()


def test_open_says_so_where_there_is_no_browser(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_run(tmp_path, "20260301T080000Z-0000", a_test=GOOD)
    found = {(path / "report.html").as_uri(): True}
    monkeypatch.setattr("webbrowser.open", found.pop)
    assert run(Command(), "--open", OUTPUT_DIR=tmp_path) == 0
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    assert run(Command(), "--open", OUTPUT_DIR=tmp_path) == 1
    assert capsys.readouterr().err == (
        "error: there is no browser here that could be opened; the page is made\n"
    )


def test_a_run_says_why_it_failed_and_who_did_not_answer(tmp_path: Path) -> None:
    more = {"silent": {"a.test": "refused: by the server"}, "failure": "nothing answered"}
    path = write_run(tmp_path, "20260301T080000Z-0000", status=1, more=more, a_test={})
    page = run_page(load_run(tmp_path, path.name), [])
    assert "nothing answered." in page
    assert "Nothing of a.test answered (refused: by the server)." in page


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        pytest.param(("a", "b"), 2, "takes the name of one run", id="two runs"),
        pytest.param(("--all", "a"), 2, "takes the name of one run", id="one and all"),
        pytest.param(("--what",), 2, "unknown option --what", id="unknown option"),
        pytest.param(("20200101T000000Z-ffff",), 1, "there is no run 2020", id="gone"),
        pytest.param(("torn",), 1, "cannot be read", id="torn summary"),
        pytest.param(("other",), 1, "is no summary", id="another file"),
        pytest.param(("empty",), 1, "the run did not come to its end", id="no summary"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
) -> None:
    for name, text in (("torn", "{"), ("other", '{"a": 1}')):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "summary.json").write_text(text, encoding="utf-8")
    (tmp_path / "runs" / "empty").mkdir()
    assert run(Command(), *arguments, OUTPUT_DIR=tmp_path) == status
    assert sentence in capsys.readouterr().err


def test_a_folder_without_a_run_is_one_clear_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in ((), ("--all",)):
        assert run(Command(), *arguments, OUTPUT_DIR=tmp_path) == 1
        assert "there is no run in" in capsys.readouterr().err
