"""What a worker says and does when the server refuses it, is gone, or comes back."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from scrapy.utils.project import get_project_settings

from crawler.commands.crawl import Command as Crawl
from crawler.commands.fleet import Command as Fleet
from crawler.commands.status import Command as Status
from pipelines.store.shared.errors import RetiredError, SharedStoreError, UnreachableError
from pipelines.store.shared.fleet import RetirementError, read_fleet, retire
from pipelines.store.shared.server import Server
from tests.commands.in_process import run
from tests.fleet.redis_server import RedisServer, needs_redis
from tests.fleet.texts import story
from tests.fleet.workers import Newsroom, Worker, task, written


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., RedisServer]]:
    """Starts servers with options of the test."""
    needs_redis()
    started: list[RedisServer] = []

    def start(*options: str) -> RedisServer:
        server = RedisServer(tmp_path / f"redis{len(started)}", *options)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.kill()


def open_store(url: str, folder: Path) -> int:
    """The exit status of a crawl that finds its store so; 0 where it would go on."""
    command = Crawl()
    settings: Any = get_project_settings()
    settings.setdict({"REDIS_URL": url, "OUTPUT_DIR": str(folder)}, priority="cmdline")
    try:
        store = command._open_store(settings, "r1", time.time)
    except SystemExit as refused:
        return int(refused.code or 0)
    if store is not None:
        store.abandon()
    return command.exitcode


@pytest.mark.parametrize(
    ("url", "status", "sentence"),
    [
        ("redis://127.0.0.1:1/0", 75, "redis://127.0.0.1:1/0 cannot be reached"),
        ("http://127.0.0.1/", 2, "REDIS_URL is not the address of a server"),
        ("redis://127.0.0.1:port/", 2, "REDIS_URL is not the address of a server"),
    ],
    ids=["nobody there", "another scheme", "no port"],
)
def test_a_crawl_that_finds_no_server_says_so_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, status: int, sentence: str
) -> None:
    assert open_store(url, tmp_path) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line


def test_a_crawl_whose_password_is_refused_says_so_and_not_the_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], own_server: Callable[..., RedisServer]
) -> None:
    server = own_server("--requirepass", "right")
    assert open_store(server.url.replace("//", "//:wrong@"), tmp_path) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "refuses the user or the password" in line
    assert "wrong" not in line
    assert open_store(server.url.replace("//", "//:right@"), tmp_path) == 0


def refusal(server: RedisServer, folder: Path) -> str:
    with pytest.raises(SharedStoreError) as refused:
        Worker(folder, server)
    return str(refused.value)


def test_a_server_that_may_not_be_written_to_is_refused(
    tmp_path: Path, own_server: Callable[..., RedisServer]
) -> None:
    replica = own_server("--replicaof", "127.0.0.1", "1")
    assert "is read-only" in refusal(replica, tmp_path / "out")


def test_a_server_without_memory_is_refused_and_nothing_is_half_there(
    tmp_path: Path, own_server: Callable[..., RedisServer]
) -> None:
    server = own_server()
    Worker(tmp_path / "out", server).finish()
    with server.client as client:
        client.config_set("maxmemory", 1)
        before = sorted(client.keys())
        assert "is out of memory" in refusal(server, tmp_path / "other")
        assert sorted(client.keys()) == before


def test_a_server_that_evicts_is_refused(
    tmp_path: Path, own_server: Callable[..., RedisServer]
) -> None:
    server = own_server("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
    assert "a fleet needs noeviction" in refusal(server, tmp_path / "out")


def test_a_fleet_of_another_version_is_left_alone(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    with redis_server.client as client:
        client.hset("{fp}meta", mapping={"version": 99, "id": "x", "bits": 20})
        before = client.dbsize()
        assert "has state of version 99" in refusal(redis_server, tmp_path)
        assert client.dbsize() == before


def test_a_folder_of_another_fleet_is_refused(tmp_path: Path, redis_server: RedisServer) -> None:
    Worker(tmp_path, redis_server).finish()
    with redis_server.client as client:
        client.flushall()
    assert "belongs to another fleet" in refusal(redis_server, tmp_path)


def test_a_server_that_lost_its_data_is_noticed(tmp_path: Path, redis_server: RedisServer) -> None:
    worker = Worker(tmp_path, redis_server)
    with redis_server.client as client:
        client.flushall()
    worker.process(Newsroom().article(1, story(1)))
    with pytest.raises(SharedStoreError, match="has lost the state"):
        worker.store.commit()
    worker.store.abandon()
    assert list(written([tmp_path])) == []


def test_a_worker_waits_for_a_server_that_comes_back(
    tmp_path: Path, own_server: Callable[..., RedisServer], caplog: pytest.LogCaptureFixture
) -> None:
    server = own_server("--appendonly", "yes", "--appendfsync", "always")
    worker = Worker(tmp_path / "out", server, patience=60.0)
    newsroom = Newsroom()
    worker.process(newsroom.article(1, story(1)))
    worker.store.commit()
    server.kill()
    back = threading.Timer(0.3, server.start)
    back.start()
    worker.process(newsroom.article(2, story(2)))
    worker.finish()
    back.join()
    assert len(list(written([tmp_path / "out"]))) == 2
    told = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert [" is gone " in told[0], " is back after " in told[-1]] == [True, True]


def test_a_worker_gives_up_a_server_that_stays_away(
    tmp_path: Path, own_server: Callable[..., RedisServer]
) -> None:
    server = own_server()
    worker = Worker(tmp_path / "out", server, patience=0.2)
    server.kill()
    begun = time.monotonic()
    with pytest.raises(UnreachableError):
        worker.store.frontier.claim("file:a")
    assert time.monotonic() - begun < 10
    worker.store.abandon()


def test_a_flushed_script_cache_is_filled_again(tmp_path: Path, redis_server: RedisServer) -> None:
    worker = Worker(tmp_path, redis_server)
    with redis_server.client as client:
        client.script_flush()
    worker.process(Newsroom().article(1, story(1)))
    worker.finish()
    assert len(list(written([tmp_path]))) == 1


def test_everything_that_changes_together_lies_in_one_slot_of_a_cluster(
    tmp_path: Path, own_server: Callable[..., RedisServer]
) -> None:
    server = own_server("--cluster-enabled", "yes")
    with server.client as client:
        ask: Any = client.execute_command
        ask("CLUSTER", "ADDSLOTS", *range(16384))
        _wait_for_cluster(client)
        worker = Worker(tmp_path / "out", server, keep_days=1, seen_days=1)
        worker.store.frontier.add([task(1), task(2)])
        worker.take()
        for number in (1, 2):
            worker.process(Newsroom().article(number, story(number)))
        worker.finish()
        names = client.keys()
    assert {name.partition(b"}")[0] for name in names} == {b"{fp", b"{fp01", b"{fp02"}
    assert len(list(written([tmp_path / "out"]))) == 2


def _wait_for_cluster(client: redis.Redis) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            client.get("{fp}")
        except redis.exceptions.ClusterDownError:
            time.sleep(0.05)
        else:
            return


# --- retirement -----------------------------------------------------------------------------------


def test_a_retired_workers_pages_and_records_go_to_another(
    tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, heir = (Worker(tmp_path / name, redis_server, lease=0.3) for name in ("gone", "heir"))
    newsroom = Newsroom()
    gone.store.frontier.add([task(number) for number in (1, 2, 3)])
    assert len(gone.take()) == 3
    gone.process(newsroom.article(1, story(1)))
    monkeypatch.setattr(gone.store, "_write", _die)
    with pytest.raises(SystemExit):
        gone.store.commit()
    gone.store.abandon()
    monkeypatch.undo()
    time.sleep(0.4)
    server = Server(redis_server.url, patience=0.0)
    server.open(20)
    assert retire(server, gone.store.worker, heir.store.worker) == 1
    facts = read_fleet(server)
    assert [(worker.name, worker.unwritten) for worker in facts.workers] == [(heir.store.worker, 1)]
    assert sorted(one.url for one in heir.take()) == [task(2).url, task(3).url]
    for number in (2, 3):
        heir.process(newsroom.article(number, story(number)))
    heir.finish()
    ids = [record["id"] for _, record in written([tmp_path / "gone", tmp_path / "heir"])]
    assert sorted(ids) == [f"{number:016x}" for number in (1, 2, 3)]
    assert read_fleet(server).workers[0].unwritten == 0
    server.close()
    with pytest.raises(RetiredError):
        Worker(tmp_path / "gone", redis_server)


def _die(*_: object) -> int:
    raise SystemExit


@pytest.mark.parametrize(
    ("gone", "heir", "sentence"),
    [
        ("one", "nobody", "there is no worker nobody"),
        ("nobody", "one", "there is no worker nobody"),
        ("one", "one", "there is no worker"),
        ("one", "two", "is it alive"),
    ],
)
def test_who_cannot_be_retired_is_left_as_it_is(
    tmp_path: Path, redis_server: RedisServer, gone: str, heir: str, sentence: str
) -> None:
    workers = {name: Worker(tmp_path / name, redis_server) for name in ("one", "two")}
    workers["one"].store.frontier.add([task(1)])
    workers["one"].take()
    names = {name: worker.store.worker for name, worker in workers.items()}
    server = Server(redis_server.url, patience=0.0)
    server.open(20)
    with pytest.raises(RetirementError, match=sentence):
        retire(server, names.get(gone, gone), names.get(heir, heir))
    server.close()
    for worker in workers.values():
        worker.finish()


def test_the_fleet_command_names_workers_and_what_they_take(
    tmp_path: Path, redis_server: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    worker = Worker(tmp_path, redis_server)
    worker.process(Newsroom().article(1, story(1)))
    worker.finish()
    where = {"REDIS_URL": redis_server.url, "OUTPUT_DIR": str(tmp_path)}
    assert run(Fleet(), "status", **where) == 0
    told = capsys.readouterr().out
    assert worker.store.worker in told
    assert "on the server, 1 documents" in told
    assert run(Fleet(), "status", "--json", **where) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 1
    assert run(Status(), **where) == 0
    assert "on the server, 1 documents" in capsys.readouterr().out
    assert run(Fleet(), "retire", "nobody", **where) == 2
    assert run(Fleet(), "retire", "nobody", "--to", worker.store.worker, **where) == 1
    assert "there is no worker nobody" in capsys.readouterr().err
    assert run(Fleet(), "status", REDIS_URL="redis://127.0.0.1:1") == 75
    assert run(Fleet(), "status", REDIS_URL="") == 2
