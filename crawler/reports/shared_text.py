"""Which stretches of two texts are the same, to be marked for a reader."""

from __future__ import annotations

_RUN = 8  # letters and digits in a row that both have: two or three Chinese words
_RUN_ASCII = 24  # four English words
_BRIDGE = 6  # characters between two stretches that are marked along: punctuation, a changed word


def grams(text: str) -> set[str]:
    """The runs of letters and digits in *text* that a shared stretch is known by."""
    letters = "".join(filter(str.isalnum, text)).casefold()
    width = width_of(text)
    return {letters[i : i + width] for i in range(len(letters) - width + 1)}


def width_of(text: str) -> int:
    """How long a run has to be: longer in scripts whose words have many letters."""
    ascii_letters = sum(each.isascii() for each in text[:2_000])
    return _RUN_ASCII if ascii_letters > 0.6 * len(text[:2_000]) else _RUN


def shared_spans(text: str, known: set[str]) -> list[tuple[int, int]]:
    """The stretches (first, end) of *text* whose runs are all in *known*, which `grams` gave.

    Case, blanks and punctuation do not count. Linear in the length of *text*.
    """
    places = [at for at, each in enumerate(text) if each.isalnum()]
    letters = "".join(text[at] for at in places).casefold()
    width = len(next(iter(known))) if known else _RUN
    if len(letters) != len(places):  # a letter that is two in lower case, such as İ
        letters = "".join(text[at].casefold()[:1] for at in places)
    spans: list[tuple[int, int]] = []
    for start in range(len(letters) - width + 1):
        if letters[start : start + width] in known:
            first, end = places[start], places[start + width - 1] + 1
            if spans and first <= spans[-1][1] + _BRIDGE:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((first, end))
    return spans
