"""What a site list says of a site is what happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest

from demo.model import Response
from tests.crawl.running import QUICK, records, scrapy
from tests.outlets.designs_feeds import prose, rss
from tests.outlets.designs_lists import Numbers
from tests.outlets.outlet import Outlet, Pages, Street
from tests.outlets.texts import Story


class Columns(Outlet):
    """A long column of the house beside each story, and stories of two kinds."""

    key = "columns"
    count = 6

    def path(self, one: Story) -> str:
        return f"/{('news', 'blog')[one.number % 2]}/2026/03/{7_000_000 + one.number}.html"

    def article(self, one: Story) -> str:
        column = f'<div class="column">{prose(self, 1) * 3}</div>'
        page = super().article(one).replace("</main>", f"{column}</main>")
        return page.replace('<div class="text">', '<section id="tale">').replace(
            "</div></article>", "</section></article>"
        )

    def lists(self) -> Pages:
        return {"/": self.html(self.page("Home", f"<ul>{self.rows(self.stories)}</ul>"))}


class Plain(Numbers):
    """GBK bytes that nothing declares, days without a zone."""

    key = "plain"
    count = 6

    def head(self, title: str) -> str:
        return f"<head><title>{title}</title></head>"

    def article(self, one: Story) -> str:
        return super().article(one).replace(f' datetime="{one.published.isoformat()}"', "")


class Hidden(Outlet):
    """Nothing on the homepage leads anywhere, and robots.txt forbids everything."""

    key = "hidden"
    count = 9
    robots = "User-agent: *\nDisallow: /\n"

    def path(self, one: Story) -> str:
        return f"/x/{one.number:03}a{one.number * 7}"

    def lists(self) -> Pages:
        first, second, third = self.stories[:3], self.stories[3:6], self.stories[6:]
        home = self.home.rstrip("/")
        text = "\n".join(home + self.path(one) for one in second)
        return {
            "/": self.plain("Home"),
            "/odd/feed.php": rss(self, first),
            "/odd/list.txt": Response(text.encode(), "text/plain"),
            "/odd/place": self.html(self.page("Place", f"<ul>{self.rows(third)}</ul>")),
        }


class Timed(Street):
    """Remembers when each outlet was asked."""

    def __init__(self, outlets: list[Outlet]) -> None:
        super().__init__(outlets)
        self.times: dict[str, list[float]] = {outlet.key: [] for outlet in outlets}

    def _answer(self, site: str, *given: Any) -> Any:
        self.times[site].append(monotonic())
        return super()._answer(site, *given)


@dataclass
class Listed:
    """One crawl of a list with three sites."""

    street: Timed
    lines: list[dict[str, Any]]
    times: dict[str, list[float]]

    def of(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["site"] == name]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    folder = tmp_path_factory.mktemp("listed")
    with Timed([Columns(), Plain(), Hidden()]) as street:
        home = {key: outlet.home for key, outlet in street.outlets.items()}
        (folder / "mine.toml").write_text(
            f"""
            [[site]]
            url = "{home["columns"]}"
            name = "The Columns"
            article_pattern = "/news/"
            body_selector = "#tale"
            delay = 0.3

            [[site]]
            url = "{home["plain"]}"
            name = "东岬商报"
            encoding = "gb18030"
            language = "zh-CN"
            timezone = "Asia/Tokyo"
            delay = 0

            [[site]]
            url = "{home["hidden"]}"
            name = "Hidden"
            robots = false
            delay = 0
            feeds = ["/odd/feed.php"]
            sitemaps = ["/odd/list.txt"]
            sections = ["/odd/place"]
            article_pattern = "/x/"
            """,
            encoding="utf-8",
        )
        settings = [part for setting in QUICK[1:] for part in ("-s", setting)]
        arguments = ["-a", f"sites={folder / 'mine.toml'}", "-s", f"OUTPUT_DIR={folder / 'output'}"]
        run = scrapy("crawl", "news", *arguments, *settings, "-s", "RANDOMIZE_DOWNLOAD_DELAY=0")
        assert run.returncode == 0, run.stderr.decode()
        lines = records(folder / "output", "articles") + records(folder / "output", "reposts")
        yield Listed(street, lines, street.times)


def test_only_addresses_that_the_pattern_fits_are_articles(listed: Listed) -> None:
    outlet = listed.street.outlets["columns"]
    expected = {outlet.path(one) for one in outlet.stories if one.number % 2 == 0}
    assert {"/" + line["url"].split("/", 3)[3] for line in listed.of("The Columns")} == expected


def test_the_body_is_what_the_selector_finds(listed: Listed) -> None:
    outlet = listed.street.outlets["columns"]
    bodies = {"\n".join(one.paragraphs) for one in outlet.stories}
    assert {line["article_body"] for line in listed.of("The Columns")} <= bodies


def test_the_delay_of_a_list_holds_for_its_site_alone(listed: Listed) -> None:
    times = listed.times["columns"]
    gaps = [after - before for before, after in pairwise(times)]
    # The first two are robots.txt, which makes the queue, and the homepage.
    assert min(gaps[1:]) > 0.2
    others = listed.times["plain"]
    assert (others[-1] - others[0]) / len(others) < 0.3


def test_the_encoding_of_a_list_is_believed(listed: Listed) -> None:
    outlet = listed.street.outlets["plain"]
    assert {line["headline"] for line in listed.of("东岬商报")} == {
        one.headline for one in outlet.stories
    }


def test_the_zone_is_that_of_the_list(listed: Listed) -> None:
    assert {line["date_published"][-6:] for line in listed.of("东岬商报")} == {"+09:00"}


def test_feeds_sitemaps_and_sections_of_a_list_are_asked_and_robots_left_aside(
    listed: Listed,
) -> None:
    outlet = listed.street.outlets["hidden"]
    found = {"/" + line["url"].split("/", 3)[3] for line in listed.of("Hidden")}
    assert found == {outlet.path(one) for one in outlet.stories}
