"""Why a page came out as it did: what is shown of it, on a terminal or as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

FIRST = 40
"""Characters of a block on its line of the terminal."""
OUTSIDE = "outside_story"
"""The rule of blocks outside the element that holds the story; `removed` does not count them."""


@dataclass(slots=True)
class Block:
    """A block of the page and what became of it.

    *evidence* is (rule, weight, where it was seen), heaviest first.

    *role* says what else it was read as: `headline`, `date and source`, `byline`, or nothing.
    *shared* are the stretches of *text* that stand in the earlier print, as (first, end).
    """

    text: str
    kept: bool
    rule: str = ""
    score: float = 0.0
    evidence: list[tuple[str, float, str]] = field(default_factory=list)
    role: str = ""
    heading: int = 0
    shared: list[tuple[int, int]] = field(default_factory=list)

    @property
    def outside(self) -> bool:
        """Whether it stands outside the element that holds the story."""
        return self.rule == OUTSIDE

    @property
    def doubted(self) -> bool:
        """Whether anything spoke against it."""
        return any(weight > 0 for _, weight, _ in self.evidence)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text cut into stretches, each with whether the earlier print has it."""
        return cut(self.text, self.shared)


@dataclass(slots=True)
class Field:
    """A key of the record, its value as text, and where it stood."""

    name: str
    value: str
    origin: str


@dataclass(slots=True)
class Earlier:
    """The print that the page would repost; *body* is None where its line is not in the output.

    *shared* are the stretches of *body* that the page has. *measured* are the policy's figures.
    """

    id: str
    url: str
    measured: list[tuple[str, str]]
    headline: str = ""
    site: str = ""
    date_published: str = ""
    body: str | None = None
    shared: list[tuple[int, int]] = field(default_factory=list)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The body cut into stretches, each with whether the page has it."""
        return cut(self.body or "", self.shared)


@dataclass(slots=True)
class Explained:
    """One document, block by block."""

    name: str
    url: str
    verdict: str  # `article`, `repost of ID`, or `rejected(reason): detail`
    blocks: list[Block]
    fields: list[Field] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    earlier: Earlier | None = None

    @property
    def record(self) -> dict[str, str]:
        """The record's fields by name, as text."""
        return {each.name: each.value for each in self.fields}

    @property
    def kept(self) -> int:
        """How many blocks the story has."""
        return sum(block.kept for block in self.blocks)

    def groups(self) -> Iterator[tuple[bool, list[Block]]]:
        """The blocks in runs of those that stand inside the story's element, and outside."""
        run: list[Block] = []
        for block in self.blocks:
            if run and run[-1].outside != block.outside:
                yield run[-1].outside, run
                run = []
            run.append(block)
        if run:
            yield run[-1].outside, run


def line(block: Block) -> str:
    """The block on one line: `kept` or `removed`, the rule (`-` if kept), its first characters.

    A page may hold what moves a terminal's cursor: such characters are shown as a replacement.
    """
    state = "kept" if block.kept else "removed"
    text = "".join(each if each.isprintable() else "\ufffd" for each in block.text[:FIRST])
    return f"{state:7}  {block.rule or '-':20}  {text}"


def cut(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut *text* at the edges of *spans*, which are in order: (stretch, whether inside)."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for first, end in spans:
        pieces += [(text[at:first], False), (text[first:end], True)]
        at = end
    pieces.append((text[at:], False))
    return [(piece, inside) for piece, inside in pieces if piece]
