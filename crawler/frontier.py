"""What is fetched next, as the crawler sees it.

The store that implements `Frontier` is handed to the crawler, because `crawler` does not import
`pipelines`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Protocol

from crawler.items import Task


class Frontier(Protocol):
    """The durable queue and the seen set, as one: what was ever added is never added again."""

    taken_up: int

    def begin(self, sites: Iterable[str] | None, bounds: tuple[float, float] = (-inf, inf)) -> None:
        """Start a run over *sites*; None means all.

        Articles that an earlier run left out by their date wait again where it is within *bounds*,
        in seconds since the epoch.
        """

    def expect(self, tasks: Sequence[Task]) -> None:
        """Hear which articles will be added next, to ask for all of them in one go."""

    def add(self, tasks: Iterable[Task]) -> int:
        """Queue what is not known yet; return how many that were."""

    def update(self, task: Task) -> bool:
        """Queue a known article again if its *modified* is later than what was known of it."""

    def has_article(self, key: str) -> bool:
        """Whether the candidate *key* is done and gave an article, now or earlier."""

    def take(self, host: str, limit: int) -> list[Task]:
        """Hand out up to *limit* waiting tasks of *host*, the most urgent first."""

    def hosts(self) -> Iterable[str]:
        """Every host that has tasks waiting."""

    def unfinished(self) -> bool:
        """Whether something of this run waits, or is in the hands of another worker."""

    def rest(self, host: str, seconds: float) -> None:
        """Hear that *host* is to be left alone for *seconds*, by whoever takes it over too."""

    def finish(self, task: Task) -> None:
        """Book a control task as done, with its *memo*; what it led to was added before."""

    def control_tasks(self, site: str) -> list[Task]:
        """The lists, feeds and sitemaps known for *site*, to be asked again."""

    def ask(self, task: Task) -> None:
        """Queue a control task, known or not."""
