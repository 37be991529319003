"""Which URLs look like an article on this site, learned from the site's own shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from crawler.discovery.page_words import PageWords, page_words
from crawler.discovery.safe_urls import safe_url
from crawler.discovery.traps import is_trap
from crawler.discovery.url_shapes import (
    Address,
    date_evidence,
    ends_with_date,
    general_shape,
    is_stranger,
    segment_class,
    shape,
    take_apart,
)

MAX_SHAPES = 300  # remembered for one site
_FORMAL_WORDS = 5
THRESHOLD = 0.5
CERTAIN = 0.75

_ID = re.compile(r"\d+")
_LONG_NUMBER = re.compile(r"/[^?#]{0,300}\d{4}|[?&=]\d{3}")
_MIXED_ID = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{9,64}")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PAGE_EXTENSIONS = frozenset(["html", "htm", "shtml", "shtm", "xhtml"])


def general_score(url: str) -> float:
    """How much a URL looks like an article on any site, 0 to 1; half or more says yes."""
    safe = safe_url(url)
    if safe is None or is_trap(safe) or _is_formal(take_apart(safe)):
        return 0.0
    return _general(take_apart(safe))


def is_certain(url: str) -> bool:
    """Whether a URL is an article's on any site, wherever it stands: it has a number or a date."""
    return (
        general_score(url) >= CERTAIN and _LONG_NUMBER.search(url.partition("://")[2]) is not None
    )


@dataclass(slots=True)
class ArticleShapes:
    """The shapes of one site's known articles; bounded, and kept as plain values between runs."""

    names: Counter[str] = field(default_factory=Counter)  # with folder names
    kinds: Counter[str] = field(default_factory=Counter)  # without
    known: int = 0

    def learn(self, urls: Iterable[str]) -> None:
        """Remember the shapes of URLs that are articles: of feeds, news sitemaps, dated lists."""
        for url in urls:
            safe = safe_url(url)
            if safe is None or is_trap(safe) or _is_home(take_apart(safe)):
                continue
            self.names[shape(safe)] += 1
            self.kinds[general_shape(safe)] += 1
            self.known += 1
        self.names = _bounded(self.names)
        self.kinds = _bounded(self.kinds)

    def score(self, url: str) -> float:
        """How much a URL looks like an article of this site, 0 to 1."""
        safe = safe_url(url)
        if safe is None or is_trap(safe):
            return 0.0
        address = take_apart(safe)
        if _is_home(address) or _is_formal(address):
            return 0.0
        general = _general(address)
        if self.known == 0:
            return general
        if self._is_known(self.names, shape(safe)):
            return self._learned(address, general)
        alike = self._is_known(self.kinds, general_shape(safe)) and _is_distinctive(address)
        if alike and not _is_listed(address):
            return max(general, 0.6) if general > 0 else 0.0
        # A site that numbers or dates its articles seldom has others; still a doubt, not a no.
        return max(0.0, general - 0.1) if self.known >= 20 else general

    def is_article(self, url: str) -> bool:
        """Whether the score reaches one half."""
        return self.score(url) >= THRESHOLD

    def knows(self, url: str) -> bool:
        """Whether the site taught this shape, with its folder names."""
        return self.known > 0 and self._is_known(self.names, shape(url))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"names": dict(self.names), "kinds": dict(self.kinds), "known": self.known}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ArticleShapes:
        """From what `to_dict` gave; unknown or damaged parts are left out."""
        return cls(
            _counter(data.get("names")),
            _counter(data.get("kinds")),
            known if isinstance(known := data.get("known"), int) and known >= 0 else 0,
        )

    def learn_common(self, urls: Iterable[str]) -> None:
        """Learn from URLs that are mostly articles, such as a sitemap without dates or titles.

        Only shapes that occur five times, are distinctive and name no list are taken over.
        """
        found = [safe for url in urls if (safe := safe_url(url)) is not None]
        counts = Counter(map(shape, found))
        self.learn(
            url
            for url in found
            if counts[shape(url)] >= 5
            and _is_distinctive(take_apart(url))
            and not is_stranger(take_apart(url))
            and not names_a_list(url)
        )

    def _learned(self, address: Address, general: float) -> float:
        """A known shape is proof where it is distinctive; `news/w.html` is also the about page."""
        if _is_distinctive(address):
            return max(general, 0.95)
        plain_words = page_words()
        if is_stranger(address) or address.word in plain_words.list | plain_words.closed:
            return 0.0
        return max(general, 0.6)

    def _is_known(self, shapes: Counter[str], found: str) -> bool:
        """Seen often enough that one stray link in a feed does not open a door."""
        return shapes[found] >= (1 if self.known < 10 else 2)


def _general(address: Address) -> float:
    words = page_words()
    address = _own_page(address)
    if _is_home(address) or is_stranger(address, words) or _is_list(address, words):
        return 0.0
    # A page under its day is an article even if its name says nothing.
    score = (0.0, 0.35, 0.5)[date_evidence(address)]
    score += _leaf_evidence(address)
    named = not words.article.isdisjoint((*address.folders, address.word, _prefix(address.leaf)))
    if named:  # then any number is an article's
        score = max(score, 0.25) if _ID.search(address.last) else score
        score += 0.25
    elif _is_listed(address):
        # /special/7-banks may be a story of that list; /topics/banks-and-rates is one of them.
        score -= 0.2 if _ID.search(address.last) or address.extension else 0.3
    if address.extension in _PAGE_EXTENSIONS and address.leaf:
        score += 0.15
    score += _query_evidence(address, words)
    return min(1.0, max(0.0, score))


def _leaf_evidence(address: Address) -> float:
    """The best evidence of the last segments: a slug may stand before its number or its tail."""
    parts = [*address.folders[-2:], address.leaf] if address.leaf else list(address.folders[-3:])
    score = max((_segment_evidence(part) for part in parts[:-1]), default=0.0)
    score = max(_segment_evidence(parts[-1]) if parts else 0.0, score if score >= 0.5 else 0.0)
    if not address.leaf and not address.query and len(address.folders) < 2 and score < 0.5:
        score -= 0.15  # a folder right under the root is a section
    return score


def _segment_evidence(leaf: str) -> float:
    digits = max((len(number) for number in _ID.findall(leaf)), default=0)
    text = unquote(leaf, errors="replace") if "%" in leaf else leaf
    words = len([word for word in re.split(r"[-_]", text) if len(word) > 1])
    score = (
        0.5
        if digits >= 7
        else 0.35
        if digits >= 5
        else 0.25
        if digits >= 3
        else 0.1
        if digits
        else 0.0
    )
    if _MIXED_ID.fullmatch(leaf.rpartition("-")[2]) and digits < 5:
        score = max(score, 0.3)
    if words >= 4 and not leaf.isdigit():
        score = max(score, 0.5)
    elif words >= 2 and not leaf.isdigit():
        score = max(score, 0.3 if words == 3 else 0.25)
    if len(_WIDE.findall(text)) >= 6:
        score = max(score, 0.5)
    return score


def _query_evidence(address: Address, words: PageWords) -> float:
    for name, value in address.query.items():
        if name in words.query and value:
            return 0.5 if any(map(str.isdigit, value)) or len(value) >= 8 else 0.1
        if name.endswith(("id", "no")) and value.isdigit() and len(value) >= 4:
            return 0.4
    return 0.0


def is_about_the_site(url: str) -> bool:
    """Whether the last word of an address is that of a page about the site, whoever names it."""
    address = take_apart(url)
    words = page_words()
    named = address.last in words.stranger or address.last in words.aside
    return named and not address.query


def names_a_list(url: str) -> bool:
    """Whether the words of a URL say list, section, tag or author, or it is a homepage."""
    address = take_apart(url)
    words = page_words()
    if not words.closed.isdisjoint((*address.folders, address.word)):
        return True
    listed = not words.list.isdisjoint((address.word, address.last))
    return _is_home(address) or (listed and not address.query.keys() & words.query)


def _is_list(address: Address, words: PageWords) -> bool:
    if not words.closed.isdisjoint((*address.folders, address.word)):
        return True
    numbered = bool(address.query.keys() & words.query)
    if numbered:
        return False
    if address.word in words.list or address.last in words.list:
        return True
    if not words.pager.isdisjoint(address.query):
        return True
    return not address.extension and _is_archive(address, words)


def _is_archive(address: Address, words: PageWords) -> bool:
    """An archive of a day or month, or a page number: the path ends with it."""
    if ends_with_date(address):
        return True
    if segment_class(address.last) == "D" and (_is_listed(address) or not address.last.isdigit()):
        return True  # /archive/20240503, /article/2024-05-03
    named = not words.article.isdisjoint(address.folders)
    return not named and segment_class(address.last) in ("D", "n")


def _is_listed(address: Address) -> bool:
    """Whether the folder is called a list: /topics/banks names one of its lists, or a story."""
    return not page_words().list.isdisjoint(address.folders[-1:])


def _is_formal(address: Address) -> bool:
    """Whether a slug begins like the terms of use and is as short as their name."""
    words = address.last.split("-")
    if not 2 <= len(words) <= _FORMAL_WORDS:
        return False
    openings = ("-".join(words[:2]), "-".join(words[:3]))
    return not page_words().formal.isdisjoint(openings)


def _own_page(address: Address) -> Address:
    """`story/index.html` is the page of its folder."""
    if address.leaf in ("index", "default") and not address.query:
        return Address(address.folders, "", "", {})
    return address


def _is_home(address: Address) -> bool:
    return not address.folders and not address.leaf and not address.query


def _is_distinctive(address: Address) -> bool:
    """Whether the shape could tell an article from the about page: a number, a date, a slug."""
    parts = [segment_class(part) for part in (*address.folders, address.leaf) if part]
    return any(part not in ("w", "n") for part in parts[-1:]) or "D" in parts or bool(address.query)


def _prefix(leaf: str) -> str:
    return re.split(r"[-_\d]", leaf, maxsplit=1)[0]


def _bounded(shapes: Counter[str]) -> Counter[str]:
    return Counter(dict(shapes.most_common(MAX_SHAPES))) if len(shapes) > MAX_SHAPES else shapes


def _counter(data: Any) -> Counter[str]:
    if not isinstance(data, dict):
        return Counter()
    pairs = {
        name: count
        for name, count in data.items()
        if isinstance(name, str) and isinstance(count, int) and count > 0
    }
    return _bounded(Counter(pairs))
