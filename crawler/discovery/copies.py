"""Addresses of one page that are an article once more: for print, for sharing, its comments."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.discovery.page_words import page_words
from crawler.discovery.urls import page_key


class Copies:
    """Knows the articles that a page names, and which other addresses only repeat them."""

    def __init__(self, articles: Iterable[str]) -> None:
        self._queries: dict[str, list[frozenset[str]]] = {}
        for url in articles:
            path, pairs = _apart(url)
            self._queries.setdefault(path, []).append(pairs)

    def is_copy(self, url: str) -> bool:
        """Whether it is an article's address with one more parameter, which numbers nothing."""
        path, pairs = _apart(url)
        numbers = page_words().query
        return any(
            own < pairs
            and numbers.isdisjoint(pair.partition("=")[0].lower() for pair in pairs - own)
            for own in (self._queries.get(path, ()) if pairs else ())
        )

    def is_below(self, url: str) -> bool:
        """Whether it lies below an article: `/story/17/comments` below `/story/17`."""
        path, _ = _apart(url)
        return path.rpartition("/")[0] in self._queries


def _apart(url: str) -> tuple[str, frozenset[str]]:
    path, _, query = page_key(url).partition("?")
    return path, frozenset(query.split("&")) if query else frozenset()
