"""What is too old goes from the server, a little with each commit."""

from __future__ import annotations

import time
from pathlib import Path

from tests.fleet.redis_server import RedisServer
from tests.fleet.texts import story
from tests.fleet.workers import SITE, Newsroom, Worker, task

_DAY = 86_400.0
_DOCUMENTS = 12


class Clock:
    """Seconds since the epoch, moved by hand."""

    moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


def crawl(worker: Worker, newsroom: Newsroom, first: int) -> list[str]:
    """Fetch so many new articles, and the story 0 once more; what became of them."""
    found = []
    for number in range(first, first + _DOCUMENTS):
        worker.store.frontier.add([task(number)])
        (taken,) = worker.take()
        article = newsroom.article(number, story(0 if number == first else number))
        article.candidate = taken.key
        found.append(type(worker.process(article)).__name__)
        worker.store.commit()
    return found


def size(server: RedisServer) -> dict[str, int]:
    """Bytes of postings and of simhash blocks, sketches, candidates, versions."""
    with server.client as client:
        names = client.keys()
        return {
            "postings": sum(client.strlen(name) for name in names if name[:5] == b"{fp}k"),
            "blocks": sum(client.strlen(name) for name in names if name[:5] == b"{fp}b"),
            "sketches": sum(b"}e" in name for name in names),
            "candidates": sum(client.hlen(name) for name in names if name[:5] == b"{fp}c"),
            "versions": sum(client.hlen(name) for name in names if name[:5] == b"{fp}v"),
        }


def test_fingerprints_and_addresses_go_when_their_days_are_over(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    clock, newsroom = Clock(), Newsroom()
    # So few buckets that each is swept within a few documents.
    worker = Worker(
        tmp_path, redis_server, clock=clock, bits=6, keep_days=5, seen_days=20, lease=60.0
    )
    assert crawl(worker, newsroom, 0).count("Repost") == 0
    before = size(redis_server)
    assert before["sketches"] == before["candidates"] == before["versions"] == _DOCUMENTS
    clock.moved += 3 * _DAY
    assert crawl(worker, newsroom, 100)[0] == "Repost"
    clock.moved += 4 * _DAY
    assert crawl(worker, newsroom, 200)[0] == "Repost", "a reprint of the days that are kept"
    worker.store.fingerprints.lookup(newsroom.article(1, story(1)).fingerprint.shingles)
    assert len(worker.store.fingerprints) == 2 * _DOCUMENTS
    assert size(redis_server)["sketches"] == 2 * _DOCUMENTS
    assert size(redis_server)["postings"] < 3 * before["postings"]
    clock.moved += 30 * _DAY
    # The first commit of a day forgets; then nothing is left of the story.
    worker.store.frontier.add([task(299)])
    assert len(worker.take()) == 1
    worker.process(newsroom.article(299, story(299)))
    worker.store.commit()
    assert crawl(worker, newsroom, 300)[0] == "NewsArticle", "all of that is forgotten"
    after = size(redis_server)
    assert after["candidates"] == after["versions"] == after["sketches"] == _DOCUMENTS + 1
    assert after["postings"] <= 1.2 * before["postings"]
    assert worker.store.frontier.add([task(0)]) == 1, "what is forgotten may be fetched again"
    assert worker.take(SITE)
    worker.finish()
