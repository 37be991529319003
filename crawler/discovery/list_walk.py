"""How far the pages of one list are followed, in this run and in later ones."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Self

PAGES = 200  # of one list in one run; a list this long is an archive or a trap
PATIENCE = 2  # pages in a row without anything new that are passed on the first walk


@dataclass(slots=True)
class ListWalk:
    """What is remembered of the walk over one list's pages.

    *walked* is the oldest date that a finished walk was asked for, in seconds since the epoch, 0
    for no bound, None before the first is finished. *cut* says that a limit ended the last one.
    """

    walked: float | None = None
    cut: bool = False

    def goes_on(
        self, page: int, since: float, new: int, barren: int, before: Set[int], names: Sequence[int]
    ) -> bool:
        """Whether the page after *page* is asked, while the bound of this run is *since*.

        *new* is what the page brought, *barren* how many pages before it brought nothing, *before*
        what the pages before it named, *names* what it names. Later runs stop where a page brings
        nothing; the first goes on for a while, because another list may have named the same; and
        one that was cut, or has an older bound, goes on to the end.
        """
        if page >= PAGES or not set(names) - before:
            return False  # too long, empty, or the same page over and over
        if new or self.is_deeper(since):
            return True
        return self.walked is None and barren < PATIENCE

    def is_deeper(self, since: float) -> bool:
        """Whether a run with this bound has to go where no walk went before."""
        return self.cut or (self.walked is not None and self.walked > since)

    def ended(self, since: float) -> Self:
        """The walk came to the end of the list, or to its bound."""
        walked = since if self.walked is None else min(since, self.walked)
        return type(self)(walked)

    def to_json(self) -> list[Any]:
        """Plain values for JSON."""
        return [self.walked, self.cut]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """From what `to_json` gave; None and damaged values count as never walked."""
        match data:
            case [None | float() | int() as walked, bool() as cut]:
                return cls(walked, cut)
        return cls()
