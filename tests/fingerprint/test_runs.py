"""A run finds what a scan of its postings finds, alone and after a merge."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.store.fingerprint_runs import Batch, Run, RunError, merge_runs, write_run

OWNER = b"0123456789abcdef"


def postings(first: int, documents: int, keys_each: int, seed: int) -> Batch:
    """Documents that share many keys, among them the lowest and the highest hash."""
    random = np.random.default_rng(seed)
    pool = random.integers(0, 2**32, max(2, documents), dtype=np.uint32)
    pool[:2] = 0, 2**32 - 1
    numbers = np.arange(first, first + documents, dtype=np.uint32)
    keys = np.concatenate(
        [random.choice(pool, min(keys_each, len(pool)), replace=False) for _ in numbers]
    )
    simhashes = random.integers(0, 2**63, documents, dtype=np.uint64)
    return Batch(first, simhashes, keys, numbers.repeat(len(keys) // documents))


def scanned(
    batches: list[Batch], asked: NDArray[np.uint32], floor: int = 0
) -> set[tuple[int, int]]:
    return {
        (place, document)
        for batch in batches
        for key, document in zip(batch.keys.tolist(), batch.documents.tolist(), strict=True)
        for place in np.flatnonzero(asked == key).tolist()
        if document >= floor
    }


def looked_up(run: Run, asked: NDArray[np.uint32]) -> set[tuple[int, int]]:
    found = run.lookup(asked)
    return set(zip(found.which.tolist(), found.documents.tolist(), strict=True))


@pytest.mark.parametrize(
    ("first", "documents", "keys_each"),
    [(1, 1, 1), (5, 2, 2), (1, 65, 28), (1000, 300, 1), (2**31, 130, 28)],
    ids=["one document", "two", "more than parts", "few keys each", "large numbers"],
)
def test_a_lookup_equals_a_scan(tmp_path: Path, first: int, documents: int, keys_each: int) -> None:
    batch = postings(first, documents, keys_each, seed=documents)
    write_run(tmp_path / "a.run", OWNER, 7, batch)
    run = Run(tmp_path / "a.run", OWNER)
    asked = np.unique(np.append(batch.keys, np.array([1, 2**31, 2**32 - 2], np.uint32)))
    assert looked_up(run, asked) == scanned([batch], asked)
    assert (run.first, run.last, run.seal) == (first, first + documents - 1, 7)


@pytest.mark.parametrize("floor", [0, 1, 60, 161], ids=["all", "from the first", "some", "most"])
def test_a_merge_keeps_what_is_not_forgotten(tmp_path: Path, floor: int) -> None:
    batches = [postings(1, 100, 28, seed=1), postings(101, 90, 5, seed=2), postings(191, 3, 9, 3)]
    runs = []
    for number, batch in enumerate(batches):
        write_run(tmp_path / f"{number}.run", OWNER, number, batch)
        runs.append(Run(tmp_path / f"{number}.run", OWNER))
    merge_runs(tmp_path / "merged.run", OWNER, runs, floor)
    merged = Run(tmp_path / "merged.run", OWNER)
    asked = np.unique(np.concatenate([batch.keys for batch in batches]))
    assert looked_up(merged, asked) == scanned(batches, asked, floor)
    assert (merged.first, merged.last, merged.seal) == (1, 193, 2)
    expected = np.concatenate([batch.simhashes for batch in batches])
    assert np.array_equal(merged.simhashes, expected)


def test_a_posting_takes_four_bytes(tmp_path: Path) -> None:
    few, many = postings(1, 256, 4, seed=4), postings(1, 256, 8, seed=4)
    write_run(tmp_path / "few.run", OWNER, 0, few)
    write_run(tmp_path / "many.run", OWNER, 0, many)
    more = (tmp_path / "many.run").stat().st_size - (tmp_path / "few.run").stat().st_size
    table = 4 * (2**9 - 2**8)  # twice the postings, twice the buckets
    assert more == 4 * (len(many.keys) - len(few.keys)) + table


def test_a_run_of_an_older_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    write_run(path, OWNER, 0, postings(1, 3, 2, seed=5))
    path.write_bytes(path.read_bytes().replace(b"firstprint-run-3", b"firstprint-run-2"))
    with pytest.raises(RunError):
        Run(path, OWNER)
