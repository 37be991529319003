"""What repost detection costs: per document, per query at a million documents, in bytes.

    python benchmarks/near_duplicates.py [--documents N] [--peers [DATA]] [--json]

Processor time is measured, not the clock. The texts and sketches are invented. `--peers` runs other
tools beside ours on labelled articles (they come with the optional group `bench`). With `--json`
the last line is an object with the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from simhash import Simhash

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import near_duplicates_peers
from benchmarks.near_duplicates_corpus import Block, blocks, fingerprint, texts
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.index import COMMON, Entry
from pipelines.fingerprint.sketch import Sketch, choose_keys
from pipelines.store.database import DATABASE_NAME, open_database
from pipelines.store.fingerprints import FingerprintStore

LABELLED = Path(__file__).resolve().parents[1] / "../shared/bench/reposts/dev.jsonl.gz"
TEXTS = 20_000
BATCH = 64
COMMIT = 2048
SMALL = 10_000
QUERIES = 400
PAGE = 4096


class Archive:
    """A store in a folder, as a crawl has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = open_database(folder / DATABASE_NAME)
        self.connection.execute("BEGIN IMMEDIATE")
        self.store = FingerprintStore(self.connection, folder / "fingerprints")

    def commit(self) -> None:
        """Commit as a crawl does."""
        self.store.write()
        self.connection.execute("COMMIT")
        self.store.committed()
        self.connection.execute("BEGIN IMMEDIATE")

    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def resident() -> int:
    """Bytes of memory that the process holds, mapped files included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def cost_a_document(fingerprinter: Fingerprinter) -> dict[str, float]:
    """Fingerprint, query and insert; and `simhash.Simhash` on a part of the same texts."""
    made = texts(TEXTS)
    with tempfile.TemporaryDirectory() as name:
        archive = Archive(Path(name))
        detector = Detector(archive.store, fingerprinter=fingerprinter)
        detector.fingerprints(made[:BATCH])
        reposts = 0
        start = time.process_time()
        for first in range(0, TEXTS, BATCH):
            prints = detector.fingerprints(made[first : first + BATCH])
            for place, print_ in enumerate(prints, first):
                document = Document(f"{place:016x}", print_, f"https://example.org/{place}")
                verdict = detector.judge(document)
                reposts += not verdict.kept
                detector.add(document, verdict, 20_000.0)
            if first // BATCH % (COMMIT // BATCH) == 0:
                archive.commit()
        archive.commit()
        ours = (time.process_time() - start) / TEXTS
    sample = made[:: TEXTS // 300]
    start = time.process_time()
    for text in sample:
        Simhash(text.body)
    theirs = (time.process_time() - start) / len(sample)
    return {
        "documents_per_second": round(1 / ours, 1),
        "ms_per_document": round(1000 * ours, 3),
        "characters_per_document": round(sum(len(text.body) for text in made) / TEXTS),
        "reposts_found": reposts,
        "simhash_ms_per_document": round(1000 * theirs, 3),
        "ratio_to_simhash": round(ours / theirs, 3),
    }


def fill(archive: Archive, block: Block, number: int) -> int:
    """Insert a block of ready sketches, with the keys that the index would choose for them."""
    for first in range(0, len(block.sizes), BATCH):
        rows = range(first, min(first + BATCH, len(block.sizes)))
        keys = block.shingles[first : first + BATCH]
        lengths = archive.store.lookup(keys.ravel()).lengths(keys.size).reshape(keys.shape)
        for row, found in zip(rows, lengths, strict=True):
            sketch = Sketch(
                int(block.simhashes[row]),
                int(block.sizes[row]),
                20_000.0,
                block.shingles[row],
                choose_keys(found, COMMON),
                block.contexts[row],
                block.values[row],
            )
            url = f"https://news.example.org/finance/2026-01-01/{number:012x}.html"
            archive.store.add(Entry(f"{number:016x}", url, 0, sketch), 20_000.0)
            number += 1
    return number


def query_cost(archive: Archive, fingerprinter: Fingerprinter, block: Block) -> dict[str, float]:
    """Milliseconds to judge a fingerprinted text: half are edited copies, half are new."""
    random = np.random.default_rng(3)
    fresh = next(blocks(QUERIES, seed=4))
    rows = random.integers(0, len(block.sizes), QUERIES // 2).tolist()
    documents = [fingerprint(block, row, random, edit=True) for row in rows]
    documents += [fingerprint(fresh, row, random, edit=False) for row in range(QUERIES // 2)]
    detector = Detector(archive.store, fingerprinter=fingerprinter)
    asked = [Document(f"query {i}", print_) for i, print_ in enumerate(documents)]
    found = sum(not detector.judge(document).kept for document in asked)  # which warms
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for document in asked:
            detector.judge(document)
        rounds.append((time.process_time() - start) / len(asked))
    return {"ms": 1000 * min(rounds), "found": found / (QUERIES // 2)}


def cost_of_size(fingerprinter: Fingerprinter, documents: int) -> dict[str, float]:
    """Query cost at ten thousand and at *documents*, and what a document takes."""
    with tempfile.TemporaryDirectory() as name:
        archive = Archive(Path(name))
        before = resident()
        number, since, longest = 0, 0, 0.0
        small = {"ms": 0.0, "found": 0.0}
        start = time.process_time()
        block: Block | None = None
        for block in blocks(documents):
            number = fill(archive, block, number)
            since += len(block.sizes)
            if since >= COMMIT:
                commit = time.process_time()
                archive.commit()
                longest = max(longest, time.process_time() - commit)
                since = 0
            if number == SMALL:
                small = query_cost(archive, fingerprinter, block)
        archive.commit()
        inserted = time.process_time() - start
        assert block is not None, "there is at least one document"
        large = query_cost(archive, fingerprinter, block)
        grown = resident() - before
        files = archive.size()
        archive.connection.close()
        opened = time.perf_counter()
        again = Archive(Path(name))
        opened = time.perf_counter() - opened
        assert len(again.store) == documents, "every document is still there"
    return {
        "documents": documents,
        "query_ms_at_10k": round(small["ms"], 3),
        "query_ms_at_1m": round(large["ms"], 3),
        "query_growth_10k_to_1m": round(large["ms"] / max(small["ms"], 1e-9), 2),
        "copies_found": round(large["found"], 3),
        "insert_ms": round(1000 * inserted / documents, 3),
        "longest_merge_seconds": round(longest, 2),
        "open_seconds": round(opened, 3),
        "file_bytes_per_document": round(files / documents, 1),
        "resident_bytes_per_document": round(grown / documents, 1),
        "bytes_per_document": round((files + grown) / documents, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--peers", type=Path, nargs="?", const=LABELLED, metavar="DATA")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.documents < SMALL:
        parser.error(f"--documents: at least {SMALL}, so that growth can be told")
    if options.peers is not None and not options.peers.is_file():
        parser.error(f"--peers: there is no {options.peers}")
    fingerprinter = Fingerprinter()
    figures: dict[str, Any] = {}
    if options.peers is not None:
        try:
            figures["peers"] = near_duplicates_peers.compare(options.peers, fingerprinter)
        except ImportError as error:
            parser.error(f"--peers: {error}; `make bench` installs them")
    figures |= cost_a_document(fingerprinter) | cost_of_size(fingerprinter, options.documents)
    for name, value in figures.items():
        print(f"{name:28} {value}")
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
