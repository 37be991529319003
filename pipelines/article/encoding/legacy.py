"""Which old encoding bytes are in, by how well they read in each.

A candidate's score is the share of its decoded characters that are among the most frequent ones of
its script, with what cannot be decoded counted against it: right readings score about two thirds,
wrong ones next to nothing, so that a dozen characters decide. (The idea is that of Mozilla's
composite detector, Li and Momoi 2001, with characters in place of distribution ratios.)
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pipelines.article.encoding import letter_frequencies as frequent

# From a byte above ASCII to the next one that can only be ASCII: a character of every multi-byte
# encoding here starts at the beginning of such a run. (GB 18030's four-byte characters hold
# digits, so a run may end inside one; they are too rare to matter.)
_RUN = re.compile(rb"[\x80-\xff][\x40-\xff]*")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")

SAMPLE_BYTES = 3_000  # about 1,500 Chinese characters: a wrong reading has no chance to keep up
_WINDOWS = 4
_WINDOW_BYTES = 8_192  # how far a window looks, so that a long script in it costs little
SURE = 0.45  # no wrong reading of a sentence was seen above 0.3; right ones stand above 0.5
UNREADABLE = 0.15  # below this the bytes are in none of the candidates
_CLAIM_BONUS = 0.15  # decides for three characters, never for thirty


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding that bytes may be in, with the characters that speak for it."""

    codec: str  # as `codecs.lookup` names it
    letters: frozenset[str]
    single_byte: bool = False


CANDIDATES = (
    Candidate("gb18030", frequent.CHINESE),
    Candidate("big5hkscs", frequent.TRADITIONAL),
    Candidate("cp932", frequent.JAPANESE),
    Candidate("euc_jp", frequent.JAPANESE),
    Candidate("cp949", frequent.KOREAN),
    Candidate("cp1252", frequent.WESTERN, single_byte=True),
    Candidate("cp1251", frequent.CYRILLIC, single_byte=True),
    Candidate("koi8-u", frequent.CYRILLIC, single_byte=True),
    Candidate("iso8859-5", frequent.CYRILLIC, single_byte=True),
    Candidate("cp866", frequent.CYRILLIC, single_byte=True),
    Candidate("cp1253", frequent.GREEK, single_byte=True),
    Candidate("cp1256", frequent.ARABIC, single_byte=True),
    Candidate("cp1255", frequent.HEBREW, single_byte=True),
    Candidate("cp874", frequent.THAI, single_byte=True),
)

# Single-byte encodings of Latin script differ in a few letters only: there the claim decides.
LATIN = frozenset(
    {"cp1250", "cp1254", "cp1257", "cp1258", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-9"}
    | {"iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "mac-roman"}
)


def sample_of(body: bytes, start: int) -> bytes:
    """Give about 3 kB of the non-ASCII runs of *body*, from *start* and spread over the rest."""
    share, stride = SAMPLE_BYTES // _WINDOWS, (len(body) - start) // _WINDOWS
    runs, position = _runs(body, start, len(body), share)
    for window in range(1, _WINDOWS):
        position = max(position, start + window * stride)
        more, position = _runs(body, position, position + _WINDOW_BYTES, share)
        runs += more
    return b"\n".join(runs)


def _runs(body: bytes, start: int, end: int, share: int) -> tuple[list[bytes], int]:
    """Collect *share* bytes of runs between two positions; also where the last one ended."""
    # A window may open inside a character: its first run would be read out of step.
    opens_inside = any(byte > 0x7F for byte in body[max(0, start - 2) : start])
    runs: list[bytes] = []
    size = 0
    for match in _RUN.finditer(body, start, end):
        start = match.end()
        if opens_inside and not runs:
            opens_inside = False
            continue
        runs.append(match.group()[: share - size])
        size += len(runs[-1])
        if size >= share:
            break
    return runs, start


def score(sample: bytes, candidate: Candidate) -> float:
    """Say how well *sample* reads as *candidate*: 1 is perfect, 0 and below not at all."""
    if candidate.single_byte:
        return _single_byte_score(sample, candidate)
    counts = Counter(sample.decode(candidate.codec, "replace"))
    total = hits = 0
    for character, count in counts.items():
        if character == "\ufffd":
            total += count
            hits -= 2 * count
        elif character > "\x7f":
            total += count
            if character in candidate.letters:
                hits += count
    return hits / total if total else 0.0


def _single_byte_score(sample: bytes, candidate: Candidate) -> float:
    """An alphabet's score; Western letters count only where they stand alone or in pairs."""
    hits = total = 0
    western = candidate.letters in (frequent.WESTERN, frequent.LATIN)
    for run, count in Counter(_HIGH_RUN.findall(sample)).items():
        total += len(run) * count
        if western and len(run) > 2:
            continue
        text = run.decode(candidate.codec, "replace")
        good = sum(character in candidate.letters for character in text)
        hits += count * (good if not western or good == len(run) else 0)
    return hits / total if total else 0.0


def guess(sample: bytes, claims: tuple[str, ...]) -> str | None:
    """Name the codec that *sample* reads best in; None where it reads in none.

    *claims* are codec names as `codecs.lookup` gives them; they decide only between near equals.
    """
    best, best_score = "", 0.0
    latin = [Candidate(claim, frequent.LATIN, True) for claim in claims if claim in LATIN]
    for candidate in sorted([*CANDIDATES, *latin], key=lambda c: c.codec not in claims):
        plain = score(sample, candidate)
        value = plain + (_CLAIM_BONUS if candidate.codec in claims else 0)
        if value > best_score:
            best, best_score = candidate.codec, value
        if plain >= SURE and not candidate.single_byte:
            break
    return best if best_score >= UNREADABLE else None
