"""Live sites: asks the frontier what is next, and hands every answer to the one who can read it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES

from crawler.answers import Answer
from crawler.discovery.parts import is_whole, next_part
from crawler.items import Page, PagePart, Rejection, Task, Unchanged
from crawler.middlewares.robots import RobotsMiddleware
from crawler.network.exceptions import FetchedElsewhere
from crawler.network.failures import failure_reason, is_passing
from crawler.network.politeness import host_key, slots_of_sites
from crawler.news_arguments import NewsArguments, parse_news_arguments
from crawler.rendering.browser import rendering_settings
from crawler.site_crawl import SiteCrawl
from crawler.site_sample import SiteSample
from crawler.store_failure import report_store_failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

    from crawler.discovery.site_lists import Site

_SITEMAP_BYTES = 50 * 1024 * 1024
_UNMODIFIED = 304


class NewsSpider(Spider):
    """Crawl the sites of `url=` or `sites=`; everything it fetches is a task of the frontier."""

    name = "news"
    crawls: dict[str, SiteCrawl]
    _frontier: Any
    _now: Callable[[], datetime]

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.arguments = self.parse_arguments(arguments)
        # Made once: Scrapy remembers a callback that it has looked at as long as it lives.
        self._callbacks: dict[str, Callable[[Response], Any]] = {
            "home": self.parse_home,
            "list": self.parse_control,
            "feed": self.parse_control,
            "sitemap": self.parse_control,
            "article": self.parse_article,
        }
        self._errback = self.fail
        self.answered = {site.name: False for site in self.arguments.sites}
        self.troubles: dict[str, str] = {}  # by site, why its homepage did not come
        self.broken: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._frontier = crawler.store.frontier  # type: ignore[attr-defined]
        spider._now = crawler.store.now  # type: ignore[attr-defined]
        kind = SiteSample if spider.arguments.sample else SiteCrawl
        spider.crawls = {
            site.name: kind(site, spider._frontier, spider.arguments)
            for site in spider.arguments.sites
        }
        _open_doors(crawler.settings, spider.arguments.sites)
        return spider

    @staticmethod
    def parse_arguments(arguments: Mapping[str, str]) -> NewsArguments:
        """Check the arguments; raises `ArgumentError`."""
        return parse_news_arguments(arguments)

    async def start(self) -> AsyncIterator[Any]:
        try:
            self._begin()
        except (OSError, sqlite3.Error) as error:
            report_store_failure(self.crawler, error)
        # Requests come from the frontier, by the scheduler; Scrapy wants a generator all the same.
        none: tuple[Request, ...] = ()
        for request in none:
            yield request

    def _begin(self) -> None:
        self._frontier.begin(list(self.crawls), self.arguments.bounds)
        for name, crawl in self.crawls.items():
            if not crawl.begin(self._now()):
                del self.answered[name]  # its time has not come: nothing is expected of it

    def request_for(self, task: Task) -> Request:
        """The request that fetches *task*."""
        meta: dict[str, Any] = {"task": task, "download_slot": task.host}
        if task.kind == "sitemap":
            meta["download_maxsize"] = _SITEMAP_BYTES
        # Feeds and sitemaps often lie with a service; their entries are checked one by one.
        meta["allow_offsite"] = task.kind in ("feed", "sitemap")
        site = self.crawls[task.site].site
        meta["dont_obey_robotstxt"] = not site.robots
        meta["render"] = site.javascript
        headers = self.crawls[task.site].conditions(task)
        if headers:
            meta["handle_httpstatus_list"] = [_UNMODIFIED]
        return Request(
            task.url,
            callback=self._callbacks[task.kind],
            errback=self._errback,
            headers=headers,
            meta=meta,
            dont_filter=True,
        )

    async def parse_home(self, response: Response) -> None:
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        rules = await robots.rules(response.url) if robots is not None else None
        self._take(response, rules.sitemaps if rules is not None else ())

    def parse_control(self, response: Response) -> None:
        self._take(response)

    def _take(self, response: Response, robots_sitemaps: Sequence[str] = ()) -> None:
        task: Task = response.meta["task"]
        self.answered[task.site] = True
        self._count(task, "answered")
        answer = Answer(
            response.url,
            response.body,
            _header(response, "Content-Type"),
            _header(response, "ETag"),
            _header(response, "Last-Modified"),
            response.status == _UNMODIFIED,
            robots_sitemaps,
        )
        crawl = self.crawls[task.site]
        for problem in crawl.take(task, answer, self._now()):
            self.logger.info("%s: %s", response.url, problem)
            self.crawler.stats.inc_value("discovery/problems")
        for name, count in crawl.dropped.items():
            self.crawler.stats.inc_value(f"discovery/dropped/{name}", count)
        crawl.dropped.clear()

    def parse_article(self, response: Response) -> Iterator[Page | Request]:
        task: Task = response.meta["task"]
        self.answered[task.site] = True
        parts: list[PagePart] = response.meta.get("parts", [])
        content_type = _header(response, "Content-Type")
        parts = [*parts, PagePart(response.url, response.body, content_type)]
        following = next_part(response.body, response.url, [part.url for part in parts])
        if following is not None:
            meta = {**_own_meta(response.meta), "parts": parts, "first_url": parts[0].url}
            request: Any = response.request
            yield request.replace(url=following, meta=meta)
            return
        site = self.crawls[task.site].site
        if is_whole(parts[0].url, response.url):
            parts = parts[-1:]
        yield Page(
            candidate=task.key,
            url=response.meta.get("first_url", response.url),
            parts=parts,
            site=task.site,
            date_fetched=self._now().isoformat(timespec="seconds"),
            timezone=site.timezone,
            language=site.language,
            encoding=site.encoding,
            body_selector=site.body_selector,
            listing=task.listing,
        )

    def fail(self, failure: Failure) -> Iterator[Rejection | Unchanged]:
        """Book what brought no answer: a failed candidate, or a list to be asked again later."""
        request: Any = failure.request  # type: ignore[attr-defined]
        task: Task = request.meta["task"]
        if isinstance(failure.value, FetchedElsewhere):
            self.crawls[task.site].stands_at(task, str(failure.value))
            yield Unchanged(candidate=task.key, site=task.site)
            return
        reason, detail = failure_reason(failure)
        if reason == "stopped":
            return  # the frontier still has it
        if task.kind != "article":
            self._count(task, "failed")
            if task.kind == "home":
                self.troubles[task.site] = f"{reason}: {detail}"
            self.crawls[task.site].failed(task, self._now(), passing=is_passing(reason))
            return
        if request.meta.get("parts"):
            reason, detail = "part_missing", f"{reason}: {detail}"
        yield Rejection(
            outcome="failed",
            url=task.url,
            reason=reason,
            detail=detail,
            date_fetched=self._now().isoformat(timespec="seconds"),
            candidate=task.key,
            site=task.site,
            retry=is_passing(reason),
        )

    def _count(self, task: Task, state: str) -> None:
        self.crawler.stats.inc_value(f"fetched/{task.kind}/{state}")


def _open_doors(settings: Settings, sites: list[Site]) -> None:
    """Let the hosts that the operator named have private addresses, and their lists' own pace."""
    named = [*settings.getlist("NAMED_HOSTS"), *(host_key(site.url) for site in sites)]
    settings.set("NAMED_HOSTS", named, priority="cmdline")
    given = {
        name: (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
        for name in ("DOWNLOAD_DELAY", "CONCURRENT_REQUESTS_PER_DOMAIN")
    }
    slots = slots_of_sites(
        [(site.url, site.delay, None) for site in sites],
        given["DOWNLOAD_DELAY"],
        given["CONCURRENT_REQUESTS_PER_DOMAIN"],
    )
    settings.set("DOWNLOAD_SLOTS", dict(slots), priority="spider")
    rendered = [site.url for site in sites if site.javascript]
    if rendered:
        found = rendering_settings(rendered, settings.getfloat("DOWNLOAD_TIMEOUT"))
        handlers = {**settings.getdict("DOWNLOAD_HANDLERS"), **found.pop("DOWNLOAD_HANDLERS")}
        settings.setdict({**found, "DOWNLOAD_HANDLERS": handlers}, priority="spider")


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _own_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    names = ("task", "download_slot", "dont_obey_robotstxt", "render")
    return {name: meta[name] for name in names}
