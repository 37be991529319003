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
_FIELDS = {
    1: np.uint64(0x5555555555555555),
    2: np.uint64(0x3333333333333333),
    4: np.uint64(0x0F0F0F0F0F0F0F0F),
}
_SIX_BITS = np.uint32(0x3F)
_END = np.uint64(0x80)  # what MD5 puts after a message
_GROUP = 15  # as many ones as fit into four bits
_RUN = 17  # groups: as many ones as fit into a byte

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
    counts = ends - begins - (WIDTH - 1)
    groups = -(-counts // _GROUP)
    firsts = groups.cumsum() - groups
    padded = np.zeros(int(groups.sum()) * _GROUP, np.uint64)
    hashes = _hash_grams(codes)
    for begin, count, first in zip(begins.tolist(), counts.tolist(), firsts.tolist(), strict=True):
        padded[first * _GROUP : first * _GROUP + count] = hashes[begin : begin + count]
    ones = _count_ones(padded, firsts, groups)
    bits = ones > counts[:, None] / 2
    return np.packbits(bits, axis=1, bitorder="little").view("<u8").ravel().astype(np.uint64)


def _count_ones(hashes: Hashes, firsts: Starts, groups: Starts) -> NDArray[np.int64]:
    """Count each of the 64 bits over the hashes of each text; text *i* begins at a group of 15.

    Counts grow inside the words: of 3 hashes in fields of two bits, of 15 in fields of four, of
    255 in bytes.
    """
    pairs = _fields(hashes, 1)
    threes = pairs[..., 0::3] + pairs[..., 1::3]
    threes += pairs[..., 2::3]
    nibbles = _fields(threes, 2)
    fifteens = nibbles[..., 0::5] + nibbles[..., 1::5]
    for place in range(2, 5):
        fifteens += nibbles[..., place::5]
    runs = -(-groups // _RUN)
    owners = runs.cumsum() - runs
    begins = firsts.repeat(runs) + (np.arange(int(runs.sum())) - owners.repeat(runs)) * _RUN
    in_bytes = np.add.reduceat(_fields(fifteens, 4), begins, axis=-1)
    lanes = in_bytes.astype("<u8").view(np.uint8).reshape(2, 2, 2, -1, 8).astype(np.int64)
    sums = np.add.reduceat(lanes, owners, axis=3)
    # Bit 8k + 4l + 2m + n stands at [n, m, l, text, k].
    return sums.transpose(3, 4, 2, 1, 0).reshape(-1, 64)


def _fields(words: Hashes, width: int) -> Hashes:
    """Cut words into fields: every other one of *width* bits, and the ones between, shifted."""
    shifts = np.array([[0], [width]], np.uint64)
    split: Hashes = words[..., None, :] >> shifts
    split &= _FIELDS[width]
    return split


def _hash_grams(codes: NDArray[np.uint32]) -> Hashes:
    """Hash the 4-gram that begins at each code; the last three grams are not whole."""
    encoded, bits = _utf8(codes)
    # A shift by 64 or more gives 0 in numpy, which is what each line here relies on.
    pairs = encoded[:-1] | encoded[1:] << bits[:-1]
    pair_bits = bits[:-1] + bits[1:]
    right, left_bits = pairs[2:], pair_bits[:-2]
    gram_bits = left_bits + pair_bits[2:]
    low = right << left_bits
    low |= pairs[:-2]
    low |= _END << gram_bits
    high = right >> (np.uint64(64) - left_bits)
    high |= _END << (gram_bits - np.uint64(64))
    words = [_lower_half(low), _upper_half(low), _lower_half(high), _upper_half(high)]
    longest = gram_bits == 128
    if longest.any():  # four codes of four bytes: the mark of the end is a word of its own
        words.append(np.where(longest, _END, np.uint64(0)).astype(np.uint32))
    return last_eight_bytes(words, gram_bits.astype(np.uint32))


def _lower_half(values: Hashes) -> NDArray[np.uint32]:
    return values.astype(np.uint32)


def _upper_half(values: Hashes) -> NDArray[np.uint32]:
    return (values >> np.uint64(32)).astype(np.uint32)


def _utf8(codes: NDArray[np.uint32]) -> tuple[Hashes, Hashes]:
    """Encode each code point: its UTF-8 bytes as a little-endian number, and its size in bits."""
    tail = (codes & _SIX_BITS) | np.uint32(0x80)
    middle = (codes >> np.uint32(6) & _SIX_BITS) | np.uint32(0x80)
    # Four bytes begin with F0, three with E0, two with C0, each with the code's highest bits.
    encoded = codes >> np.uint32(12)
    encoded |= np.uint32(0xE0)
    encoded |= middle << np.uint32(8)
    encoded |= tail << np.uint32(16)
    bits = np.full(len(codes), 24, np.uint64)
    short = (codes < 0x800).nonzero()[0]
    encoded[short] = codes[short] >> np.uint32(6) | np.uint32(0xC0) | tail[short] << np.uint32(8)
    bits[short] = 16
    single = short[codes[short] < 0x80]
    encoded[single] = codes[single]
    bits[single] = 8
    wide = (codes >= 0x10000).nonzero()[0]
    upper = (codes[wide] >> np.uint32(12) & _SIX_BITS) | np.uint32(0x80)
    encoded[wide] = codes[wide] >> np.uint32(18) | np.uint32(0xF0) | upper << np.uint32(8)
    encoded[wide] |= middle[wide] << np.uint32(16) | tail[wide] << np.uint32(24)
    bits[wide] = 32
    return encoded.astype(np.uint64), bits
