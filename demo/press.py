"""The demo press as one object: start it, crawl it, compare with what it knows."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from urllib.parse import urlsplit

from demo import truth
from demo.edits import Edit
from demo.faults import Fault, Faults
from demo.front import Front
from demo.generator import Generator
from demo.load import load_library
from demo.model import ExpectedArticle, Request, Response, Story, Stranger
from demo.newsroom import Newsroom
from demo.padding import make_padding
from demo.server import Server

FIRST_PORT = 8701
_LOG_LIMIT = 1_000_000  # requests kept in the log


class Press:
    """Every invented site on a port of its own of 127.0.0.1.

    *stories* further articles are generated from *seed*, *repost_share* of them reprints of
    others; *page_kb* pads article pages to about that weight. *sites* picks sites by key. With
    *fixed_ports* a site takes 8701 and following where they are free, so that a later run finds
    the same addresses; else every port is a free one. *frozen_answers* is the status of the feed
    that keeps one ETag when that tag is sent back: 304 hides its changes, 200 repeats the tag.
    Use it as a context manager, or call `start` and `stop`. The methods may be called from any
    thread while it serves.
    """

    def __init__(
        self,
        stories: int = 0,
        seed: int = 1,
        page_kb: int = 0,
        sites: Sequence[str] = (),
        fixed_ports: bool = False,
        repost_share: float = 0.1,
        frozen_answers: int = 304,
    ) -> None:
        self._library = load_library()
        unknown = set(sites) - set(self._library.sites)
        if unknown:
            raise ValueError(f"unknown sites: {', '.join(sorted(unknown))}")
        self._keys = list(sites) or list(self._library.sites)
        self._fixed_ports = fixed_ports
        self._frozen_answers = frozen_answers
        self._generator = Generator(seed)
        self._newsroom = Newsroom(self._library, self._keys, self._generator)
        self._add_generated(stories, repost_share)
        self._padding = make_padding(max(0, page_kb - 8), seed)  # a bare page has some 8 kB
        self._faults = Faults()
        self._log: deque[Request] = deque(maxlen=_LOG_LIMIT)
        self._lock = threading.Lock()
        self._fronts: dict[str, Front] = {}
        self._homes: dict[str, str] = {}
        self._server: Server | None = None

    def __enter__(self) -> Press:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Bind the ports and serve; OSError where no port can be had."""
        sockets = {
            key: _listen(FIRST_PORT + n if self._fixed_ports else 0)
            for n, key in enumerate(self._library.sites)
            if key in self._keys
        }
        for key, sock in sockets.items():
            self._homes[key] = f"http://127.0.0.1:{sock.getsockname()[1]}/"
            self._fronts[key] = Front(
                self._newsroom,
                self._newsroom.shelves[key],
                self._homes[key],
                tuple(page for page in self._library.strangers if page.site == key),
                self._padding,
                self._frozen_answers,
            )
        self._server = Server(sockets, self._answer)
        self._server.start()

    def stop(self) -> None:
        """Close every port; the truth stays readable."""
        if self._server:
            self._server.stop()
            self._server = None

    @property
    def homes(self) -> dict[str, str]:
        """The home pages by site key, in the order of their ports."""
        return dict(self._homes)

    @property
    def requests(self) -> list[Request]:
        """What was asked for so far, oldest first, at most a million lines."""
        with self._lock:
            return list(self._log)

    def forget_requests(self) -> None:
        """Empty the request log."""
        with self._lock:
            self._log.clear()

    def expected(self) -> list[ExpectedArticle]:
        """Return what must come out of a crawl now, in order of publication."""
        with self._lock:
            return truth.expected(self._newsroom, self._homes)

    def strangers(self) -> list[Stranger]:
        """Return the pages that must never be an article."""
        return truth.strangers(self._library, self._homes)

    def publish(
        self, n: int = 1, when: datetime | None = None, sites: Iterable[str] = ()
    ) -> list[ExpectedArticle]:
        """Publish *n* more stories on each site (or each of *sites*) and return them.

        Stories written for later come first, generated ones follow; sites in other languages than
        Chinese and English fall silent once theirs are used up. *when* is the moment printed.
        """
        with self._lock:
            keys = list(sites) or self._keys
            new = [story for _ in range(n) for story in self._newsroom.publish(keys, when)]
            return [self._expect(story) for story in new]

    def edit(self, url: str, when: datetime | None = None) -> ExpectedArticle:
        """Change a story, mark it as modified and return its new version; KeyError if unknown."""
        with self._lock:
            site, path = self._locate(url)
            return self._expect(self._newsroom.edit(site, path, when))

    def reprint(
        self,
        url: str,
        site: str = "aggregator",
        edit: Edit | None = None,
        when: datetime | None = None,
    ) -> ExpectedArticle:
        """Publish a reprint of the story at *url* on *site*, word for word without an *edit*."""
        with self._lock:
            key, path = self._locate(url)
            origin, _ = self._newsroom.shelves[key].by_path[path]
            return self._expect(self._newsroom.reprint(origin, site, edit or Edit(), when))

    def place(
        self,
        site: str,
        path: str,
        body: bytes,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Serve *body* at *path* (with its query) of *site* and return the URL."""
        with self._lock:
            response = Response(body, content_type, status, dict(headers or {}))
            self._fronts[site].place(path, response)
            return self._homes[site].rstrip("/") + path

    def fail(self, site: str, path: str, fault: Fault) -> None:
        """Put *fault* in the way of *path* (with its query; `*` is every path) of *site*."""
        with self._lock:
            self._faults.put(site, path, fault)

    def heal(self) -> None:
        """Take every fault away."""
        with self._lock:
            self._faults.clear()

    def _expect(self, story: Story) -> ExpectedArticle:
        return truth.expect(self._newsroom, self._homes, story)

    def _locate(self, url: str) -> tuple[str, str]:
        parts = urlsplit(url)
        by_home = {urlsplit(home).netloc: key for key, home in self._homes.items()}
        return by_home[parts.netloc], parts.path

    def _add_generated(self, stories: int, repost_share: float) -> None:
        shelves = self._newsroom.shelves
        sites = [s.site for s in shelves.values() if self._generator.speaks(s.site.language)]
        for story in self._generator.batch(sites, stories, repost_share):
            self._newsroom.add(story)

    def _answer(
        self, site: str, method: str, target: str, headers: Mapping[str, str]
    ) -> tuple[Response, Fault | None]:
        with self._lock:
            fault = self._faults.take(site, target)
            if fault is not None and fault.status is not None:
                response = Response(b"", "text/plain", fault.status, dict(fault.headers))
            elif method in {"GET", "HEAD"}:
                response = self._fronts[site].respond(target, headers)
            else:
                response = Response(b"", "text/plain", 405)
            self._log.append(Request(site, target, response.status))
            return response, fault


def _listen(port: int) -> socket.socket:
    """Return a listening socket on *port*, or on a free one where that is taken."""
    for candidate in (port, 0):
        # The protocol is named because asyncio sets TCP_NODELAY only where it is.
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", candidate))
        except OSError:
            sock.close()
            continue
        sock.listen(256)
        return sock
    raise OSError("no free port on 127.0.0.1")
