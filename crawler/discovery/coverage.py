"""Which feeds, sitemaps and lists have to be asked: those that name what no better one names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from crawler.discovery.entries import Entry
from crawler.discovery.urls import page_key

MAX_NAMES = 300  # entries of one source that are remembered, the first of it

Rank = Literal["feed", "sitemap", "list"]


@dataclass(frozen=True, slots=True)
class Source:
    """What one source named when it was read last.

    *rank* is `feed` also for news sitemaps. *names* are of its first page, *behind* of the pages
    after it. An index of sitemaps is a source with the names of its sitemaps.
    """

    id: str
    rank: Rank
    names: frozenset[int]
    behind: frozenset[int] = frozenset()


def names_of(entries: Iterable[Entry]) -> list[int]:
    """Short names of the first entries, and others of those whose date of change is printed.

    A source without dates of change so never stands in for one that has them.
    """
    found: dict[int, None] = {}
    for count, entry in enumerate(entries):
        if count >= MAX_NAMES:
            break
        key = page_key(entry.url).encode("utf-8", "replace")
        found[crc32(key)] = None
        if entry.listing.date_modified:
            found[crc32(b"changed " + key)] = None
    return list(found)


def needed(sources: Sequence[Source]) -> set[str]:
    """The ids of the sources without which an article would not be found.

    Feeds and news sitemaps stand in for lists: they are asked first, and a list is needed where it
    names something that they do not. A plain sitemap stands in for nothing, because many are made
    once a day. Among equals the one that names most goes first (greedy set cover).
    """
    known: set[int] = set()
    found = _cover([source for source in sources if source.rank == "feed"], known)
    found |= _cover([source for source in sources if source.rank == "list"], set(known))
    return found | _cover([source for source in sources if source.rank == "sitemap"], known)


def _cover(sources: list[Source], known: set[int]) -> set[str]:
    """Greedy cover without what it made superfluous; *known* grows by what the chosen ones name."""
    chosen: list[Source] = []
    covered = set(known)
    left = [source for source in sources if source.names - covered]
    while left:
        best = max(left, key=lambda source: len(source.names - covered))
        chosen.append(best)
        covered |= best.names | best.behind
        left = [source for source in left if source.names - covered]
    for source in list(chosen):
        others = known.union(*(one.names | one.behind for one in chosen if one is not source))
        if source.names <= others:
            chosen.remove(source)
    known |= covered
    return {source.id for source in chosen}
