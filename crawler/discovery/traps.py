"""URLs of which a site has endlessly many: calendars, repeated folders, filters, detours."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.discovery.page_words import PageWords, page_words
from crawler.discovery.safe_urls import safe_url
from crawler.discovery.url_shapes import take_apart

MAX_DEPTH = 12  # folders; the deepest news sites measured have 8
MAX_PARAMETERS = 6
MAX_PAGE = 500  # a list's page number
ENTRIES = 50  # of a page, where entries are counted
MAX_LENGTH = 700
LISTS = 100  # of one folder in a run
LISTS_FOR_NEWS = 10  # more of them for each that brought news

_SESSION_FOLDER = re.compile(r"\([a-z]\([a-z0-9]{10,80}\)\)|(?:sid|session)[-_=][a-z0-9]{12,80}")


@lru_cache(512)  # asked by each who judges a page's links
def is_trap(url: str) -> bool:
    """Whether following such URLs would never end; True for what is not a safe URL.

    Refused: a folder that occurs three times, more than 12 folders, sessions in the path,
    calendars, two sorting or filtering parameters, an address inside the address, more than six
    parameters, page numbers above 500, entries above 25 000.
    """
    safe = safe_url(url)
    if safe is None or len(safe) > MAX_LENGTH:
        return True
    address = take_apart(safe)
    folders = address.folders
    if len(folders) > MAX_DEPTH or any(map(_SESSION_FOLDER.search, folders)):
        return True
    repeated = Counter(part for part in (*folders, address.leaf) if part and not part.isdigit())
    if repeated and max(repeated.values()) >= 3:
        return True
    dated = any(part[:4].isdigit() and 4 <= len(part) <= 10 for part in (*folders, address.leaf))
    if dated and not page_words().almanac.isdisjoint(folders) and len(address.leaf) <= 10:
        return True
    return bool(address.query) and _is_endless_query(address.query, urlsplit(safe).query)


def _is_endless_query(query: dict[str, str], raw: str) -> bool:
    words = page_words()
    if len(query) > MAX_PARAMETERS or raw.count("=") > 2 * MAX_PARAMETERS:
        return True
    if any(name in words.target and _is_address(value) for name, value in query.items()):
        return True
    numbered = any(name in words.query and name not in words.pager for name in query)
    if not numbered and not words.calendar.isdisjoint(query):
        return True
    if len(words.facet.intersection(query)) >= 2:
        return True
    return any(
        name in words.pager - words.query and value.isdigit() and _is_far(name, value, words)
        for name, value in query.items()
    )


def _is_far(name: str, value: str, words: PageWords) -> bool:
    """Whether a page number says that the list has no end; a moment is no number of entries."""
    if name in words.offset:
        return int(value[:9]) > MAX_PAGE * ENTRIES and len(value) < len("1773000000")
    return int(value[:9]) > MAX_PAGE


def _is_address(value: str) -> bool:
    return value.lower().startswith(("http", "%2f", "/", "www."))


class ListAllowance:
    """How many lists of one folder a run follows: a maze has endlessly many that bring nothing."""

    def __init__(self) -> None:
        self._followed: Counter[str] = Counter()
        self._fruitful: Counter[str] = Counter()

    def has_room(self, url: str) -> bool:
        """Whether one more list of this folder may be followed."""
        folder = _top_folder(url)
        return self._followed[folder] < LISTS + LISTS_FOR_NEWS * self._fruitful[folder]

    def follow(self, url: str) -> None:
        """Count a list that is followed."""
        self._followed[_top_folder(url)] += 1

    def brought_news(self, url: str) -> None:
        """Count a list that named articles which nothing had named."""
        self._fruitful[_top_folder(url)] += 1


def _top_folder(url: str) -> str:
    """Host and first folder; lists that stand right under the root share one."""
    parts = urlsplit(url)
    first, slash, rest = parts.path.strip("/").partition("/")
    return f"{parts.netloc}/{first if slash and rest else ''}"
