"""The press as `make crawl` runs it: once, again, and after each site has published once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo import Press
from demo.model import ExpectedArticle, Request
from tests.crawl.running import crawl, records, summaries


@dataclass
class Run:
    """What one run asked for and wrote."""

    status: int
    requests: list[Request]
    written: list[str]
    lines: int


@dataclass
class Runs:
    """Three runs; *new* was published between the second and the third."""

    first: Run
    second: Run
    third: Run
    known: set[str]
    new: list[ExpectedArticle]
    output: Path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    output = tmp_path_factory.mktemp("runs")
    with Press() as press:
        first = run(press, output)
        known = {path_of(article.url) for article in press.expected()}
        second = run(press, output)
        new = press.publish()
        yield Runs(first, second, run(press, output), known, new, output)


def run(press: Press, output: Path) -> Run:
    before, rejected = written(output), len(records(output, "rejected"))
    press.forget_requests()
    status = crawl(press.homes.values(), output).returncode
    added = written(output) - before
    lines = added.total() + len(records(output, "rejected")) - rejected
    return Run(status, press.requests, sorted(added.elements()), lines)


def written(output: Path) -> Counter[str]:
    lines = records(output, "articles") + records(output, "reposts")
    return Counter(line["canonical_url"] for line in lines)


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3].partition("?")[0]


def test_a_second_run_asks_for_less_than_a_tenth(runs: Runs) -> None:
    """Measured: 15 after 227; a list each that names something of its own, and no robots.txt."""
    assert len(runs.second.requests) < len(runs.first.requests) / 10
    assert len(runs.second.requests) <= 15


def test_no_site_is_asked_for_more_than_a_tenth_by_itself(runs: Runs) -> None:
    first = Counter(request.site for request in runs.first.requests)
    second = Counter(request.site for request in runs.second.requests)
    assert [site for site, asked in second.items() if asked >= first[site] / 10] == []


def test_a_second_run_fetches_no_article_and_writes_no_line(runs: Runs) -> None:
    assert runs.second.status == 0
    assert not [
        request for request in runs.second.requests if path_of_request(request) in runs.known
    ]
    assert runs.second.lines == 0
    assert summaries(runs.output)[1]["candidates"] == 0


def path_of_request(request: Request) -> str:
    return request.path.partition("?")[0]


def test_a_second_run_asks_conditionally_where_the_site_supports_it(runs: Runs) -> None:
    sites = {"gbk", "feed", "sitemap", "english", "hongkong", "german"}
    asked = [request for request in runs.second.requests if request.site in sites]
    assert asked
    assert {request.status for request in asked} == {304}


def test_a_third_run_brings_exactly_the_new_stories(runs: Runs) -> None:
    assert runs.third.status == 0
    assert runs.third.written == sorted(article.canonical_url for article in runs.new)
    assert len(runs.new) == 9


def test_a_third_run_fetches_no_known_story_again(runs: Runs) -> None:
    asked = {path_of_request(request) for request in runs.third.requests}
    assert asked & runs.known == set()


def test_robots_txt_is_kept_for_a_day(runs: Runs) -> None:
    for later in (runs.second, runs.third):
        assert not [request for request in later.requests if request.path == "/robots.txt"]
