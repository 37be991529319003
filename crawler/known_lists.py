"""The feeds, sitemaps and lists of one site, and which of them a run has to ask."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime, timedelta
from typing import Any, cast

from crawler.discovery.archives import Archives, is_archive
from crawler.discovery.coverage import Rank, Source, Trust, how_many, needed
from crawler.discovery.freshness import Freshness
from crawler.discovery.list_walk import ListWalk
from crawler.items import Task, TaskKind

_DAY = 86_400.0
_REST = timedelta(hours=1)
FEW = 1 / 20  # of all that a site is known to have may be asked again by every run
_TRUST: tuple[Trust, ...] = ("never", "order", "heads")


def freshness_of(task: Task) -> Freshness:
    """What is known of how often a list brings news."""
    return Freshness.from_json(task.memo.get("freshness"))


def walk_of(task: Task, memo: dict[str, Any] | None = None) -> ListWalk:
    """What is known of the walk over a list's pages."""
    return ListWalk.from_json((task.memo if memo is None else memo).get("walk"))


class KnownLists:
    """Every control task of one site by kind and key."""

    def __init__(self, tasks: Iterable[Task] = ()) -> None:
        self._tasks: dict[tuple[TaskKind, str], Task] = {}
        for task in tasks:
            self.put(task)

    def get(self, task: Task) -> Task | None:
        """The known task for the same address, asked as the same kind."""
        return self._tasks.get((task.kind, task.key))

    def put(self, task: Task) -> None:
        """Remember a task, in the place of an earlier one."""
        self._tasks[task.kind, task.key] = task

    def root(self, task: Task) -> Task:
        """The first page of the list that *task* is a page of: often *task* itself."""
        if int(task.memo.get("page", 1)) == 1:
            return task
        key = task.memo.get("of", "")
        kinds: tuple[TaskKind, ...] = (task.kind, "home")
        found = (self._tasks.get((kind, key)) for kind in kinds)
        return next((root for root in found if root is not None), task)

    def due(self, now: datetime, since: float, *, by_hand: bool) -> list[Task]:
        """The fronts to ask at *now*: those whose time has come.

        A run *by_hand* also asks every one without which an article would not be found, and every
        one that has to be walked further back than before.
        """
        archives = self._archives()
        required = self._required(archives, now) if by_hand else set()
        return [
            task
            for task in self._tasks.values()
            if task.memo.get("front")
            and not freshness_of(task).resting(now)
            and (
                _id(task) in required
                or (by_hand and walk_of(task).is_deeper(since))
                or (
                    _time_has_come(freshness_of(task), now, by_hand=by_hand)
                    and not (_is_archive(task) and archives.is_closed(task.url))
                    and (not _by_index(task) or self.is_latest(task))
                )
            )
        ]

    def left_out(self, asked: Set[str]) -> list[Task]:
        """The lists that were not asked because others stood in for them."""
        archives = self._archives()
        return [
            task
            for task in self._tasks.values()
            if task.kind in ("home", "list")
            and task.memo.get("front", task.kind == "home")
            and task.memo.get("names")
            and task.key not in asked
            and not (_is_archive(task) and archives.is_closed(task.url))
        ]

    def may_have_grown(self, task: Task) -> bool:
        """Whether a sitemap of today holds the latest entries, and no feed is as late."""
        newest = float(task.memo.get("newest", 0.0))
        feeds = (other for other in self._tasks.values() if _rank(other) == "feed")
        ahead = any(float(feed.memo.get("newest", 0.0)) >= newest > 0 for feed in feeds)
        return self.is_latest(task) and not ahead

    def _archives(self) -> Archives:
        read = filter(_is_archive, self._tasks.values())
        return Archives({task.url: float(task.memo.get("newest", 0.0)) for task in read})

    def _required(self, archives: Archives, now: datetime) -> set[str]:
        """The ids of the lists without which an article would not be found.

        All that name something of their own, if these are few beside what the site has; else
        without those that go on behind others.
        """
        sources = self._sources()
        named = {name for one in sources for name in (*one.names, *one.behind)}
        few = FEW * (len(self._tasks) + how_many(named))
        required: set[str] = set()
        for trust in _TRUST:
            required = self._with_sources(needed(sources, trust), archives, now)
            if len(required) <= few:
                break
        return required

    def _with_sources(self, required: set[str], archives: Archives, now: datetime) -> set[str]:
        """These without the archives that are not the latest, and with what names the next."""
        done: set[str] = set()  # archives of months that are not followed by another yet
        for task in self._tasks.values():
            if _is_archive(task) and not archives.is_latest(task.url):
                required.discard(_id(task))
            elif _is_archive(task) and not archives.is_followed(task.url, now):
                done.add(_id(task))
        # An index says nothing of its own, but names the sitemap of the next month, and some other
        # list the archive of the next day.
        for name in required - done:
            above = self._named_by(name)
            while above and above not in required:
                required.add(above)
                above = self._named_by(above)
        return required

    def _named_by(self, name: str) -> str:
        """The id of the list that has to be asked for the next one of this kind; or empty."""
        kind, _, key = name.partition(" ")
        task = self._tasks.get((cast("TaskKind", kind), key))
        if task is None:
            return ""
        if kind == "sitemap" and "of" in task.memo:
            return f"sitemap {task.memo['of']}"
        return str(task.memo.get("by", ""))

    def _sources(self) -> list[Source]:
        behind: dict[str, set[int]] = {}
        indexed: dict[tuple[str, Rank], set[int]] = {}
        fronts: list[Task] = []
        for task in self._tasks.values():
            names = task.memo.get("names", ())
            if (root := self.root(task)) is not task:
                behind.setdefault(_id(root), set()).update(names)
            elif _by_index(task):
                indexed.setdefault((f"sitemap {task.memo['of']}", _rank(task)), set()).update(names)
            elif task.memo.get("front") and ("of" not in task.memo or self.is_latest(task)):
                fronts.append(task)
        return [
            *(
                Source(
                    _id(task),
                    _rank(task),
                    tuple(task.memo.get("names", ())),
                    frozenset(behind.get(_id(task), ())),
                    order=task.memo.get("order", "unknown"),
                )
                for task in fronts
            ),
            *(Source(index, rank, tuple(names)) for (index, rank), names in indexed.items()),
        ]

    def is_latest(self, task: Task) -> bool:
        """Whether a sitemap of an index holds the latest entries, or may be where they come."""
        siblings = [
            other
            for other in self._tasks.values()
            if other.kind == "sitemap" and other.memo.get("of") == task.memo["of"]
        ]
        newest = max(float(other.memo.get("newest", 0.0)) for other in siblings)
        own = float(task.memo.get("newest", 0.0))
        return bool(task.memo.get("outer")) if own == 0 else own >= newest - _DAY


def _time_has_come(freshness: Freshness, now: datetime, *, by_hand: bool) -> bool:
    """Whether a list that is not needed is due; by hand it rests for an hour at least."""
    asked = freshness.asked
    rested = not by_hand or asked is None or not asked <= now < asked + _REST
    return rested and freshness.due(now)


def _is_archive(task: Task) -> bool:
    """Whether a list that was read is one of a day or a month, by its address."""
    return task.kind == "list" and "names" in task.memo and is_archive(task.url)


def _by_index(task: Task) -> bool:
    """Whether an index of sitemaps prints when this one changed, and so says when to ask it."""
    return task.memo.get("lastmod") is not None


def _rank(task: Task) -> Rank:
    match task.kind:
        case "feed":
            return "feed"
        case "sitemap":
            return "feed" if task.memo.get("news") else "sitemap"
        case _:
            return "list"


def _id(task: Task) -> str:
    return f"{task.kind} {task.key}"
