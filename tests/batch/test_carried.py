"""Judging from what rows carry gives what the detector gives that saw all documents pass."""

from __future__ import annotations

import pickle

import pytest

from batch.carried import CarriedIndex, document_of, judge, rank, verify
from batch.rows import Row, order_of
from pipelines.fingerprint.detector import Detector, Document, Verdict
from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.index import MemoryIndex
from pipelines.fingerprint.sketch import SHINGLES
from tests.fingerprint.stories import invented


def streamed(documents: list[Document]) -> tuple[MemoryIndex, list[Verdict]]:
    """The index and the verdicts of one pass over all documents."""
    index = MemoryIndex()
    detector = Detector(index)
    verdicts = []
    for document in documents:
        verdicts.append(detector.judge(document))
        detector.add(document, verdicts[-1])
    return index, verdicts


def carrying(documents: list[Document], index: MemoryIndex) -> list[Row]:
    """Each document with all that *index* knows of its shingles, what came later included."""
    rows = []
    for order, document in enumerate(documents, 1):
        keys = document.fingerprint.shingles[:SHINGLES]
        found: dict[int, list[int]] = {}
        postings = index.lookup(keys)
        for which, number in zip(postings.which.tolist(), postings.documents.tolist(), strict=True):
            found.setdefault(int(keys[which]), []).append(number)
        near = [n for n in index.near(document.fingerprint.simhash).tolist() if n < order]
        rows.append(
            {
                "order": order,
                "id": document.id,
                "url": document.url,
                "print": pickle.dumps(document.fingerprint),
                "found": [{"key": key, "orders": orders} for key, orders in found.items()],
                "near": near,
            }
        )
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_rows_are_judged_as_the_stream_was(seed: int) -> None:
    documents = invented(Fingerprinter(), 120, seed)
    index, verdicts = streamed(documents)
    judged = judge(reversed(carrying(documents, index)))
    assert [verdict for _, verdict in judged] == verdicts
    assert sum(not verdict.kept for verdict in verdicts) > 20


def test_pairs_that_match_are_those_of_the_reposts_and_more() -> None:
    documents = invented(Fingerprinter(), 120, 1)
    index, verdicts = streamed(documents)
    rows = list(rank(carrying(documents, index)))
    by_order = {row["order"]: row for row in rows}
    for row in rows:
        row["others"] = [by_order[number] for number in row["candidates"]]
    edges = {(edge["one"], edge["other"]) for edge in verify(rows)}
    numbers = {document.id: number for number, document in enumerate(documents, 1)}
    matched = {
        (number, numbers[verdict.first_print.matched])
        for number, verdict in enumerate(verdicts, 1)
        if verdict.first_print is not None
    }
    assert matched
    assert matched <= edges


def test_only_what_came_before_is_looked_up() -> None:
    documents = invented(Fingerprinter(), 3, 0)
    index = CarriedIndex()
    key = int(documents[0].fingerprint.shingles[0])
    index.carry([{"key": key, "orders": [1, 2, 3]}])
    index.turn_to({"order": 2, "near": None, "found": None})
    found = index.lookup(documents[0].fingerprint.shingles[:1])
    assert found.documents.tolist() == [1]


def test_the_order_is_that_of_the_files_and_then_of_their_lines() -> None:
    places = [(0, 1), (0, 2), (0, 10_000_000), (1, 1), (2, 5)]
    orders = [order_of(file, line) for file, line in places]
    assert orders == sorted(orders)
    assert orders[0] > 0


def test_a_row_is_read_back_as_its_document() -> None:
    document = invented(Fingerprinter(), 1, 0)[0]
    (row,) = carrying([document], MemoryIndex())
    assert document_of(row).fingerprint.hexadecimal == document.fingerprint.hexadecimal
