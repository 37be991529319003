"""The crawl of one site: what each answer leads to. No Scrapy, no network, no clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from crawler.discovery.article_urls import ArticleShapes
from crawler.discovery.dates import listed_date
from crawler.discovery.entries import Entry
from crawler.discovery.feeds import read_feed
from crawler.discovery.freshness import Freshness
from crawler.discovery.listings import common_feed_paths, common_sitemap_paths, read_listing
from crawler.discovery.sitemaps import read_sitemap
from crawler.discovery.urls import page_key
from crawler.items import Task, TaskKind
from crawler.politeness import host_key

if TYPE_CHECKING:
    from crawler.discovery.site_lists import Site
    from crawler.frontier import Frontier
    from crawler.news_arguments import NewsArguments

# Lists are asked in this order; what is nearer to the news comes first.
_PRIORITY: dict[TaskKind, float] = {"home": 4.0, "feed": 3.0, "sitemap": 2.0, "list": 1.0}
_DEPTH = 3
# Pages of one list that are walked in one run; a list this long is an archive or a trap.
_PAGES = 200


@dataclass(slots=True)
class Answer:
    """What came back for a control task; *robots_sitemaps* go with a homepage."""

    url: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    unmodified: bool = False
    robots_sitemaps: Sequence[str] = ()


class SiteCrawl:
    """Reads the answers of one site and queues what they name.

    A control task remembers in its memo whether it is a *front* (asked in every run) or a deeper
    *page* (asked while pages before it bring news), and its freshness.
    """

    def __init__(self, site: Site, frontier: Frontier, arguments: NewsArguments) -> None:
        self.site = site
        self._frontier = frontier
        self._arguments = arguments
        self._shapes = ArticleShapes()
        self._known: dict[tuple[TaskKind, str], Task] = {}
        self._order = 0
        self._left_out = False
        pattern = site.article_pattern
        self._pattern = re.compile(pattern) if pattern else None
        self.dropped: Counter[str] = Counter()

    @property
    def endpoint(self) -> str:
        """The host[:port] that the operator named with this site."""
        return host_key(self.site.url)

    def begin(self, now: datetime) -> None:
        """Queue the fronts: the homepage, what the site list names, what earlier runs found."""
        for task in self._frontier.control_tasks(self.site.name):
            self._known[task.kind, task.key] = task
        starts: list[tuple[TaskKind, str]] = [("home", self.site.url)]
        starts += [("feed", url) for url in self.site.feeds]
        starts += [("sitemap", url) for url in self.site.sitemaps]
        starts += [("list", url) for url in self.site.sections]
        for kind, url in starts:
            if (kind, page_key(url)) not in self._known:
                self._front(kind, url, 0)
        for task in list(self._known.values()):
            if task.memo.get("front") and self._is_due(task, now):
                self._frontier.ask(task)

    def _is_due(self, task: Task, now: datetime) -> bool:
        freshness = _freshness(task)
        if freshness.resting(now):
            return False
        return not self._arguments.due or freshness.due(now)

    def conditions(self, task: Task) -> dict[str, str]:
        """The headers with which the server may answer that nothing changed."""
        return {} if task.kind == "article" else _freshness(task).conditions()

    # --- answers -------------------------------------------------------------------------------

    def take(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        """Queue what the *answer* to a control task names; returns what was wrong with it."""
        if answer.unmodified:
            self._done(task, answer, now)
            return []
        match task.kind:
            case "feed":
                return self._feed(task, answer, now)
            case "sitemap":
                return self._sitemap(task, answer, now)
            case _:
                return self._listing(task, answer, now)

    def failed(self, task: Task, now: datetime) -> None:
        """Take a control task that brought no answer."""
        self._done(task, Answer(task.url), now, failed=True)

    def _listing(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        reading = read_listing(answer.body, answer.url, self.site.url, self._shapes)
        self.dropped.update(reading.dropped)
        if task.kind == "home":
            self._sources(task, answer, reading.feeds)
        dated = [entry.url for entry in reading.articles if entry.listing.date_published]
        self._shapes.learn(dated)
        new = self._articles(reading.articles, task, trusted=True)
        if task.depth < (self._arguments.depth or _DEPTH):
            for section in reading.sections:
                self._front("list", section, task.depth + 1)
        page = int(task.memo.get("page", 1))
        if new and page < _PAGES:
            for following in reading.next_pages:
                self._page("list", following, task, page + 1)
        self._done(task, answer, now, new)
        return []

    def _sources(self, task: Task, answer: Answer, feeds: list[str]) -> None:
        """Queue the site's feeds and sitemaps, guessing common paths where it names none."""
        sitemaps = list(answer.robots_sitemaps)
        for feed in feeds:
            self._front("feed", feed, 1)
        for sitemap in sitemaps:
            self._front("sitemap", sitemap, 1)
        if not task.memo.get("probed"):
            # Guessed once: a site that has neither is not asked for them in every run.
            task.memo["probed"] = True
            for feed in [] if feeds else common_feed_paths(answer.url):
                self._front("feed", feed, 1, guess=True)
            for sitemap in [] if sitemaps else common_sitemap_paths(answer.url):
                self._front("sitemap", sitemap, 1, guess=True)

    def _feed(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        reading = read_feed(answer.body, answer.url, answer.content_type, self.site.url)
        self.dropped.update(reading.dropped)
        self._shapes.learn(entry.url for entry in reading.entries)
        new = self._articles(reading.entries, task, trusted=True)
        page = int(task.memo.get("page", 1))
        if new and reading.next_url and page < _PAGES:
            self._page("feed", reading.next_url, task, page + 1)
        self._done(task, answer, now, new, failed=not reading.format)
        return reading.problems

    def _sitemap(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        reading = read_sitemap(answer.body, answer.url, self.site.url)
        self.dropped.update(reading.dropped)
        for child, lastmod in reading.sitemaps:
            self._child_sitemap(task, child, lastmod)
        # A news sitemap names articles only; a plain one lists whatever the site has.
        named = [entry for entry in reading.entries if entry.listing.headline]
        self._shapes.learn(entry.url for entry in named)
        new = self._articles(named, task, trusted=True)
        plain = [entry for entry in reading.entries if not entry.listing.headline]
        self._shapes.learn_common(entry.url for entry in plain)
        new += self._articles(plain, task, trusted=False)
        failed = not reading.entries and not reading.sitemaps and bool(reading.problems)
        self._done(task, answer, now, new, failed=failed)
        return reading.problems

    # --- tasks ---------------------------------------------------------------------------------

    def _done(
        self, task: Task, answer: Answer, now: datetime, new: int = 0, *, failed: bool = False
    ) -> None:
        freshness = _freshness(task).after(
            now,
            new,
            failed=failed,
            unchanged=answer.unmodified,
            # Of a list that was read in part, a later run must not hear "unchanged".
            etag="" if self._left_out else answer.etag,
            last_modified="" if self._left_out else answer.last_modified,
            digest=blake2b(answer.body, digest_size=8).hexdigest() if answer.body else "",
        )
        self._left_out = False
        task.memo["freshness"] = freshness.to_json()
        if task.memo.pop("guess", False) and failed:
            task.memo["front"] = False
        self._frontier.finish(task)

    def _task(self, kind: TaskKind, url: str, depth: int) -> Task:
        priority = _PRIORITY.get(kind, 0.0) - depth / 100
        return Task(kind, url, page_key(url), self.site.name, host_key(url), priority, depth)

    def _front(self, kind: TaskKind, url: str, depth: int, *, guess: bool = False) -> None:
        task = self._task(kind, url, depth)
        if (kind, task.key) not in self._known and not self._is_home(task):
            task.memo = {"front": True, "guess": guess}
            self._known[kind, task.key] = task
            self._frontier.add([task])

    def _page(self, kind: TaskKind, url: str, before: Task, page: int) -> None:
        task = self._task(kind, url, before.depth)
        known = self._known.get((kind, task.key))
        if self._is_home(task) or (known is not None and known.memo.get("front")):
            return
        task.memo = {"page": page}
        self._known[kind, task.key] = task
        self._frontier.ask(task)

    def _is_home(self, task: Task) -> bool:
        """Whether a list is the homepage once more; that is asked as what it is."""
        return task.kind == "list" and ("home", task.key) in self._known

    def _child_sitemap(self, parent: Task, url: str, lastmod: str | None) -> None:
        since = self._arguments.since
        changed = listed_date(lastmod)
        if since is not None and changed is not None and changed < since:
            return
        task = self._task("sitemap", url, parent.depth + 1)
        known = self._known.get(("sitemap", task.key))
        if parent.depth > _DEPTH or (known is not None and known.memo.get("lastmod") == lastmod):
            return
        task.memo = {**(known.memo if known else {}), "lastmod": lastmod}
        task.memo["front"] = lastmod is None
        self._known["sitemap", task.key] = task
        self._frontier.ask(task)

    def _articles(self, entries: Iterable[Entry], task: Task, *, trusted: bool) -> int:
        entries = [entry for entry in entries if self._is_wanted(entry, trusted=trusted)]
        stamps = {entry.listing.date_modified for entry in entries}
        # A site that stamps every entry with the moment of asking says nothing by it.
        stamped = len(entries) >= 5 and len(stamps) == 1
        new = 0
        for entry in entries:
            limit = self._arguments.limit
            if limit is not None and self._frontier.taken_up >= limit:
                self._left_out = True
                break
            article = self._task("article", entry.url, task.depth + 1)
            article.listing = entry.listing
            modified = listed_date(entry.listing.date_modified, self.site.timezone)
            article.modified = 0.0 if stamped or modified is None else modified.timestamp()
            # What listings name first is newest; the first of all is asked first.
            self._order += 1
            article.priority = -self._order
            if self._frontier.add([article]):
                new += 1
            elif article.modified:
                self._frontier.update(article)
        return new

    def _is_wanted(self, entry: Entry, *, trusted: bool) -> bool:
        if self._pattern is not None:
            if self._pattern.search(entry.url) is None:
                return False
        elif not trusted and not self._shapes.is_article(entry.url):
            return False
        raw = entry.listing.date_published or entry.listing.date_modified
        date = listed_date(raw, self.site.timezone)
        if date is None:
            return True
        since, until = self._arguments.since, self._arguments.until
        if (since and date < since) or (until and date > until):
            self._left_out = True
            return False
        return True


def _freshness(task: Task) -> Freshness:
    return Freshness.from_json(task.memo.get("freshness"))
