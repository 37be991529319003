"""Invented material for the benchmark of repost detection: texts, and ready sketches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.document import Fingerprint, Text
from pipelines.fingerprint.sketch import SHINGLES

_SPACE = 2.0**32
_BLOCK = 2000
_REPRINTED = 0.2  # share of documents that copy one of the block before
_PHRASES = 500_000  # wording that documents share: the rare ones grow in number with the archive
_PHRASE_SHINGLES = 12
_PHRASES_A_DOCUMENT = 6

Narrow = NDArray[np.uint32]


def texts(count: int, *, characters: int = 1400, seed: int = 1) -> list[Text]:
    """Invent Chinese-looking news of about *characters* letters; a third are edited copies."""
    random = np.random.default_rng(seed)
    words = _words(random)
    chance = 1.0 / np.arange(1, len(words) + 1) ** 1.05
    bounds = np.cumsum(chance / chance.sum())
    made: list[Text] = []
    for number in range(count):
        if number > 100 and random.random() < 1 / 3:
            body = _edited(made[number - int(random.integers(1, 100))].body, words, random)
        else:
            size = max(40, int(random.lognormal(np.log(characters / 2.635), 0.25)))
            picks = np.searchsorted(bounds, random.random(size))
            body = _sentences([words[pick] for pick in picks.tolist()], random)
        made.append(Text(body, f"2026-01-{number % 28 + 1:02d}T08:00:00+08:00"))
    return made


def _words(random: np.random.Generator) -> list[str]:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    chance = 1.0 / np.arange(1, len(letters) + 1) ** 0.8
    picks = random.choice(len(letters), size=(40_000, 3), p=chance / chance.sum())
    sizes = random.integers(1, 4, size=len(picks))
    return ["".join(letters[i] for i in row[:size]) for row, size in zip(picks, sizes, strict=True)]


def _sentences(words: list[str], random: np.random.Generator) -> str:
    for place in range(7, len(words), 11):
        words[place] += f"{random.integers(1, 9000) / 100}%，"
    for place in range(17, len(words), 23):
        words[place] += "。\n" if place % 3 == 0 else "。"
    return "".join(words)


def _edited(body: str, words: list[str], random: np.random.Generator) -> str:
    """Cut the end, put a new lead before it, and change a word."""
    lead = "".join(words[pick] for pick in random.integers(0, len(words), 20).tolist())
    middle = len(body) // 2
    word = words[int(random.integers(0, len(words)))]
    return f"{lead}。{body[:middle]}{word}{body[middle : int(len(body) * 0.9)]}"


@dataclass(frozen=True, slots=True)
class Block:
    """Documents as arrays: a row each; *copies* names the row of the block before, or -1."""

    shingles: Narrow
    sizes: NDArray[np.int64]
    simhashes: NDArray[np.uint64]
    contexts: Narrow
    values: NDArray[np.uint16]
    copies: NDArray[np.int64]


def blocks(count: int, *, seed: int = 2) -> Iterator[Block]:
    """Invent the sketches of *count* documents, with the shared wording that real news has."""
    random = np.random.default_rng(seed)
    chance = 1.0 / np.arange(1, _PHRASES + 1) ** 1.0
    bounds = np.cumsum(chance / chance.sum())
    before: Block | None = None
    for start in range(0, count, _BLOCK):
        block = _block(min(_BLOCK, count - start), bounds, random)
        if before is not None:
            _reprint(block, before, random)
        yield block
        before = block


def _block(rows: int, bounds: NDArray[np.float64], random: np.random.Generator) -> Block:
    sizes = np.clip(random.lognormal(np.log(900), 0.7, rows), 80, 9000).astype(np.int64)
    # The smallest of n random hashes are the points of a Poisson process.
    own = np.cumsum(random.exponential(_SPACE / sizes[:, None], (rows, SHINGLES)), axis=1)
    phrases = np.searchsorted(bounds, random.random((rows, _PHRASES_A_DOCUMENT)))
    names = phrases[:, :, None] * 16 + np.arange(_PHRASE_SHINGLES)
    shared = (
        names.reshape(rows, -1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    ) >> np.uint64(32)
    together = np.concatenate([np.minimum(own, _SPACE - 1).astype(np.uint64), shared], axis=1)
    together.sort(axis=1)
    numbers = np.sort(random.integers(0, 2**32, (rows, 12), dtype=np.uint32), axis=1)
    return Block(
        together[:, :SHINGLES].astype(np.uint32),
        sizes,
        random.integers(0, 2**63, rows, dtype=np.uint64) * np.uint64(2) + np.uint64(1),
        numbers,
        random.integers(0, 2**16, (rows, 12), dtype=np.uint16),
        np.full(rows, -1),
    )


def _reprint(block: Block, before: Block, random: np.random.Generator) -> None:
    """Make a part of the block's documents copies in which every tenth shingle is new."""
    rows = np.flatnonzero(random.random(len(block.sizes)) < _REPRINTED)
    originals = random.integers(0, len(before.sizes), len(rows))
    kept = random.random((len(rows), SHINGLES)) < 0.9
    mixed = np.where(kept, before.shingles[originals], block.shingles[rows])
    block.shingles[rows] = np.sort(mixed, axis=1)
    block.sizes[rows] = before.sizes[originals]
    block.simhashes[rows] = before.simhashes[originals] ^ np.uint64(5)
    block.contexts[rows], block.values[rows] = before.contexts[originals], before.values[originals]
    block.copies[rows] = originals


def fingerprint(block: Block, row: int, random: np.random.Generator, *, edit: bool) -> Fingerprint:
    """Give a document of a block all of its shingles; edited, one in ten is another."""
    known = block.shingles[row]
    rest = int(block.sizes[row]) - SHINGLES
    others = random.integers(int(known[-1]) + 1, 2**32, max(0, rest), dtype=np.uint32)
    if edit:
        known = known[random.random(len(known)) < 0.9]
    shingles = np.sort(np.concatenate([known, others]))
    return Fingerprint(
        int(block.simhashes[row]) ^ (7 if edit else 0),
        int(block.sizes[row]),
        20_000.0,
        shingles,
        block.contexts[row],
        block.values[row],
    )
