"""Twenty-one outlets of other designs than the press, crawled by nothing but their homepages."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.model import Request
from tests.crawl.running import crawl, records
from tests.outlets.designs_feeds import Arabic, Packed, Permalinks, Slugs
from tests.outlets.designs_found import Application, Channels, Clicks, Days, Digest, Issues
from tests.outlets.designs_lists import Based, Deep, Numbers, Portal, Traps
from tests.outlets.designs_odd import Cards, Classic, Flat, Months, Shell, Short
from tests.outlets.outlet import Outlet, Street

DESIGNS: list[type[Outlet]] = [
    Permalinks, Packed, Slugs, Arabic, Numbers, Portal, Deep, Traps, Based,
    Short, Cards, Months, Classic, Flat, Shell,
    Clicks, Issues, Channels, Days, Digest, Application,
]  # fmt: skip
KEYS = [design.key for design in DESIGNS]


@dataclass
class Run:
    """One run over every outlet."""

    result: subprocess.CompletedProcess[bytes]
    requests: list[Request]
    written: list[tuple[str, str]]

    def of(self, key: str) -> list[str]:
        """The paths that the run wrote of one outlet."""
        return [path for outlet, path in self.written if outlet == key]


@dataclass
class Runs:
    """Three runs; *new* was published between the second and the third."""

    street: Street
    first: Run
    second: Run
    third: Run
    expected: dict[str, set[str]]
    new: dict[str, str]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    output = tmp_path_factory.mktemp("street")
    with Street([design() for design in DESIGNS]) as street:
        expected = {key: stories(one) for key, one in street.outlets.items()}
        first, second = run(street, output), run(street, output)
        new = {key: one.publish() for key, one in street.outlets.items()}
        yield Runs(street, first, second, run(street, output), expected, new)


def stories(outlet: Outlet) -> set[str]:
    paths = {outlet.path(one) for one in outlet.stories}
    return {path for path in paths if not path.startswith(outlet.forbidden or ("//",))}


def run(street: Street, output: Path) -> Run:
    before = Counter(written(street, output))
    street.requests.clear()
    result = crawl(street.homes, output)
    added = Counter(written(street, output)) - before
    return Run(result, list(street.requests), sorted(added.elements()))


def written(street: Street, output: Path) -> list[tuple[str, str]]:
    keys = {urlsplit(one.home).netloc: key for key, one in street.outlets.items()}
    lines = records(output, "articles") + records(output, "reposts")
    parts = [urlsplit(line["canonical_url"]) for line in lines]
    return [(keys[p.netloc], p.path + (f"?{p.query}" if p.query else "")) for p in parts]


def test_the_run_succeeds(runs: Runs) -> None:
    assert runs.first.result.returncode == 0, runs.first.result.stderr.decode()
    assert b"Traceback" not in runs.first.result.stderr


@pytest.mark.parametrize("key", KEYS)
def test_every_article_is_found_by_the_homepage_alone(runs: Runs, key: str) -> None:
    assert runs.expected[key] - set(runs.first.of(key)) == set()


@pytest.mark.parametrize("key", KEYS)
def test_no_stranger_is_among_the_articles(runs: Runs, key: str) -> None:
    assert set(runs.first.of(key)) - runs.expected[key] == set()


@pytest.mark.parametrize("key", KEYS)
def test_no_article_is_written_or_fetched_twice(runs: Runs, key: str) -> None:
    assert max(Counter(runs.first.of(key)).values()) == 1
    paths = Counter(request.path for request in runs.first.requests if request.site == key)
    assert [path for path, count in paths.items() if count > 1] == []


@pytest.mark.parametrize("key", KEYS)
def test_robots_txt_is_kept(runs: Runs, key: str) -> None:
    forbidden = runs.street.outlets[key].forbidden
    asked = [one.path for one in runs.first.requests if one.site == key]
    assert not [path for path in asked if forbidden and path.startswith(forbidden)]


@pytest.mark.parametrize("key", KEYS)
def test_no_trap_holds_the_crawl(runs: Runs, key: str) -> None:
    asked = [one for one in runs.first.requests if one.site == key]
    assert len(asked) < len(runs.expected[key]) + 60


def test_a_second_run_asks_for_less_than_a_tenth_and_brings_nothing(runs: Runs) -> None:
    assert runs.second.result.returncode == 0
    assert runs.second.written == []
    assert len(runs.second.requests) < len(runs.first.requests) / 10


@pytest.mark.parametrize("key", KEYS)
def test_no_outlet_is_asked_for_more_than_a_tenth_by_itself(runs: Runs, key: str) -> None:
    first, second = (
        sum(one.site == key for one in run.requests) for run in (runs.first, runs.second)
    )
    assert 0 < second < first / 10


@pytest.mark.parametrize("key", KEYS)
def test_a_second_run_fetches_no_article(runs: Runs, key: str) -> None:
    asked = {one.path for one in runs.second.requests if one.site == key}
    assert asked & runs.expected[key] == set()


@pytest.mark.parametrize("key", KEYS)
def test_a_third_run_brings_exactly_the_new_story(runs: Runs, key: str) -> None:
    assert runs.third.of(key) == [runs.new[key]]
