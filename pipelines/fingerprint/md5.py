"""MD5 of many short messages at once (RFC 1321), for messages of at most 16 bytes.

`simhash.Simhash` hashes each feature with MD5. A call a feature costs half a microsecond; the 64
rounds over an array of features cost a fifth of that.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

BLOCK = 32768
"""Features hashed in one pass: small enough that all arrays of a pass stay in the cache."""
_SHIFTS = ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21))
_STEPS = ((1, 0), (5, 1), (3, 5), (7, 0))  # word of round r, step i: (factor * i + first) % 16
# Arrays without dimensions, which numpy takes in half the time of scalars.
_SINES = [np.array(int(abs(math.sin(i + 1)) * 2**32) & 0xFFFFFFFF, np.uint32) for i in range(64)]
_BITS = [np.array(bits, np.uint32) for bits in range(33)]
_INITIAL = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_LENGTH_WORD = 14


def last_eight_bytes(words: list[Words], bits: Words) -> NDArray[np.uint64]:
    """Hash messages and give the last eight bytes of each digest, read as a big-endian number.

    *words* are the first four or five little-endian 32-bit words of each padded message (the byte
    0x80 right after its end, zeros behind it); *bits* are the messages' sizes, at most 128.
    """
    size = len(bits)
    digests = np.empty(size, np.uint64)
    for start in range(0, size, BLOCK):
        part = slice(start, min(size, start + BLOCK))
        message = {place: word[part] for place, word in enumerate(words)}
        message[_LENGTH_WORD] = bits[part]
        digests[part] = _digest_tails(message, part.stop - start)
    return digests


def _digest_tails(message: dict[int, Words], size: int) -> NDArray[np.uint64]:
    state = [np.full(size, value, np.uint32) for value in _INITIAL]
    spare, high = np.empty(size, np.uint32), np.empty(size, np.uint32)
    a, b, c, d = state
    # The last of the 64 steps makes the second word of the digest, which nobody asks for.
    for step in range(63):
        round_number = step // 16
        factor, first = _STEPS[round_number]
        _MIXES[round_number](b, c, d, spare)
        np.add(spare, a, spare)
        np.add(spare, _SINES[step], spare)
        word = message.get((factor * step + first) % 16)
        if word is not None:
            np.add(spare, word, spare)
        shift = _SHIFTS[round_number][step % 4]
        np.left_shift(spare, _BITS[shift], high)
        np.right_shift(spare, _BITS[32 - shift], a)
        np.bitwise_or(a, high, a)
        np.add(a, b, a)
        a, b, c, d = d, a, b, c
    tail = np.empty((size, 2), "<u4")
    np.add(b, np.uint32(_INITIAL[2]), out=tail[:, 0])
    np.add(c, np.uint32(_INITIAL[3]), out=tail[:, 1])
    return tail.view(">u8").ravel().astype(np.uint64)


def _mix_first(b: Words, c: Words, d: Words, out: Words) -> None:
    np.bitwise_xor(c, d, out)
    np.bitwise_and(out, b, out)
    np.bitwise_xor(out, d, out)


def _mix_second(b: Words, c: Words, d: Words, out: Words) -> None:
    np.bitwise_xor(b, c, out)
    np.bitwise_and(out, d, out)
    np.bitwise_xor(out, c, out)


def _mix_third(b: Words, c: Words, d: Words, out: Words) -> None:
    np.bitwise_xor(b, c, out)
    np.bitwise_xor(out, d, out)


def _mix_fourth(b: Words, c: Words, d: Words, out: Words) -> None:
    np.bitwise_not(d, out)
    np.bitwise_or(out, b, out)
    np.bitwise_xor(out, c, out)


_MIXES = (_mix_first, _mix_second, _mix_third, _mix_fourth)
"""The function of three words that each round has."""
