"""Spoil documents the way broken and hostile sites do: seeded, and aware of tags and encodings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MOST = 200_000  # bytes of a spoiled document
_TAG = re.compile(rb"<[^<>]{0,200}>")
_WORD = re.compile(rb"[\w./:%-]{2,40}")
_ENCODINGS = ("utf-8", "gb18030", "big5", "shift_jis", "utf-16", "latin-1", "cp1252", "euc_kr")
_BITS = (
    b"\0", b"\r", b"\n", b"\t", b"\x0b", b"\x1b", b"\x85", b"\xff\xfe", b"\xef\xbb\xbf", b"\xa3",
    b"&#xD800;", b"&#0;", b"&#x110000;", b"&amp;", b"&lt;", b"&nbsp;", b"\xe2\x80\xa8",
    b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xf4\x8f\xbf\xbf", b"<!--", b"-->", b"<![CDATA[", b"]]>",
    b"<script>", b"</script>", b"<title>", b"<textarea>", b"<plaintext>", b"<svg>", b"<template>",
    b"<table><tr><td>", b"</p></div></body></html>", b'"', b"'", b"=", b"{", b"}", b"[", b"]",
    b"http://", b"//[::1", b"javascript:", b"%00", b"%", b"?", b"#", b"..", b"-1", b"1e999",
    b"99999999999999999999", b"0000-00-00", b"2024-02-30T25:61:61+99:99", b"NaN", b"null", b"true",
)  # fmt: skip
_RUNS = (b" ", b"\n", b"(", b"[", b"0", b"a", b"<", b"&", b"=", b"/", b"-", b"\xe3\x80\x80", b"<b>")

Seeds = Sequence[bytes]
Mutation = Callable[[bytes, Random, Seeds], bytes]


def spoil(seeds: Seeds, chance: Random) -> bytes:
    """One of *seeds* after one to four mutations."""
    data = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        data = chance.choice(MUTATIONS)(data, chance, seeds)[:MOST]
    return data


def _span(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + int(chance.expovariate(1 / 200)))


def _cut(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    return data[: chance.randint(0, len(data))]


def _cut_head(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    return data[chance.randint(0, len(data)) :]


def _drop(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeat(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 10, 300)) + data[end:]


def _splice(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    other = chance.choice(seeds)
    start, end = _span(other, chance)
    at = chance.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _bit(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randint(0, len(data))
        data = data[:at] + chance.choice(_BITS) + data[at:]
    return data


def _noise(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        if spoiled:
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def _run(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    at = chance.randint(0, len(data))
    length = chance.choice((100, 1_000, 30_000))
    return data[:at] + chance.choice(_RUNS) * length + data[at:]


def _nest(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    found: list[bytes] = _TAG.findall(data) or [b"<div>"]
    tag = chance.choice(found)
    name = re.match(rb"<\w*", tag)
    start, end = _span(data, chance)
    depth = chance.choice((3, 40, 600, 3_000))
    close = (name.group().replace(b"<", b"</") + b">") if name else b""
    return data[:start] + tag * depth + data[start:end] + close * depth + data[end:]


def _swap_tags(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    found = list(_TAG.finditer(data))
    if len(found) < 2:
        return data
    one, two = sorted(chance.sample(found, 2), key=re.Match.start)
    first, second = data[one.start() : one.end()], data[two.start() : two.end()]
    between = data[one.end() : two.start()]
    return data[: one.start()] + second + between + first + data[two.end() :]


def _swap_words(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    here = list(_WORD.finditer(data))
    there: list[bytes] = _WORD.findall(chance.choice(seeds))
    if not here or not there:
        return data
    found = chance.choice(here)
    return data[: found.start()] + chance.choice(there) + data[found.end() :]


def _recode(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    text = data.decode(chance.choice(_ENCODINGS), "replace")
    return text.encode(chance.choice(_ENCODINGS), chance.choice(("replace", "xmlcharrefreplace")))


def _attributes(data: bytes, chance: Random, seeds: Seeds) -> bytes:
    found = list(_TAG.finditer(data))
    if not found:
        return data
    end = chance.choice(found).end() - 1
    many = b"".join(b' a%d="x"' % n for n in range(chance.choice((3, 300, 8_000))))
    return data[:end] + many + data[end:]


MUTATIONS: tuple[Mutation, ...] = (
    _cut, _cut_head, _drop, _repeat, _splice, _bit, _bit, _noise, _run, _nest, _swap_tags,
    _swap_words, _recode, _attributes,
)  # fmt: skip
