"""What every store promises a crawl: the embedded one, and one that a fleet shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Text
from pipelines.fingerprint.index import Index, MemoryIndex
from pipelines.store.lock import FolderLockedError
from pipelines.store.outcome import Outcome
from tests.fleet.contract import Clock, Opener, article, book, finish, lines
from tests.fleet.texts import fingerprinter, variants

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


def test_an_article_is_known_once_its_outcome_is_durable(open_store: Opener) -> None:
    store = open_store("r1")
    store.frontier.begin(None)
    store.frontier.add([article(1), article(2), article(3)])
    store.frontier.take("a.test", 2)
    assert not store.frontier.has_article(article(1).key)
    book(store, article(1))
    book(store, article(2), outcome="rejected")
    store.commit()
    known = [store.frontier.has_article(article(n).key) for n in (1, 2, 3, 4)]
    assert known == [True, False, False, False]
    finish(store)
