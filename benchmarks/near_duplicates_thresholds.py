"""The trade-off behind each limit of the repost policy, on the labelled development sets.

    python benchmarks/near_duplicates_thresholds.py [--data ../shared/bench/reposts] [NAME…]
    python benchmarks/near_duplicates_thresholds.py --draws 5 [NAME…]

For each limit of `pipelines/fingerprint/thresholds.toml` (or the ones named) a table: its value
moved down and up, everything else as shipped, and what that does to both sets. In `dev` a
document is wrongly dropped or missed by its cluster; in the stream a later text at the same
address should be found, and a drop against one at least two days older is nearly always wrong.
Choose the middle of a flat stretch: a value that only helps by one document is chance. How large
chance is, `--draws` shows: the shipped limits with the shingles' hashes drawn anew. With names, the
tables are means over so many draws, which is how the limits were set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprint, Fingerprinter, Text
from pipelines.fingerprint.index import MemoryIndex
from pipelines.fingerprint.verification import Policy

STEPS = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
"""By which part of itself a limit is moved."""
FAR_DAYS = 2.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with what its labels say: the story, and for a stream the address too."""

    id: str
    story: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Sets:
    """Both development sets, fingerprinted once."""

    dev: list[Labelled]
    stream: list[Labelled]


def load(folder: Path) -> Sets:
    """Read and fingerprint the sets in *folder*."""
    stream = _rows(folder / "stream-dev.jsonl.gz")
    return Sets(
        labelled_articles(folder / "dev.jsonl.gz"),
        _labelled(stream, "article_body", "date_published", "url"),
    )


def labelled_articles(path: Path) -> list[Labelled]:
    """Read and fingerprint the labelled articles."""
    return _labelled(_rows(path), "body", "date", "cluster")


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _labelled(rows: list[dict[str, Any]], body: str, date: str, story: str) -> list[Labelled]:
    prints = Fingerprinter().many([Text(row[body], row[date]) for row in rows])
    return [
        Labelled(row["id"], row[story], print_) for row, print_ in zip(rows, prints, strict=True)
    ]


def judge_all(documents: Iterable[Labelled], policy: Policy) -> dict[str, str]:
    """Run the detector over a set: repost to first print."""
    detector = Detector(MemoryIndex(), policy=policy)
    assigned = {}
    for labelled in documents:
        document = Document(labelled.id, labelled.fingerprint)
        verdict = detector.judge(document)
        if verdict.first_print is not None:
            assigned[labelled.id] = verdict.first_print.id
        detector.add(document, verdict)
    return assigned


def stories_of(documents: Iterable[Labelled]) -> dict[str, str]:
    """The label of each document, in their order."""
    return {document.id: document.story for document in documents}


def dev_outcome(stories: dict[str, str], assigned: dict[str, str]) -> dict[str, int]:
    """Count wrong drops and misses as `score_reposts.py` does; *stories* are in their order."""
    seen: set[str] = set()
    wrong = missed = 0
    for name, story in stories.items():
        first = assigned.get(name)
        right = first is not None and stories[first] == story
        wrong += first is not None and not right
        missed += story in seen and not right
        seen.add(story)
    return {"wrong": wrong, "missed": missed}


def stream_outcome(documents: list[Labelled], assigned: dict[str, str]) -> dict[str, int]:
    """Count versions found, and drops of other addresses, far and near in time."""
    known = {document.id: document for document in documents}
    root: dict[str, str] = {}
    seen: set[str] = set()
    found = versions = far = near = 0
    for document in documents:
        first = known.get(assigned.get(document.id, ""))
        address = document.story
        if address in seen:
            versions += 1
            found += first is not None and root.get(first.story, first.story) == root.get(
                address, address
            )
        if first is not None:
            root.setdefault(address, root.get(first.story, first.story))
            if first.story != address:
                apart = (document.fingerprint.day or 0) - (first.fingerprint.day or 0)
                far += apart >= FAR_DAYS
                near += apart < FAR_DAYS
        seen.add(address)
    return {"found": found, "versions": versions, "far": far, "near": near}


def table(name: str, drawn: list[Sets], policy: Policy) -> None:
    """Print what moving one limit does, as the mean over draws."""
    shipped = asdict(policy)[name]
    print(f"\n{name} = {shipped}")
    print("  value    dev: wrong missed   stream: found   far   near")
    for step in STEPS:
        value = type(shipped)(round(shipped * (1 + step), 4))
        moved = replace(policy, **{name: value})
        means = np.mean([_figures(sets, moved) for sets in drawn], axis=0).tolist()
        mark = "  as shipped" if step == 0 else ""
        print(f"  {value:<8} {_row(means, 10)}{mark}", flush=True)


def _row(figures: Sequence[float], width: int) -> str:
    wrong, missed, share, far, near = figures
    return f"{wrong:{width}.1f} {missed:6.1f} {share:15.4f} {far:5.1f} {near:6.1f}"


def _figures(sets: Sets, policy: Policy) -> tuple[float, ...]:
    """Wrong drops and misses in the articles; versions found, far and near drops in the stream."""
    dev = dev_outcome(stories_of(sets.dev), judge_all(sets.dev, policy))
    stream = stream_outcome(sets.stream, judge_all(sets.stream, policy))
    share = stream["found"] / max(1, stream["versions"])
    return dev["wrong"], dev["missed"], share, stream["far"], stream["near"]


def redrawn(documents: list[Labelled], draw: int) -> list[Labelled]:
    """Permute all hashes, so that other shingles of each text are its smallest."""
    factor = np.uint32(0x9E3779B1 + 2 * 7919 * draw)

    def permuted(print_: Fingerprint) -> Fingerprint:
        mixed = (print_.shingles ^ print_.shingles >> np.uint32(15)) * factor
        return replace(print_, shingles=np.sort(mixed ^ mixed >> np.uint32(13)))

    return [replace(one, fingerprint=permuted(one.fingerprint)) for one in documents]


def draws(drawn: list[Sets], policy: Policy) -> None:
    """Print what the shipped limits do under other hashes, and the mean."""
    print("draw   dev: wrong missed   stream: found   far   near")
    rows = [_figures(sets, policy) for sets in drawn]
    names = [*map(str, range(1, len(rows) + 1)), "mean"]
    for name, row in zip(names, [*rows, np.mean(rows, axis=0).tolist()], strict=True):
        print(f"{name:4} {_row(row, 12)}", flush=True)


def main() -> None:
    """Print the tables."""
    root = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description="The trade-off behind each limit")
    parser.add_argument("--data", type=Path, default=root / "../shared/bench/reposts")
    parser.add_argument("--draws", type=int, default=0, metavar="N")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    policy = Policy.load()
    unknown = set(options.names) - set(asdict(policy))
    if unknown:
        parser.error(f"no such limit: {', '.join(sorted(unknown))}")
    sets = load(options.data)
    drawn = [
        Sets(redrawn(sets.dev, draw), redrawn(sets.stream, draw))
        for draw in range(1, options.draws + 1)
    ]
    if drawn and not options.names:
        draws(drawn, policy)
        return
    for name in options.names or asdict(policy):
        table(name, drawn or [sets], policy)


if __name__ == "__main__":
    main()
