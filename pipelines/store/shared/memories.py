"""What a fleet remembers of sites: their templates, their robots.txt, who gave anything."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pipelines.store.shared import keys
from pipelines.store.shared.server import Server

# Who reads decides by age; this only keeps hosts that are asked no more from staying for ever.
_ROBOTS_DAYS = 7


class SharedRobots:
    """Answers for robots.txt; *clock* gives seconds since the epoch."""

    def __init__(self, server: Server, clock: Callable[[], float]) -> None:
        self._server = server
        self._clock = clock

    def recall(self, url: str) -> tuple[int, bytes, float] | None:
        """Status, body and age in seconds of the answer kept for *url*."""
        data = self._server.call(lambda server: server.get(keys.robots(url)))
        if data is None:
            return None
        status, body, fetched = msgspec.msgpack.decode(data, type=tuple[int, bytes, float])
        return status, body, self._clock() - fetched

    def remember(self, url: str, status: int, body: bytes) -> None:
        """Keep the answer that came just now, in the place of an earlier one."""
        data = msgspec.msgpack.encode((status, body, self._clock()))
        lifetime = _ROBOTS_DAYS * 86_400
        self._server.call(lambda server: server.set(keys.robots(url), data, ex=lifetime))


class SharedMemories:
    """What is known of each site; what changes is sent with the next commit."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._changed: dict[str, bytes] = {}

    def site_memory(self, site: str) -> bytes | None:
        """What was remembered of *site*'s template."""
        if site in self._changed:
            return self._changed[site]
        found: bytes | None = self._server.call(lambda server: server.hget(keys.MEMORY, site))
        return found

    def remember_site(self, site: str, state: bytes) -> None:
        """Replace what is remembered of *site*'s template."""
        self._changed[site] = state

    def write(self) -> None:
        """Send what changed."""
        if self._changed:
            changed, self._changed = self._changed, {}
            self._server.call(lambda server: server.hset(keys.MEMORY, mapping=changed))

    def has_articles(self, site: str) -> bool:
        """Whether *site* ever gave an article or a repost."""
        return bool(self._server.call(lambda server: server.hexists(keys.NEWS, site)))
