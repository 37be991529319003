"""What every store promises a crawl: the embedded one, and one that a fleet shares."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from pathlib import Path

import numpy as np
import pytest

from crawler.items import Listing, Task
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Text
from pipelines.fingerprint.index import Index, MemoryIndex
from pipelines.store.interfaces import CrawlStore
from pipelines.store.lock import FolderLockedError
from pipelines.store.outcome import Outcome
from pipelines.store.shared.store import FleetSettings, SharedStore
from pipelines.store.store import Store
from tests.fleet.redis_server import RedisServer
from tests.fleet.texts import fingerprinter, variants

PATH = "articles/2030-01-01.jsonl"
Opener = Callable[[str], CrawlStore]


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["embedded", "shared"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Opener:
    if request.param == "embedded":
        return lambda run: Store.open(tmp_path, run, clock=clock)
    server: RedisServer = request.getfixturevalue("redis_server")
    return lambda run: SharedStore.open(tmp_path, run, FleetSettings(server.url), clock)


def article(number: int, host: str = "a.test", **values: float) -> Task:
    url = f"https://{host}/{number}"
    listing = Listing(headline=f"第{number}条")
    return Task("article", url, url, host, host, number, 1, listing, modified=values.get("at", 0.0))


def feed(name: str = "feed", host: str = "a.test") -> Task:
    url = f"https://{host}/{name}"
    return Task("feed", url, url, host, host, priority=3.0, memo={"front": True})


def book(store: CrawlStore, *tasks: Task, outcome: str = "article") -> None:
    for task in tasks:
        line = b'{"url": "%s"}\n' % task.url.encode()
        store.book(Outcome(task.key, task.site, outcome, None, PATH, line))  # type: ignore[arg-type]


def finish(store: CrawlStore) -> None:
    """End a run as `crawler.assembly.run_result` does."""
    store.commit()
    store.close()


def lines(store: CrawlStore) -> list[bytes]:
    file = store.folder / PATH
    return file.read_bytes().splitlines(keepends=True) if file.exists() else []


# --- the frontier ---------------------------------------------------------------------------------


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


# --- outcomes -------------------------------------------------------------------------------------


def test_an_uncommitted_outcome_leaves_no_line_and_its_candidate_undone(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1)])
    store.commit()
    store.frontier.take("a.test", 1)
    book(store, article(1))
    assert store.uncommitted == 1
    store.abandon()
    store = open_store("r2")
    store.frontier.begin(None)
    assert store.frontier.pending() == 1
    finish(store)
    assert lines(store) == []


def test_lines_that_could_not_be_appended_are_written_by_the_next_run(
    open_store: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn_append(path: Path, data: bytes, *, at: int) -> int:
        with path.open("ab") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    store = open_store("r1")
    store.frontier.begin(None)
    book(store, article(1))
    store.commit()
    monkeypatch.setattr("pipelines.store.store.append", torn_append)
    book(store, article(2), article(3))
    with pytest.raises(OSError, match="No space"):
        store.commit()
    store.abandon()
    monkeypatch.undo()
    finish(open_store("r2"))
    assert [line[-4:] for line in lines(store)] == [b'1"}\n', b'2"}\n', b'3"}\n']


def test_the_second_writer_of_a_folder_is_turned_away(open_store: Opener) -> None:
    first = open_store("first-run")
    with pytest.raises(FolderLockedError, match="first-run"):
        open_store("second-run")
    finish(first)
    finish(open_store("third-run"))


def test_outcomes_are_counted_when_they_are_durable(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1), article(2)])
    store.frontier.take("a.test", 2)
    book(store, article(1))
    assert not store.outcomes
    store.commit()
    assert store.outcomes == {"article": 1}
    assert store.outcomes_by_site == {"a.test": {"article": 1}}
    assert store.has_articles("a.test")
    assert store.frontier.pending() == 1
    assert store.candidates(1) == 2
    finish(store)


def test_a_changed_article_gets_the_next_number_and_the_same_text_none(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    numbers = []
    for place, text in enumerate((b"a", b"a", b"b", b"b", b"c")):
        number = store.next_version("0123456789abcdef", text)
        numbers.append(number)
        if number is not None:
            version = ("0123456789abcdef", number, text)
            store.book(Outcome(f"k{place}", "a.test", "article", version=version))
        if place == 2:
            store.commit()
    assert numbers == [1, None, 2, None, 3]
    finish(store)


# --- what is known of sites -----------------------------------------------------------------------


def test_robots_txt_is_recalled_with_its_age(open_store: Opener, clock: Clock) -> None:
    store = open_store("r1")
    where = "https://a.test/robots.txt"
    assert store.robots.recall(where) is None
    store.robots.remember(where, 200, b"Disallow: /\xff")
    store.commit()
    clock.moved += 50
    status, body, age = store.robots.recall(where)
    assert (status, body) == (200, b"Disallow: /\xff")
    assert age == pytest.approx(50, abs=5)
    finish(store)


def test_a_sites_template_is_remembered_from_the_next_commit_on(open_store: Opener) -> None:
    store = open_store("r1")
    assert store.site_memory("甲") is None
    store.remember_site("甲", b"\x00state")
    assert store.site_memory("甲") == b"\x00state"
    finish(store)
    store = open_store("r2")
    assert store.site_memory("甲") == b"\x00state"
    finish(store)


# --- fingerprints ---------------------------------------------------------------------------------


def judge(index: Index, texts: list[str], commit: Callable[[int, str], None]) -> list[str | None]:
    detector = Detector(index, fingerprinter=fingerprinter())
    found: list[str | None] = []
    for number, text in enumerate(texts):
        id_ = f"{number:016x}"
        print_ = detector.fingerprints([Text(text)])[0]
        verdict = detector.judge(Document(id_, print_, f"https://a.test/{number}"))
        detector.add(Document(id_, print_, f"https://a.test/{number}"), verdict, 20_000.0)
        found.append(verdict.first_print.id if verdict.first_print else None)
        commit(number, id_)
    return found


@pytest.mark.parametrize("batch", [1, 7])
def test_the_index_judges_as_one_in_memory_does(open_store: Opener, batch: int) -> None:
    texts = variants(40)
    expected = judge(MemoryIndex(), texts, lambda *_: None)
    assert len([one for one in expected if one]) > 20, "texts without copies prove nothing"
    store = open_store("r1")
    store.frontier.begin(None)

    def commit(number: int, id_: str) -> None:
        version = (id_, 1, b"%016d" % number)
        store.book(Outcome(f"k{number}", "a.test", "article", version=version))
        if number % batch == 0:
            store.commit()

    assert judge(store.fingerprints, texts, commit) == expected
    finish(store)


def test_documents_are_found_by_their_keys_and_simhash_after_the_next_run(
    open_store: Opener,
) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    texts = variants(8)

    def commit(number: int, id_: str) -> None:
        store.book(Outcome(f"k{number}", "a.test", "article", version=(id_, 1, b"%016d" % number)))

    judge(store.fingerprints, texts, commit)
    finish(store)
    store = open_store("r2")
    print_ = fingerprinter().one(texts[0])
    sketch = print_.sketch()
    postings = store.fingerprints.lookup(sketch.shingles)
    assert 1 in postings.documents
    assert 1 in store.fingerprints.near(print_.simhash)
    entry = store.fingerprints.fetch([1, 999])[1]
    assert (entry.id, entry.url, entry.first) == (f"{0:016x}", "https://a.test/0", 1)
    assert np.array_equal(entry.sketch.shingles, sketch.shingles)
    finish(store)
