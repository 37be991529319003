"""What every frontier promises a crawl: the embedded one, and one that a fleet shares."""

from __future__ import annotations

from math import inf

import pytest

from pipelines.store.outcome import Outcome
from tests.fleet.contract import PATH, Clock, Opener, article, book, feed, finish, lines


def test_a_candidate_is_handed_out_once_and_known_for_ever(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    tasks = [article(1), article(2)]
    assert store.frontier.add([*tasks, article(1)]) == 2
    assert list(store.frontier.hosts()) == ["a.test"]
    assert store.frontier.take("a.test", 5) == tasks[::-1]
    assert store.frontier.take("a.test", 5) == []
    assert store.frontier.taken_up == 2
    book(store, *tasks)
    finish(store)
    assert len(lines(store)) == 2
    store = open_store("r2")
    store.frontier.begin(None)
    assert store.frontier.add([article(1)]) == 0
    assert store.frontier.pending() == 0
    assert not store.frontier.unfinished()
    finish(store)


def test_what_was_announced_is_answered_as_what_was_not(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1)])
    store.frontier.expect([article(1), article(2), article(2)])
    assert [store.frontier.add([article(n)]) for n in (1, 2, 2, 3)] == [0, 1, 0, 1]
    assert [task.url[-1] for task in store.frontier.take("a.test", 5)] == ["3", "2", "1"]
    finish(store)


def test_what_a_dead_run_had_in_hand_waits_again_in_its_place(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1), article(2), article(3)])
    store.frontier.ask(feed())
    store.commit()
    store.frontier.take("a.test", 3)
    store.commit()
    store.abandon()
    store = open_store("r2")
    store.frontier.begin(["a.test"])
    assert store.frontier.taken_up == 3
    taken = [task.url for task in store.frontier.take("a.test", 8)]
    assert taken == [feed().url, *(article(n).url for n in (3, 2, 1))]
    store.abandon()


def test_only_the_sites_of_this_run_are_handed_out(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(["a.test"])
    store.frontier.add([article(1), article(1, "b.test")])
    assert store.frontier.take("b.test", 5) == []
    assert store.frontier.pending() == 1
    store.abandon()


def test_lists_get_a_quarter_of_what_is_handed_out(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add(article(n) for n in range(6))
    for name in ("one", "two", "three"):
        store.frontier.ask(feed(name))
    kinds = [task.kind for task in store.frontier.take("a.test", 4)]
    assert kinds == ["feed", "article", "article", "article"]
    store.abandon()


def test_a_list_keeps_its_memo_and_is_asked_again(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    task = feed()
    assert store.frontier.add([task]) == 1
    assert store.frontier.add([task]) == 0
    assert store.frontier.take("a.test", 4) == [task]
    task.memo = {"etag": "x", "names": [1, 2], "问": None}
    store.frontier.finish(task)
    assert store.frontier.control_tasks("a.test") == [task]
    assert store.frontier.take("a.test", 4) == []
    store.frontier.ask(task)
    assert store.frontier.take("a.test", 4) == [task]
    finish(store)


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        (0.0, 0.0, False),
        (0.0, 5.0, False),
        (0.0, 4e9, True),
        (5.0, 5.0, False),
        (5.0, 6.0, True),
        (5.0, 4.0, False),
    ],
    ids=["never dated", "older than our fetch", "newer than our fetch", "same", "later", "earlier"],
)
@pytest.mark.parametrize("announced", [False, True])
def test_an_article_is_fetched_again_when_its_listing_says_that_it_changed(
    open_store: Opener, first: float, second: float, again: bool, announced: bool
) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1, at=first)])
    store.frontier.take("a.test", 1)
    book(store, article(1))
    store.commit()
    changed = article(1, at=second)
    if announced:
        store.frontier.expect([changed])
        assert store.frontier.add([changed]) == 0
    assert store.frontier.update(changed) is again
    assert len(store.frontier.take("a.test", 1)) == again
    store.abandon()


def test_a_failed_candidate_is_taken_up_again_later_but_not_for_ever(
    open_store: Opener, clock: Clock
) -> None:
    taken = []
    for run in range(5):
        store = open_store(f"r{run}")
        store.frontier.begin(None)
        store.frontier.add([article(1)])
        tasks = store.frontier.take("a.test", 5)
        taken.append(len(tasks))
        for task in tasks:
            store.book(Outcome(task.key, "a.test", "failed", "timeout", retry=True))
        finish(store)
        clock.moved += 1000
    assert taken == [1, 1, 1, 0, 0]


def test_what_was_out_of_range_is_taken_up_by_a_run_that_wants_it(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1)])
    store.frontier.take("a.test", 5)
    key = article(1).key
    store.book(Outcome(key, "a.test", "rejected", "out_of_range", dated=1000.0))
    finish(store)
    found = []
    for bounds in ((2000.0, inf), (-inf, 500.0), (500.0, 2000.0)):
        store = open_store(f"r{bounds[0]}")
        store.frontier.begin(None, bounds)
        found.append(len(store.frontier.take("a.test", 5)) if any(store.frontier.hosts()) else 0)
        store.abandon()
    assert found == [0, 0, 1]


def test_a_document_at_hand_is_claimed_until_it_has_its_outcome(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin([])
    assert store.frontier.claim("file:a 1")
    assert store.frontier.pending() == 1
    store.commit()
    store.abandon()
    store = open_store("r2")
    store.frontier.begin([])
    assert store.frontier.claim("file:a 1")
    store.book(Outcome("file:a 1", "file", "article", None, PATH, b'{"url": "file:a"}\n'))
    store.commit()
    assert not store.frontier.claim("file:a 1")
    assert store.frontier.pending() == 0
    store.close()
    assert len(lines(store)) == 1


def test_a_file_is_ours_to_read_in_every_run(open_store: Opener) -> None:
    for run in ("r1", "r2"):
        store = open_store(run)
        store.frontier.begin([])
        assert store.frontier.start_file("/a.warc") == "ours"
        store.frontier.claim(f"file:a {run}")
        store.frontier.end_file("/a.warc")
        store.book(Outcome(f"file:a {run}", "file", "rejected", "empty"))
        finish(store)
