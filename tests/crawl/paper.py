"""A crawl on paper: one site as a dict of pages, the real frontier, no network and no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.answers import Answer
from crawler.discovery.robots import RobotsRules
from crawler.discovery.site_lists import Site
from crawler.items import Task
from crawler.news_arguments import NewsArguments
from crawler.site_crawl import SiteCrawl
from pipelines.store.database import open_database
from pipelines.store.frontier import SqliteFrontier

HOME = "https://news.example/"
START = datetime(2026, 3, 20, 12, tzinfo=UTC)


@dataclass
class Paper:
    """Pages by address; what no page has is a failure. *etags* are honoured."""

    folder: Path
    given: InitVar[Mapping[str, str | bytes]]
    site: Site = field(default_factory=lambda: Site(url=HOME))
    etags: dict[str, str] = field(default_factory=dict)
    now: datetime = START
    asked: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    unmodified: list[str] = field(default_factory=list)

    def __post_init__(self, given: Mapping[str, str | bytes]) -> None:
        self.pages = dict(given)
        connection = open_database(self.folder / "paper.sqlite")
        self.frontier = SqliteFrontier(connection, self._seconds)

    def _seconds(self) -> float:
        return self.now.timestamp()

    def run(self, minutes: float = 1.0, **arguments: Any) -> SiteCrawl:
        """Crawl, *minutes* after the run before; `asked` and `articles` are of this run."""
        self.now += timedelta(minutes=minutes)
        self.asked, self.articles, self.unmodified = [], [], []
        self.frontier.taken_up = 0
        self.frontier.begin([self.site.name], NewsArguments([self.site], **arguments).bounds)
        crawl = SiteCrawl(self.site, self.frontier, NewsArguments([self.site], **arguments))
        crawl.begin(self.now)
        while hosts := list(self.frontier.hosts()):
            for host in hosts:
                for task in self.frontier.take(host, 4):
                    self._fetch(crawl, task)
        return crawl

    def _fetch(self, crawl: SiteCrawl, task: Task) -> None:
        if task.kind == "article":
            self.articles.append(task.url)
            outcome = "article" if task.url in self.pages else "failed"
            self.frontier.settle(task.key, task.site, outcome, None, run="r")
            return
        self.asked.append(task.url)
        page = self.pages.get(task.url)
        etag = self.etags.get(task.url, "")
        if page is None:
            crawl.failed(task, self.now)
            return
        unmodified = bool(etag) and crawl.conditions(task).get("If-None-Match") == etag
        if unmodified:
            self.unmodified.append(task.url)
        body = b"" if unmodified else page.encode() if isinstance(page, str) else page
        crawl.take(
            task,
            Answer(
                task.url,
                body,
                content_type="text/html" if b"<a " in body else "application/xml",
                etag=etag,
                unmodified=unmodified,
                robots_sitemaps=self._sitemaps() if task.kind == "home" else (),
            ),
            self.now,
        )

    def _sitemaps(self) -> tuple[str, ...]:
        robots = self.pages.get(HOME + "robots.txt", b"")
        body = robots.encode() if isinstance(robots, str) else robots
        return RobotsRules.parse(body, HOME + "robots.txt").sitemaps


def url(number: int) -> str:
    """The address of one story of the paper; the numbers are days of March."""
    return f"{HOME}a/202603{number % 30 + 1:02}/{10_000 + number}.html"


def list_page(numbers: range | list[int], following: str = "", links: str = "") -> str:
    """A list of stories with headlines and dates, and a link to its next page."""
    rows = "".join(
        f'<li><a href="{url(n)}">The harbour company number {n} reports its year</a>'
        f"<span>2026-03-{n % 30 + 1:02}</span></li>"
        for n in numbers
    )
    more = f'<a href="{following}">Next</a>' if following else ""
    return f"<html><body>{links}<ul>{rows}</ul>{more}</body></html>"


def rss(numbers: range | list[int]) -> str:
    """A feed that names these stories."""
    items = "".join(
        f"<item><title>Story {n}</title><link>{url(n)}</link>"
        f"<pubDate>{n % 30 + 1:02} Mar 2026 08:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>N</title>{items}</channel></rss>'


def urlset(rows: list[tuple[str, str]]) -> str:
    """A sitemap of (address, lastmod)."""
    return _sitemap("urlset", "url", rows)


def sitemap_index(rows: list[tuple[str, str]]) -> str:
    """An index of sitemaps, (address, lastmod)."""
    return _sitemap("sitemapindex", "sitemap", rows)


def _sitemap(root: str, entry: str, rows: list[tuple[str, str]]) -> str:
    entries = "".join(
        f"<{entry}><loc>{loc}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</{entry}>"
        for loc, when in rows
    )
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'


def march(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)
