"""`javascript = true`: rendered in a real Chromium, which itself reaches nothing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.news_arguments import parse_news_arguments
from crawler.rendering import browser
from crawler.rendering.browser import missing
from crawler.spider_arguments import ArgumentError
from demo.model import Response
from tests.crawl.running import QUICK, records, scrapy, summaries
from tests.outlets.outlet import Outlet, Pages, Street
from tests.outlets.texts import Story

needs_chromium = pytest.mark.skipif(
    missing(os.environ) is not None, reason=missing(os.environ) or "installed"
)


class Door:
    """A port of this machine that nobody named; counts who knocks."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.knocks = 0
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


class Scripted(Outlet):
    """Pages made by scripts, which ask for everything, also for what they must not."""

    key = "scripted"
    count = 2
    robots = "User-agent: *\nDisallow: /data/secret\n"
    forbidden = ("/data/secret",)
    door = 0

    def path(self, one: Story) -> str:
        return f"/news/2026/03/{7_000_000 + one.number}.html"

    def lists(self) -> Pages:
        rows = json.dumps(self.rows(self.stories))
        stories = {one.number: list(one.paragraphs) for one in self.stories}
        door = f"127.0.0.1:{self.door}"
        attack = f"""
          new WebSocket("ws://{door}/ws");
          fetch("http://{door}/fetch").catch(() => 0);
          new Image().src = "http://{door}/image";
          navigator.sendBeacon("http://{door}/beacon", "x");
          const frame = document.createElement("iframe");
          frame.src = "http://{door}/frame"; document.body.append(frame);
          const link = document.createElement("link");
          link.rel = "prefetch"; link.href = "http://{door}/prefetch"; document.head.append(link);
          new RTCPeerConnection({{iceServers: [{{urls: "stun:{door}"}}]}}).createDataChannel("x");
          fetch("/data/secret.json").catch(() => 0);
          fetch("/data/post", {{method: "POST", body: "x"}}).catch(() => 0);
          fetch("file:///etc/passwd").catch(() => 0);
          fetch("/data/inside").catch(() => 0);
        """
        return {
            "/": self.html(self.page("Home", '<ul id="list"></ul><script src="/app.js"></script>')),
            "/app.js": _script(f"document.getElementById('list').innerHTML = {rows};{attack}"),
            "/story.js": _script(
                "fetch('/data/moved').then(r => r.json()).then(all => {"
                "const story = all[document.body.dataset.number];"
                "document.querySelector('article').innerHTML += "
                "story.map(line => `<p>${line}</p>`).join('');});"
            ),
            "/data/moved": Response(b"", "text/plain", 302, {"Location": "/data/stories.json"}),
            "/data/inside": Response(b"", "text/plain", 302, {"Location": f"http://{door}/inside"}),
            "/data/stories.json": Response(json.dumps(stories).encode(), "application/json"),
        }

    def article(self, one: Story) -> str:
        text = f'<article><h1>{one.headline}</h1></article><script src="/story.js"></script>'
        return self.page(one.headline, text).replace("<body>", f'<body data-number="{one.number}">')


def _script(text: str) -> Response:
    return Response(text.encode(), "text/javascript; charset=utf-8")


@dataclass
class Rendered:
    """One crawl of the scripted outlet."""

    outlet: Scripted
    asked: list[str]
    lines: list[dict[str, Any]]
    knocks: int


def crawl_list(street: Street, folder: Path, *settings: str) -> int:
    (home,) = street.homes
    (folder / "mine.toml").write_text(f'[[site]]\nurl = "{home}"\njavascript = true\n')
    given = [part for setting in (*QUICK, *settings) for part in ("-s", setting)]
    arguments = ["-a", f"sites={folder / 'mine.toml'}", "-s", f"OUTPUT_DIR={folder / 'output'}"]
    run = scrapy("crawl", "news", *arguments, *given)
    assert b"Traceback" not in run.stderr, run.stderr.decode()
    return run.returncode


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder, outlet, door = tmp_path_factory.mktemp("rendered"), Scripted(), Door()
    outlet.door = door.port
    with Street([outlet]) as street:
        assert crawl_list(street, folder) == 0
        asked = [request.path for request in street.requests]
    lines = records(folder / "output", "articles") + records(folder / "output", "reposts")
    door.close()
    return Rendered(outlet, asked, lines, door.knocks)


@needs_chromium
def test_lists_and_stories_made_by_script_are_read(rendered: Rendered) -> None:
    stories = {one.headline: "\n".join(one.paragraphs) for one in rendered.outlet.stories}
    assert {line["headline"]: line["article_body"] for line in rendered.lines} == stories


@needs_chromium
def test_no_request_of_a_page_gets_round_the_guard(rendered: Rendered) -> None:
    """By fetch, web socket, picture, beacon, frame, prefetch, WebRTC or redirect."""
    assert rendered.knocks == 0


@needs_chromium
def test_a_rendered_page_keeps_to_robots_txt_and_posts_nothing(rendered: Rendered) -> None:
    assert "/data/inside" in rendered.asked, "the script did run to its end"
    assert not {"/data/secret.json", "/data/post"} & set(rendered.asked)


@needs_chromium
def test_the_page_itself_is_asked_for_once(rendered: Rendered) -> None:
    for one in rendered.outlet.stories:
        assert rendered.asked.count(rendered.outlet.path(one)) == 1


class Endless(Scripted):
    """One story whose script never ends."""

    key = "endless"

    def article(self, one: Story) -> str:
        page = super().article(one)
        return page.replace('src="/story.js">', ">for (;;) {}") if one.number == 2 else page


@pytest.mark.soak
@needs_chromium
def test_a_script_without_end_costs_its_own_page_only(tmp_path: Path) -> None:
    with Street([Endless()]) as street:
        status = crawl_list(street, tmp_path, "DOWNLOAD_TIMEOUT=3", "RETRY_TIMES=0")
    assert status == 0
    outcomes = summaries(tmp_path / "output")[0]["outcomes"]
    assert (outcomes["article"], outcomes["failed"]) == (1, 1)
    (line,) = records(tmp_path / "output", "rejected")
    assert line["reason"] == "timeout"


def test_without_the_group_a_list_that_needs_it_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[site]]\nurl = "https://news.example/"\njavascript = true\n')
    monkeypatch.setattr(browser, "find_spec", lambda _name: None)
    with pytest.raises(ArgumentError, match="optional group"):
        parse_news_arguments({"sites": str(path)})


def test_without_a_browser_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda _name: object())
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    found = missing({"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)})
    assert found is not None
    assert "Chromium" in found
    (tmp_path / "chromium-1200").mkdir()
    assert missing({"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}) is None
