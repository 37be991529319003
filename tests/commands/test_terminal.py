"""What a person sees while a command runs and when it is done, on a terminal and off it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crawler.items import NewsArticle, Rejection, Repost, Unchanged
from crawler.reports.final_lines import SITES, Screen, final_lines
from crawler.runs.progress import Progress, outcome_name
from crawler.runs.summary import Summary
from demo import Press
from tests.commands.terminal import on_terminal
from tests.crawl.running import crawl_command, scrapy


def summary(sites: int, **outcomes: int) -> Summary:
    made = Summary(run="20300101T000000Z-abcd", started="2030-01-01T00:00:00+00:00")
    made.outcomes |= outcomes
    made.candidates = sum(outcomes.values())
    made.sites = {f"site{number}.example": dict(outcomes) for number in range(sites)}
    return made


@pytest.mark.parametrize(("width", "height"), [(40, 24), (80, 24), (200, 50), (80, 16)])
@pytest.mark.parametrize("sites", [0, 1, 50])
def test_the_end_of_a_run_fits_one_screen(sites: int, width: int, height: int) -> None:
    made = summary(sites, article=5, repost=1, rejected=2, failed=2)
    screen = Screen(width, height)
    lines = final_lines(made, Path("output/demo"), "why", screen)
    # Above the prompt, with what the terminal wraps.
    assert sum(-(-len(line) // width) for line in lines) < height
    assert lines[0] == "10 candidates = 5 article + 1 repost + 2 rejected + 2 failed"
    assert lines[-1] == "exit status 0: why"
    named = sum(".example" in line for line in lines)
    assert named == min(sites, SITES) or (height < 50 and 0 < named < sites)
    assert sites < 50 or f"  and {sites - named} more sites: see the report" in lines


def test_a_narrow_terminal_gets_words_in_place_of_the_table(tmp_path: Path) -> None:
    made = summary(1, article=5, repost=1, rejected=2, failed=3, unchanged=4)
    wide, narrow = (final_lines(made, Path("o"), None, Screen(width)) for width in (80, 40))
    assert re.search(r"site0\.example +5 +1 +2 +3 +4$", "\n".join(wide), re.MULTILINE)
    assert "  site0.example: 5 art 1 rep 2 rej 3 fail 4 same" in narrow


def test_columns_stand_below_each_other_whatever_script_a_site_s_name_is_in() -> None:
    made = summary(1, article=5)
    made.sites = {"证券时报": {"article": 5}, "a.test": {}}
    table = final_lines(made, Path("o"), None, silent={"a.test": "timeout: after 30 s"})[1:4]
    assert table == ["            article", "  a.test    no answer: timeout", "  证券时报        5"]


def test_sites_that_did_not_answer_are_named_before_all_others() -> None:
    made = summary(50, article=5, failed=2)
    made.sites["zzz.example"] = {}
    lines = final_lines(made, Path("o"), None, Screen(80, 18), {"zzz.example": ""})
    assert any("zzz.example" in line and line.endswith("no answer") for line in lines)


def test_the_next_command_is_one_that_is_there() -> None:
    plain = Screen(scrapy=".venv/bin/scrapy", jq=False)
    lines = final_lines(summary(1, article=5), Path("o"), None, plain)
    assert lines[-1] == "next      .venv/bin/scrapy report -s OUTPUT_DIR=o"
    lines = final_lines(summary(1, failed=5), Path("o"), None, plain)
    assert lines[-1] == "next      tail o/rejected/*.jsonl"


@pytest.mark.parametrize(
    ("outcomes", "following"),
    [
        pytest.param({"article": 3, "pending": 2}, "the same command again", id="pages left"),
        pytest.param({"article": 3}, "jq -r .headline", id="articles"),
        pytest.param({"article": 1, "failed": 9}, "jq -r '[.reason,.url]", id="failures"),
        pytest.param({}, "scrapy report", id="nothing new"),
    ],
)
def test_the_next_command_follows_from_what_happened(
    tmp_path: Path, outcomes: dict[str, int], following: str
) -> None:
    lines = final_lines(summary(1, **outcomes), tmp_path, None)
    assert any(line.startswith(f"next      {following}") for line in lines)


def test_every_outcome_has_its_name() -> None:
    same = Unchanged(candidate="a", site="b")
    items = [Repost(), NewsArticle(), Rejection(outcome="failed"), same, "other"]
    assert [outcome_name(item) for item in items] == [
        "repost", "article", "failed", "unchanged", None,
    ]  # fmt: skip


def test_progress_says_rate_outcomes_and_the_time_left() -> None:
    progress = Progress(begun=100.0)
    for number in range(40):
        progress.take(NewsArticle(site=f"s{number % 5}.test"))
    assert progress.sentence(100, 110.0) == "40 of 100 candidates, 4.0/s, 0:15 left: 40 article"
    assert progress.sentence(40, 110.0) == "40 of 40 candidates, 4.0/s: 40 article"
    assert progress.rows(10)[0] == ("s0.test", "8 art")
    assert progress.rows(3) == [("s0.test", "8 art"), ("s1.test", "8 art"), ("3 more", "24 art")]
    waiting = progress.rows(10, {"s0.test": True, "t.test": False, "u.test": True})
    assert waiting[-2:] == [("t.test", "no answer yet"), ("u.test", "answered, no page yet")]


def test_a_crawl_on_a_terminal_of_40_columns_shows_how_far_it_is(
    press: Press, tmp_path: Path
) -> None:
    command = crawl_command(list(press.homes.values())[:2], tmp_path)
    status, shown = on_terminal(*command, columns=40)
    assert status == 0, shown
    assert re.search(r"\d+ of \d+ candidates", shown)
    assert "\x1b[" in shown  # redrawn in place
    end = shown[shown.rindex(" candidates = ") :]
    assert "Traceback" not in shown
    assert "report    " in end
    assert all(len(line) < 200 for line in end.splitlines())


def test_logs_have_a_line_an_outcome_and_no_text_of_a_story(press: Press, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    command = crawl_command(list(press.homes.values())[:1], tmp_path / "o")
    options = ("-s", "LOG_OUTCOMES=1", "-s", "LOG_JSON=1", "--logfile", str(log))
    status, shown = on_terminal(*command, *options, columns=80)
    assert status == 0, shown
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    outcomes = [line for line in lines if "outcome" in line]
    (written,) = (tmp_path / "o" / "runs").glob("*/summary.json")
    assert len(outcomes) == json.loads(written.read_text(encoding="utf-8"))["candidates"]
    assert {"time", "level", "logger", "message", "site", "url"} <= set(outcomes[0])
    bodies = [
        json.loads(line)["article_body"].split("\n")[0]
        for day in (tmp_path / "o" / "articles").glob("*.jsonl")
        for line in day.read_text(encoding="utf-8").splitlines()
    ]
    text = log.read_text(encoding="utf-8")
    assert bodies
    assert not any(body in text for body in bodies)


def test_every_line_of_a_json_log_is_json_from_the_first_on(tmp_path: Path) -> None:
    log, page = tmp_path / "log.jsonl", tmp_path / "a.html"
    page.write_text("<p>a</p>", encoding="utf-8")
    crawl = ("crawl", "archive", "-a", f"path={page}", "-s", f"OUTPUT_DIR={tmp_path}")
    assert scrapy(*crawl, "-s", "LOG_JSON=1", "-L", "INFO", "--logfile", str(log)).returncode == 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 5
    assert "INFO" in {line["level"] for line in lines}
