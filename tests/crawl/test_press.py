"""One crawl over the whole demo press: everything is found, nothing twice, and it adds up."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crawler.items import NewsArticle, Rejection, Repost
from crawler.record_schema import json_schema
from demo import Press
from demo.model import ExpectedArticle
from tests.crawl.running import counted, crawl, records, summaries, unsound


@dataclass
class Crawled:
    """The press, what the first run wrote, and how it ended."""

    press: Press
    output: Path
    run: subprocess.CompletedProcess[bytes]
    expected: dict[str, ExpectedArticle]
    written: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    output = tmp_path_factory.mktemp("press") / "output"
    with Press() as press:
        run = crawl(press.homes.values(), output)
        lines = records(output, "articles") + records(output, "reposts")
        expected = {article.canonical_url: article for article in press.expected()}
        yield Crawled(press, output, run, expected, {line["canonical_url"]: line for line in lines})


def test_the_run_succeeds_without_a_warning(crawled: Crawled) -> None:
    assert crawled.run.returncode == 0, crawled.run.stderr.decode()
    for word in (b"Traceback", b"WARNING", b"ERROR"):
        assert word not in crawled.run.stderr


def test_every_article_is_found_and_no_stranger_is(crawled: Crawled) -> None:
    assert set(crawled.written) == set(crawled.expected)


def test_the_output_folder_is_sound(crawled: Crawled) -> None:
    assert unsound(crawled.output) == []


def test_nothing_is_written_twice(crawled: Crawled) -> None:
    lines = records(crawled.output, "articles") + records(crawled.output, "reposts")
    keys = Counter((line["id"], line["version"]) for line in lines)
    assert [key for key, count in keys.items() if count > 1] == []


def test_nothing_is_fetched_twice_and_nothing_forbidden(crawled: Crawled) -> None:
    asked = Counter((request.site, request.path) for request in crawled.press.requests)
    assert [where for where, count in asked.items() if count > 1] == []
    assert not any(path.startswith("/neibu/") for _, path in asked)


def test_the_candidates_are_the_sum_of_their_outcomes(crawled: Crawled) -> None:
    (summary,) = summaries(crawled.output)
    assert summary["candidates"] == sum(summary["outcomes"].values())
    assert summary["outcomes"]["pending"] == 0
    found = counted(crawled.output)
    assert {name: summary["outcomes"][name] for name in found} == dict(found)
    assert summary["exit_status"] == 0


def test_each_site_has_its_part_of_the_sum(crawled: Crawled) -> None:
    (summary,) = summaries(crawled.output)
    assert len(summary["sites"]) == len(crawled.press.homes)
    by_site = [sum(counts.values()) for counts in summary["sites"].values()]
    assert sum(by_site) == summary["candidates"]
    assert all(by_site)


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("articles", NewsArticle), ("reposts", Repost), ("rejected", Rejection)],
)
def test_every_line_fits_its_schema(
    crawled: Crawled, folder: str, kind: type[NewsArticle] | type[Rejection]
) -> None:
    lines = records(crawled.output, folder)
    assert lines
    for line in lines:
        jsonschema.validate(line, json_schema(kind))


@pytest.mark.parametrize("key", ["headline", "date_published", "source"])
def test_metadata_is_what_the_press_printed(crawled: Crawled, key: str) -> None:
    wrong = {
        url: (line[key], getattr(crawled.expected[url], key))
        for url, line in crawled.written.items()
        if line[key] != getattr(crawled.expected[url], key)
        and not (key == "date_published" and _is_finer(line, crawled.expected[url]))
    }
    assert wrong == {}


def _is_finer(line: dict[str, Any], expected: ExpectedArticle) -> bool:
    """The page prints a day, and the sitemap knows the minute of that day."""
    return (
        expected.date_precision == "day"
        and line["date_published_from"] in ("feed", "sitemap")
        and line["date_published"][:10] == expected.date_published[:10]
    )


def test_authors_are_those_printed_and_reporters_named_in_the_text(crawled: Crawled) -> None:
    wrong = {}
    for url, line in crawled.written.items():
        printed = set(crawled.expected[url].authors)
        more = set(line["authors"]) - printed
        if not printed <= set(line["authors"]) or not all(
            f"记者 {name}" in line["article_body"] for name in more
        ):
            wrong[url] = (line["authors"], sorted(printed))
    assert wrong == {}


def test_bodies_are_the_story_alone(crawled: Crawled) -> None:
    """What only the memory of a whole site can know may stay until that memory suffices."""
    wrong = {
        url: line["article_body"]
        for url, line in crawled.written.items()
        if _without(line["article_body"], crawled.expected[url].learned)
        != crawled.expected[url].body
    }
    assert wrong == {}


def test_each_story_is_kept_once(crawled: Crawled) -> None:
    kept = [line["canonical_url"] for line in records(crawled.output, "articles")]
    clusters = Counter(crawled.expected[url].cluster for url in kept)
    assert [cluster for cluster, count in clusters.items() if count > 1] == []
    assert set(clusters) == {article.cluster for article in crawled.expected.values()}


def test_a_repost_names_a_kept_article_of_its_own_story(crawled: Crawled) -> None:
    kept = {line["id"]: line for line in records(crawled.output, "articles")}
    for line in records(crawled.output, "reposts"):
        first = kept[line["repost_of"]]
        assert line["repost_of_url"] == first["canonical_url"]
        assert (
            crawled.expected[line["canonical_url"]].cluster
            == crawled.expected[first["canonical_url"]].cluster
        )


def _without(body: str, lines: tuple[str, ...]) -> str:
    return "\n".join(line for line in body.split("\n") if line not in lines)
