"""What the tests of the stores' contract have in common."""

from __future__ import annotations

import time
from collections.abc import Callable

from crawler.items import Listing, Task
from pipelines.store.interfaces import CrawlStore
from pipelines.store.outcome import Outcome

PATH = "articles/2030-01-01.jsonl"
Opener = Callable[[str], CrawlStore]


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


def article(number: int, host: str = "a.test", **values: float) -> Task:
    url = f"https://{host}/{number}"
    listing = Listing(headline=f"第{number}条")
    return Task("article", url, url, host, host, number, 1, listing, modified=values.get("at", 0.0))


def feed(name: str = "feed", host: str = "a.test") -> Task:
    url = f"https://{host}/{name}"
    return Task("feed", url, url, host, host, priority=3.0, memo={"front": True})


def book(store: CrawlStore, *tasks: Task, outcome: str = "article") -> None:
    for task in tasks:
        line = b'{"url": "%s"}\n' % task.url.encode()
        store.book(Outcome(task.key, task.site, outcome, None, PATH, line))  # type: ignore[arg-type]


def finish(store: CrawlStore) -> None:
    """End a run as `crawler.assembly.run_result` does."""
    store.commit()
    store.close()


def lines(store: CrawlStore) -> list[bytes]:
    file = store.folder / PATH
    return file.read_bytes().splitlines(keepends=True) if file.exists() else []
