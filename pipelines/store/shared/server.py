"""The Redis or Valkey server of a fleet: asked patiently, and only while it is the same fleet."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)

from pipelines.store.shared import keys
from pipelines.store.shared.connection import GONE, Connection, raise_if_moved
from pipelines.store.shared.errors import (
    RetiredError,
    SharedStoreError,
    UnreachableError,
)

_LUA = Path(__file__).parent / "lua"
_OLDEST = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0

_REFUSALS = {
    ReadOnlyError: "is read-only, as a replica is; give the address of the primary",
    OutOfMemoryError: "is out of memory; raise its maxmemory, or set NEAR_DUPLICATES_DAYS",
    AuthenticationError: "refuses the user or the password of REDIS_URL",
    AuthorizationError: "refuses the user or the password of REDIS_URL",
    NoPermissionError: "does not permit this user a command that a fleet needs",
}

# What a script met comes as plain text from servers before Redis 7.
_WORDS = {"-READONLY ": ReadOnlyError, "-OOM ": OutOfMemoryError}

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Fill = Callable[[Any], object]


@dataclass(slots=True)
class Script:
    """One call of a script: its name, its plain arguments, and the bytes that follow them."""

    name: str
    arguments: dict[str, Any]
    data: Sequence[bytes] = field(default_factory=tuple)


class Server:
    """A connection that waits for a server that is gone, up to *patience* seconds.

    Who calls waits with it: a worker that cannot book what it does had better do nothing.
    """

    def __init__(self, url: str, *, patience: float) -> None:
        self._connection = Connection(url)
        self._where = where(url)
        self._patience = 0.0
        self._after_start = patience
        self.round_trips = 0
        self.fleet = ""
        prelude = (_LUA / "common.lua").read_text(encoding="utf-8")
        self._sources = {
            path.stem: prelude + path.read_text(encoding="utf-8")
            for path in _LUA.glob("*.lua")
            if path.stem != "common"
        }
        self._hashes: dict[str, str] = {}

    def open(self, bits: int) -> int:
        """Join the fleet on this server, or found one with 2^*bits* buckets; gives its bits.

        Raises `UnreachableError` at once where nothing answers, and `SharedStoreError`.
        """
        info = self.call(lambda server: server.info())
        self._check(info)
        if info.get("cluster_enabled"):
            self.call(lambda _: self._connection.join_cluster())
        founding = {"version": keys.SCHEMA_VERSION, "id": uuid4().hex, "bits": bits}
        found = self.call(lambda server: server.hgetall(keys.META))
        if not found:
            self._found(founding)
            found = self.call(lambda server: server.hgetall(keys.META))
        facts = {name.decode(): value.decode() for name, value in found.items()}
        if facts["version"] != str(keys.SCHEMA_VERSION):
            msg = (
                f"the fleet on {self._where} has state of version {facts['version']}, this program"
                f" knows version {keys.SCHEMA_VERSION}; give it another database of the server"
            )
            raise SharedStoreError(msg)
        self.fleet = facts["id"]
        self._patience = self._after_start
        return int(facts["bits"])

    def _found(self, facts: dict[str, Any]) -> None:
        def ask(server: Any) -> None:
            pipe = server.pipeline(transaction=True)
            for name, value in facts.items():
                pipe.hsetnx(keys.META, name, value)
            pipe.execute()

        self.call(ask)

    def call(self, ask: Callable[[Any], Answer]) -> Answer:
        """What *ask* gets from the server; asked again when the server was gone meanwhile."""
        waited, pause = 0.0, _FIRST_PAUSE
        while True:
            try:
                self.round_trips += 1
                if waited:
                    self._connection.look_again()
                answer = ask(self._connection.deciding)
            except GONE as error:
                if isinstance(error, RedisError) and isinstance(error, tuple(_REFUSALS)):
                    raise self._refusal(error) from error
                if waited >= self._patience:
                    msg = f"{self._where} cannot be reached: {error}"
                    raise UnreachableError(msg) from error
                if not waited:
                    log.warning("%s is gone (%s); waiting for it", self._where, error)
                time.sleep(pause)
                waited += pause
                pause = min(_LONGEST_PAUSE, 2 * pause)
            except RedisError as error:
                raise self._refusal(error) from error
            else:
                if waited:
                    log.warning("%s is back after %.0f s", self._where, waited)
                return answer

    def run(self, scripts: Iterable[Script]) -> list[list[Any]]:
        """Run scripts in one round trip, each whole or not at all; their answers.

        A script whose answer was lost is run again, and has to bear it.
        """
        asked = list(scripts)
        answers: list[Any] = self._send(asked)
        missing = [place for place, answer in enumerate(answers) if _is_missing(answer)]
        if missing:
            self._load()
            again = self._send([asked[place] for place in missing])
            for place, answer in zip(missing, again, strict=True):
                answers[place] = answer
        for answer in answers:
            if isinstance(answer, RedisError):
                raise self._refusal(answer) from answer
            if answer[0] == b"FLEET":
                msg = f"{self._where} has lost the state of this fleet, or it is another's"
                raise SharedStoreError(msg)
            if answer[0] == b"GONE":
                msg = (
                    "this worker was retired and its records went to another;"
                    " start anew in an empty output folder"
                )
                raise RetiredError(msg)
        return answers

    def run_one(self, name: str, **arguments: Any) -> list[Any]:
        """Run one script; its answer, with its first word."""
        return self.run([Script(name, arguments)])[0]

    def pipeline(
        self, fill: Fill, *, before: Fill | None = None, after: Fill | None = None
    ) -> list[Any]:
        """Send all commands that *fill* puts into a pipeline, in one round trip.

        Those on sketches come *before* or *after* them; of a cluster, other nodes are asked.
        """

        def ask(server: Any) -> list[Any]:
            apart = self._connection.sketches if self._connection.is_cluster else None
            found: list[Any] = apart(before) if apart and before else []
            pipe = server.pipeline(transaction=False)
            for part in (fill,) if apart else (before, fill, after):
                if part is not None:
                    part(pipe)
            found += pipe.execute()
            return found + apart(after) if apart and after else found

        return self.call(ask)

    def memory(self) -> int:
        """Bytes that the server holds, without what it held when it was empty."""
        infos = self.call(lambda _: [node.info("memory") for node in self._connection.nodes()])
        return sum(int(info["used_memory"]) - int(info["used_memory_startup"]) for info in infos)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _send(self, scripts: Sequence[Script]) -> list[Any]:
        if not self._hashes:
            self._load()

        def ask(server: Any) -> list[Any]:
            pipe = server.pipeline(transaction=False)
            for script in scripts:
                plain = msgspec.msgpack.encode({**script.arguments, "fleet": self.fleet})
                pipe.evalsha(self._hashes[script.name], 1, keys.META, plain, *script.data)
            found: list[Any] = pipe.execute(raise_on_error=False)
            raise_if_moved(found)
            return found

        return self.call(ask)

    def _load(self) -> None:
        names = list(self._sources)

        def fill(pipe: Any) -> None:
            for name in names:
                pipe.script_load(self._sources[name])

        self._hashes = dict(zip(names, self.pipeline(fill), strict=True))

    def _check(self, info: dict[str, Any]) -> None:
        version = str(info["redis_version"])
        if int(version.partition(".")[0]) < _OLDEST:
            msg = f"{self._where} is Redis {version}; a fleet needs {_OLDEST} or newer, or Valkey"
            raise SharedStoreError(msg)
        policy = info.get("maxmemory_policy", "noeviction")
        if policy != "noeviction" and info.get("maxmemory"):
            msg = (
                f"{self._where} forgets by itself when it is full (maxmemory-policy {policy});"
                " a fleet needs noeviction"
            )
            raise SharedStoreError(msg)
        if not info.get("aof_enabled"):
            log.warning(
                "%s has no append-only file: what it forgets when it dies is lost or done twice",
                self._where,
            )

    def _refusal(self, error: RedisError) -> SharedStoreError:
        for kind, sentence in _REFUSALS.items():
            if isinstance(error, kind):
                return SharedStoreError(f"{self._where} {sentence}")
        for word, kind in _WORDS.items():
            if word in str(error):
                return SharedStoreError(f"{self._where} {_REFUSALS[kind]}")
        return SharedStoreError(f"{self._where} refuses: {error}")


def where(url: str) -> str:
    """A server's address without its user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}".partition("?")[0]


def _is_missing(answer: Any) -> bool:
    # After a restart, or SCRIPT FLUSH.
    return isinstance(answer, NoScriptError)
