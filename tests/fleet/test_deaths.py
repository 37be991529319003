"""Kill workers and the server at random moments: nothing is lost, nothing is there twice."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.store.shared.errors import UnreachableError
from tests.fleet.redis_server import RedisServer, needs_redis
from tests.fleet.texts import story
from tests.fleet.workers import Newsroom, Worker, task, written

HOSTS = ("a.test", "b.test", "c.test", "d.test")
_FORK = multiprocessing.get_context("fork")
_MINUTE = 60.0


@pytest.fixture
def durable_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that has written whatever it has answered."""
    needs_redis()
    server = RedisServer(tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "always")
    server.start()
    yield server
    server.kill()


class Press:
    """So many articles, every second one the copy of the one before, each at its host."""

    def __init__(self, count: int) -> None:
        self._newsroom = Newsroom()
        self.tasks = {
            task_.key: (number, task_)
            for number in range(count)
            for task_ in [task(number, HOSTS[number % len(HOSTS)])]
        }

    def article(self, key: str) -> object:
        number, task_ = self.tasks[key]
        article = self._newsroom.article(number, story(number // 2, 120))
        article.candidate, article.site = key, task_.site
        return article


def work(folder: Path, server: RedisServer, press: Press) -> None:
    """One worker, from its start until nothing is left."""
    worker = start(folder, server)
    frontier = worker.store.frontier
    while frontier.unfinished():
        for host in frontier.hosts():
            for taken in worker.take(host, 8):
                worker.process(press.article(taken.key))  # type: ignore[arg-type]
        worker.store.commit()
        time.sleep(0.002)
    worker.finish()


def start(folder: Path, server: RedisServer) -> Worker:
    """A worker; one that finds no server ends with 75, and whoever started it tries again."""
    until = time.monotonic() + _MINUTE
    while True:
        try:
            return Worker(folder, server, run=uuid4().hex, lease=1.0, patience=_MINUTE)
        except UnreachableError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class Fleet:
    """Workers as processes of their own, each with its folder."""

    def __init__(self, folders: list[Path], server: RedisServer, press: Press) -> None:
        self._folders, self._server, self._press = folders, server, press
        self._running = {folder: self._start(folder) for folder in folders}

    def _start(self, folder: Path) -> multiprocessing.context.ForkProcess:
        process = _FORK.Process(target=work, args=(folder, self._server, self._press))
        process.start()
        return process

    def kill(self, folder: Path) -> None:
        """Kill the worker of a folder, if it still works, and start it again."""
        process = self._running[folder]
        process.kill()
        process.join()
        self._running[folder] = self._start(folder)

    def wait(self) -> list[int | None]:
        """The exit statuses, when all are through."""
        for process in self._running.values():
            process.join(2 * _MINUTE)
        return [process.exitcode for process in self._running.values()]

    def kill_all(self) -> None:
        for process in self._running.values():
            process.kill()
            process.join()


def survive(tmp_path: Path, server: RedisServer, articles: int, kills: int, restarts: int) -> None:
    """Crawl with two workers through so many deaths, and look at the union of what they wrote."""
    folders = [tmp_path / "one", tmp_path / "two"]
    press = Press(articles)
    first = Worker(folders[0], server)
    first.store.frontier.add(task_ for _, task_ in press.tasks.values())
    first.finish()
    chance = random.Random(os.getpid())
    deaths = ["worker"] * kills + ["server"] * restarts
    chance.shuffle(deaths)
    fleet = Fleet(folders, server, press)
    with contextlib.ExitStack() as stack:
        stack.callback(fleet.kill_all)
        for death in deaths:
            time.sleep(chance.uniform(0.05, 0.5))
            if death == "server":
                server.kill()
                time.sleep(chance.uniform(0.0, 0.2))
                server.start()
            else:
                fleet.kill(chance.choice(folders))
        assert fleet.wait() == [0, 0]
    records = list(written(folders))
    times = Counter(record["id"] for _, record in records)
    assert set(times) == {f"{number:016x}" for number in range(articles)}, "some are lost"
    assert set(times.values()) == {1}, "some are there twice"
    kept = {record["id"] for kind, record in records if kind == "articles"}
    for pair in range(articles // 2):
        ids = {f"{2 * pair:016x}", f"{2 * pair + 1:016x}"}
        assert len(ids & kept) == 1, f"of one story there are {ids & kept}"


def test_nothing_is_lost_or_doubled_by_two_kills_and_a_restart_of_the_server(
    tmp_path: Path, durable_redis: RedisServer
) -> None:
    survive(tmp_path, durable_redis, articles=200, kills=2, restarts=1)


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_by_twenty_kills_and_five_restarts_of_the_server(
    tmp_path: Path, durable_redis: RedisServer
) -> None:
    survive(tmp_path, durable_redis, articles=4000, kills=20, restarts=5)
