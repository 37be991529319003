"""An outlet whose links, feeds and sitemaps are broken on purpose: what is sound is found."""

from __future__ import annotations

import gzip
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from demo.model import Response
from tests.crawl.running import crawl, records
from tests.outlets.designs_feeds import rss, sitemap
from tests.outlets.designs_odd import Shell
from tests.outlets.outlet import Outlet, Pages, Street
from tests.outlets.texts import Story

_XML = "application/xml"
_PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8
BAD_LINKS = (
    "javascript:void(0)",
    "http://[::1",
    "http://127.0.0.1:99999/a",
    "file:///etc/passwd",
    "data:text/html,<p>x</p>",
    "ftp://127.0.0.1/a",
    "http://%zz/a",
)
# Pages that lists name like stories, and the reason with which each is refused.
NO_STORIES = {
    "/2026/03/02/900001.html": ("soft 404", "not_found"),
    "/2026/03/02/900002.html": ("empty body", "empty"),
    "/2026/03/02/900003.html": ("JSON", "not_html"),
    "/2026/03/02/900004.html": ("PDF", "not_html"),
}
# Pages of ours that lead to a port of this machine that nobody named.
DOORS = ("/feeds/door.xml", "/maps/door.xml", "/door/")
# A story of two pages whose second is gone.
PARTED = "/2026/03/02/900005.html"


class Hostile(Outlet):
    """Two stories for each way of finding them, and a fault in each of these ways."""

    key = "hostile"
    language = "zh"
    count = 14
    inside = ""  # the homepage of a server that is not meant

    def path(self, one: Story) -> str:
        return f"/2026/03/{one.published:%d}/{7_000_000 + one.number}.html"

    def head(self, title: str) -> str:
        names = [f"/feeds/{name}.xml" for name in ("cut", "entities", "local", "door")]
        feeds = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="{address}">'
            for address in (*names, f"{self.inside}feed.xml")
        )
        return f'<head><meta charset="utf-8"><title>{title}</title>{feeds}</head>'

    def nav(self) -> str:
        return self.link("/door/", "要闻") + self.link(f"{self.inside}list/", "财经")

    def answer(self, target: str) -> Response:
        if target in DOORS:
            return Response(b"", "text/html", 302, {"Location": self.inside + "secret.xml"})
        if target == "/robots.txt":
            maps = (f"{self.home}maps/index.xml", "http://[bad", f"{self.inside}map.xml")
            text = "User-agent: *\nDisallow:\n" + "".join(f"Sitemap: {one}\n" for one in maps)
            return Response(text.encode(), "text/plain")
        return super().answer(target)

    def lists(self) -> Pages:
        two = [self.stories[n : n + 2] for n in range(0, self.count, 2)]
        bad = "".join(
            f'<li><a href="{one}">这是一条不能打开的链接标题</a></li>' for one in BAD_LINKS
        )
        odd = "".join(
            f'<li><a href="{one}">这一页不是新闻稿件的页面</a></li>'
            for one in (*NO_STORIES, PARTED)
        )
        return {
            "/": self.html(self.page("Home", f"<ul>{bad}{self.rows(two[0])}{odd}</ul>")),
            "/feeds/cut.xml": self._cut_feed(two[1]),
            "/feeds/entities.xml": self._feed(two[2], _BOMB, "&e9;"),
            "/feeds/local.xml": self._feed(two[3], _LOCAL, "&file;"),
            **self._maps(two[4], two[5], two[6]),
        }

    def _cut_feed(self, stories: list[Story]) -> Response:
        whole = rss(self, stories).body
        return Response(whole + b"<item><title>never en", "application/rss+xml")

    def _feed(self, stories: list[Story], doctype: str, entity: str) -> Response:
        text = (
            rss(self, stories).body.decode().replace("<title>T</title>", f"<title>{entity}</title>")
        )
        return Response((doctype + text).encode(), "application/rss+xml")

    def _maps(self, broken: list[Story], bomb: list[Story], packed: list[Story]) -> Pages:
        def rows(stories: list[Story]) -> list[tuple[str, str]]:
            return [(self.home.rstrip("/") + self.path(one), one.day) for one in stories]

        index = [
            (f"{self.home}maps/{name}.xml", "2026-03-28")
            for name in ("index", "loop", "broken", "bomb")
        ]
        index += [
            (f"{self.home}maps/packed.xml.gz", "2026-03-28"),
            ("file:///etc/passwd", "2026-03-28"),
            (f"{self.home}maps/door.xml", "2026-03-28"),
            (f"{self.inside}map.xml", "2026-03-28"),
        ]
        bad = "".join(f"<url><loc>{one}</loc></url>" for one in ("http://[::1", "file:///x", ""))
        entries = sitemap("urlset", "url", rows(broken)).replace(b"</urlset>", b"")
        cut = gzip.compress(sitemap("urlset", "url", rows(packed)) + b" " * 100_000, mtime=0)[:-9]
        return {
            "/maps/index.xml": Response(sitemap("sitemapindex", "sitemap", index), _XML),
            "/maps/loop.xml": Response(sitemap("sitemapindex", "sitemap", index), _XML),
            "/maps/broken.xml": Response(entries + bad.encode() + b"</urlset>", _XML),
            "/maps/bomb.xml": Response(_BOMB.encode() + sitemap("urlset", "url", rows(bomb)), _XML),
            "/maps/packed.xml.gz": Response(cut, "application/x-gzip"),
        }

    def strangers(self) -> Pages:
        missing = "<h1>页面不存在</h1><p>您访问的页面不存在或已被删除，请返回首页。</p>"
        bodies = (
            self.html(self.page("页面不存在", missing)),
            Response(b"", "text/html"),
            Response(b'{"code": 0, "data": {"list": []}}', "text/html"),
            Response(_PDF, "text/html"),
        )
        text = "".join(f"<p>{line}</p>" for line in self.stories[0].paragraphs)
        more = f'{text}<a href="{PARTED.replace(".html", "_2.html")}">下一页</a>'
        parted = self.html(self.page("两页的稿件", f"<h1>两页的稿件</h1>{more}"))
        return {**dict(zip(NO_STORIES, bodies, strict=True)), PARTED: parted}


_LEVELS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "haha">{_LEVELS}]>'
_LOCAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'


@dataclass
class Crawled:
    """One crawl of the hostile outlet."""

    outlet: Hostile
    run: subprocess.CompletedProcess[bytes]
    asked: Counter[str]
    written: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    strayed: list[str]  # what the server that is not meant was asked for

    def stat(self, name: str) -> int:
        """A figure of the run."""
        found = re.search(rf"'{name}': (\d+)", self.run.stderr.decode())
        return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    output, outlet = tmp_path_factory.mktemp("hostile"), Hostile()
    inside = Shell()
    with Street([outlet, inside]) as street:
        outlet.inside = inside.home
        run = crawl([outlet.home], output, "-s", "LOG_LEVEL=INFO", "-s", "RETRY_TIMES=0")
        asked = Counter(one.path for one in street.requests if one.site == outlet.key)
        strayed = [one.path for one in street.requests if one.site == inside.key]
    lines = records(output, "articles") + records(output, "reposts")
    return Crawled(outlet, run, asked, lines, records(output, "rejected"), strayed)


def found(crawled: Crawled) -> set[str]:
    return {"/" + line["url"].split("/", 3)[3] for line in crawled.written}


WAYS = (
    "a list with links that are none",
    "a feed that is cut",
    "a feed with an entity bomb",
    "a feed that names a local file",
    "a sitemap with broken addresses",
    "a sitemap with an entity bomb",
    "a cut gzip sitemap in an index that names itself",
)


@pytest.mark.parametrize("way", range(len(WAYS)), ids=WAYS)
def test_what_is_sound_is_found_in_spite_of(crawled: Crawled, way: int) -> None:
    stories = crawled.outlet.stories[2 * way : 2 * way + 2]
    assert {crawled.outlet.path(one) for one in stories} <= found(crawled)


def test_the_run_succeeds_and_nothing_else_is_an_article(crawled: Crawled) -> None:
    assert crawled.run.returncode == 0
    assert b"Traceback" not in crawled.run.stderr
    assert found(crawled) == {crawled.outlet.path(one) for one in crawled.outlet.stories}
    assert not any("root:" in line["article_body"] for line in crawled.written)


def test_no_feed_sitemap_or_list_leads_to_a_port_of_this_machine_that_nobody_named(
    crawled: Crawled,
) -> None:
    assert [crawled.asked[door] for door in DOORS] == [1, 1, 1], "they were tried"
    assert crawled.strayed == []


def test_links_that_are_none_are_counted(crawled: Crawled) -> None:
    """`javascript:` is no address at all; the others on the homepage and three in a sitemap."""
    assert crawled.stat("discovery/dropped/unsafe") >= len(BAD_LINKS) - 1 + 2


def test_cut_feeds_and_sitemaps_are_counted_and_said(crawled: Crawled) -> None:
    assert crawled.stat("discovery/problems") >= 2
    assert crawled.run.stderr.count(b"feed cut: ") >= 2


@pytest.mark.parametrize("path", NO_STORIES, ids=[name for name, _ in NO_STORIES.values()])
def test_a_page_without_a_story_is_rejected_with_its_reason(crawled: Crawled, path: str) -> None:
    (line,) = [one for one in crawled.rejected if one["url"].endswith(path)]
    assert (line["outcome"], line["reason"]) == ("rejected", NO_STORIES[path][1])


def test_a_story_whose_next_page_is_gone_fails_and_nothing_of_it_is_written(
    crawled: Crawled,
) -> None:
    (line,) = [one for one in crawled.rejected if one["url"].endswith(PARTED)]
    assert (line["outcome"], line["reason"]) == ("failed", "part_missing")
    assert PARTED not in found(crawled)


def test_an_index_that_names_itself_is_asked_once(crawled: Crawled) -> None:
    assert {path: crawled.asked[path] for path in crawled.asked if path.startswith("/maps/")} == {
        "/maps/index.xml": 1,
        "/maps/loop.xml": 1,
        "/maps/broken.xml": 1,
        "/maps/bomb.xml": 1,
        "/maps/packed.xml.gz": 1,
        "/maps/door.xml": 1,
    }
