"""MD5 of many short messages at once (RFC 1321), for messages of at most 16 bytes.

`simhash.Simhash` hashes each feature with MD5. A call a feature costs half a microsecond; the 64
rounds over an array of features cost a fifth of that.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

BLOCK = 16384
"""Features hashed in one pass: small enough that all arrays of a pass stay in the cache."""
_SHIFTS = ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21))
_STEPS = ((1, 0), (5, 1), (3, 5), (7, 0))  # word of round r, step i: (factor * i + first) % 16
_SINES = [np.uint32(int(abs(math.sin(i + 1)) * 2**32) & 0xFFFFFFFF) for i in range(64)]
_INITIAL = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_LENGTH_WORD = 14


def last_eight_bytes(words: list[Words], lengths: Words) -> NDArray[np.uint64]:
    """Hash messages and give the last eight bytes of each digest, read as a big-endian number.

    *words* are the first five little-endian 32-bit words of each padded message (the byte 0x80
    right after its end, zeros behind it); *lengths* are the messages' sizes in bytes, at most 16.
    """
    size = len(lengths)
    digests = np.empty(size, np.uint64)
    for start in range(0, size, BLOCK):
        part = slice(start, min(size, start + BLOCK))
        message = {place: word[part] for place, word in enumerate(words)}
        if not message[4].any():
            del message[4]
        message[_LENGTH_WORD] = lengths[part] * np.uint32(8)
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
        _mix(round_number, b, c, d, spare)
        spare += a
        spare += _SINES[step]
        word = message.get((factor * step + first) % 16)
        if word is not None:
            spare += word
        shift = _SHIFTS[round_number][step % 4]
        np.left_shift(spare, np.uint32(shift), out=high)
        np.right_shift(spare, np.uint32(32 - shift), out=a)
        a |= high
        a += b
        a, b, c, d = d, a, b, c
    tail = np.empty((size, 2), "<u4")
    np.add(b, np.uint32(_INITIAL[2]), out=tail[:, 0])
    np.add(c, np.uint32(_INITIAL[3]), out=tail[:, 1])
    return tail.view(">u8").ravel().astype(np.uint64)


def _mix(round_number: int, b: Words, c: Words, d: Words, out: Words) -> None:
    """The round's function of three words, into *out*."""
    if round_number == 0:
        np.bitwise_xor(c, d, out=out)
        np.bitwise_and(out, b, out=out)
        np.bitwise_xor(out, d, out=out)
    elif round_number == 1:
        np.bitwise_xor(b, c, out=out)
        np.bitwise_and(out, d, out=out)
        np.bitwise_xor(out, c, out=out)
    elif round_number == 2:
        np.bitwise_xor(b, c, out=out)
        np.bitwise_xor(out, d, out=out)
    else:
        np.bitwise_not(d, out=out)
        np.bitwise_or(out, b, out=out)
        np.bitwise_xor(out, c, out=out)
