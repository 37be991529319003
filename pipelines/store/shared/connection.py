"""One server, or the nodes of a cluster: who decides, and where the sketches lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import (
    AskError,
    BusyLoadingError,
    ClusterDownError,
    ClusterError,
    ConnectionError,
    MovedError,
    RedisClusterException,
    SlotNotCoveredError,
    TimeoutError,
    TryAgainError,
)
from redis.retry import Retry

from pipelines.store.shared import keys
from pipelines.store.shared.errors import AddressError

_SECONDS_TO_ANSWER = 20.0
_MOVED = (MovedError, AskError, TryAgainError, ClusterDownError)

GONE = (
    *(ConnectionError, TimeoutError, BusyLoadingError),
    *(*_MOVED, ClusterError, RedisClusterException, SlotNotCoveredError),
)
"""What an answer is while a server is away, or a slot on its way from one node to another."""


class Connection:
    """The client of a server; of a cluster that of the node which has the tag of all decisions.

    *deciding* is asked for everything but the sketches, which lie all over a cluster.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        # One try a call: who calls has patience of its own.
        self._options: dict[str, Any] = {
            "socket_timeout": _SECONDS_TO_ANSWER,
            "socket_connect_timeout": _SECONDS_TO_ANSWER,
            "retry": Retry(NoBackoff(), 0),
        }
        try:
            self.deciding: Any = redis.Redis.from_url(url, **self._options)
        except ValueError as error:
            raise AddressError(str(error)) from error
        self._cluster: Any = None

    def join_cluster(self) -> None:
        """The server is a node of a cluster: ask the node that decides from now on."""
        self.deciding.close()
        self._cluster = RedisCluster.from_url(self._url, **self._options)
        self._find_deciding()

    def look_again(self) -> None:
        """After a failure: the node that decides may be another by now."""
        if self._cluster is not None:
            self._cluster.nodes_manager.initialize()
            self._find_deciding()

    def _find_deciding(self) -> None:
        node = self._cluster.get_node_from_key(keys.META)
        self.deciding = self._cluster.get_redis_connection(node)

    def sketches(self, fill: Callable[[Any], object]) -> list[Any]:
        """Send the commands on sketches that *fill* puts into a pipeline."""
        client = self._cluster if self._cluster is not None else self.deciding
        pipe = client.pipeline() if self._cluster is not None else client.pipeline(False)
        fill(pipe)
        found: list[Any] = pipe.execute()
        return found

    @property
    def is_cluster(self) -> bool:
        """Whether sketches lie on other nodes than the one that decides."""
        return self._cluster is not None

    def nodes(self) -> list[Any]:
        """The clients of all servers that hold a part."""
        if self._cluster is None:
            return [self.deciding]
        primaries = self._cluster.get_primaries()
        return [self._cluster.get_redis_connection(node) for node in primaries]

    def close(self) -> None:
        """Hang up."""
        (self.deciding if self._cluster is None else self._cluster).close()


def raise_if_moved(answers: list[Any]) -> None:
    """Raise what one of a pipeline's answers says of the whole: ask again, perhaps elsewhere."""
    for answer in answers:
        if isinstance(answer, (BusyLoadingError, *_MOVED)):
            raise answer
