"""A small HTTP/1.1 server for the press: one event loop in a thread, one port a site."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus

from demo.faults import MAX_SECONDS, Fault
from demo.model import Response

# (site, method, target, headers) -> the answer, and the fault that meets it
Answer = Callable[[str, str, str, Mapping[str, str]], tuple[Response, Fault | None]]
_HEAD_LIMIT = 64 * 1024
_IDLE_SECONDS = 30.0


class Server:
    """Serves every site from one thread; *sockets* are bound and listening, by site."""

    def __init__(self, sockets: Mapping[str, socket.socket], answer: Answer) -> None:
        self._sockets = sockets
        self._answer = answer
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="demo-press", daemon=True)
        self._stop = asyncio.Event()

    def start(self) -> None:
        """Start serving; the sockets already queue connections before this."""
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and join the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        servers = [
            await asyncio.start_server(self._handler(site), sock=sock, limit=_HEAD_LIMIT)
            for site, sock in self._sockets.items()
        ]
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await asyncio.sleep(0.01)  # lets the transports close before the loop does

    def _handler(self, site: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        """Return a callback that runs each connection as a task of ours."""

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = self._loop.create_task(self._converse(site, reader, writer))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

        return connected

    async def _converse(
        self, site: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer requests until one side closes."""
        # A client that goes away, or that sends no HTTP, ends its own connection only.
        ended = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
        with contextlib.suppress(*ended, TimeoutError, asyncio.CancelledError, ValueError):
            while await self._exchange(site, reader, writer):
                pass
        writer.close()

    async def _exchange(
        self, site: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; True keeps the connection."""
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_SECONDS)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        response, fault = self._answer(site, method, target, headers)
        keep = headers.get("connection", "").lower() != "close"
        if fault is not None:
            return await _send_faulty(writer, response, fault)
        body = b"" if method == "HEAD" or response.status == 304 else response.body
        writer.write(_head(response, len(response.body), keep) + body)
        await writer.drain()
        return keep


async def _send_faulty(writer: asyncio.StreamWriter, response: Response, fault: Fault) -> bool:
    """Send an answer as the fault spoils it."""
    async with asyncio.timeout(MAX_SECONDS):
        await asyncio.sleep(fault.delay)
        if fault.reset:
            writer.transport.abort()
            return False
        cuts = fault.cut is not None
        length = None if fault.lengthless else len(response.body)
        writer.write(_head(response, length, keep=not (cuts or fault.lengthless)))
        body = response.body[: fault.cut] if cuts else response.body
        if fault.drip:
            for start in range(0, len(body), fault.piece):
                writer.write(body[start : start + fault.piece])
                await writer.drain()
                await asyncio.sleep(fault.drip)
        else:
            writer.write(body)
        await writer.drain()
        return not (cuts or fault.lengthless)


def _head(response: Response, length: int | None, keep: bool) -> bytes:
    """Return the status line and the headers."""
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append(f"Content-Type: {response.content_type}")
    if length is not None and response.status != 304:
        lines.append(f"Content-Length: {length}")
    lines.append("Connection: keep-alive" if keep else "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
