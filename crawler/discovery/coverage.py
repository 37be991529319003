"""Which feeds, sitemaps and lists have to be asked: those that name what no better one names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Literal
from zlib import crc32

from crawler.discovery.dates import listed_date, newest_first
from crawler.discovery.entries import Entry
from crawler.discovery.urls import page_key

MAX_NAMES = 300  # entries of one source that are remembered, the first of it

_SHARED = 3
_HEADS = 6
_CHANGED = 0xFFFFFFFF
_DATED = 4
_NUMBERED = 5
_ID = re.compile(r"\d{3,19}")

Rank = Literal["feed", "sitemap", "list"]
# By the dates printed, or else by the numbers in the addresses; unknown where neither tells.
Order = Literal["newest_first", "mixed", "unknown"]
# What a list that goes on behind the newest of another needs, to be passed over: see `_deeper`.
# "never" asks all lists, "order" those behind no list in order, "heads" trusts in many beginnings.
Trust = Literal["never", "order", "heads"]


@dataclass(frozen=True, slots=True)
class Source:
    """What one source named when it was read last.

    *rank* is `feed` also for news sitemaps. *names* are of its first page in their order, *behind*
    of the pages after it. An index of sitemaps is a source with the names of its sitemaps.
    """

    id: str
    rank: Rank
    names: tuple[int, ...]
    behind: frozenset[int] = frozenset()
    order: Order = "unknown"


def order_of(entries: Sequence[Entry], zone: str) -> Order:
    """Whether what a source names goes down from the newest.

    Told by dates, four at least and not all the same, or by five numbers, of most entries.
    """
    dates = (entry.listing.date_published or entry.listing.date_modified for entry in entries)
    keys = [newest_first(date, zone) for date in dates if date]
    keys = [key for key in keys if key != inf]
    most = 0.8 * len(entries)
    if len(keys) >= max(_DATED, most):
        if len(set(keys)) == 1:
            return "unknown"
        return "newest_first" if all(a <= b for a, b in pairwise(keys)) else "mixed"
    numbers = [found for entry in entries if (found := _number(entry.url)) is not None]
    if len(numbers) >= max(_NUMBERED, most) and len(set(numbers)) == len(numbers):
        return "newest_first" if all(a > b for a, b in pairwise(numbers)) else "mixed"
    return "unknown"


def _number(url: str) -> int | None:
    """The last long number of an address: a publishing system counts upwards."""
    found = _ID.findall(url.partition("://")[2].partition("/")[2])
    return int(found[-1]) if found else None


def newest(entries: Iterable[Entry], zone: str) -> float:
    """The latest date of any entry in seconds since the epoch, 0 without one."""
    raw = (entry.listing.date_modified or entry.listing.date_published for entry in entries)
    dates = (listed_date(text, zone) for text in raw)
    return max((date.timestamp() for date in dates if date is not None), default=0.0)


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
            found[crc32(key) ^ _CHANGED] = None
    return list(found)


def how_many(names: Iterable[int]) -> int:
    """How many articles have these names."""
    return len({min(name, name ^ _CHANGED) for name in names})


def needed(sources: Sequence[Source], trust: Trust) -> set[str]:
    """The ids of the sources without which an article would not be found.

    Feeds and news sitemaps stand in for lists: they are asked first, and a list is needed where it
    names something that they do not, and that is not just older (see `_deeper`). A plain sitemap
    stands in for nothing, because many are made once a day. Among equals the one that names most
    goes first (greedy set cover).
    """
    known: set[int] = set()
    feeds = [source for source in sources if source.rank == "feed"]
    lists = [source for source in sources if source.rank == "list"]
    found = _cover(feeds, known)
    for window in [*feeds, *lists]:
        if window.rank == "list" or window.id in found:
            deeper = _deeper(window, lists, trust)
            lists = [source for source in lists if source.id not in deeper]
    found |= _cover(lists, set(known))
    return found | _cover([source for source in sources if source.rank == "sitemap"], known)


def _deeper(window: Source, lists: Sequence[Source], trust: Trust) -> set[str]:
    """The lists that begin with entries of *window* and go on with older ones.

    The newest of a section then stand in the window, as long as it has its place in it. That it
    shows the newest, and not a choice, is taken from every list that shares entries with it: these
    come first there. Three are enough where the window is in order itself; else it may still have
    the newest of each list, which six on three lists show. A list that is in no order, such as
    what is read most, tells nothing.
    """
    ordered = window.order == "newest_first"
    if trust == "never" or (trust == "order" and not ordered):
        return set()
    names = frozenset(window.names)
    shared = 0
    found: set[str] = set()
    for source in lists:
        common = [name in names for name in source.names]
        if source is window or source.order == "mixed" or not any(common):
            continue
        count = common.index(False) if False in common else len(common)
        if any(common[count:]):
            return set()
        shared += count
        found.add(source.id)
    enough = shared >= _SHARED if ordered else shared >= _HEADS and len(found) >= _SHARED
    return found if enough else set()


def _cover(sources: list[Source], known: set[int]) -> set[str]:
    """Greedy cover without what it made superfluous; *known* grows by what the chosen ones name."""
    chosen: list[Source] = []
    covered = set(known)
    left = [source for source in sources if not covered.issuperset(source.names)]
    while left:
        best = max(left, key=lambda source: len(set(source.names) - covered))
        chosen.append(best)
        covered.update(best.names, best.behind)
        left = [source for source in left if not covered.issuperset(source.names)]
    for source in list(chosen):
        others = known.union(*(one.names for one in chosen if one is not source))
        others.update(*(one.behind for one in chosen if one is not source))
        if others.issuperset(source.names):
            chosen.remove(source)
    known |= covered
    return {source.id for source in chosen}
