"""Whether an article lies between two dates, as far as its listing and its address tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from crawler.discovery.dates import listed_date, listed_span
from crawler.discovery.entries import Entry
from crawler.discovery.url_shapes import path_date, take_apart

Place = Literal["before", "within", "after", "unknown"]
# The day in an address is the site's own, and the zone may be unknown.
_ANY_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The dates of a run; both ends belong to it, None is no bound. *zone* is the site's."""

    since: datetime | None = None
    until: datetime | None = None
    zone: str = ""

    def place(self, entry: Entry) -> Place:
        """Where an entry lies; `unknown` where neither a date nor the address tells.

        A date of change says only that an article is older than it: a story may be edited later.
        """
        span = listed_span(entry.listing.date_published, self.zone) or _address_span(entry.url)
        if span is None:
            changed = listed_span(entry.listing.date_modified, self.zone)
            old = changed is not None and self.since is not None and changed[1] < self.since
            return "before" if old else "unknown"
        if self.since is not None and span[1] < self.since:
            return "before"
        return "after" if self.until is not None and span[0] > self.until else "within"

    def sift(self, entries: Iterable[Entry]) -> tuple[list[Entry], int, bool]:
        """The entries that may be within, how many lie after, and whether what follows is older."""
        places = [(self.place(entry), entry) for entry in entries]
        later = sum(place == "after" for place, _ in places)
        old = any(place == "before" for place, _ in places)
        # Lists go from new to old: behind a page of old ones there is nothing else.
        past = old and all(place in ("before", "unknown") for place, _ in places)
        return [entry for place, entry in places if place in ("within", "unknown")], later, past


def _address_span(url: str) -> tuple[datetime, datetime] | None:
    digits = path_date(take_apart(url))
    first = listed_date("-".join(filter(None, (digits[:4], digits[4:6], digits[6:]))))
    if first is None:
        return None
    length = timedelta(days=1 if len(digits) == 8 else 31)
    return first.astimezone(UTC) - _ANY_ZONE, first.astimezone(UTC) + length + _ANY_ZONE
