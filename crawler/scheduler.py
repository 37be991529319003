"""Take requests from the durable frontier, fairly over hosts."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol, Self, cast

from scrapy.core.scheduler import Scheduler

from crawler.store_failure import report_store_failure

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.frontier import Frontier
    from crawler.items import Task

# Tasks taken from the frontier at once, and so held in memory, for one host.
TASKS_AT_ONCE = 16


class TaskSpider(Protocol):
    """A spider that knows how to ask for a task."""

    def request_for(self, task: Task) -> Request:
        """The request that fetches *task*."""


class FrontierScheduler(Scheduler):
    """Serve what middlewares put back (redirects, retries) first, then the frontier's tasks.

    A host gets no more requests than keep its downloader slot busy, so that one slow site with a
    thousand pages waiting does not hold up the others.
    """

    frontier: Frontier
    busy_at: int
    _hosts: deque[str]
    _at_hand: dict[str, deque[Task]]
    _failed: bool

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        scheduler = super().from_crawler(crawler)
        scheduler.frontier = crawler.store.frontier  # type: ignore[attr-defined]
        scheduler.busy_at = 2 * crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        scheduler._hosts = deque()
        scheduler._at_hand = {}
        scheduler._failed = False
        return scheduler

    def has_pending_requests(self) -> bool:
        if super().has_pending_requests():
            return True
        return not self._failed and (bool(self._at_hand) or self.frontier.unfinished())

    def next_request(self) -> Request | None:
        request = super().next_request()
        if request is not None:
            return request
        task = None if self._failed else self._next_task_or_stop()
        return None if task is None else cast("TaskSpider", self.spider).request_for(task)

    def _next_task_or_stop(self) -> Task | None:
        try:
            return self._next_task()
        except Exception as error:  # noqa: BLE001 - whatever the store raises; else it would hang
            self._failed = True
            report_store_failure(cast("Crawler", self.crawler), error)
            return None

    def _next_task(self) -> Task | None:
        known = set(self._hosts)
        self._hosts.extend(host for host in self.frontier.hosts() if host not in known)
        for _ in range(len(self._hosts)):
            host = self._hosts[0]
            self._hosts.rotate(-1)
            if self._active(host) >= self.busy_at:
                continue
            task = self._pop(host)
            if task is not None:
                return task
            self._hosts.remove(host)
        return None

    def _pop(self, host: str) -> Task | None:
        tasks = self._at_hand.get(host)
        if not tasks:
            tasks = deque(self.frontier.take(host, TASKS_AT_ONCE))
        task = tasks.popleft() if tasks else None
        if tasks:
            self._at_hand[host] = tasks
        else:
            self._at_hand.pop(host, None)
        return task

    def _active(self, host: str) -> int:
        slot = cast("Crawler", self.crawler).engine.downloader.slots.get(host)
        return len(slot.active) if slot else 0
