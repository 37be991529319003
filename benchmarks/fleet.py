"""What a fleet costs on its server, and what a second worker brings.

`python benchmarks/fleet.py [--documents N] [--bits B] [--stories N] [--page-kb K] [--json]`

Bytes: 2^17 documents over 2^17 buckets fill a bucket of postings as a million over 2^20 do; only
the lists of simhash blocks are emptier, so their keys weigh more a document than they would there.
The two workers fetch pages so heavy that extraction is the limit, with one extraction process each.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from crawler.items import Listing, Task
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprint
from pipelines.store.outcome import Outcome
from pipelines.store.shared import keys
from pipelines.store.shared.decisions import Decisions
from pipelines.store.shared.fingerprints import SharedFingerprints
from pipelines.store.shared.frontier import SharedFrontier
from pipelines.store.shared.server import Script, Server
from tests.fleet.redis_server import RedisServer

_BATCH = 64
_HOSTS = 16
_SHINGLES_A_TEXT = 800
_NUMBERS = 16
_SCRAPY = [sys.executable, "-m", "scrapy"]


@contextmanager
def running_server() -> Iterator[RedisServer]:
    """An empty server without files."""
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


class Filling:
    """A worker without pages: it takes tasks and commits made-up fingerprints of usual size."""

    def __init__(self, url: str, bits: int) -> None:
        self.server = Server(url, patience=0.0)
        buckets = keys.Buckets(self.server.open(bits))
        self._frontier = SharedFrontier(self.server, buckets, "bench", "run", 600.0, time.time)
        self._index = SharedFingerprints(self.server, buckets)
        self._decisions = Decisions(
            self.server,
            buckets,
            self._frontier,
            self._index,
            worker="bench",
            run="run",
            clock=time.time,
            remake=lambda _: None,
        )
        self._detector = Detector(self._index)
        self._frontier.begin(None)

    def batch(self, start: int) -> None:
        """Queue, take, judge and commit `_BATCH` new articles."""
        host = f"www.site{start // _BATCH % _HOSTS}.example"
        tasks = [_task(number, host) for number in range(start, start + _BATCH)]
        self._frontier.expect(tasks)
        for task in tasks:
            self._frontier.add([task])
        booked = []
        while taken := self._frontier.take(host, 16):
            booked += [self._decisions.book(self._judge(task)) for task in taken]
        decided = self._decisions.decide(booked)
        seqs = [seq for seq, _ in decided.taken]
        ours = {"worker": "bench", "process": "bench/run", "seqs": seqs}
        self.server.run([Script("acknowledge", ours)])
        self._index.shelve(decided.documents)

    def _judge(self, task: Task) -> Outcome:
        id_ = f"{random.getrandbits(64):016x}"
        text = random.randbytes(16)
        version = self._decisions.next_version(id_, text) or 1
        document = Document(id_, _fingerprint(), task.url)
        self._detector.add(document, self._detector.judge(document), 20_000.0)
        line = b"x" * 2000
        return Outcome(task.key, task.site, "article", None, "a.jsonl", line, (id_, version, text))


def _task(number: int, host: str) -> Task:
    url = f"https://{host}/finance/2030-01-01/story-{number:09d}.html"
    return Task("article", url, url, host, host, listing=Listing(headline="某公司发布年度业绩"))


def _fingerprint() -> Fingerprint:
    chance = np.random.default_rng(random.getrandbits(63))
    shingles = np.unique(chance.integers(0, 1 << 32, _SHINGLES_A_TEXT, np.uint32))
    contexts = np.unique(chance.integers(0, 1 << 32, _NUMBERS, np.uint32))
    values = np.zeros(len(contexts), np.uint16)
    return Fingerprint(random.getrandbits(64), 850, 20_000.0, shingles, contexts, values)


def measure_server(documents: int, bits: int) -> dict[str, float]:
    """Bytes, round trips and the server's microseconds a document."""
    with running_server() as server:
        filling = Filling(server.url, bits)
        before = filling.server.round_trips
        for start in range(0, documents, _BATCH):
            filling.batch(start)
        count = -(-documents // _BATCH) * _BATCH
        round_trips = (filling.server.round_trips - before) / count
        held = filling.server.memory() / count
        used: Any = filling.server.call(lambda client: client.info("cpu"))
        filling.server.close()
    return {
        "documents": count,
        "bytes_per_document": round(held, 1),
        "round_trips_per_page_without_lists": round(round_trips, 2),
        "server_us_per_page": round(used["used_cpu_user"] * 1e6 / count, 1),
    }


def measure_workers(count: int, stories: int, page_kb: int) -> tuple[float, float]:
    """Pages a second of *count* workers without the first and last tenth; round trips a page."""
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    command = [sys.executable, "-m", "demo", "serve", "--stories", str(stories)]
    ports = folder / "ports.json"
    press = subprocess.Popen([*command, "--page-kb", str(page_kb), "--port-file", str(ports)])
    try:
        with running_server() as server:
            while not ports.exists() or not ports.read_text(encoding="utf-8").strip():
                time.sleep(0.1)
            homes = json.loads(ports.read_text(encoding="utf-8"))
            return _crawl(count, stories, homes, folder, server)
    finally:
        press.terminate()
        press.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _crawl(
    count: int, stories: int, homes: dict[str, str], folder: Path, server: RedisServer
) -> tuple[float, float]:
    outputs = [folder / f"worker{place}" for place in range(count)]
    urls = ",".join(homes.values())
    command = [*_SCRAPY, "crawl", "news", "-a", f"url={urls}", "-s", f"REDIS_URL={server.url}"]
    command += ["-s", "DOWNLOAD_DELAY=0", "-s", "EXTRACTION_WORKERS=1", "-s", "REPORT_ENABLED=0"]
    workers = [
        subprocess.Popen(
            [*command, "-s", f"OUTPUT_DIR={output}"],
            stderr=subprocess.DEVNULL,
        )
        for output in outputs
    ]
    first, last = stories // 10, stories * 9 // 10
    began = ended = 0.0
    done_at_begin = done = 0
    while any(worker.poll() is None for worker in workers):
        time.sleep(0.05)
        done = sum(path.read_bytes().count(b"\n") for path in folder.glob("worker*/*/*.jsonl"))
        if not began and done >= first:
            began, done_at_begin = time.monotonic(), done
        if began and not ended and done >= last:
            ended, done_at_end = time.monotonic(), done
    with server.client as client:
        reads = int(client.info("stats")["total_reads_processed"])
    return (done_at_end - done_at_begin) / (ended - began), reads / done


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1 << 17)
    parser.add_argument("--bits", type=int, default=17)
    parser.add_argument("--stories", type=int, default=600)
    parser.add_argument("--page-kb", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures: dict[str, float] = {}
    if options.documents:
        figures |= measure_server(options.documents, options.bits)
    if options.stories:
        one, round_trips = measure_workers(1, options.stories, options.page_kb)
        two, _ = measure_workers(2, options.stories, options.page_kb)
        figures |= {
            "one_worker_pages_per_second": round(one, 2),
            "two_workers_pages_per_second": round(two, 2),
            "ratio": round(two / one, 2),
            "round_trips_per_page": round(round_trips, 2),
        }
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:36} {value}")


if __name__ == "__main__":
    main()
