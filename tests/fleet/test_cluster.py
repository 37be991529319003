"""A fleet on several nodes of a cluster."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fleet.redis_server import RedisServer, needs_redis
from tests.fleet.texts import story
from tests.fleet.workers import Newsroom, Worker, task, written

_SLOTS = 16384
_NODES = 3


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[RedisServer]]:
    """Three nodes that know each other, each with a third of the slots."""
    needs_redis()
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--appendonly", "yes")
    made = [RedisServer(tmp_path / f"node{number}", *options) for number in range(_NODES)]
    try:
        for node in made:
            node.start()
        for number, node in enumerate(made):
            shares = [slot for slot in range(_SLOTS) if slot * _NODES // _SLOTS == number]
            ask(node, "CLUSTER", "ADDSLOTS", *shares)
            ask(node, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for node in made[1:]:
            ask(node, "CLUSTER", "MEET", "127.0.0.1", made[0].port)
        until(lambda: all("cluster_state:ok" in state(node) for node in made))
        until(lambda: all(f"known_nodes:{_NODES}" in state(node) for node in made))
        yield made
    finally:
        for node in made:
            node.kill()


def ask(node: RedisServer, *command: Any) -> Any:
    with node.client as client:
        plain: Any = client.execute_command
        return plain(*command)


def state(node: RedisServer) -> str:
    return str(ask(node, "CLUSTER", "INFO"))


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def names(node: RedisServer) -> set[bytes]:
    with node.client as client:
        return set(client.keys())


def test_a_fleet_spreads_over_the_nodes_of_a_cluster_and_follows_a_slot(
    tmp_path: Path, nodes: list[RedisServer]
) -> None:
    newsroom = Newsroom()
    one = Worker(tmp_path / "one", nodes[0], patience=20.0)
    one.store.frontier.add([task(number) for number in range(1, 8)])
    one.take()
    for number in range(1, 7):
        one.process(newsroom.article(number, story(number)))
    one.store.commit()
    holders = [node for node in nodes if any(name.startswith(b"{fp}") for name in names(node))]
    assert len(holders) == 1, "what is decided together lies on one node"
    assert sum(any(b"}e" in name for name in names(node)) for node in nodes) > 1

    move_slot(nodes, holders[0])
    one.process(newsroom.article(7, story(3)))
    one.finish()
    kinds = Counter(kind for kind, _ in written([tmp_path / "one"]))
    assert kinds == {"articles": 6, "reposts": 1}
    two = Worker(tmp_path / "two", nodes[2])
    assert len(two.store.fingerprints) == 7
    two.finish()


def move_slot(nodes: list[RedisServer], source: RedisServer) -> None:
    """Give the slot of all decisions to another node, as a resharding does."""
    target = next(node for node in nodes if node is not source)
    slot = ask(source, "CLUSTER", "KEYSLOT", "{fp}")
    there, here = (ask(node, "CLUSTER", "MYID") for node in (target, source))
    ask(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", here)
    ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", there)
    while moving := ask(source, "CLUSTER", "GETKEYSINSLOT", slot, 500):
        ask(source, "MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *moving)
    for node in (target, source, *nodes):
        ask(node, "CLUSTER", "SETSLOT", slot, "NODE", there)


@pytest.mark.soak
def test_a_worker_waits_for_a_cluster_of_which_a_part_is_away(
    tmp_path: Path, nodes: list[RedisServer]
) -> None:
    worker = Worker(tmp_path / "out", nodes[0], patience=30.0)
    newsroom = Newsroom()
    worker.store.frontier.add([task(1)])
    worker.take()
    worker.process(newsroom.article(1, story(1)))
    holder = next(node for node in nodes if any(n.startswith(b"{fp}") for n in names(node)))
    holder.kill()
    holder.start()
    worker.finish()
    assert len(list(written([tmp_path / "out"]))) == 1
