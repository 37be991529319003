"""What a crawl asks of its store, embedded or shared (`tests/fleet/test_contract.py`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from crawler.items import Rejection
from pipelines.fingerprint.index import Index
from pipelines.store.outcome import Outcome
from pipelines.store.store import Participant


class CrawlStore(Protocol):
    """State and output of a crawl, from `open` to `close`.

    *frontier* is a `crawler.frontier.Frontier` with `claim` and `pending`, *robots* a
    `crawler.network.robots_files.RobotsMemory`: the crawler says what it needs of these.
    """

    folder: Path
    run: str
    clock: Callable[[], float]
    frontier: Any
    robots: Any
    write_lines: bool
    tag_reposts: bool

    @property
    def fingerprints(self) -> Index:
        """Where documents are looked up."""

    @property
    def outcomes(self) -> Counter[str]:
        """What this run has made durable, by outcome."""

    @property
    def outcomes_by_site(self) -> dict[str, Counter[str]]:
        """The same for each site."""

    @property
    def uncommitted(self) -> int:
        """How many outcomes a crash would undo now."""

    def now(self) -> datetime:
        """The moment, in UTC, by the clock of this run."""

    def candidates(self, pending: int) -> int:
        """How many candidates this run took up, with those that are *pending*."""

    def expects(self, site: str) -> bool:
        """Whether an answer of *site* was to be expected in this run."""

    def join(self, participant: Participant) -> None:
        """Let *participant* write with every commit from now on."""

    def book(self, outcome: Outcome) -> None:
        """Add one outcome to the next `commit`."""

    def book_rejection(self, rejection: Rejection) -> None:
        """Book a candidate that yields no article."""

    def next_version(self, article_id: str, digest: bytes) -> int | None:
        """The version that an article with this text gets, or None if it is the text we have."""

    def has_articles(self, site: str) -> bool:
        """Whether *site* ever gave an article or a repost."""

    def site_memory(self, site: str) -> bytes | None:
        """What was remembered of *site*'s template."""

    def remember_site(self, site: str, state: bytes) -> None:
        """Replace what is remembered of *site*'s template."""

    def commit(self) -> None:
        """Make everything so far durable, with its lines in their files."""

    def close(self) -> None:
        """Give the folder back."""

    def abandon(self) -> None:
        """Give the folder back without another word, as after an error."""
