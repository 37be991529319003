"""The crawl of one site: what each answer leads to. No Scrapy, no network, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from crawler.answers import Answer
from crawler.article_queue import ArticleQueue, TakenUp
from crawler.discovery.archives import archive_date, is_archive
from crawler.discovery.coverage import names_of, newest, order_of
from crawler.discovery.dates import is_day, listed_date
from crawler.discovery.entries import Entry
from crawler.discovery.feeds import read_feed
from crawler.discovery.html_text import in_encoding
from crawler.discovery.list_walk import ListWalk
from crawler.discovery.listings import common_feed_paths, common_sitemap_paths, read_listing
from crawler.discovery.sitemaps import read_sitemap
from crawler.discovery.traps import ListAllowance
from crawler.discovery.urls import page_key
from crawler.items import Task, TaskKind
from crawler.known_lists import KnownLists, freshness_of, walk_of
from crawler.network.politeness import host_key

if TYPE_CHECKING:
    from crawler.discovery.site_lists import Site
    from crawler.frontier import Frontier
    from crawler.news_arguments import NewsArguments

# Lists are asked in this order; what is nearer to the news comes first.
_PRIORITY: dict[TaskKind, float] = {"home": 4.0, "feed": 3.0, "sitemap": 2.0, "list": 1.0}
_DEPTH = 3
_ROBOTS = "robots.txt"  # the index of sitemaps, where there is none
_FRAMEWORK = 100  # pages in the foot of the homepage that are remembered
_NAMED_PAGES = 5  # pages of a list whose articles are remembered


class SiteCrawl:
    """Reads the answers of one site and queues what they name.

    A control task remembers in its memo whether it is a *front* (asked by itself) or a deeper
    *page* (asked while pages before it bring news), its freshness, its walk, and what it named.
    """

    def __init__(self, site: Site, frontier: Frontier, arguments: NewsArguments) -> None:
        self.site = site
        self._frontier = frontier
        self._arguments = arguments
        self._since = max(0.0, arguments.bounds[0])
        self._queue = ArticleQueue(site, frontier, arguments)
        self._known = KnownLists()
        self._allowance = ListAllowance()
        self._asked: set[str] = set()  # keys of the lists of this run
        self._first_walks: set[str] = set()  # keys of the lists that are walked for the first time
        self._paged: set[tuple[str, str]] = set()  # kinds and keys of their further pages
        self.dropped: Counter[str] = Counter()

    @property
    def endpoint(self) -> str:
        """The host[:port] that the operator named with this site."""
        return host_key(self.site.url)

    def begin(self, now: datetime) -> bool:
        """Queue the lists to ask: the homepage, those of the site list, those found before.

        False where all of them may wait, which `due=1` alone allows.
        """
        self._known = KnownLists(self._frontier.control_tasks(self.site.name))
        starts: list[tuple[TaskKind, str]] = [("home", self.site.url)]
        starts += [("feed", url) for url in self.site.feeds]
        starts += [("sitemap", url) for url in self.site.sitemaps]
        starts += [("list", url) for url in self.site.sections]
        asked = [self._front(kind, url, 0) for kind, url in starts]
        due = self._known.due(now, self._since, by_hand=not self._arguments.due)
        self._asked = {task.key for task in due}
        for task in due:
            self._frontier.ask(task)
        if not due and not any(asked) and not self._arguments.due:
            self._frontier.ask(self._task("home", self.site.url, 0))
            return True
        return bool(due) or any(asked)

    def conditions(self, task: Task) -> dict[str, str]:
        """The headers with which the server may answer that nothing changed."""
        page = int(task.memo.get("page", 1))
        if task.kind == "article" or page > 1 or walk_of(task).is_deeper(self._since):
            return {}
        return freshness_of(task).conditions()

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

    def failed(self, task: Task, now: datetime, *, passing: bool = False) -> None:
        """Take a control task that brought no answer; a page that is not there ends its walk."""
        root = self._known.root(task)
        if root is not task and not passing and not self._arguments.until:
            root.memo["walk"] = walk_of(root).ended(self._since).to_json()
            self._frontier.finish(root)
        self._done(task, Answer(task.url), now, failed=True)

    def stands_at(self, task: Task, url: str) -> None:
        """Take a candidate that was redirected to *url*, which gave an article before."""
        self._queue.hand_on(task, url)

    def _listing(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        body = in_encoding(answer.body, self.site.encoding)
        reading = read_listing(body, answer.url, self.site.url, self._queue.shapes)
        self.dropped.update(reading.dropped)
        self._sources(task, answer, reading.feeds, reading.feed_pages)
        if task.kind == "home":
            task.memo["at"] = page_key(answer.url)  # where a redirect led
            task.memo["framework"] = list(map(page_key, reading.framework[:_FRAMEWORK]))
        dated = [entry.url for entry in reading.articles if entry.listing.date_published]
        self._queue.shapes.learn(dated)
        entries = self._queue.named(reading.articles)
        taken = self._articles(entries, task)
        if taken.new:
            self._allowance.brought_news(task.url)
        self._sections(task, reading.sections)
        self._walk(task, "list", reading.next_pages, entries, taken)
        self._done(task, answer, now, taken.new)
        return []

    def _sections(self, task: Task, sections: list[str]) -> None:
        """Queue the lists that a list names, down to the depth of the run."""
        own = archive_date(task.url)
        for section in sections:
            day = archive_date(section)
            if day and self._queue.is_past(section):
                continue
            if not day and not self._allowance.has_room(section):
                self.dropped["too_many"] += 1
                continue
            # Pages of one issue stand beside each other.
            depth = task.depth + (not day or day != own)
            if depth <= (self._arguments.depth or _DEPTH):
                # The archive of the next day is found where this one was.
                by = {"by": f"{task.kind} {task.key}"} if is_archive(section) else {}
                if self._front("list", section, depth, memo={**by}):
                    self._allowance.follow(section)

    def _sources(self, task: Task, answer: Answer, feeds: list[str], feed_pages: list[str]) -> None:
        """Queue the site's feeds and sitemaps, guessing common paths where it names none.

        Sections are believed only where the homepage names no feed: most of theirs are parts of it.
        """
        if task.kind == "home":
            task.memo["feeds"] = bool(feeds)
        elif self._of_home("feeds", False):
            return
        sitemaps = list(answer.robots_sitemaps)  # of a homepage only
        for feed in feeds:
            self._front("feed", feed, 1)
        if not feeds and not sitemaps:
            for page in feed_pages:
                self._front("feed", page, 1, memo={"names_feeds": True})
        for place, sitemap in enumerate(sitemaps):
            # robots.txt may name one for each month, as an index does.
            outer = place in (0, len(sitemaps) - 1)
            self._front("sitemap", sitemap, 1, memo={"of": _ROBOTS, "outer": outer})
        if task.kind == "home" and not task.memo.get("probed"):
            # Guessed once: a site that has neither is not asked for them in every run.
            task.memo["probed"] = True
            if not sitemaps:
                self._guess("sitemap", common_sitemap_paths(answer.url))
                self._guess("feed", [] if feeds else common_feed_paths(answer.url))

    def _of_home(self, name: str, default: Any) -> Any:
        home = self._known.get(self._task("home", self.site.url, 0))
        return home.memo.get(name, default) if home else default

    def _guess(self, kind: TaskKind, urls: Sequence[str]) -> None:
        """Queue the first of these addresses that is not known; the next if that gives nothing."""
        for index, url in enumerate(urls):
            if self._front(kind, url, 1, memo={"guess": list(urls[index + 1 :])}):
                return

    def _feed(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        reading = read_feed(answer.body, answer.url, answer.content_type, self.site.url)
        self.dropped.update(reading.dropped)
        if not reading.format and self._feed_page(task, answer, now):
            return []
        self._queue.shapes.learn(entry.url for entry in reading.entries)
        entries = self._queue.named(reading.entries)
        taken = self._articles(entries, task)
        following = [reading.next_url] if reading.next_url else []
        self._walk(task, "feed", following, entries, taken)
        task.memo["problem"] = next(iter(reading.problems), "")
        self._done(task, answer, now, taken.new, failed=not reading.format)
        return reading.problems

    def _feed_page(self, task: Task, answer: Answer, now: datetime) -> bool:
        """Queue the feeds that a page names for people; whether it was one, which is asked once.

        Its address may be a feed's: /rss.
        """
        if "html" not in answer.content_type and not task.memo.get("names_feeds"):
            return False
        feeds = read_listing(answer.body, answer.url, self.site.url).feeds
        if not feeds:
            return False
        for feed in feeds:
            self._front("feed", feed, 2)
        task.memo["front"] = False
        self._done(task, answer, now)
        return True

    def _sitemap(self, task: Task, answer: Answer, now: datetime) -> list[str]:
        reading = read_sitemap(answer.body, answer.url, self.site.url)
        self.dropped.update(reading.dropped)
        latest = max((lastmod or "" for _, lastmod in reading.sitemaps), default="")
        for place, (child, lastmod) in enumerate(reading.sitemaps):
            last = place + 1 == len(reading.sitemaps)
            self._child_sitemap(
                task, child, lastmod, outer=place == 0 or last, latest=lastmod == latest
            )
        # A news sitemap names articles only; a plain one lists whatever the site has.
        named = [entry for entry in reading.entries if entry.listing.headline]
        self._queue.shapes.learn(entry.url for entry in named)
        plain = [entry for entry in reading.entries if not entry.listing.headline]
        self._queue.shapes.learn_common(entry.url for entry in plain)
        framework = self._of_home("framework", ())
        entries = self._queue.named(named) + self._queue.listed(plain, framework)
        taken = self._articles(entries, task)
        task.memo["news"] = reading.is_news
        self._walk(task, "sitemap", [], entries, taken)
        task.memo["problem"] = next(iter(reading.problems), "")
        failed = not reading.entries and not reading.sitemaps and bool(reading.problems)
        self._done(task, answer, now, taken.new, failed=failed)
        return reading.problems

    # --- tasks ---------------------------------------------------------------------------------

    def _done(
        self, task: Task, answer: Answer, now: datetime, new: int = 0, *, failed: bool = False
    ) -> None:
        freshness = freshness_of(task).after(
            now,
            new,
            failed=failed,
            unchanged=answer.unmodified,
            etag=answer.etag,
            last_modified=answer.last_modified,
            digest=blake2b(answer.body, digest_size=8).hexdigest() if answer.body else "",
        )
        task.memo["freshness"] = freshness.to_json()
        others = task.memo.pop("guess", None)
        if others is not None and failed:
            task.memo["front"] = False
            self._guess(task.kind, others)
        self._known.put(task)
        self._frontier.finish(task)

    def _articles(self, entries: list[Entry], task: Task) -> TakenUp:
        return self._queue.take_up(entries, task.depth + 1)

    def _task(self, kind: TaskKind, url: str, depth: int) -> Task:
        priority = _PRIORITY[kind] - depth / 100
        return Task(kind, url, page_key(url), self.site.name, host_key(url), priority, depth)

    def _front(
        self, kind: TaskKind, url: str, depth: int, *, memo: dict[str, object] | None = None
    ) -> bool:
        """Queue a list that is not known yet; whether it was not."""
        task = self._task(kind, url, depth)
        if self._known.get(task) is not None or self._is_home(task):
            return False
        task.memo = {"front": True, **(memo or {})}
        self._known.put(task)
        self._frontier.add([task])
        return True

    def _is_home(self, task: Task) -> bool:
        """Whether a list is the homepage once more; that is asked as what it is."""
        home = self._task("home", self.site.url, 0).key
        return task.kind == "list" and task.key in (home, self._of_home("at", home))

    def _walk(
        self, task: Task, kind: TaskKind, pages: list[str], entries: list[Entry], taken: TakenUp
    ) -> None:
        """Queue the next pages of a list, or remember that its walk came to an end."""
        names = names_of(entries)
        root = self._known.root(task)
        walk = self._walk_of(root)
        page, barren = int(task.memo.get("page", 1)), int(task.memo.get("barren", 0))
        before = set(task.memo.get("before", ()))
        before.update(root.memo.get("names", ()) if root is not task else ())
        news = taken.new + taken.later
        goes_on = not taken.past and walk.goes_on(page, self._since, news, barren, before, names)
        if root is task:
            self._remember_order(task, entries, names)
        if page <= _NAMED_PAGES:
            task.memo["names"] = names
        task.memo.pop("before", None)
        queued = False
        if goes_on and not taken.cut:
            barren = 0 if news else barren + 1
            memo = {"page": page + 1, "of": root.key, "before": names, "barren": barren}
            # Later on the news seldom reaches behind the second page, and that names the third.
            again = walk.walked is not None and not walk.is_deeper(self._since)
            for following in pages[:1] if again else pages:
                queued |= self._page(kind, following, root, dict(memo))
        if taken.cut or self._arguments.until:
            walk = replace(walk, cut=True)
        elif not queued:
            walk = walk.ended(self._since)
        root.memo["walk"] = walk.to_json()
        if root is not task:
            self._frontier.finish(root)

    def _walk_of(self, root: Task) -> ListWalk:
        """A list's walk; where one of its branches ended in this run, still the first one."""
        walk = walk_of(root)
        if walk.walked is None:
            self._first_walks.add(root.key)
        return replace(walk, walked=None) if root.key in self._first_walks else walk

    def _remember_order(self, task: Task, entries: list[Entry], names: list[int]) -> None:
        """Note whether a list shows the newest; if all of it is new, ask those behind it."""
        zone = self.site.timezone
        task.memo["newest"] = newest(entries, zone)
        task.memo["order"] = order_of(entries, zone)
        before = task.memo.get("names", ())
        if before and names and set(names).isdisjoint(before) and not self._arguments.due:
            for other in self._known.left_out(self._asked):
                self._asked.add(other.key)
                self._frontier.ask(other)

    def _page(self, kind: TaskKind, url: str, root: Task, memo: dict[str, object]) -> bool:
        """Queue a page of a list; False where it is asked as a list of its own."""
        task = self._task(kind, url, root.depth)
        known = self._known.get(task)
        asked = (task.kind, task.key) in self._paged  # by another list that goes on there
        if asked or self._is_home(task) or (known is not None and known.memo.get("front")):
            return False
        self._paged.add((task.kind, task.key))
        task.memo = memo
        self._known.put(task)
        self._frontier.ask(task)
        return True

    def _child_sitemap(
        self, parent: Task, url: str, lastmod: str | None, *, outer: bool, latest: bool
    ) -> None:
        since = self._arguments.since
        changed = listed_date(lastmod)
        if since is not None and changed is not None and changed < since:
            return
        task = self._task("sitemap", url, parent.depth + 1)
        known = self._known.get(task)
        memo = dict(known.memo) if known else {}
        same = known is not None and memo.get("lastmod") == lastmod
        if same and known is not None and latest and is_day(lastmod):
            same = not self._known.may_have_grown(known)
        named_before = known is not None and memo.get("of", _ROBOTS) == _ROBOTS
        if (
            parent.depth > _DEPTH
            or task.key in self._asked
            or named_before
            or (same and not walk_of(task, memo).is_deeper(self._since))
        ):
            return
        task.memo = {**memo, "lastmod": lastmod, "of": parent.key, "outer": outer, "front": True}
        self._asked.add(task.key)
        self._known.put(task)
        self._frontier.ask(task)
