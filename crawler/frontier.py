"""What is fetched next: the tasks of a crawl, and what a store must do with them.

The store that implements `Frontier` is named by a setting, because `crawler` does not import
`pipelines`. A task is either *control* (a homepage, feed, sitemap or list, asked again and again)
or an *article* (a candidate: taken up once, ending in exactly one outcome).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from crawler.items import Listing

TaskKind = Literal["home", "feed", "sitemap", "list", "article"]


@dataclass(slots=True)
class Task:
    """One thing to fetch.

    *key* is its identity (the canonical URL), *site* the name under which its records go, *host*
    the queue it waits in, *priority* is higher for what comes first. *memo* is what its kind needs
    to remember between runs (validators, freshness), as JSON values.
    """

    kind: TaskKind
    url: str
    key: str
    site: str
    host: str
    priority: float = 0.0
    depth: int = 0
    listing: Listing = field(default_factory=Listing)
    memo: dict[str, Any] = field(default_factory=dict)


class Frontier(Protocol):
    """The durable queue and the seen set, as one: what was ever added is never added again."""

    def add(self, tasks: Iterable[Task]) -> int:
        """Queue what is not known yet; return how many that were."""

    def update(self, task: Task) -> bool:
        """Queue a known article again because its listing marks it as changed."""

    def take(self, host: str, limit: int) -> list[Task]:
        """Hand out up to *limit* waiting tasks of *host*, the most urgent first."""

    def hosts(self) -> Iterable[str]:
        """Every host that has tasks waiting."""

    def finish(self, task: Task) -> None:
        """Book a control task as done, with its *memo*; what it led to was added before."""

    def control_tasks(self, site: str) -> list[Task]:
        """The lists, feeds and sitemaps known for *site*, to be asked again."""

    def ask(self, task: Task) -> None:
        """Queue a control task, known or not."""
