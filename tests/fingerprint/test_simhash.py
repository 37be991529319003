"""Our simhash is the library's, bit for bit, and the index finds the near ones."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simhash import Simhash

from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.index import NEAR, Entry, MemoryIndex
from pipelines.fingerprint.md5 import last_eight_bytes
from pipelines.fingerprint.simhash import (
    BLOCKS,
    as_simhash,
    block_names,
    block_names_of,
    distance,
    features,
    simhashes,
)
from pipelines.fingerprint.sketch import Sketch

WHOLE = st.characters(exclude_categories=["Cs"])
HASHES = st.integers(0, 2**64 - 1)


def simhashes_of(texts: list[str]) -> list[int]:
    codes = np.array([ord(char) for text in texts for char in text], np.uint32)
    starts = np.append(0, np.cumsum([len(text) for text in texts])).astype(np.int64)
    return [int(value) for value in simhashes(codes, starts)]


@given(st.lists(st.text(WHOLE), min_size=1, max_size=6))
def test_equals_the_library(texts: list[str]) -> None:
    assert simhashes_of(texts) == [Simhash(features(text)).value for text in texts]


@pytest.mark.parametrize(
    "text",
    ["", "涨", "涨停板", "涨停板块", "ab" * 300, "涨" * 70_000, "价" * 258, "价格" * 127 + "𠮷é"],
    ids=["empty", "1", "3", "4", "two features", "weight 70,000", "255 features", "mixed widths"],
)
def test_equals_the_library_at_the_edges(text: str) -> None:
    (ours,) = simhashes_of([text])
    # The library overflows on a weighted feature above 255; unweighted ones are its definition.
    assert ours == Simhash(features(text)).value


@given(st.text(max_size=40))
def test_of_a_text_is_over_the_normalised_body(fingerprinter: Fingerprinter, text: str) -> None:
    normalised = fingerprinter.normalised(text)
    assert fingerprinter.one(text).simhash == Simhash(features(normalised)).value


def test_a_library_value_goes_in_and_out() -> None:
    assert as_simhash(0x1F).value == 0x1F
    assert as_simhash(Simhash("涨停")).value == Simhash("涨停").value


@given(HASHES, HASHES)
def test_distance_equals_the_library(one: int, other: int) -> None:
    assert distance(one, other) == Simhash(one).distance(Simhash(other))


@given(st.lists(HASHES, min_size=1, max_size=5))
def test_blocks_are_named_alike_alone_and_in_arrays(values: list[int]) -> None:
    columns = [block_names_of(np.array(values, np.uint64), place) for place in range(BLOCKS)]
    assert np.stack(columns, axis=1).tolist() == [block_names(value) for value in values]


def entry(simhash: int) -> Entry:
    nothing = np.empty(0, np.uint32)
    return Entry(
        "x", None, 0, Sketch(simhash, 9, None, nothing, 0, nothing, np.empty(0, np.uint16))
    )


@settings(max_examples=60)
@given(
    HASHES,
    st.lists(st.lists(st.integers(0, 63), max_size=6), max_size=30),
    st.lists(HASHES, max_size=10),
)
def test_search_finds_what_brute_force_finds(
    asked: int, flips: list[list[int]], others: list[int]
) -> None:
    index = MemoryIndex()
    stored = others + [asked ^ sum({1 << bit for bit in bits}) for bits in flips]
    for value in stored:
        index.add(entry(value))
    expected = [n for n, value in enumerate(stored, 1) if distance(value, asked) <= NEAR]
    assert index.near(asked).tolist() == expected


@given(st.lists(st.binary(max_size=16), min_size=1, max_size=20))
def test_md5_of_many_messages_equals_the_standard_library(messages: list[bytes]) -> None:
    padded = b"".join((message + b"\x80").ljust(20, b"\0") for message in messages)
    words = np.frombuffer(padded, "<u4").reshape(-1, 5)
    bits = np.array([8 * len(message) for message in messages], np.uint32)
    tails = last_eight_bytes([words[:, i].copy() for i in range(5)], bits)
    expected = [hashlib.md5(m, usedforsecurity=False).digest()[-8:] for m in messages]
    assert [int(tail).to_bytes(8, "big") for tail in tails] == expected
