"""One queue a host over all workers; what a silent worker had goes to another."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crawler.items import Task
from pipelines.store.shared.server import Script
from tests.fleet.redis_server import RedisServer
from tests.fleet.texts import story
from tests.fleet.workers import SITE, Newsroom, Worker, task, written

LEASE = 0.4


@pytest.fixture
def pair(tmp_path: Path, redis_server: RedisServer) -> tuple[Worker, Worker]:
    """Two workers of one fleet, with short leases."""
    one, two = (Worker(tmp_path / name, redis_server, lease=LEASE) for name in ("one", "two"))
    return one, two


def test_a_host_is_asked_by_one_worker_at_a_time(pair: tuple[Worker, Worker]) -> None:
    one, two = pair
    one.store.frontier.add([task(number) for number in range(4)])
    assert len(one.take(limit=2)) == 2
    assert two.take() == []
    assert two.store.frontier.unfinished(), "the other may die"
    assert len(one.take(limit=2)) == 2
    for worker in pair:
        worker.finish()


def test_a_lease_lasts_as_long_as_something_is_in_hand(pair: tuple[Worker, Worker]) -> None:
    one, two = pair
    one.store.frontier.add([task(1), task(2)])
    one.take(limit=1)
    until = time.monotonic() + 2 * LEASE
    while time.monotonic() < until:
        one.store.commit()
        time.sleep(LEASE / 8)
    assert two.take() == []
    for worker in pair:
        worker.finish()


def test_a_silent_workers_pages_go_to_another_and_its_late_outcome_is_refused(
    pair: tuple[Worker, Worker], tmp_path: Path
) -> None:
    one, two = pair
    newsroom = Newsroom()
    one.store.frontier.add([task(1)])
    assert len(one.take()) == 1
    time.sleep(LEASE + 0.1)
    assert [taken.url for taken in two.take()] == [task(1).url]
    one.process(newsroom.article(1, story(1)))
    one.store.commit()
    assert (one.store.lost, one.store.outcomes.total()) == (1, 0)
    two.process(newsroom.article(1, story(1)))
    for worker in pair:
        worker.finish()
    assert [kind for kind, _ in written([tmp_path / "one"])] == []
    assert [kind for kind, _ in written([tmp_path / "two"])] == ["articles"]


def test_whoever_takes_a_host_over_waits_as_long_as_it_asked_for(
    pair: tuple[Worker, Worker],
) -> None:
    one, two = pair
    one.store.frontier.add([task(1), task(2)])
    one.take(limit=1)
    one.store.frontier.rest(SITE, 3 * LEASE)
    time.sleep(LEASE + 0.1)
    assert two.take() == []
    time.sleep(2 * LEASE)
    assert len(two.take()) == 2
    for worker in pair:
        worker.finish()


def test_each_worker_takes_its_share_of_the_hosts_and_more_where_nobody_wants_it(
    pair: tuple[Worker, Worker],
) -> None:
    one, two = pair
    hosts = [f"{number}.test" for number in range(4)]
    one.store.frontier.add([task(number, host) for host in hosts for number in (1, 2)])
    assert sum(bool(one.take(host, 1)) for host in hosts) == 2
    one.store.frontier.renew()
    until = time.monotonic() + 2 * LEASE
    while time.monotonic() < until:
        one.store.frontier.renew()
        two.store.frontier.register("is alive, and crawls other sites")
        time.sleep(LEASE / 8)
    assert sum(bool(one.take(host, 1)) for host in hosts[2:]) == 2
    for worker in pair:
        worker.finish()


def test_a_list_that_another_worker_has_just_asked_is_not_asked_again(
    pair: tuple[Worker, Worker],
) -> None:
    one, two = pair
    home = Task("home", f"https://{SITE}/", f"https://{SITE}/", SITE, SITE, priority=4.0)
    one.store.frontier.ask(home)
    assert len(one.take()) == 1
    one.store.frontier.finish(home)
    two.store.frontier.ask(home)
    assert two.take() == []
    one.store.frontier.ask(home)
    assert one.take() == [home]
    for worker in pair:
        worker.finish()


def test_an_outcome_whose_answer_was_lost_is_written_once(
    tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(tmp_path, redis_server)
    newsroom = Newsroom()
    worker.store.frontier.add([task(1), task(2)])
    for taken in worker.take():
        worker.process(newsroom.article(int(taken.url[-1]), story(1)))
    server = worker.store._server
    send = server._send

    def twice(scripts: list[Script]) -> object:
        if scripts[0].name == "commit":
            send(scripts)
        return send(scripts)

    monkeypatch.setattr(server, "_send", twice)
    worker.store.commit()
    monkeypatch.undo()
    assert worker.store.outcomes == {"article": 1, "repost": 1}
    worker.finish()
    assert sorted(kind for kind, _ in written([tmp_path])) == ["articles", "reposts"]
