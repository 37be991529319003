"""A fleet seen from outside: who works, what waits, what it takes; and how a worker is retired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.store.shared import keys
from pipelines.store.shared.server import Server

_REFUSALS = {
    b"HEIR": "there is no worker {heir} who could take the records",
    b"UNKNOWN": "there is no worker {gone}; `scrapy fleet status` names them all",
    b"RETIRED": "worker {gone} was retired before",
    b"ALIVE": "worker {gone} has leases that end in {seconds:.0f} s; is it alive?",
}


class RetirementError(ValueError):
    """This worker cannot be retired; the message says why."""


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """A worker: where it runs, seconds since it was heard of, hosts leased, records unwritten."""

    name: str
    about: str
    silent: float
    hosts: int
    unwritten: int


@dataclass(frozen=True, slots=True)
class FleetFacts:
    """A fleet: its workers, lanes with something left, fingerprints, and bytes on the server."""

    workers: list[WorkerFacts]
    lanes: int
    documents: int
    memory: int

    @property
    def bytes_per_document(self) -> float:
        """Bytes on the server for each fingerprint."""
        return self.memory / self.documents if self.documents else 0.0

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "workers": {
                worker.name: {
                    "about": worker.about,
                    "silent_seconds": round(worker.silent, 1),
                    "hosts": worker.hosts,
                    "unwritten": worker.unwritten,
                }
                for worker in self.workers
            },
            "lanes": self.lanes,
            "documents": self.documents,
            "bytes": self.memory,
            "bytes_per_document": round(self.bytes_per_document, 1),
        }

    def lines(self) -> list[str]:
        """The same for people."""
        told = [
            f"{worker.name}  {worker.about}: heard of {worker.silent:.0f} s ago,"
            f" {worker.hosts} hosts, {worker.unwritten} records unwritten"
            for worker in self.workers
        ]
        size = f"{self.memory / 1e6:.1f} MB on the server, {self.documents} documents"
        return [*told, f"{size}, {self.bytes_per_document:.0f} bytes each", *self._left()]

    def _left(self) -> list[str]:
        return [f"something left at {self.lanes} hosts"] if self.lanes else []


def read_fleet(server: Server) -> FleetFacts:
    """The fleet on an open *server*; raises `SharedStoreError`."""
    workers, held, lanes, last, floor, (seconds, micro) = server.pipeline(_ask)
    names = sorted(workers)
    sizes = server.pipeline(lambda pipe: [pipe.llen(keys.outbox(n.decode())) for n in names])
    now = (seconds + micro / 1e6) * 1000
    found = []
    for name, size in zip(names, sizes, strict=True):
        heard, _, about = workers[name].decode().partition(" ")
        process = name + b"/"
        hosts = [host for host in held.values() if host.startswith(process)]
        leased = sum(int(host.rpartition(b" ")[2]) > now for host in hosts)
        silent = max(0.0, (now - int(heard)) / 1000)
        found.append(WorkerFacts(name.decode(), about, silent, leased, int(size)))
    documents = max(0, int(last or 0) - max(0, int(floor or 0) - 1))
    return FleetFacts(found, int(lanes), documents, server.memory())


def retire(server: Server, gone: str, heir: str) -> int:
    """Hand everything of worker *gone* to *heir*; gives the number of records.

    Raises `RetirementError`, and `SharedStoreError`.
    """
    word, *facts = server.run_one("retire", gone=gone, heir=heir)
    if word in _REFUSALS:
        seconds = int(facts[0]) / 1000 if facts else 0.0
        raise RetirementError(_REFUSALS[word].format(gone=gone, heir=heir, seconds=seconds))
    return int(facts[0])


def _ask(pipe: Any) -> None:
    pipe.hgetall(keys.WORKERS)
    pipe.hgetall(f"{keys.TAG}held")
    pipe.zcard(keys.READY)
    pipe.get(keys.LAST)
    pipe.get(keys.FLOOR)
    pipe.time()
