"""The 64-bit SimHash of a text, bit for bit what `simhash.Simhash` gives, but for many at once.

Charikar 2002; Manku, Jain and Das Sarma 2007. The features are the character 4-grams of the
normalised text, each with the weight of its count; the hash is the library's own, the last eight
bytes of the feature's MD5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from simhash import Simhash

from pipelines.fingerprint.md5 import last_eight_bytes

WIDTH = 4
BLOCKS = 4
"""Two fingerprints at most `BLOCKS - 1` bits apart agree in one of their blocks."""
_BLOCK_BITS = 64 // BLOCKS
_BLOCK_MASK = (1 << _BLOCK_BITS) - 1
_LOW_BITS = np.uint64(0x0101010101010101)
_SIX_BITS = np.uint32(0x3F)
_SEGMENT = 255  # as many ones as fit into a byte

Hashes = NDArray[np.uint64]
Starts = NDArray[np.int64]


def features(normalised: str) -> list[str]:
    """List the 4-grams of a normalised text; a shorter text is one feature by itself."""
    return [normalised[i : i + WIDTH] for i in range(max(len(normalised) - WIDTH + 1, 1))]


def as_simhash(value: int | Simhash) -> Simhash:
    """Give a fingerprint the type that others work with."""
    return Simhash(value)


def distance(one: int, other: int) -> int:
    """Count the bits in which two fingerprints differ, 0 to 64."""
    return (one ^ other).bit_count()


def block_names(fingerprint: int) -> list[int]:
    """Cut a fingerprint into numbers below 2^19 that name a block and its bits."""
    return [
        (place + 1 << _BLOCK_BITS) | (fingerprint >> place * _BLOCK_BITS & _BLOCK_MASK)
        for place in range(BLOCKS)
    ]


def block_names_of(fingerprints: Hashes, place: int) -> NDArray[np.uint32]:
    """Name one block of each of many fingerprints, as `block_names` does."""
    values = fingerprints >> np.uint64(place * _BLOCK_BITS) & np.uint64(_BLOCK_MASK)
    return values.astype(np.uint32) | np.uint32(place + 1 << _BLOCK_BITS)


def simhashes(codes: NDArray[np.uint32], starts: Starts) -> Hashes:
    """Fingerprint texts: text *i* is the code points `codes[starts[i]:starts[i + 1]]`.

    Code points must be encodable in UTF-8 (no surrogates), as normalised text is.
    """
    lengths = np.diff(starts)
    result = np.empty(len(lengths), np.uint64)
    long = lengths >= WIDTH
    for place in np.flatnonzero(~long).tolist():
        result[place] = _short(codes[starts[place] : starts[place + 1]].tolist())
    if long.any():
        result[long] = _from_grams(codes, starts[:-1][long], starts[1:][long])
    return result


def _short(codes: Sequence[int]) -> int:
    digest = hashlib.md5("".join(map(chr, codes)).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[-8:], "big")


def _from_grams(codes: NDArray[np.uint32], begins: Starts, ends: Starts) -> Hashes:
    hashes = _hash_grams(codes)
    counts = ends - begins - (WIDTH - 1)
    segments, owners = _segments(begins, counts)
    sums = np.zeros((len(begins), 64), np.int64)
    for bit in range(8):
        ones = (hashes >> np.uint64(bit)) & _LOW_BITS
        in_bytes = np.add.reduceat(np.append(ones, np.uint64(0)), segments)[::2]
        lanes = in_bytes.astype("<u8").view(np.uint8).reshape(-1, 8).astype(np.int64)
        sums[:, bit::8] = np.add.reduceat(lanes, owners)
    bits = sums > counts[:, None] / 2
    return np.packbits(bits, axis=1, bitorder="little").view("<u8").ravel().astype(np.uint64)


def _segments(begins: Starts, counts: Starts) -> tuple[Starts, Starts]:
    """Cut each text's grams into runs short enough that a byte can count them.

    Gives the begin and end of every run, alternating, and the first run of each text.
    """
    runs = -(-counts // _SEGMENT)
    first = np.cumsum(runs) - runs
    index = np.arange(runs.sum()) - np.repeat(first, runs)
    lower = np.repeat(begins, runs) + index * _SEGMENT
    upper = np.minimum(lower + _SEGMENT, np.repeat(begins + counts, runs))
    return np.stack([lower, upper], axis=1).ravel(), first


def _hash_grams(codes: NDArray[np.uint32]) -> Hashes:
    """Hash the 4-gram that begins at each code; the last three grams are not whole."""
    encoded, sizes = _utf8(codes)
    pairs = encoded[:-1] | (encoded[1:] << (sizes[:-1] * np.uint64(8)))
    pair_sizes = sizes[:-1] + sizes[1:]
    left, right = pairs[:-2], pairs[2:]
    left_bits, right_bits = pair_sizes[:-2] * np.uint64(8), pair_sizes[2:] * np.uint64(8)
    size_bits = left_bits + right_bits
    # A shift by 64 or more gives 0 in numpy, which is what each line here relies on.
    low = left | (right << left_bits) | (np.uint64(0x80) << size_bits)
    high = np.where(left_bits < 64, right >> (np.uint64(64) - left_bits), right)
    high |= np.uint64(0x80) << (size_bits - np.uint64(64))
    overflow = np.where(size_bits == 128, np.uint32(0x80), np.uint32(0))
    words = [_lower_half(low), _upper_half(low), _lower_half(high), _upper_half(high), overflow]
    return last_eight_bytes(words, (size_bits >> np.uint64(3)).astype(np.uint32))


def _lower_half(values: Hashes) -> NDArray[np.uint32]:
    return values.astype(np.uint32)


def _upper_half(values: Hashes) -> NDArray[np.uint32]:
    return (values >> np.uint64(32)).astype(np.uint32)


def _utf8(codes: NDArray[np.uint32]) -> tuple[Hashes, Hashes]:
    """Encode each code point: its UTF-8 bytes as a little-endian number, and how many."""
    tail = (codes & _SIX_BITS) | np.uint32(0x80)
    middle = (codes >> np.uint32(6) & _SIX_BITS) | np.uint32(0x80)
    # Four bytes begin with F0, three with E0, two with C0, each with the code's highest bits.
    encoded = codes >> np.uint32(12) | np.uint32(0xE0) | middle << np.uint32(8)
    encoded |= tail << np.uint32(16)
    sizes = np.full(len(codes), 3, np.uint64)
    short = np.flatnonzero(codes < 0x800)
    encoded[short] = codes[short] >> np.uint32(6) | np.uint32(0xC0) | tail[short] << np.uint32(8)
    sizes[short] = 2
    single = short[codes[short] < 0x80]
    encoded[single] = codes[single]
    sizes[single] = 1
    wide = np.flatnonzero(codes >= 0x10000)
    upper = (codes[wide] >> np.uint32(12) & _SIX_BITS) | np.uint32(0x80)
    encoded[wide] = codes[wide] >> np.uint32(18) | np.uint32(0xF0) | upper << np.uint32(8)
    encoded[wide] |= middle[wide] << np.uint32(16) | tail[wide] << np.uint32(24)
    sizes[wide] = 4
    return encoded.astype(np.uint64), sizes
