"""The names under which a fleet's state lies on the server, and its smallest encodings.

All that has to change together carries the hash tag `{fp}` and so lies in one slot of a cluster.
Sketches, half of the bytes, never change: they are spread over 256 tags of their own.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SCHEMA_VERSION = 1
TAG = "{fp}"
META = f"{TAG}meta"
WORKERS = f"{TAG}workers"
RETIRED = f"{TAG}retired"
READY = f"{TAG}ready"
OPEN = f"{TAG}open"
LAST = f"{TAG}last"
FLOOR = f"{TAG}floor"
DAYS = f"{TAG}days"
FRESH = f"{TAG}fresh"
NEWS = f"{TAG}news"
MEMORY = f"{TAG}memory"
SWEEP = f"{TAG}sweep"

ENTRY_BYTES = 6  # of a posting: the rest of a shingle's hash, and the document's number
BLOCK_BYTES = 11  # a document's number in five bytes, the other three blocks of its simhash
_SPREAD = np.uint32(0x9E3779B1)
_ARTICLE_ID = re.compile("[0-9a-f]{16}")

Narrow = NDArray[np.uint32]
Wide = NDArray[np.uint64]


def digest(key: str) -> str:
    """64 bits of a candidate's key as 11 letters: what is kept of one that is done.

    Two of a hundred million candidates have the same with a chance of 0.0003.
    """
    return b64encode(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest())[:11].decode()


def outbox(worker: str) -> str:
    """The records of *worker* that it has not acknowledged."""
    return f"{TAG}u{worker}"


def lists(site: str) -> str:
    """The feeds, sitemaps and lists of *site*."""
    return f"{TAG}L{site}"


def robots(url: str) -> str:
    """The answer kept for a robots.txt."""
    return f"{TAG}R{url}"


def entry(number: int) -> str:
    """The document *number*, on its shelf."""
    return f"{{fp{number % 256:02x}}}e{number}"


class Buckets:
    """How hashes are cut into the name of a bucket and the rest that stands in it.

    *bits*: 2 to the power of this many buckets hold the postings of a fleet, a sixteenth as many
    its candidates and versions. About 25 postings a bucket are good: 20 bits for a million
    documents.
    """

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._rest_bits = 32 - bits
        self.number_bits = 8 * ENTRY_BYTES - self._rest_bits
        self._mask = (1 << bits - 4) - 1

    def spread(self, shingles: Narrow) -> tuple[list[bytes], Wide]:
        """The keys of the buckets in which *shingles* are posted, and their rests."""
        # A text's smallest hashes are all small: a product by an odd number spreads them.
        hashes = shingles * _SPREAD
        buckets = (hashes >> np.uint32(self._rest_bits)).tolist()
        rests = (hashes & np.uint32((1 << self._rest_bits) - 1)).astype(np.uint64)
        return [b"{fp}k" + bucket.to_bytes(4, "big") for bucket in buckets], rests

    def read(self, postings: bytes) -> tuple[Wide, Wide]:
        """The rests and the documents' numbers of postings."""
        raw = np.frombuffer(postings, np.uint8).reshape(-1, ENTRY_BYTES).astype(np.uint64)
        whole = np.zeros(len(raw), np.uint64)
        for column in range(ENTRY_BYTES):
            whole = whole << np.uint64(8) | raw[:, column]
        bits = np.uint64(self.number_bits)
        return whole >> bits, whole & np.uint64((1 << self.number_bits) - 1)

    def candidates(self, of: str) -> str:
        """The bucket of the candidate with this digest."""
        return f"{TAG}c{self._part(of.encode()):x}"

    def versions(self, article_id: str) -> str:
        """The bucket of the versions of an article."""
        return f"{TAG}v{self._part(article_id.encode()):x}"

    def _part(self, name: bytes) -> int:
        return int.from_bytes(blake2b(name, digest_size=4).digest(), "big") & self._mask


def id_bytes(article_id: str) -> bytes:
    """An article's id in half its length, if it is one; raises nothing and loses nothing."""
    if _ARTICLE_ID.fullmatch(article_id):
        return bytes.fromhex(article_id)
    return b"#" + article_id.encode("utf-8", "replace")


def id_text(data: bytes) -> str:
    """The id that `id_bytes` wrote."""
    return data.hex() if len(data) == 8 else data[1:].decode("utf-8", "replace")


def block_keys(simhash: int) -> list[tuple[bytes, bytes]]:
    """For each of the four blocks of a simhash its bucket, and the other three as six bytes."""
    raw = simhash.to_bytes(8, "big")
    return [
        (
            b"{fp}b%d" % place + raw[2 * place : 2 * place + 2],
            raw[: 2 * place] + raw[2 * place + 2 :],
        )
        for place in range(4)
    ]
