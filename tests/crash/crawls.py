"""Crawls of the press that are disturbed, and what must come out of them all the same."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path

from demo import Press
from tests.crash.forks import Ended, Forks, Run
from tests.crawl.running import crawl_command, records

# Small batches, so that a death meets every state of one.
BATCHES = ("-s", "COMMIT_EVERY=5", "-s", "COMMIT_SECONDS=0.2")
_KEPT = ("articles", "reposts")


def start(forks: Forks, press: Press, output: Path, *arguments: str, **how: object) -> Run:
    """Start a crawl of the whole press into *output*; *how* is for `Forks.start`."""
    command = [*crawl_command(press.homes.values(), output), *BATCHES, *arguments]
    return forks.start(command, **how)  # type: ignore[arg-type]


def finish(forks: Forks, press: Press, output: Path, *arguments: str) -> Ended:
    """One more run, to its end; its status is 0."""
    ended = start(forks, press, output, *arguments).wait()
    assert ended.status == 0, ended.log
    return ended


def verify(forks: Forks, output: Path) -> None:
    """Let `scrapy verify` compare every line with its schema, the state and the runs."""
    ended = forks.start(["verify", "-s", f"OUTPUT_DIR={output}"]).wait()
    assert ended.status == 0, ended.log


def outcomes(press: Press, output: Path) -> Counter[str]:
    """Each candidate by site and path with what became of it; article and repost are one.

    Which member of a cluster comes first depends on the order of answers (DESIGN.md, section 7);
    ports are chance as well.
    """
    sites = {home: key for key, home in press.homes.items()}
    found: Counter[str] = Counter()
    for folder in _KEPT:
        found.update(_place(sites, line["canonical_url"]) for line in records(output, folder))
    for line in records(output, "rejected"):
        found[f"{_place(sites, line['url'])} {line['reason']}"] += 1
    return found


def _place(sites: dict[str, str], url: str) -> str:
    host = url.index("/", 8) + 1
    return f"{sites[url[:host]]} /{url[host:]}"


def first_prints(press: Press, output: Path) -> dict[str, int]:
    """How many articles each cluster has that does not have exactly one."""
    clusters = {article.canonical_url: article.cluster for article in press.expected()}
    kept = Counter(
        clusters[line["canonical_url"]]
        for line in records(output, "articles")
        if line["version"] == 1
    )
    return {cluster: kept[cluster] for cluster in clusters.values() if kept[cluster] != 1}


def faults(output: Path) -> list[str]:
    """What is wrong in a folder by itself: torn lines, lines twice, index and output apart."""
    wrong = []
    lines: Counter[str] = Counter()
    versions: Counter[tuple[str, int]] = Counter()
    for path in sorted(output.glob("*/*.jsonl")):
        data = path.read_bytes()
        if not data.endswith(b"\n"):
            wrong.append(f"{path}: a torn last line")
        for line in data.split(b"\n")[:-1]:
            record = json.loads(line)
            if path.parent.name in _KEPT:
                lines[record["id"]] += 1
                versions[record["id"], record["version"]] += 1
    wrong += [f"{key} is written {count} times" for key, count in versions.items() if count > 1]
    state = sqlite3.connect(f"file:{output}/state/firstprint.sqlite?mode=ro", uri=True)
    try:
        booked = dict(state.execute("SELECT id, version FROM articles").fetchall())
        indexed = Counter(row[0] for row in state.execute("SELECT id FROM fingerprints"))
        left = state.execute("SELECT count(*) FROM outbox").fetchone()[0]
    finally:
        state.close()
    for name, found in {"booked": booked, "indexed": dict(indexed)}.items():
        apart = {key for key in found.keys() | lines.keys() if found.get(key) != lines.get(key)}
        wrong += [f"{key}: {lines.get(key)} lines, {found.get(key)} {name}" for key in apart]
    return wrong + ([f"{left} lines wait in the outbox"] if left else [])


def written(output: Path) -> int:
    """Bytes of output so far."""
    return sum(path.stat().st_size for path in output.glob("*/*.jsonl"))
