"""A small HTTP client, and the page as a reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import pytest


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, as received."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[..., Answer]


class _Reader(HTMLParser):
    """Collects visible text and links."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style"}
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)


def visible_text(html: str) -> str:
    """Return the text of a page, nothing between its pieces."""
    reader = _Reader()
    reader.feed(html)
    return "".join(reader.text)


def links_of(html: str) -> list[str]:
    """Return the addresses that a page links, as written."""
    reader = _Reader()
    reader.feed(html)
    return reader.links


@pytest.fixture
def fetch() -> Fetch:
    """Ask for a URL once, on a connection of its own."""

    def ask(url: str, method: str = "GET", **headers: str) -> Answer:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=10)
        target = quote(parts.path, safe="/%") + (f"?{parts.query}" if parts.query else "")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers=names)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer

    return ask
