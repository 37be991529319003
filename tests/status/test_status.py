"""`scrapy status` tells of each site what the state knows, and when one has gone quiet."""

from __future__ import annotations

import argparse
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from scrapy.settings import Settings

from crawler.assembly.status_facts import read_status
from crawler.assembly.status_view import print_status
from crawler.commands.status import Command
from crawler.discovery.freshness import Freshness
from crawler.items import Task
from pipelines.store.outcome import Outcome
from pipelines.store.store import Store

HOUR = 3600.0
DAY = 24 * HOUR
START = 1_893_456_000.0  # 2030-01-01
NOW = datetime.fromtimestamp(START + 20 * DAY, UTC)


def run_at(folder: Path, time: float, site: str, *outcomes: Outcome, asked: bool = True) -> None:
    store = Store.open(folder, f"run-{time:.0f}-{site}", clock=lambda: time)
    store.frontier.begin([site])
    for outcome in outcomes:
        store.book(outcome)
    if asked:
        feed = Task("feed", f"https://{site}/feed", f"{site}/feed", site, site)
        store.frontier.ask(feed)
        moment = datetime.fromtimestamp(time, UTC)
        feed.memo["freshness"] = Freshness().after(moment, new=len(outcomes)).to_json()
        store.frontier.finish(feed)
    store.close()


def article(site: str, number: int) -> Outcome:
    key = f"{site}/{number}"
    return Outcome(key, site, "article", version=(f"{number:016x}", 1, b"d"), path=None, line=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("status")
    for day in (0, 2, 4, 6, 8, 10, 12, 14, 16, 17, 18, 19):
        run_at(tmp_path, START + day * DAY, "daily.test", article("daily.test", day))
    for day in (0, 2, 4, 6, 9):
        run_at(tmp_path, START + day * DAY, "stopped.test", article("stopped.test", 90 + day))
    run_at(tmp_path, START + 19 * DAY, "stopped.test")
    failed = [Outcome(f"f{n}", "daily.test", "failed", "http_404") for n in range(3)]
    run_at(tmp_path, START + 19.5 * DAY, "daily.test", *failed)
    store = Store.open(tmp_path, "last", clock=lambda: START + 19.6 * DAY)
    store.frontier.begin(["daily.test"])
    urls = [f"https://daily.test/w{n}" for n in range(2)]
    store.frontier.add([Task("article", u, u, "daily.test", "daily.test") for u in urls])
    broken = Task("list", "https://daily.test/old", "daily.test/old", "daily.test", "daily.test")
    freshness = Freshness()
    for _ in range(9):
        moment = datetime.fromtimestamp(START + 19.6 * DAY, UTC)
        freshness = freshness.after(moment, failed=True)
    broken.memo["freshness"] = freshness.to_json()
    store.frontier.ask(broken)
    store.frontier.finish(broken)
    store.close()
    return tmp_path


def run(folder: Path, *, as_json: bool = False) -> int:
    command = Command()
    command.settings = Settings({"OUTPUT_DIR": str(folder), "CLOCK_OFFSET": 0})
    command.run([], argparse.Namespace(json=as_json))
    return command.exitcode


def shown(folder: Path, width: int) -> list[str]:
    file = io.StringIO()
    print_status(read_status(folder, NOW), Console(file=file, width=width), NOW)
    return file.getvalue().splitlines()


def test_each_site_has_its_figures(folder: Path) -> None:
    daily, stopped = read_status(folder, NOW).sites
    assert (daily.site, daily.articles, daily.pending) == ("daily.test", 12, 2)
    assert daily.last_news == START + 19 * DAY
    assert daily.habit is not None
    assert daily.habit.interval == 2 * DAY
    assert [(f.reason, f.count) for f in daily.failures] == [("http_404", 3)]
    assert [rest.url for rest in daily.resting] == ["https://daily.test/old"]
    assert (daily.quiet, stopped.quiet) == (False, True)


def test_a_site_that_nobody_asks_is_not_called_quiet(folder: Path) -> None:
    later = datetime.fromtimestamp(START + 900 * DAY, UTC)
    assert read_status(folder, later).quiet == ["stopped.test"]


def test_a_quiet_site_is_status_1_and_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder) == 1
    assert "stopped.test: asked for 10 d without news" in capsys.readouterr().out


def test_without_a_quiet_site_the_status_is_0(tmp_path: Path) -> None:
    run_at(tmp_path, START, "a.test", article("a.test", 1))
    assert run(tmp_path) == 0


def test_json_holds_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, as_json=True) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["quiet"] == ["stopped.test"]
    assert found["sites"]["daily.test"]["failed"] == {"http_404": {"count": 3, "example": ""}}
    assert found["sites"]["daily.test"]["last_news"] == "2030-01-20T00:00:00+00:00"
    assert found["state"]["documents"] == 17
    assert found["state"]["bytes_per_document"] > 0


@pytest.mark.parametrize("width", [40, 60, 120])
def test_it_fits_the_terminal(folder: Path, width: int) -> None:
    """Lines with an address are long on purpose: a wrapped address cannot be copied."""
    lines = shown(folder, width)
    assert [line for line in lines if len(line) > width and "failed" not in line] == [
        line for line in lines if "without news" in line and len(line) > width
    ]
    assert any("stopped.test" in line and "quiet" in line for line in lines)
    assert any("12 articles" in line or " 12 " in line for line in lines)


def test_it_does_not_wait_for_a_crawl(folder: Path) -> None:
    store = Store.open(folder, "crawl")
    store.book(article("daily.test", 70))
    assert run(folder) == 1
    store.abandon()


def test_a_folder_without_state_is_status_1_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path) == 1
    assert "nothing has been crawled" in capsys.readouterr().err
