"""Bad input: a clear sentence, a recorded outcome, the promised exit status."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from demo import Press
from tests.crawl.running import crawl, records, scrapy, summaries

USAGE = {
    "unknown spider": (("crawl", "nosuch"), "nosuch"),
    "no spider": (("crawl",), "news"),
    "unknown argument": (("crawl", "news", "-a", "urls=http://127.0.0.1:1/"), "urls"),
    "no such list": (("crawl", "news", "-a", "sites=no-such-list"), "sites=no-such-list"),
    "list outside": (("crawl", "news", "-a", "sites=../../etc/passwd"), "sites="),
    "no url": (("crawl", "news", "-a", "url=ftp://a.test/"), "url=ftp://a.test/"),
    "bad date": (("crawl", "news", "-a", "url=http://a.test/", "-a", "since=soon"), "since=soon"),
    "bad limit": (("crawl", "news", "-a", "url=http://a.test/", "-a", "limit=0"), "limit=0"),
    "bad switch": (("crawl", "news", "-a", "url=http://a.test/", "-a", "due=yes"), "due=yes"),
    "unknown option": (("crawl", "news", "--fast"), "--fast"),
    "no path": (("crawl", "archive"), "path="),
    "clean nothing": (("clean",), "files"),
    "clean unknown option": (("clean", "--fast", "x.html"), "--fast"),
    "clean bad url": (("clean", "x.html", "--url", "file:///etc/passwd"), "--url"),
}


@pytest.mark.parametrize(("arguments", "named"), USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_is_one_sentence_and_status_2(
    tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    run = scrapy(*arguments, "-s", f"OUTPUT_DIR={tmp_path}")
    assert run.returncode == 2
    message = run.stderr.decode()
    assert named in message
    assert len(message.strip().splitlines()) == 1
    assert not any(tmp_path.iterdir())


def test_an_unreachable_host_is_status_1_and_said(tmp_path: Path) -> None:
    run = crawl(["http://127.0.0.1:9/"], tmp_path, "-s", "RETRY_TIMES=0")
    assert run.returncode == 1
    assert "answered" in run.stderr.decode()
    assert summaries(tmp_path)[0]["fetched_other"]["home"] == {"answered": 0, "failed": 1}


def test_a_homepage_without_links_is_status_1_and_names_the_site(tmp_path: Path) -> None:
    with Press(sites=("english",)) as press:
        bare = press.place("english", "/bare", b"<html><body><p>Nothing here.</p></body></html>")
        home = press.homes["english"]
        press.place("english", "/", b"<html><body>Nothing here.</body></html>")
        press.place("english", "/robots.txt", b"", "text/plain", 404)
        for path in ("/feed", "/atom.xml", "/sitemap.xml", "/news/feed.atom"):
            press.place("english", path, b"", "text/plain", 404)
        run = crawl([home], tmp_path)
        assert bare.startswith(home)
    assert run.returncode == 1
    assert home.split("/")[2] in run.stderr.decode()


def test_a_second_run_on_one_folder_is_turned_away_with_75(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with (tmp_path / "state" / "lock").open("a+") as lock, Press(sites=("feed",)) as press:
        lock.write(json.dumps({"pid": 4711, "run": "the-first", "host": "h", "since": "s"}))
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = crawl(press.homes.values(), tmp_path)
        assert run.returncode == 75
        assert "the-first" in run.stderr.decode()
        assert press.requests == []


def test_corrupt_state_is_status_1_and_left_alone(tmp_path: Path) -> None:
    state = tmp_path / "state" / "firstprint.sqlite"
    state.parent.mkdir()
    state.write_bytes(b"not a database at all " * 99)
    run = crawl(["http://127.0.0.1:9/"], tmp_path)
    assert run.returncode == 1
    assert "firstprint.sqlite" in run.stderr.decode()
    assert state.read_bytes() == b"not a database at all " * 99


FILES = {
    "empty file": ("empty.html", b"", "empty"),
    "blank text": ("blank.txt", b" \n\t\n ", "empty"),
    "binary file": ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not_html"),
    "page without article": (
        "login.html",
        "<html><title>登录</title><form>用户名<input>密码<input></form></html>".encode(),
        "not_an_article",
    ),
}


@pytest.mark.parametrize(("name", "content", "reason"), FILES.values(), ids=FILES.keys())
def test_a_document_that_is_no_article_has_a_recorded_outcome(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    output = tmp_path / "output"
    run = scrapy("crawl", "archive", "-a", f"path={tmp_path / name}", "-s", f"OUTPUT_DIR={output}")
    assert run.returncode == 0, run.stderr.decode()
    (line,) = records(output, "rejected")
    assert (line["outcome"], line["reason"]) == ("rejected", reason)


def test_a_missing_archive_is_status_1(tmp_path: Path) -> None:
    run = scrapy(
        "crawl", "archive", "-a", f"path={tmp_path / 'gone'}", "-s", f"OUTPUT_DIR={tmp_path}"
    )
    assert run.returncode == 1
    assert "gone" in run.stderr.decode()
