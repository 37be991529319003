"""What a site repeats is not news: lines and blocks that recur on its pages are its template.

A memory is kept for each site. Every article that came out of the cleaning is *observed*; a line
that stood on `MIN_PAGES` (8) different stories and on 5 % of the site's recent ones is template,
so it goes **from the ninth page on**. What was written before is not rewritten.

The policy, because a repeated sentence may be news as well:

- A line counts once a page, and a page counts once a story: when the longest line of a page was
  the longest of a recent one, the page is a reprint and adds nothing. This keeps a story that a
  site prints many times whole, and short notices built around one legal formula.
- Only short to medium lines can be template (up to 60 Chinese characters, 180 letters). A longer
  paragraph never is, however often it recurs: legal formulas and assurances of boards stay.
- At the edges of a body (its first two and last three lines) a line goes on this evidence. A whole
  sentence goes only as the outermost line, on twice the pages, and up to 40 characters long.
- Between paragraphs a sentence never goes, and another line only with twice the pages, a fifth of
  the recent ones, and more than 14 characters: shorter ones are sub-headings of a column.
- Nothing is removed from a page of which more than a third of the text would go.

Evidence halves every 400 pages, so a campaign that ended is forgotten. At most 48 lines a page are
looked at and one page adds one to each: a bad page cannot poison the memory. It holds at most
1,800 lines and is below 64 kB when serialised, whatever it has seen.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Place = Literal["edge", "inside"]

MIN_PAGES = 8.0
MIN_SHARE = 0.05
HALF_LIFE = 400.0  # pages of the site
_SURE_FACTOR = 2.0  # the evidence for whole sentences, and for lines between paragraphs
_INSIDE_SHARE = 0.2
_SHORTEST, _SUBHEADING, _SENTENCE, _LONGEST = 3.0, 14.0, 40.0, 60.0  # Chinese characters
_HEAD, _TAIL = 2, 3  # lines of a body that are its edges
_LARGEST_CUT = 1 / 3
_LINES_A_PAGE = 48
_MOST_LINES = 1_800
_MOST_STORIES = 512  # of recent pages, two marks each

_VERSION = b"FPSM\x01"
_HEADER = struct.Struct("<IdII")  # pages, decayed pages, lines, marks
_LINE = struct.Struct("<QfI")  # key, decayed count, page of the last sighting
_NO_LETTERS = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile("[。！？!?；;.]['\"”’」』）)]*$")


class SiteMemoryError(ValueError):
    """Bytes that are no serialised memory of this version."""


@dataclass(slots=True)
class _Sighting:
    count: float  # decayed to the page *last*
    last: int


class SiteMemory:
    """The recurring lines of one site: observe pages, ask for repeats, keep as bytes."""

    def __init__(self) -> None:
        self.pages = 0
        self._weight = 0.0  # pages, each decayed by its age
        self._lines: dict[int, _Sighting] = {}
        self._stories: dict[int, None] = {}  # marks of recent stories, oldest first

    def observe(
        self, lines: Iterable[str], page_fingerprint: str = "", shapes: Iterable[str] = ()
    ) -> bool:
        """Count the lines of one cleaned body, and *shapes* of blocks, once each.

        *lines* are the body before `repeats` was applied to it: what is taken out must go on being
        seen, or it would come back.
        *page_fingerprint* may name the body (any string); *shapes* are the caller's descriptions
        of blocks (place and make-up). False, and nothing counted, for a reprint of a recent story.
        """
        body = [line for line in lines if line]
        marks = _story_marks(body, page_fingerprint)
        if not marks or any(mark in self._stories for mark in marks):
            return False
        self.pages += 1
        self._weight = self._weight * _decay(1) + 1.0
        self._stories.update(dict.fromkeys(marks))
        while len(self._stories) > _MOST_STORIES:
            del self._stories[next(iter(self._stories))]
        for key in _keys(body, shapes):
            self._see(key)
        if len(self._lines) > _MOST_LINES:
            self._forget()
        return True

    def score(self, line: str) -> float:
        """Give the evidence that *line* is template: 1 and above suffices at a body's edge."""
        return self._evidence(_line_key(line), MIN_PAGES, MIN_SHARE)

    def is_template(self, line: str, place: Place = "edge") -> bool:
        """Say whether *line*, at an edge of a body or inside it, is the site's and not news."""
        weight = _weight(line)
        sentence = _is_sentence(line)
        if not _SHORTEST <= weight <= (_SENTENCE if sentence else _LONGEST):
            return False
        if place == "inside" and (sentence or weight <= _SUBHEADING):
            return False
        sure = sentence or place == "inside"
        pages = MIN_PAGES * (_SURE_FACTOR if sure else 1.0)
        share = _INSIDE_SHARE if place == "inside" else MIN_SHARE
        return self._evidence(_line_key(line), pages, share) >= 1.0

    def is_template_shape(self, shape: str) -> bool:
        """Say whether blocks of this *shape* recur as lines do."""
        return self._evidence(_key("shape\0" + shape), MIN_PAGES, MIN_SHARE) >= 1.0

    def repeats(self, lines: Sequence[str]) -> list[int]:
        """Give the positions of the template lines of a body, in order; empty when in doubt."""
        total = len(lines)
        head, tail = range(min(_HEAD, total)), range(total - 1, max(-1, total - 1 - _TAIL), -1)
        edges = {*head, *tail}
        found = {
            position
            for position, line in enumerate(lines)
            if not _is_sentence(line)
            and self.is_template(line, "edge" if position in edges else "inside")
        }
        for edge in (head, tail):
            for position in edge:
                if position not in found and not self.is_template(lines[position]):
                    break
                found.add(position)
        cut = sum(_weight(lines[position]) for position in found)
        return sorted(found) if cut <= _LARGEST_CUT * sum(map(_weight, lines)) else []

    def merged(self, other: SiteMemory) -> SiteMemory:
        """Give a memory of what both saw; they must have seen different pages."""
        both = SiteMemory()
        both.pages = self.pages + other.pages
        both._weight = self._weight + other._weight
        for memory in (self, other):
            for key, seen in memory._lines.items():
                count = seen.count * _decay(memory.pages - seen.last)
                known = both._lines.setdefault(key, _Sighting(0.0, both.pages))
                known.count += count
            both._stories.update(memory._stories)
        for mark in list(both._stories)[: max(0, len(both._stories) - _MOST_STORIES)]:
            del both._stories[mark]
        if len(both._lines) > _MOST_LINES:
            both._forget()
        return both

    def to_bytes(self) -> bytes:
        """Serialise: a version, a checksum, the counters; below 64 kB."""
        payload = [
            _HEADER.pack(self.pages, self._weight, len(self._lines), len(self._stories)),
            *(_LINE.pack(key, seen.count, seen.last) for key, seen in self._lines.items()),
            *(mark.to_bytes(8, "little") for mark in self._stories),
        ]
        body = b"".join(payload)
        return _VERSION + zlib.crc32(body).to_bytes(4, "little") + body

    @classmethod
    def from_bytes(cls, data: bytes) -> SiteMemory:
        """Read what `to_bytes` gave; `SiteMemoryError` for anything else."""
        start = len(_VERSION) + 4
        body = data[start:]
        checksum = int.from_bytes(data[len(_VERSION) : start], "little")
        whole = data.startswith(_VERSION) and len(body) >= _HEADER.size
        if not whole or zlib.crc32(body) != checksum:
            raise SiteMemoryError("not a site memory of this version, or damaged")
        memory = cls()
        memory.pages, memory._weight, lines, marks = _HEADER.unpack_from(body)
        if len(body) != _HEADER.size + lines * _LINE.size + marks * 8:
            raise SiteMemoryError("a site memory of another length than it says")
        for index in range(lines):
            key, count, last = _LINE.unpack_from(body, _HEADER.size + index * _LINE.size)
            memory._lines[key] = _Sighting(count, last)
        for offset in range(len(body) - marks * 8, len(body), 8):
            memory._stories[int.from_bytes(body[offset : offset + 8], "little")] = None
        return memory

    def _evidence(self, key: int, pages: float, share: float) -> float:
        seen = self._lines.get(key)
        if seen is None:
            return 0.0
        count = seen.count * _decay(self.pages - seen.last)
        # The half a page is what eight sightings in a row lose by decay.
        return min((count + 0.5) / pages, count / (share * max(self._weight, 1.0)))

    def _see(self, key: int) -> None:
        seen = self._lines.get(key)
        if seen is None:
            self._lines[key] = _Sighting(1.0, self.pages)
            return
        seen.count = seen.count * _decay(self.pages - seen.last) + 1.0
        seen.last = self.pages

    def _forget(self) -> None:
        """Drop the quarter of the lines with the least evidence left."""
        order = sorted(
            self._lines.items(),
            key=lambda item: (item[1].count * _decay(self.pages - item[1].last), item[1].last),
        )
        for key, _ in order[: len(order) - _MOST_LINES * 3 // 4]:
            del self._lines[key]


def _decay(pages: int) -> float:
    return float(0.5 ** (pages / HALF_LIFE))


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line))


def _weight(line: str) -> float:
    """The length in Chinese characters; a Latin letter counts a third."""
    return len(line.encode("utf-8", "replace")) / 3


def _key(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@lru_cache(maxsize=4 * _LINES_A_PAGE)  # a body is asked about line by line, then observed
def _line_key(line: str) -> int:
    """The same for lines that differ in case, width, blanks and punctuation only."""
    return _key(_NO_LETTERS.sub("", unicodedata.normalize("NFKC", line).casefold()) or line)


def _story_marks(body: Sequence[str], fingerprint: str) -> list[int]:
    """What tells one story from another: its longest line, and the name the caller gave."""
    if not body:
        return []
    longest = max(body, key=len)
    mark = _line_key(longest) if _weight(longest) > _SENTENCE else _key("\n".join(body))
    return [mark, _key("page\0" + fingerprint)] if fingerprint else [mark]


def _keys(body: Sequence[str], shapes: Iterable[str]) -> set[int]:
    """The lines that can become template, from the edges inwards, and the shapes of blocks."""
    order = sorted(range(len(body)), key=lambda i: min(i, len(body) - 1 - i))
    fit = (body[i] for i in order if _SHORTEST <= _weight(body[i]) <= _LONGEST)
    keys = {_line_key(line) for line, _ in zip(fit, range(_LINES_A_PAGE), strict=False)}
    described = zip(shapes, range(_LINES_A_PAGE), strict=False)
    return keys | {_key("shape\0" + shape) for shape, _ in described}
