"""One worker process as the event loop sees it: the pages that it has, and what lies between."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from pipelines.compiled.finder import use_compiled
from pipelines.workers.shared_memory import Region, SharedMemory, memory_file
from pipelines.workers.worker import (
    NO_MEMORY,
    NOTE_BYTES,
    Answer,
    Extracted,
    ExtractionError,
    work,
)

if TYPE_CHECKING:
    from crawler.items import Page

# The framing of `multiprocessing.connection`, which the other end speaks.
_HEADER_BYTES = 4
# A process that has closed its socket is ending; it gets this many seconds for it.
_ENDING_SECONDS = 5.0


class WorkerDiedError(Exception):
    """The worker ended while it had the page; *exitcode* is negative for a signal."""

    def __init__(self, exitcode: int) -> None:
        super().__init__(f"exit code {exitcode}")


class OutOfMemoryError(WorkerDiedError):
    """The page took more memory than a worker may."""


class Job(NamedTuple):
    """A pickled page, the bodies of its parts that lie beside the pickle, and who waits for it."""

    page: bytes
    bodies: list[pickle.PickleBuffer]
    future: asyncio.Future[Extracted]

    @classmethod
    def of(cls, page: Page, future: asyncio.Future[Extracted]) -> Self:
        bodies: list[pickle.PickleBuffer] = []
        return cls(pickle.dumps(page, 5, buffer_callback=bodies.append), bodies, future)


class ExtractionProcess(asyncio.Protocol):
    """A process that runs `worker.py`; its length is the number of pages that it has.

    *answered* is called when it has answered some, *ended* when it is no more; then `bury` it.
    """

    def __init__(
        self,
        timeout: float,
        memory: int,
        answered: Callable[[], None],
        ended: Callable[[ExtractionProcess], None],
    ) -> None:
        self._answered = answered
        self._ended = ended
        self._jobs: deque[Job] = deque()
        self._places: deque[list[Region | bytes]] = deque()  # of each job's bodies
        self._unsent: list[bytes] = []
        self._done = 0
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._note = memory_file()
        self._bodies = SharedMemory()
        self._socket, end = socket.socketpair()
        with end:
            files = end.fileno(), self._note.fileno(), self._bodies.fileno()
            self._process = _start(files, timeout, memory)

    def __len__(self) -> int:
        return len(self._jobs)

    async def connect(self) -> None:
        """Begin to talk to the process; what was sent before goes out now."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=self._socket)

    def send(self, job: Job) -> None:
        """Give the process one more page."""
        places = [self._lay(body.raw()) for body in job.bodies]
        self._jobs.append(job)
        self._places.append(places)
        message = pickle.dumps((job.page, places), pickle.HIGHEST_PROTOCOL)
        self._write(len(message).to_bytes(_HEADER_BYTES, "big") + message)

    def _lay(self, body: memoryview) -> Region | bytes:
        try:
            return self._bodies.put(body)
        except OSError:  # no room for it there, so it goes through the socket
            return bytes(body)

    def _write(self, message: bytes) -> None:
        if self._transport is None:
            self._unsent.append(message)
        else:
            self._transport.write(message)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.writelines(self._unsent)
        self._unsent.clear()

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        while len(received) >= _HEADER_BYTES:
            end = _HEADER_BYTES + int.from_bytes(received[:_HEADER_BYTES], "big")
            if len(received) < end:
                return
            # Foreign bytes were parsed over there, but these pickles are made by our own code.
            answers = pickle.loads(memoryview(received)[_HEADER_BYTES:end])  # noqa: S301
            del received[:end]
            self._answer(answers)

    def _answer(self, answers: list[Answer]) -> None:
        self._done += len(answers)
        for answer in answers:
            future = self._jobs.popleft().future
            for place in self._places.popleft():
                if isinstance(place, Region):
                    self._bodies.free(place)
            if future.done():  # nobody waits any more
                continue
            if isinstance(answer, ExtractionError):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        self._answered()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the process says why
        self._ended(self)

    def bury(self) -> list[Job]:
        """Tell who waits for the page that it died of; returns the other pages that it had."""
        exitcode = self._exitcode()
        jobs = list(self._jobs)
        self._jobs.clear()
        if jobs:
            begun = int.from_bytes(os.pread(self._note.fileno(), NOTE_BYTES, 0), "big")
            future = jobs.pop(max(0, begun - self._done - 1)).future
            if not future.done():
                future.set_exception(_death(exitcode))
        self._close_files()
        return jobs

    def _close_files(self) -> None:
        self._note.close()
        self._bodies.close()

    def _exitcode(self) -> int:
        try:
            return self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        self._close_files()
        if self._transport is None:
            self._socket.close()
        else:
            self._transport.abort()


def _death(exitcode: int) -> Exception:
    if exitcode == -signal.SIGALRM:
        return TimeoutError()
    return (OutOfMemoryError if exitcode == NO_MEMORY else WorkerDiedError)(exitcode)


def _start(files: tuple[int, ...], timeout: float, memory: int) -> subprocess.Popen[bytes]:
    # A fresh interpreter: a fork would inherit the lock of the output folder and the reactor. In a
    # process group of its own, because whether Ctrl-C stops the crawl is for the crawl to say.
    compiled = f"from {use_compiled.__module__} import {use_compiled.__name__}"
    program = (
        f"{compiled}; {use_compiled.__name__}();"
        f"from {work.__module__} import {work.__name__}; {work.__name__}()"
    )
    return subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", program, *map(str, (*files, timeout, memory))],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=files,
        process_group=0,
    )
