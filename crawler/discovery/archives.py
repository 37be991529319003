"""Lists of a day or a month: once the next one is there, nothing new comes to them."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.discovery.url_shapes import path_date, take_apart


def archive_date(url: str) -> str:
    """The digits of the day or month that a list's address prints; empty for another list."""
    return path_date(take_apart(url))


class Archives:
    """The dated lists of one site; days and months are told apart by their digits."""

    def __init__(self, urls: Iterable[str]) -> None:
        dates: dict[int, set[str]] = {}
        for date in map(archive_date, urls):
            dates.setdefault(len(date), set()).add(date)
        self._dates = {length: sorted(found) for length, found in dates.items()}

    def is_latest(self, url: str) -> bool:
        """Whether no list has a later date."""
        date = archive_date(url)
        return date >= self._dates[len(date)][-1]

    def is_closed(self, url: str) -> bool:
        """Whether there are two later dates; the last but one may still get latecomers."""
        date = archive_date(url)
        return date not in self._dates[len(date)][-2:]
