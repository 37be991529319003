"""Run after run: only what is new is fetched, and a changed story gets a new version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from demo import Press
from tests.crawl.running import crawl, records, summaries

SITES = ("portal", "feed", "sitemap", "english")


def article_paths(press: Press) -> set[str]:
    return {article.url.split("/", 3)[3].partition("?")[0] for article in press.expected()}


def test_later_runs_fetch_and_write_only_what_is_new(tmp_path: Path) -> None:
    """One of the sites keeps the ETag of its feed while the feed changes."""
    with Press(sites=SITES) as press:
        assert crawl(press.homes.values(), tmp_path).returncode == 0
        before = [records(tmp_path, name) for name in ("articles", "reposts", "rejected")]
        press.forget_requests()

        second = crawl(press.homes.values(), tmp_path)
        assert second.returncode == 0, second.stderr.decode()
        asked = {request.path.lstrip("/").partition("?")[0] for request in press.requests}
        assert asked & article_paths(press) == set()
        assert [records(tmp_path, name) for name in ("articles", "reposts", "rejected")] == before
        assert summaries(tmp_path)[-1]["candidates"] == 0

        new = {article.canonical_url for article in press.publish()}
        assert crawl(press.homes.values(), tmp_path).returncode == 0
        known = {line["canonical_url"] for lines in before[:2] for line in lines}
        assert {line["canonical_url"] for line in _written(tmp_path)} - known == new


def test_an_edited_story_is_written_again_as_version_2(tmp_path: Path) -> None:
    with Press(sites=("english",)) as press:
        crawl(press.homes.values(), tmp_path)
        edited = press.edit(press.expected()[-1].url)
        assert crawl(press.homes.values(), tmp_path).returncode == 0
        versions = [
            line for line in _written(tmp_path) if line["canonical_url"] == edited.canonical_url
        ]
        assert [line["version"] for line in versions] == [1, 2]
        assert versions[0]["article_body"] != versions[1]["article_body"]
        assert records(tmp_path, "reposts") == []


def test_a_limit_is_kept_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with Press(sites=("feed",)) as press:
        crawl(press.homes.values(), tmp_path, "-a", "limit=3")
        assert summaries(tmp_path)[-1]["candidates"] == 3
        crawl(press.homes.values(), tmp_path)
        assert {line["canonical_url"] for line in _written(tmp_path)} == {
            article.canonical_url for article in press.expected()
        }


def _written(output: Path) -> list[dict[str, Any]]:
    return records(output, "articles") + records(output, "reposts")
