"""When a list is asked again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.freshness import (
    FIRST_INTERVAL,
    LONGEST,
    LONGEST_REST,
    SHORTEST,
    Freshness,
)

NOW = datetime(2024, 5, 3, 8, 30, tzinfo=UTC)


def test_what_was_never_asked_is_due() -> None:
    assert Freshness().due(NOW)
    assert not Freshness().resting(NOW)


def test_news_shorten_the_interval_and_silence_lengthens_it() -> None:
    assert Freshness().after(NOW, 3).interval < FIRST_INTERVAL
    assert Freshness().after(NOW, 0).interval > FIRST_INTERVAL
    assert Freshness().after(NOW, 3).news == NOW
    assert Freshness().after(NOW, 0).news is None


@pytest.mark.parametrize(("new", "bound"), [(1, SHORTEST), (0, LONGEST)])
def test_the_interval_is_bounded(new: int, bound: float) -> None:
    freshness = Freshness()
    for _ in range(100):
        freshness = freshness.after(NOW, new)
    assert freshness.interval == bound


def test_it_is_due_when_the_interval_is_over_and_not_before() -> None:
    freshness = Freshness().after(NOW, 0)
    assert not freshness.due(NOW)
    assert not freshness.due(NOW + timedelta(seconds=freshness.interval / 2))
    assert freshness.due(NOW + timedelta(seconds=freshness.interval))


def test_cron_may_come_a_little_early() -> None:
    freshness = Freshness(interval=300.0, asked=NOW)
    assert freshness.due(NOW + timedelta(seconds=285))


def test_a_dead_list_rests_ever_longer_and_is_tried_again() -> None:
    freshness, now, waits = Freshness(), NOW, []
    for _ in range(20):
        freshness = freshness.after(now, failed=True)
        due_at = freshness.due_at()
        assert due_at is not None
        waits.append((due_at - now).total_seconds())
        now = due_at
        assert freshness.due(now)
    assert waits == sorted(waits)
    assert waits[-1] <= LONGEST_REST
    assert freshness.resting(now - timedelta(seconds=60))
    assert freshness.after(now, 1).failures == 0


def test_two_failures_do_not_silence_a_run_by_hand() -> None:
    freshness = Freshness().after(NOW, failed=True).after(NOW, failed=True)
    assert not freshness.resting(NOW)


def test_a_clock_that_was_set_back_does_not_silence_a_list() -> None:
    assert Freshness().after(NOW, 0).due(NOW - timedelta(days=300))


def test_validators_are_kept_and_sent() -> None:
    freshness = Freshness().after(NOW, 1, etag='"a"', last_modified="Fri, 03 May 2024 08:30:00 GMT")
    assert freshness.conditions() == {
        "If-None-Match": '"a"',
        "If-Modified-Since": "Fri, 03 May 2024 08:30:00 GMT",
    }
    assert freshness.after(NOW, 0, unchanged=True).etag == '"a"'
    assert freshness.after(NOW, failed=True).etag == '"a"'
    assert freshness.after(NOW, 0).conditions() == {}


def askings(freshness: Freshness, contents: str, tags: str, dates: str = "") -> str:
    """How each asking went: C conditional, U unconditional. A server compares tags alone."""
    asked = ""
    for content, tag, date in zip(contents, tags, dates or tags, strict=True):
        conditional = freshness.conditions().get("If-None-Match")
        asked += "C" if conditional else "U"
        unchanged = conditional == tag
        freshness = freshness.after(
            NOW, 0, unchanged=unchanged, etag=tag, last_modified=date, digest=content
        )
    return asked


def test_an_honest_server_is_believed_twice_as_long_each_time_it_is_checked() -> None:
    asked = askings(Freshness(), "a" + "b" * 20, "1" + "2" * 20)
    assert asked == "UC" + "CUCCUCCCCUCCCCCCCCU"


def test_a_tag_that_was_never_seen_to_change_is_believed_once_however_long_it_is_quiet() -> None:
    assert askings(Freshness(), "a" * 9 + "bcdef", "1" * 14) == "UCUCUCUCU" + "CUUUU"


def test_a_date_that_changes_proves_nothing_beside_a_tag_that_does_not() -> None:
    assert askings(Freshness(), "aabcdef", "1111111", "1234567") == "UCUUUUU"


def test_trust_of_a_memory_that_knows_no_proof_is_that_of_the_beginning() -> None:
    assert Freshness.from_json({"trust": 8}).trust == 1
    assert Freshness.from_json({"trust": 8, "proved": True}).trust == 8


def test_two_answers_unchanged_in_a_row_are_not_believed_at_first() -> None:
    """A feed that keeps one ETag while it changes is found out at the second asking after."""
    assert askings(Freshness(), "aabbcdef", "11111111") == "UCUUUUUU"


def test_a_server_whose_tag_changes_with_its_content_stays_trusted() -> None:
    assert askings(Freshness(), "abcdef", "123456") == "UCCCCC"


@pytest.mark.parametrize(
    "data",
    [None, 3, "x", [], {}, {"interval": -1, "asked": "soon", "failures": "x", "etag": 3},
     {"interval": True, "etag": 'a"\r\nHost: evil.example'}],
)  # fmt: skip
def test_damaged_memory_counts_as_never_asked(data: object) -> None:
    assert Freshness.from_json(data) == Freshness()


steps = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans(), st.integers(0, 10**6)))


@given(steps)
def test_it_always_becomes_due_again_and_survives_json(
    taken: list[tuple[int, bool, bool, int]],
) -> None:
    freshness, now = Freshness(), NOW
    for new, failed, unchanged, seconds in taken:
        now += timedelta(seconds=seconds)
        freshness = freshness.after(now, new, failed=failed, unchanged=unchanged, etag='"a"')
    assert Freshness.from_json(json.loads(json.dumps(freshness.to_json()))) == freshness
    assert freshness.due(now + timedelta(seconds=LONGEST_REST))
