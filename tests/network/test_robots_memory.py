"""robots.txt is kept between runs as long as RFC 9309 lets it, and no longer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawler.network.robots_files import RobotsFiles
from crawler.network.robots_rules import Rules
from pipelines.store.database import open_database
from pipelines.store.robots import RobotsStore

DAY = 86_400.0
SHUT, OPEN = b"User-agent: *\nDisallow: /shut\n", b"User-agent: *\nAllow: /\n"
URL = "https://news.example/shut"


class Engine:
    """Answers every request with what the site says now."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] | Exception = (200, SHUT)
        self.asked = 0

    async def download_async(self, request: Any) -> TextResponse:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        status, body = self.answer
        return TextResponse(request.url, status=status, body=body)


class Host:
    """A host whose robots.txt is asked for by runs at certain times."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_000_000.0
        self.engine = Engine()
        self._store = RobotsStore(open_database(folder / "s.sqlite"), lambda: self.now)
        self.learned: list[str] = []

    def run(self, *, max_bytes: int = 1000) -> Rules:
        """The rules that a new run goes by."""
        crawler: Any = get_crawler(settings_dict={"ADDONS": {}})
        crawler.engine = self.engine
        crawler.stats = crawler.stats or _Stats()

        def learned(where: str, rules: Rules) -> None:
            self.learned.append(where)

        files = RobotsFiles(crawler, "firstprint", max_bytes, DAY, 300.0, learned, self._store)
        return asyncio.run(files.rules(URL))


class _Stats:
    def inc_value(self, name: str) -> None:
        """Count nothing."""


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_later_run_goes_by_the_kept_file_and_applies_its_delay(host: Host) -> None:
    assert not host.run().allows(URL)
    host.now += DAY - 1
    assert not host.run().allows(URL)
    assert host.engine.asked == 1
    assert len(host.learned) == 2, "each run learns the delay of the host"


@pytest.mark.parametrize("seconds", [DAY, 2 * DAY, -60.0], ids=["a day", "two", "clock set back"])
def test_a_file_that_is_too_old_is_asked_for_again(host: Host, seconds: float) -> None:
    host.run()
    host.engine.answer = (200, OPEN)
    host.now += seconds
    assert host.run().allows(URL)
    assert host.engine.asked == 2


def test_that_there_is_none_is_kept_too(host: Host) -> None:
    host.engine.answer = (404, b"")
    assert host.run().allows(URL)
    assert host.run().allows(URL)
    assert host.engine.asked == 1


@pytest.mark.parametrize(
    "answer", [(503, b""), TimeoutError("slow")], ids=["server error", "time-out"]
)
def test_a_failure_is_not_kept(host: Host, answer: tuple[int, bytes] | Exception) -> None:
    host.engine.answer = answer
    assert host.run().unreachable
    host.engine.answer = (200, OPEN)
    assert host.run().allows(URL)


def test_a_long_file_is_read_as_far_as_before(host: Host) -> None:
    """The line that the limit cuts in two counts neither time."""
    host.engine.answer = (200, b"User-agent: *\nDisallow: /other\nDisallow: /shut\n")
    assert host.run(max_bytes=40).allows(URL)
    assert host.run(max_bytes=40).allows(URL)
    assert host.engine.asked == 1
