"""Invented stories with copies and edits of them, the same in every run."""

from __future__ import annotations

import random
from functools import cache

from pipelines.fingerprint.document import Fingerprinter

_WORDS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


@cache
def fingerprinter() -> Fingerprinter:
    """One for all tests of a process: its tables take half a second."""
    return Fingerprinter()


def story(number: int, length: int = 300) -> str:
    """A text that shares nothing with those of other numbers."""
    chance = random.Random(number)
    return "".join(chance.choices(_WORDS, k=length))


def variants(count: int) -> list[str]:
    """Stories, each followed sooner or later by copies, edits, and an embedding of it."""
    texts = []
    for number in range(count):
        original = story(number // 4, 40 if number % 8 >= 4 else 300)
        match number % 4:
            case 0:
                texts.append(original)
            case 1:
                texts.append(original)
            case 2:
                texts.append(original[:-20] + story(1000 + number, 12))
            case _:
                texts.append(story(2000 + number, 60) + original)
    return texts
