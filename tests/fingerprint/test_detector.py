"""What the detector promises whatever the index and the order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.fingerprint.detector import Candidates, Detector, Document, Known
from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.index import Entry, MemoryIndex
from pipelines.fingerprint.sketch import SHINGLES, choose_keys
from pipelines.fingerprint.verification import Policy
from tests.fingerprint.stories import BRIEF, HARBOUR, ROOF, WEATHER, invented


@pytest.fixture
def detector(fingerprinter: Fingerprinter) -> Detector:
    return Detector(MemoryIndex(), fingerprinter=fingerprinter)


def keep(detector: Detector, name: str, text: str) -> str | None:
    document = Document(name, detector.fingerprint(text), f"https://{name}.example/")
    verdict = detector.judge(document)
    detector.add(document, verdict)
    return verdict.first_print.id if verdict.first_print else None


def test_versions_of_one_id_are_not_compared(detector: Detector) -> None:
    assert keep(detector, "a", ROOF) is None
    assert keep(detector, "a", ROOF + BRIEF) is None
    assert keep(detector, "b", ROOF + BRIEF) == "a"


def test_an_article_is_no_repost_of_its_own_repost(detector: Detector) -> None:
    keep(detector, "a", ROOF)
    assert keep(detector, "b", ROOF) == "a"
    assert keep(detector, "a", ROOF + "\n更正：数字有误。") is None


def test_a_repost_of_a_repost_names_the_first_print(detector: Detector) -> None:
    keep(detector, "a", ROOF)
    assert keep(detector, "b", WEATHER + ROOF) == "a"
    assert keep(detector, "c", WEATHER + ROOF) == "a"


def test_the_second_story_of_a_merged_page_is_not_taken_for_the_first(detector: Detector) -> None:
    keep(detector, "a", ROOF)
    assert keep(detector, "b", ROOF + HARBOUR) == "a"
    assert keep(detector, "c", HARBOUR) is None


def test_empty_texts_are_all_kept(detector: Detector) -> None:
    assert [keep(detector, str(n), "") for n in range(5)] == [None] * 5


def test_the_url_of_the_first_print_travels_along(detector: Detector) -> None:
    keep(detector, "a", ROOF)
    document = Document("b", detector.fingerprint(ROOF))
    first = detector.judge(document).first_print
    assert first is not None
    assert first.url == "https://a.example/"
    assert (first.similarity, first.containment, first.hamming_distance) == (1.0, 1.0, 0)


def test_judging_changes_nothing(detector: Detector) -> None:
    keep(detector, "a", ROOF)
    document = Document("b", detector.fingerprint(ROOF))
    assert detector.judge(document) == detector.judge(document)


@settings(max_examples=25, deadline=None)
@given(st.permutations([ROOF, BRIEF, WEATHER, HARBOUR]), st.integers(0, 3))
def test_a_copy_is_found_wherever_its_original_stands(
    fingerprinter: Fingerprinter, order: list[str], which: int
) -> None:
    detector = Detector(MemoryIndex(), fingerprinter=fingerprinter)
    for number, text in enumerate(order):
        assert keep(detector, str(number), text) is None
    assert keep(detector, "copy", order[which] + "（完）") == str(which)


@pytest.mark.parametrize("seed", range(4))
def test_candidates_find_what_comparing_with_everything_finds(
    fingerprinter: Fingerprinter, seed: int
) -> None:
    documents = invented(fingerprinter, 120, seed)
    index = MemoryIndex()
    detector = Detector(index, fingerprinter=fingerprinter)
    for number, document in enumerate(documents, 1):
        verdict = detector.judge(document)
        nothing = np.empty(0, np.uint32)
        known = Known(index, nothing, np.empty(0, np.int64))
        everything = Candidates(list(range(1, number)), verdict.indexed, known)
        assert verdict.kept == detector.judge_among(document, everything).kept
        detector.add(document, verdict)


def test_lookup_equals_a_scan_of_all_keys(fingerprinter: Fingerprinter) -> None:
    index = MemoryIndex()
    documents = invented(fingerprinter, 60, seed=9)
    for document in documents:
        keys = document.fingerprint.shingles[:SHINGLES]
        mask = choose_keys(index.lookup(keys).lengths(len(keys)), 40)
        index.add(Entry(document.id, None, 0, document.fingerprint.sketch(mask)))
    asked = documents[0].fingerprint.shingles[:SHINGLES]
    expected = {
        (place, number)
        for place, key in enumerate(asked.tolist())
        for number, entry in index.entries.items()
        if key in entry.sketch.keys
    }
    found = index.lookup(asked)
    assert set(zip(found.which.tolist(), found.documents.tolist(), strict=True)) == expected


def test_an_empty_index_leads_nowhere() -> None:
    found = MemoryIndex().lookup(np.array([1, 2], np.uint32))
    assert found.lengths(2).tolist() == [0, 0]


def test_the_shipped_limits_are_shares_and_lengths() -> None:
    policy = Policy.load()
    assert 0 < policy.old_share <= policy.short_share < policy.far_share < 1
    assert policy.shortest < 1 < policy.longest
