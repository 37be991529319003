"""The shape of a URL: what stays the same between two articles of one site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler.discovery.months import in_numbers
from crawler.discovery.page_words import PageWords, page_words

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?<=[a-z])[-_\d]{1,10}$")  # longer numbers are articles
_DATE = re.compile(
    r"(?:19|20)\d{2}(?:(?:[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?))?"
)
_MONTH_DAY = re.compile(r"(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01])|0?[1-9]|[12]\d|3[01]")
_DATE_IN_LEAF = re.compile(
    r"(?<!\d)(?:19|20)\d{2}[-_/]?(?:0[1-9]|1[0-2])[-_/]?(?:0[1-9]|[12]\d|3[01])"
)
_DATED_TAIL = re.compile(
    r"(?:^|/)(?:19|20)\d{2}(?:/(?:0?[1-9]|1[0-2])|[-_]?(?:0[1-9]|1[0-2])(?=/))"
    r"(?:[-/]?(?:0?[1-9]|[12]\d|3[01]))?$"
)
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,6})$")


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart once: folders, leaf and extension in lower case, query by name.

    The name of a month beside a year is its number: `2026/03` for `2026/mar`.
    """

    folders: tuple[str, ...]
    leaf: str  # the last segment without extension; empty for a folder
    extension: str
    query: dict[str, str]

    @property
    def word(self) -> str:
        """The leaf without a page number: `list` for `list_2`."""
        return _PAGE_NUMBER.sub("", self.leaf)

    @property
    def last(self) -> str:
        """The leaf, or the last folder where there is none."""
        return self.leaf or (self.folders[-1] if self.folders else "")


@lru_cache(512)  # a page's links are taken apart by each who judges them
def take_apart(url: str) -> Address:
    """The parts of a safe URL that say what kind of page it is."""
    parts = urlsplit(url)
    *folders, leaf = parts.path.lower().split("/")[1:] or [""]
    extension = ""
    match = _EXTENSION.search(leaf)
    if match is not None and not match.group(1).isdigit():
        extension, leaf = match.group(1), leaf[: match.start()]
    *folders, leaf = in_numbers((*filter(None, folders), leaf))
    query: dict[str, str] = {}
    for pair in parts.query.split("&")[:30]:
        name, _, value = pair.partition("=")
        if name:
            query.setdefault(name.lower(), value)
    return Address(tuple(folders), leaf, extension, query)


@lru_cache(1024)
def segment_class(segment: str) -> str:
    """What a path segment is made of: D date, n small number, N number, x mix, s slug, w word."""
    if segment.isdigit():
        if len(segment) in (4, 6, 8) and _DATE.fullmatch(segment):
            return "D"
        return "n" if len(segment) <= 2 else "N"
    if _DATE.fullmatch(segment):
        return "D"
    if "%" in segment:
        segment = unquote(segment, errors="replace")
    if segment.count("-") + segment.count("_") >= 2 and sum(map(str.isdigit, segment)) * 2 < len(
        segment
    ):
        return "s"
    if any(character.isdigit() for character in segment):
        return "x" if len(_NUMBER.findall(segment)) > 2 else _NUMBER.sub("9", segment)[:20]
    return "w"


def shape(url: str) -> str:
    """The shape with its folder names, such as `finance/D/9.html?id`."""
    address = take_apart(url)
    folders = [
        folder[:30] if segment_class(folder) == "w" else segment_class(folder)
        for folder in address.folders
    ]
    return _joined(folders, address)


def general_shape(url: str) -> str:
    """The shape without names, such as `w/D/9.html?id`."""
    address = take_apart(url)
    return _joined([segment_class(folder) for folder in address.folders], address)


def _joined(folders: list[str], address: Address) -> str:
    leaf = segment_class(address.leaf) if address.leaf else ""
    names = "&".join(sorted(address.query)[:5])
    extension = f".{address.extension}" if address.extension else ""
    return "/".join([*folders, leaf]) + extension + (f"?{names}" if names else "")


def path_date(address: Address) -> str:
    """The digits of the date in a path, as `20240503` or `202405`; empty where there is none.

    Reads /2024/05/03/, /2024/5/3/, /2024-05/03/, /2024/0503/, /20240503/ and t20240503_1.
    """
    match = _DATE_IN_LEAF.search(address.leaf)
    best = re.sub(r"\D", "", match.group()) if match else ""
    for index, folder in enumerate(address.folders):
        if segment_class(folder) != "D":
            continue
        digits = folder.replace("-", "").replace("_", "").replace(".", "")
        for following in address.folders[index + 1 : index + 3]:
            if not _MONTH_DAY.fullmatch(following):
                break
            digits += following.replace("-", "").zfill(2)
        best = max(best, digits[:8] if len(digits) >= 8 else digits[:6], key=len)
    return best if len(best) >= 6 else ""


def ends_with_date(address: Address) -> bool:
    """Whether a path ends with a date of several segments, as the archives of a day do."""
    path = "/".join((*address.folders, address.leaf)).rstrip("/")
    return _DATED_TAIL.search(path) is not None


def date_evidence(address: Address) -> int:
    """How much of a date the path prints: 2 a day, 1 a month, 0 none."""
    return {8: 2, 6: 1}.get(len(path_date(address)), 0)


def is_stranger(address: Address, words: PageWords | None = None) -> bool:
    """Whether a page is about the site, the reader or a tool, or no page at all."""
    words = words or page_words()
    if address.extension in words.media:
        return True
    own = (address.word, address.last)
    if not words.stranger.isdisjoint(own) or not words.aside.isdisjoint(own):
        return True
    return not words.stranger.isdisjoint(address.folders)
