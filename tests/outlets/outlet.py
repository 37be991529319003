"""An invented outlet: its stories, its pages by address, what is no article, what is forbidden."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from demo.faults import Fault
from demo.model import Request, Response
from demo.server import Server
from tests.outlets.texts import Story, story, words

Pages = dict[str, Response]


class Outlet:
    """What designs share; each says where its stories stand and which pages lead to them."""

    key = ""
    language = "en"
    charset = "utf-8"
    content_type = "text/html; charset=utf-8"
    robots: str | None = None
    forbidden: tuple[str, ...] = ()
    count = 18

    def __init__(self) -> None:
        self.home = ""
        self.words = words(self.language)
        self.stories = [story(self.language, n, self.count) for n in range(self.count, 0, -1)]

    def publish(self) -> str:
        """Print one more story and return its path."""
        number = self.stories[0].number + 1
        new = story(self.language, number, self.count)
        self.stories.insert(0, new)
        return self.path(new)

    def path(self, one: Story) -> str:
        """Where a story stands."""
        raise NotImplementedError

    def lists(self) -> Pages:
        """The homepage and everything else that leads to stories."""
        raise NotImplementedError

    def strangers(self) -> Pages:
        """Pages that are no articles, beyond the lists."""
        return {}

    def endless(self, target: str) -> Response | None:  # noqa: ARG002 - designs need it
        """The page of a trap."""
        return None

    def answer(self, target: str) -> Response:
        """What stands at *target*."""
        stories = {self.path(one): one for one in self.stories}
        if target in stories:
            return self.html(self.article(stories[target]))
        if target == "/robots.txt" and self.robots is not None:
            return Response(self.robots.replace("{home}", self.home).encode(), "text/plain")
        pages = {**self.strangers(), **self.lists()}
        page = pages.get(target) or self.endless(target)
        return page or Response(b"<html><body>Not found</body></html>", "text/html", 404)

    # --- pieces of pages -------------------------------------------------------------------------

    def html(self, text: str) -> Response:
        """A page in the outlet's encoding."""
        return Response(text.encode(self.charset, "xmlcharrefreplace"), self.content_type)

    def head(self, title: str) -> str:
        """The head of every page."""
        return f'<head><meta charset="{self.charset}"><title>{title}</title></head>'

    def nav(self) -> str:
        """The links at the top of every page."""
        return ""

    def foot(self) -> str:
        """The links at the bottom of every page."""
        return ""

    def page(self, title: str, content: str) -> str:
        """A page of the outlet."""
        return (
            f"<!DOCTYPE html><html>{self.head(title)}<body><header>{self.nav()}</header>"
            f"{content}<footer>{self.foot()}</footer></body></html>"
        )

    def article(self, one: Story) -> str:
        """The page of a story."""
        text = "".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
        return self.page(
            one.headline,
            f'<main><article><h1>{one.headline}</h1><time datetime="{one.published.isoformat()}">'
            f'{one.published:%Y-%m-%d %H:%M}</time><div class="text">{text}</div></article></main>',
        )

    def rows(self, stories: Sequence[Story]) -> str:
        """A list of stories."""
        return "".join(
            f'<li><a href="{self.path(one)}">{one.headline}</a> <span>{one.day}</span></li>'
            for one in stories
        )

    def link(self, path: str, text: str) -> str:
        """One link."""
        return f'<a href="{path}">{text}</a> '

    def paged(self, title: str, stories: Sequence[Story], size: int, paths: Sequence[str]) -> Pages:
        """A list on several pages; *paths* are theirs, in order."""
        found: Pages = {}
        for start in range(0, max(1, len(stories)), size):
            page = start // size
            last = start + size >= len(stories)
            following = "" if last else self.link(paths[page + 1], self.words[2])
            rows = self.rows(stories[start : start + size])
            found[paths[page]] = self.html(self.page(title, f"<ul>{rows}</ul><p>{following}</p>"))
        return found

    def plain(self, title: str, content: str = "") -> Response:
        """A page that is no article."""
        return self.html(self.page(title, f"<main><h1>{title}</h1>{content}</main>"))


class Street:
    """Every outlet on a port of its own; remembers what it was asked."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self.outlets = {outlet.key: outlet for outlet in outlets}
        self.requests: list[Request] = []

    def __enter__(self) -> Self:
        sockets = {key: _listen() for key in self.outlets}
        for key, sock in sockets.items():
            self.outlets[key].home = f"http://127.0.0.1:{sock.getsockname()[1]}/"
        self._server = Server(sockets, self._answer)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    @property
    def homes(self) -> list[str]:
        """The homepages."""
        return [outlet.home for outlet in self.outlets.values()]

    def _answer(
        self, site: str, _method: str, target: str, _headers: Mapping[str, str]
    ) -> tuple[Response, Fault | None]:
        response = self.outlets[site].answer(target)
        self.requests.append(Request(site, target, response.status))
        return response, None


def _listen() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)
    return sock
