"""Lists of a day or a month: once the next one is there, nothing new comes to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.discovery.months import month_names
from crawler.discovery.url_shapes import path_date, take_apart

_DAY = timedelta(days=1)


def archive_date(url: str) -> str:
    """The digits of the day or month that a list's address prints; empty for another list."""
    address = take_apart(url)
    if address.leaf and not address.extension:  # a list is a folder, also without a slash
        address = replace(address, folders=(*address.folders, address.leaf))
    return path_date(address)


def is_archive(url: str) -> bool:
    """Whether a list's address prints a day, a month, or the name of a month without a year."""
    return bool(archive_date(url)) or take_apart(url).last in month_names()


class Archives:
    """The dated lists of one site, by address with the time of the latest entry of each, 0 if none.

    Days and months are told apart by their digits. A month without a year is compared with those
    beside it, by what they name, and is never closed: next year it is the latest again.
    """

    def __init__(self, lists: Mapping[str, float]) -> None:
        self._newest = lists
        dates: dict[int, set[str]] = {}
        for date in filter(None, map(archive_date, lists)):
            dates.setdefault(len(date), set()).add(date)
        self._dates = {length: sorted(found) for length, found in dates.items()}
        self._beside: dict[str, float] = {}
        for url, newest in lists.items():
            folder = _folder(url)
            self._beside[folder] = max(newest, self._beside.get(folder, 0.0))

    def is_latest(self, url: str) -> bool:
        """Whether no list is later; where nothing tells it may be."""
        if date := archive_date(url):
            return date >= self._dates[len(date)][-1]
        newest = self._newest[url]
        return not newest or newest >= self._beside[_folder(url)]

    def is_closed(self, url: str) -> bool:
        """Whether there are two later dates; the last but one may still get latecomers."""
        date = archive_date(url)
        return bool(date) and date not in self._dates[len(date)][-2:]

    def is_followed(self, url: str, now: datetime) -> bool:
        """Whether the next list is expected: of a day always, of a month when that has begun.

        A month that no other followed in time says that the site rests.
        """
        date = archive_date(url) or _month(self._newest[url])
        if len(date) != len("202603"):
            return bool(date)
        return _months(f"{now + _DAY:%Y%m}") - _months(date) == 1


def _folder(url: str) -> str:
    """What stands before the name of a month; the same for those beside it, and for no other."""
    return "" if archive_date(url) else url.rstrip("/").rpartition("/")[0]


def _month(newest: float) -> str:
    return f"{datetime.fromtimestamp(newest, UTC):%Y%m}" if newest else ""


def _months(date: str) -> int:
    return 12 * int(date[:4]) + int(date[4:])
