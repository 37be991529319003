"""Page numbers in addresses: which URLs are pages of one list or parts of one article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.discovery.page_words import page_words
from crawler.discovery.safe_urls import safe_url

_LEAF = re.compile(r"(.*[^_\-])[_\-](?:p|page)?(\d{1,4})")
_LEAF_WITHOUT_DASH = re.compile(r"(index|list|page|default)(\d{1,4})")
_NUMBER = re.compile(r"\d{1,3}")
_FOLDER = re.compile(r"p(?:age)?[_\-]?(\d{1,4})")
_EXTENSION = re.compile(r"\.[A-Za-z]{1,5}$")
_OWN = re.compile(r"/(?:index|default)?$")


@dataclass(frozen=True, slots=True)
class PagePlace:
    """One way to read a URL: the page *number* of the series *root*."""

    root: str
    number: int


@lru_cache(512)  # an article's own address is asked about several times, a list's at each link
def series_root(url: str) -> str:
    """The URL as the first page of a series: without scheme, extension and `index`."""
    safe = safe_url(url)
    if safe is None:
        return ""
    parts = urlsplit(safe)
    path = _OWN.sub("", _EXTENSION.sub("", parts.path))
    return f"{parts.netloc}{path}?{parts.query}"


def page_places(url: str) -> list[PagePlace]:
    """Every way to read a URL as a page of a series, the first page itself first."""
    root = series_root(url)
    if not root:
        return []
    address, _, query = root.partition("?")
    places = [PagePlace(root, 1)]
    pairs = query.split("&") if query else []
    for index, pair in enumerate(pairs):
        name, _, value = pair.partition("=")
        if name.lower() in page_words().pager and value.isdigit() and len(value) <= 5:
            kept = "&".join(pairs[:index] + pairs[index + 1 :])
            places.append(PagePlace(f"{address}?{kept}", int(value)))
    places.extend(
        PagePlace(f"{_OWN.sub('', start)}?{query}", number) for start, number in _in_path(address)
    )
    return places


def _in_path(address: str) -> list[tuple[str, int]]:
    folder, slash, leaf = address.rpartition("/")
    if not slash:
        return []
    found: list[tuple[str, int]] = []
    if match := _LEAF.fullmatch(leaf) or _LEAF_WITHOUT_DASH.fullmatch(leaf):
        found.append((f"{folder}/{match.group(1)}", int(match.group(2))))
    if _NUMBER.fullmatch(leaf):
        parent, slash, name = folder.rpartition("/")
        paged = bool(slash) and name == "page"
        found.append((parent if paged else folder, int(leaf)))
    elif match := _FOLDER.fullmatch(leaf):
        found.append((folder, int(match.group(1))))
    return found


def following_number(current: str, link: str) -> int | None:
    """The page number of *link* where it is a later page of the list *current*; else None."""
    here = page_places(current)
    for place in page_places(link)[1:]:
        for own in here:
            if own.root == place.root and place.number > own.number:
                return place.number
    return None


def is_below(link: str, current: str) -> bool:
    """Whether *link* lies below the list *current* or differs in its query only; never at home."""
    root = series_root(current).partition("?")[0]
    other = series_root(link).partition("?")[0]
    return "/" in root and (other == root or other.startswith(f"{root}/"))
