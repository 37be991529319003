"""`scrapy sites check`: one line a site with what it yields, and a true exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import Press
from tests.crawl.running import ROOT, scrapy

DEAD = "http://127.0.0.1:9/"
SETTINGS = ("-s", "DOWNLOAD_DELAY=0", "-s", "EXTRACTION_WORKERS=1", "-s", "RETRY_TIMES=0")


def site(url: str, name: str, more: str = "") -> str:
    return f'[[site]]\nurl = "{url}"\nname = "{name}"\n{more}\n'


def check(folder: Path, text: str, *options: str) -> tuple[int, dict[str, str], str]:
    """Exit status, the lines by state and name, and stderr."""
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    run = scrapy("sites", "check", str(folder / "mine.toml"), *SETTINGS, *options)
    assert b"Traceback" not in run.stderr, run.stderr.decode()
    lines = run.stdout.decode().strip().split("\n")
    return run.returncode, {line.split(":")[0]: line for line in lines}, run.stderr.decode()


def test_what_the_press_yields(tmp_path: Path) -> None:
    before = set((ROOT / "output").iterdir())
    with Press(sites=("portal", "english", "sitemap")) as press:
        text = "".join(site(home, key) for key, home in press.homes.items())
        text += site(DEAD, "dead") + site(
            f"{DEAD}old", "old", 'enabled = false\nwhy_disabled = "sold"'
        )
        status, lines, _ = check(tmp_path, text, "--articles", "2")
        asked = {request.path.partition("?")[0] for request in press.requests}
        stories = {"/" + one.url.split("/", 3)[3] for one in press.expected()}
    assert status == 0
    assert lines["ok           english"].endswith(
        "feeds 1, sitemaps 0, lists 0, articles 8, clean bodies 2 of 2"
    )
    assert ": feeds 0, sitemaps 0, lists 3, " in lines["ok           portal"]
    assert ": feeds 0, sitemaps 2, lists 0, " in lines["ok           sitemap"]
    assert "(refused: " in lines["silent       dead"]
    assert lines["disabled     old"].endswith(": sold")
    assert len(asked & stories) <= 3 * 2
    assert set((ROOT / "output").iterdir()) == before


def test_a_site_without_articles_is_status_1_and_says_why(tmp_path: Path) -> None:
    with Press(sites=("english", "german")) as press:
        press.place("german", "/", b"<html><body>Nothing here.</body></html>")
        press.place("german", "/feed.rdf", b"", status=404)
        text = "".join(site(home, key) for key, home in press.homes.items())
        status, lines, message = check(tmp_path, text)
    assert status == 1
    assert "no list, feed or sitemap names one" in lines["no articles  german"]
    assert "german" in message


def test_where_nothing_answers_the_status_is_1(tmp_path: Path) -> None:
    status, lines, message = check(tmp_path, site(DEAD, "dead"))
    assert (status, list(lines)) == (1, ["silent       dead"])
    assert "answered" in message


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("check",), "check"),
        (("list", "finance-zh"), "check"),
        (("check", "no-such-list"), "no-such-list"),
        (("check", "finance-zh", "--articles", "many"), "--articles"),
        (("check", "finance-zh", "--fast"), "--fast"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(arguments: tuple[str, ...], named: str) -> None:
    run = scrapy("sites", *arguments)
    assert run.returncode == 2
    assert named in run.stderr.decode()
    assert len(run.stderr.decode().strip().splitlines()) == 1
