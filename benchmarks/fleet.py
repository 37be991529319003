"""What a fleet costs on its server, and what a second worker brings.

`python benchmarks/fleet.py [--documents N] [--bits B] [--pages N] [--json]`

Bytes: 2^17 documents over 2^17 buckets fill a bucket of postings as a million over 2^20 do; only
the lists of simhash blocks are emptier, so their keys weigh more a document than they would there.
The two workers read an archive of pages so heavy that extraction is the limit, with one extraction
process each; figures are between the first and the last tenth of the pages.
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.items import Listing, Task  # noqa: E402 - the project lies beside this folder
from pipelines.fingerprint.detector import Detector, Document  # noqa: E402
from pipelines.fingerprint.document import Fingerprint  # noqa: E402
from pipelines.store.outcome import Outcome  # noqa: E402
from pipelines.store.shared import keys  # noqa: E402
from pipelines.store.shared.decisions import Decisions  # noqa: E402
from pipelines.store.shared.fingerprints import SharedFingerprints  # noqa: E402
from pipelines.store.shared.frontier import SharedFrontier  # noqa: E402
from pipelines.store.shared.server import Script, Server  # noqa: E402
from tests.fleet.redis_server import RedisServer  # noqa: E402

_BATCH = 64
_HOSTS = 16
_SHINGLES_A_TEXT = 800
_NUMBERS = 16
_FILES = 16
_LINKS = 1500
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


def write_archive(folder: Path, pages: int) -> None:
    """Write pages with a short story and thousands of links around it, in 16 files."""
    links = "".join(
        f"<li><a href='/n/{number}.html'><span>相关新闻{number}</span></a><em>{number}</em></li>"
        for number in range(_LINKS)
    )
    for file in range(_FILES):
        with (folder / f"{file:02d}.jsonl").open("w", encoding="utf-8") as lines:
            for number in range(file, pages, _FILES):
                page = _page(number, links)
                lines.write(f"{json.dumps(page, ensure_ascii=False)}\n")


def _page(number: int, links: str) -> dict[str, str]:
    chance = random.Random(number)
    letters = [chr(code) for code in range(0x4E00, 0x5A00)]
    title = "".join(chance.choices(letters, k=16))
    body = "".join(f"<p>{''.join(chance.choices(letters, k=90))}。</p>" for _ in range(6))
    html = f"<html><head><title>{title}</title></head><body><ul>{links}</ul><article><h1>{title}"
    html += f"</h1>{body}</article><ul>{links}</ul></body></html>"
    return {"url": f"https://www.example.com/finance/{number}.html", "html": html}


def measure_workers(count: int, archive: Path, pages: int) -> dict[str, float]:
    """What *count* workers did between the first and the last tenth of an archive's *pages*."""
    folder = Path(tempfile.mkdtemp(prefix="fleet-"))
    try:
        with running_server() as server:
            return _crawl(count, archive, pages, folder, server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _crawl(
    count: int, archive: Path, pages: int, folder: Path, server: RedisServer
) -> dict[str, float]:
    command = [*_SCRAPY, "crawl", "archive", "-a", f"path={archive}"]
    command += ["-s", "EXTRACTION_WORKERS=1", "-s", "REPORT_ENABLED=0", "-s", "COMMIT_EVERY=8"]
    command += ["-s", f"REDIS_URL={server.url}"]
    workers = [
        subprocess.Popen(
            [*command, "-s", f"OUTPUT_DIR={folder / str(place)}"], stderr=subprocess.DEVNULL
        )
        for place in range(count)
    ]
    marks: list[tuple[float, int]] = []
    wanted = [pages // 10, pages * 9 // 10]
    while any(worker.poll() is None for worker in workers):
        time.sleep(0.02)
        done = sum(path.read_bytes().count(b"\n") for path in folder.glob("*/*/*.jsonl"))
        if wanted and done >= wanted[0]:
            marks.append((time.monotonic(), done))
            wanted.pop(0)
    (began, first), (ended, last) = marks
    with server.client as client:
        reads = int(client.info("stats")["total_reads_processed"])
    return {"rate": (last - first) / (ended - began), "round_trips": reads / pages}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1 << 17)
    parser.add_argument("--bits", type=int, default=17)
    parser.add_argument("--pages", type=int, default=640)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures: dict[str, float] = {}
    if options.documents:
        figures |= measure_server(options.documents, options.bits)
    if options.pages:
        archive = Path(tempfile.mkdtemp(prefix="archive-"))
        write_archive(archive, options.pages)
        one = measure_workers(1, archive, options.pages)
        two = measure_workers(2, archive, options.pages)
        shutil.rmtree(archive)
        figures |= {
            "one_worker_pages_per_second": round(one["rate"], 2),
            "two_workers_pages_per_second": round(two["rate"], 2),
            "ratio": round(two["rate"] / one["rate"], 2),
            "round_trips_per_page": round(one["round_trips"], 2),
        }
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:36} {value}")


if __name__ == "__main__":
    main()
