"""A loopback web server that misbehaves on purpose: each site is a port with its own routes.

A route is a coroutine that is given the request's number (from 0, counted a path) and a writer,
and may send whatever it likes, or nothing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

Route = Callable[[int, asyncio.StreamWriter], Awaitable[None]]

PAGE = b"<!DOCTYPE html><html><head><title>t</title></head><body><p>A story.</p></body></html>"


@dataclass(frozen=True)
class Hit:
    """One request as it arrived."""

    path: str
    time: float
    headers: dict[str, str]


@dataclass
class Site:
    """One port of the server, what it answers, and what it was asked."""

    routes: dict[str, Route]
    port: int = 0
    hits: list[Hit] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def asked(self, path: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.path == path]


class HostileServer:
    """Runs its sites in one thread until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._servers: list[asyncio.Server] = []

    def site(self, routes: dict[str, Route] | None = None) -> Site:
        """Open a port; a path without a route is answered 404, also /robots.txt."""
        site = Site(dict(routes or {}))
        asyncio.run_coroutine_threadsafe(self._open(site), self._loop).result(5)
        return site

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _open(self, site: Site) -> None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            site.connections += 1
            try:
                await _serve(site, reader, writer)
            except (OSError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
                pass  # the client had enough of us, as it should, or the test is over
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        site.port = server.sockets[0].getsockname()[1]
        self._servers.append(server)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _serve(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    path = head[0].split(" ")[1]
    headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    number = len(site.asked(path))
    site.hits.append(Hit(path, monotonic(), headers))
    await site.routes.get(path, answer(404))(number, writer)


def answer(status: int = 200, body: bytes = PAGE, **headers: str) -> Route:
    """A well-formed answer; header names are written with underscores."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Content-Type": "text/html", "Content-Length": str(len(body)), **given}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return raw(f"HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n".encode() + body)


def redirect(location: str, status: int = 302) -> Route:
    """A redirect to *location*, as given."""
    return answer(status, b"", Location=location)


def text(body: bytes) -> Route:
    """A plain-text answer, as robots.txt has it."""
    return answer(200, body, Content_Type="text/plain")


def raw(data: bytes) -> Route:
    """These very bytes, then the end of the connection."""

    async def route(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return route


def drip(data: bytes, pause: float, times: int = 100_000, start: bytes = b"") -> Route:
    """*start*, then *data* again and again with *pause* seconds between."""

    async def route(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        for _ in range(times):
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(pause)

    return route


def silence() -> Route:
    """Nothing, for a minute."""
    return drip(b"", 60, 1)


def reset(start: bytes = b"") -> Route:
    """*start*, then a connection that is torn down (RST), not closed."""

    async def route(_number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        writer.transport.abort()

    return route


def in_turn(*routes: Route) -> Route:
    """The first route for the first request of a path, and so on; the last one stays."""

    async def route(number: int, writer: asyncio.StreamWriter) -> None:
        await routes[min(number, len(routes) - 1)](number, writer)

    return route
