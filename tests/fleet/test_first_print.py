"""First prints over a fleet: whoever commits first has it, also where two do at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.fleet.redis_server import RedisServer
from tests.fleet.texts import story
from tests.fleet.workers import Newsroom, Worker, written

BRIEF, LONG = 40, 300


def race(tmp_path: Path, server: RedisServer, rounds: int) -> None:
    """Let two workers judge an original and its copy before either commits."""
    folders = [tmp_path / "one", tmp_path / "two"]
    both = Barrier(2)

    def run(place: int) -> None:
        worker, newsroom = Worker(folders[place], server), Newsroom()
        for number in range(rounds):
            body = story(number, BRIEF if number % 2 else LONG)
            if place and number % 4 == 0:  # a copy that was edited, of a long one
                body = body[:-8] + story(rounds + number, 3)
            article = newsroom.article(2 * number + place, body)
            both.wait(60)
            worker.process(article)
            both.wait(60)
            worker.store.commit()
        worker.finish()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, (0, 1)))
    records = list(written(folders))
    kept = {record["id"] for kind, record in records if kind == "articles"}
    reposts = {record["id"]: record for kind, record in records if kind == "reposts"}
    assert len(records) == len(kept) + len(reposts) == 2 * rounds
    for number in range(rounds):
        pair = {f"{2 * number:016x}", f"{2 * number + 1:016x}"}
        assert len(pair & kept) == 1, f"round {number} kept {pair & kept}"
        (repost,) = pair - kept
        assert {reposts[repost]["repost_of"]} == pair & kept


def test_two_workers_that_race_keep_exactly_one_of_original_and_copy(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    race(tmp_path, redis_server, 24)


@pytest.mark.soak
def test_two_workers_that_race_a_thousand_times_keep_exactly_one_of_each(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    race(tmp_path, redis_server, 1000)


def test_a_chain_that_was_judged_too_early_is_judged_again_as_a_whole(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    one, two = (Worker(folder, redis_server) for folder in folders)
    newsroom = Newsroom()
    for number in (1, 2, 3):
        one.process(newsroom.article(number, story(7)))
    two.process(newsroom.article(9, story(7)))
    two.finish()
    one.finish()
    told = {record["id"]: record.get("repost_of") for _, record in written(folders)}
    first = f"{9:016x}"
    assert told == {first: None} | {f"{number:016x}": first for number in (1, 2, 3)}


def test_copies_within_one_batch_are_committed_without_a_second_judgement(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    worker = Worker(tmp_path, redis_server)
    newsroom = Newsroom()
    for number in (1, 2, 3):
        worker.process(newsroom.article(number, story(7, BRIEF)))
    before = worker.store.round_trips
    worker.store.commit()
    # The decision, the acknowledgement, the shelf (two), and the lease.
    assert worker.store.round_trips - before <= 5
    worker.finish()


def test_two_workers_with_changed_texts_of_one_article_give_them_two_numbers(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    workers = [Worker(folder, redis_server) for folder in folders]
    newsroom = Newsroom()
    for place, worker in enumerate(workers):
        article = newsroom.article(1, story(place))
        article.candidate += f"?{place}"
        article.text_digest = b"%016d" % place
        worker.process(article)
    for worker in workers:
        worker.finish()
    assert sorted(record["version"] for _, record in written(folders)) == [1, 2]


def test_the_same_text_of_one_article_from_two_workers_is_written_once(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    workers = [Worker(folder, redis_server) for folder in folders]
    newsroom = Newsroom()
    for place, worker in enumerate(workers):
        article = newsroom.article(1, story(1))
        article.candidate += f"?{place}"
        worker.process(article)
    for worker in workers:
        worker.finish()
    assert len(list(written(folders))) == 1
    assert [worker.store.outcomes.total() for worker in workers] == [1, 1]
