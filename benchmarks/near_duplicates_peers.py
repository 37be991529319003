"""Other tools and ours on the same labelled articles, in the same run.

Each tool sees the articles in their order, and gives each one the first print of the most similar
earlier one, or none. All but `simhash` as its README shows it are given our normalised text, which
only helps them: traditional and simplified characters are alike then. What is timed is all that a
document costs: normalising, fingerprinting, looking for it, adding it.
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.near_duplicates_thresholds import dev_outcome
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprinter, Text
from pipelines.store.database import DATABASE_NAME, open_database
from pipelines.store.fingerprints import FingerprintStore

HAMMING = 3
"""Bits that two simhashes may differ in, as the library's README has it."""
RESEMBLANCE = 0.5
"""The estimated Jaccard similarity from which the MinHash tools call two texts the same."""
PERMUTATIONS = 128
BANDS = 32
GRAM = 8
"""Characters in a shingle: of 4, 5, 6 and 8 the best for them."""
BATCH = 128

Article = dict[str, Any]
Find = Callable[[Article], str | None]


def compare(data: Path, fingerprinter: Fingerprinter) -> dict[str, dict[str, float]]:
    """Measure every tool on the labelled articles of *data*; raises `ImportError`."""
    with gzip.open(data, "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    tools: dict[str, Callable[[], dict[str, str]]] = {
        "simhash, README, k=3": lambda: _one_by_one(articles, _simhash()),
        "rensa MinHash LSH .5": lambda: _one_by_one(articles, _rensa(fingerprinter)),
        "datasketch MinHash LSH .5": lambda: _one_by_one(articles, _datasketch(fingerprinter)),
        "ours": lambda: _ours(articles, fingerprinter),
    }
    figures = {}
    for name, run in tools.items():
        start = time.process_time()
        assigned = run()
        cost = time.process_time() - start
        figures[name] = _scores(articles, assigned) | {
            "ms_per_document": round(1000 * cost / len(articles), 2)
        }
    return figures


def _scores(articles: list[Article], assigned: dict[str, str]) -> dict[str, float]:
    stories = {article["id"]: article["cluster"] for article in articles}
    outcome = dev_outcome(stories, assigned)
    return {
        "pair_f1": round(pair_f1(stories, assigned), 4),
        "wrongly_dropped": outcome["wrong"],
        "missed": outcome["missed"],
    }


def pair_f1(stories: dict[str, str], assigned: dict[str, str]) -> float:
    """F1 over all pairs of documents put together: *assigned* leads from a repost to its first."""
    found = {name: assigned.get(name, name) for name in stories}
    together = _pairs(Counter(found.values()))
    true = _pairs(Counter(stories.values()))
    right = _pairs(Counter((found[name], story) for name, story in stories.items()))
    return 2 * right / max(1, together + true)


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _one_by_one(articles: list[Article], find: Find) -> dict[str, str]:
    assigned: dict[str, str] = {}
    for article in articles:
        similar = find(article)
        if similar is not None:
            assigned[article["id"]] = assigned.get(similar, similar)
    return assigned


def _ours(articles: list[Article], fingerprinter: Fingerprinter) -> dict[str, str]:
    """As `scrapy dedup` does it, with the index on disk."""
    assigned = {}
    with tempfile.TemporaryDirectory() as name:
        connection = open_database(Path(name) / DATABASE_NAME)
        connection.execute("BEGIN IMMEDIATE")
        store = FingerprintStore(connection, Path(name) / "fingerprints")
        detector = Detector(store, fingerprinter=fingerprinter)
        for start in range(0, len(articles), BATCH):
            batch = articles[start : start + BATCH]
            prints = detector.fingerprints([Text(each["body"], each["date"]) for each in batch])
            for article, print_ in zip(batch, prints, strict=True):
                document = Document(article["id"], print_)
                verdict = detector.judge(document)
                detector.add(document, verdict)
                if verdict.first_print is not None:
                    assigned[article["id"]] = verdict.first_print.id
        store.write()
        connection.execute("COMMIT")
        connection.close()
    return assigned


def _simhash() -> Find:
    library = importlib.import_module("simhash")
    index = library.SimhashIndex([], k=HAMMING)

    def find(article: Article) -> str | None:
        text = re.sub(r"[^\w]+", "", article["body"].lower())
        value = library.Simhash([text[i : i + 3] for i in range(max(len(text) - 2, 1))])
        near = index.get_near_dups(value)
        index.add(article["id"], value)
        return min(near) if near else None

    return find


def _rensa(fingerprinter: Fingerprinter) -> Find:
    library = importlib.import_module("rensa")
    index = library.RMinHashLSH(RESEMBLANCE, PERMUTATIONS, BANDS)
    known: list[tuple[str, Any]] = []

    def find(article: Article) -> str | None:
        made = library.RMinHash(PERMUTATIONS, 42)
        made.update(sorted(_grams(fingerprinter.normalised(article["body"]))))
        similar = _most_similar(made, [known[place] for place in index.query(made)])
        index.insert(len(known), made)
        known.append((article["id"], made))
        return similar

    return find


def _datasketch(fingerprinter: Fingerprinter) -> Find:
    library = importlib.import_module("datasketch")
    index = library.MinHashLSH(threshold=RESEMBLANCE, num_perm=PERMUTATIONS)
    known: dict[str, Any] = {}

    def find(article: Article) -> str | None:
        made = library.MinHash(num_perm=PERMUTATIONS)
        grams = _grams(fingerprinter.normalised(article["body"]))
        made.update_batch([gram.encode() for gram in sorted(grams)])
        similar = _most_similar(made, [(name, known[name]) for name in sorted(index.query(made))])
        index.insert(article["id"], made)
        known[article["id"]] = made
        return similar

    return find


def _grams(text: str) -> set[str]:
    return {text[i : i + GRAM] for i in range(max(len(text) - GRAM + 1, 1))}


def _most_similar(made: Any, candidates: list[tuple[str, Any]]) -> str | None:
    """Verify the candidates by their estimated similarity."""
    best, name = max(
        ((made.jaccard(other), name) for name, other in candidates), default=(0.0, None)
    )
    return name if best >= RESEMBLANCE else None
