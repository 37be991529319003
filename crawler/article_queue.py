"""Takes up as candidates what the lists of one site name: articles within the run's bounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.discovery.article_urls import ArticleShapes, is_about_the_site
from crawler.discovery.bounds import Bounds
from crawler.discovery.dates import listed_date
from crawler.discovery.entries import Entry
from crawler.discovery.urls import page_key
from crawler.items import Task
from crawler.network.politeness import host_key

if TYPE_CHECKING:
    from crawler.discovery.site_lists import Site
    from crawler.frontier import Frontier
    from crawler.news_arguments import NewsArguments

_STAMPED = 5  # entries with one and the same date of change


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What came of one answer's entries.

    *new* were not known, *later* lie after `until`, *past* says that what follows lies before
    `since`, *cut* that the run's limit was reached.
    """

    new: int = 0
    later: int = 0
    past: bool = False
    cut: bool = False


class ArticleQueue:
    """Judges entries by what the site taught (*shapes*) and queues those that are articles."""

    def __init__(self, site: Site, frontier: Frontier, arguments: NewsArguments) -> None:
        self.shapes = ArticleShapes()
        self._site = site
        self._frontier = frontier
        self._limit = arguments.limit
        self._bounds = Bounds(arguments.since, arguments.until, site.timezone)
        self._pattern = re.compile(site.article_pattern) if site.article_pattern else None
        self._order = 0

    def named(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries of a source that names articles only: a feed, the rows of a list."""
        return [one for one in entries if self._is_meant(one.url, not is_about_the_site(one.url))]

    def listed(self, entries: Iterable[Entry], framework: Collection[str]) -> list[Entry]:
        """The articles of a source that lists whatever the site has, its *framework* too."""
        return [
            one for one in entries if self._is_meant(one.url, self._is_story(one.url, framework))
        ]

    def _is_story(self, url: str, framework: Collection[str]) -> bool:
        return self.shapes.is_article(url) and page_key(url) not in framework

    def _is_meant(self, url: str, judged: bool) -> bool:
        """Our own judgement, unless the site list's pattern stands in its place."""
        return judged if self._pattern is None else self._pattern.search(url) is not None

    def is_past(self, archive: str) -> bool:
        """Whether the day or month in the address of a list lies before the bounds."""
        return self._bounds.place(Entry(archive)) == "before"

    def take_up(self, entries: Iterable[Entry], depth: int) -> TakenUp:
        """Queue what lies within the bounds and the limit."""
        within, later, past = self._bounds.sift(entries)
        # A site that stamps every entry with the moment of asking says nothing by it.
        changes = {entry.listing.date_modified for entry in within}
        stamped = len(within) >= _STAMPED and len(changes) == 1
        articles = [self._article(entry, depth, stamped=stamped) for entry in within]
        self._frontier.expect(articles)
        new = 0
        for article in articles:
            if self._limit is not None and self._frontier.taken_up >= self._limit:
                return TakenUp(new, later, past, cut=True)
            # What listings name first is newest; the first of all is asked first.
            self._order += 1
            article.priority = -self._order
            if self._frontier.add([article]):
                new += 1
            elif article.modified:
                self._frontier.update(article)
        return TakenUp(new, later, past)

    def hand_on(self, task: Task, url: str) -> None:
        """Queue the article at *url* again if the listing of *task* says that it changed since."""
        article = self._article(Entry(url, task.listing), task.depth, stamped=False)
        article.priority = task.priority
        if article.modified:
            self._frontier.update(article)

    def _article(self, entry: Entry, depth: int, *, stamped: bool) -> Task:
        url = entry.url
        article = Task("article", url, page_key(url), self._site.name, host_key(url), 0.0, depth)
        article.listing = entry.listing
        modified = listed_date(entry.listing.date_modified, self._site.timezone)
        article.modified = 0.0 if stamped or modified is None else modified.timestamp()
        return article
