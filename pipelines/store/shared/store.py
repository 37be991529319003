"""A worker of a fleet: the server decides, and this folder's own store writes what is decided.

The order of a batch: the server takes each outcome with its record, or refuses it; the folder's
store books and appends the records, as it does without a fleet; then the server may forget them.
A worker that dies anywhere finds what is missing in its outbox on the server, and knows by its
journal what is written already.
"""

from __future__ import annotations

import logging
import socket
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from crawler.items import Rejection
from pipelines.store.outcome import Outcome, outcome_of
from pipelines.store.shared import keys, records
from pipelines.store.shared.decisions import Booked, Decisions
from pipelines.store.shared.errors import SharedStoreError
from pipelines.store.shared.fingerprints import SharedFingerprints
from pipelines.store.shared.frontier import SharedFrontier
from pipelines.store.shared.journal import Journal
from pipelines.store.shared.memories import SharedMemories, SharedRobots
from pipelines.store.shared.server import Script, Server
from pipelines.store.shared.upkeep import Upkeep
from pipelines.store.store import Participant, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """How a worker takes part: *lease* and *patience* in seconds, the others in days, 0: for ever.

    *bits*: see `keys.Buckets`; it counts when the fleet is founded.
    """

    url: str
    lease: float = 60.0
    patience: float = 300.0
    bits: int = 20
    keep_days: int = 0
    seen_days: int = 0


class SharedStore:
    """State on the server, output in one folder under its lock, from `open` to `close`."""

    def __init__(
        self, local: Store, server: Server, settings: FleetSettings, buckets: keys.Buckets
    ) -> None:
        self.folder, self.run, self.clock = local.folder, local.run, local.clock
        self._local = local
        self._server = server
        self._journal = Journal(local.connection)
        local.join(self._journal)
        self.worker = self._journal.worker()
        self.frontier = SharedFrontier(
            server, buckets, self.worker, self.run, settings.lease, self.clock
        )
        self.robots = SharedRobots(server, self.clock)
        self.fingerprints = SharedFingerprints(server, buckets)
        self._memories = SharedMemories(server)
        self._upkeep = Upkeep(
            server,
            buckets,
            self.worker,
            keep_days=settings.keep_days,
            seen_days=settings.seen_days,
            clock=self.clock,
        )
        self._decisions = Decisions(
            server,
            buckets,
            self.frontier,
            self.fingerprints,
            worker=self.worker,
            run=self.run,
            clock=self.clock,
            remake=self._outcome_of,
        )
        self._parts: list[Participant] = []
        self._booked: list[Booked] = []
        self.lost = 0
        self.write_lines = True
        self.tag_reposts = False

    @classmethod
    def open(
        cls, folder: Path, run: str, settings: FleetSettings, clock: Callable[[], float]
    ) -> Self:
        """Lock *folder*, join the fleet, and write what a dead run left on the server.

        Raises what `Store.open` does, `AddressError`, and `SharedStoreError`.
        """
        server = Server(settings.url, patience=settings.patience)
        local = Store.open(folder, run, clock=clock)
        try:
            buckets = keys.Buckets(server.open(settings.bits))
            store = cls(local, server, settings, buckets)
            store.join_fleet()
        except BaseException:
            local.abandon()
            server.close()
            raise
        return store

    def join_fleet(self) -> None:
        """Say who we are, and take over the records that wait for us."""
        known = self._journal.fact("fleet")
        if known not in (None, self._server.fleet):
            msg = f"{self.folder} belongs to another fleet; give this one an empty folder"
            raise SharedStoreError(msg)
        self._journal.remember("fleet", self._server.fleet)
        self._local.commit()
        self.frontier.register(f"{socket.gethostname()} {self.folder.resolve()}")
        self._drain()

    # --- what a crawl asks ----------------------------------------------------------------------

    @property
    def outcomes(self) -> Counter[str]:
        """What this run has written, by outcome."""
        return self._local.outcomes

    @property
    def outcomes_by_site(self) -> dict[str, Counter[str]]:
        """The same for each site."""
        return self._local.outcomes_by_site

    @property
    def uncommitted(self) -> int:
        """How many outcomes a crash would undo now."""
        return len(self._booked)

    def now(self) -> datetime:
        """The moment, in UTC, by the clock of this run."""
        return self._local.now()

    def candidates(self, pending: int) -> int:
        """How many candidates this run took up: what it wrote, and what is *pending*."""
        return self.outcomes.total() + pending

    def expects(self, site: str) -> bool:
        """Whether this worker was given anything of *site*; the others may have had it all."""
        return site in self.frontier.asked_sites

    def join(self, participant: Participant) -> None:
        """Let *participant* write with every commit from now on."""
        self._parts.append(participant)

    def book(self, outcome: Outcome) -> None:
        """Add one outcome to the next `commit`."""
        self._booked.append(self._decisions.book(outcome))

    def book_rejection(self, rejection: Rejection) -> None:
        """Book a candidate that yields no article."""
        outcome = outcome_of(rejection, self.now(), write=self.write_lines, tag=False)
        if outcome is not None:
            self.book(outcome)

    def next_version(self, article_id: str, digest: bytes) -> int | None:
        """The version that an article with this text gets, or None if it is the text we have."""
        return self._decisions.next_version(article_id, digest)

    def has_articles(self, site: str) -> bool:
        """Whether *site* ever gave an article or a repost, to any worker."""
        return self._memories.has_articles(site)

    def site_memory(self, site: str) -> bytes | None:
        """What was remembered of *site*'s template."""
        return self._memories.site_memory(site)

    def remember_site(self, site: str, state: bytes) -> None:
        """Replace what is remembered of *site*'s template."""
        self._memories.remember_site(site, state)

    # --- commits --------------------------------------------------------------------------------

    def commit(self) -> None:
        """Let the server decide everything so far, and write what it took.

        Raises `OSError` or `sqlite3.Error`; what is decided then is written by the next `open`.
        """
        for part in self._parts:
            part.write()
        self._memories.write()
        self.frontier.flush()
        booked, self._booked = self._booked, []
        if booked:
            decided = self._decisions.decide(booked)
            self.lost += decided.lost
            left = self._write(decided.taken)
            self.fingerprints.shelve(decided.documents)
            if decided.again or left:
                self._drain()
            self._upkeep.after(len(decided.taken))
        self.frontier.close_files()
        for part in self._parts:
            part.committed()
        self.frontier.renew()

    def _write(self, taken: Iterable[tuple[int, Outcome]]) -> int:
        """Book, append and acknowledge records; gives how many others wait in the outbox."""
        seqs = []
        for seq, outcome in taken:
            seqs.append(seq)
            if seq not in self._journal.written:
                self._local.book(outcome)
                self._journal.add(seq)
        self._local.commit()
        process = self.frontier.process
        ours = {"worker": self.worker, "process": process, "seqs": seqs}
        left = self._server.run([Script("acknowledge", ours)])[0][1]
        self._journal.acknowledge(seqs)
        return int(left)

    def _drain(self) -> None:
        """Write what is in the outbox: of a dead run, of a lost answer, of a retired worker."""
        found = self._server.call(lambda server: server.lrange(keys.outbox(self.worker), 0, -1))
        if found:
            self._write([records.unpack(data) for data in found])

    def _outcome_of(self, item: object) -> Outcome | None:
        return outcome_of(item, self.now(), write=self.write_lines, tag=self.tag_reposts)

    def close(self) -> None:
        """Give the folder back; the last commit is done. Leases end by themselves."""
        self._local.close()
        self._server.close()

    def abandon(self) -> None:
        """Give the folder back without another word, as after an error; `open` will recover."""
        self._local.abandon()
        self._server.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The folder's own database."""
        return self._local.connection

    @property
    def round_trips(self) -> int:
        """How often the server was asked so far."""
        return self._server.round_trips
