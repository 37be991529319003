"""A site's memory is bounded, survives as bytes, and two workers' memories add up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article.story.site_memory import SiteMemory, SiteMemoryError

BODIES = st.lists(st.lists(st.text(max_size=70), min_size=1, max_size=8), max_size=30)


def filled(pages: int, mark: str = "") -> SiteMemory:
    memory = SiteMemory()
    for number in range(pages):
        memory.observe([f"{mark}{number}:{line}行" for line in range(50)] + ["晨港在线为你读报"])
    return memory


def test_state_stays_below_64_kilobytes_whatever_was_seen() -> None:
    assert len(filled(1_000).to_bytes()) < 64 * 1024


@settings(max_examples=60, deadline=None)
@given(bodies=BODIES)
def test_bytes_bring_back_the_same_memory(bodies: list[list[str]]) -> None:
    memory = SiteMemory()
    for body in bodies:
        memory.observe(body)
    data = memory.to_bytes()
    again = SiteMemory.from_bytes(data)
    assert again.to_bytes() == data
    for body in bodies:
        assert again.repeats(body) == memory.repeats(body)
        assert not again.observe(body) or not any(body), "a reprint stays a reprint"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:0], id="empty"),
        pytest.param(lambda data: b"FPSM\x63" + data[5:], id="other-version"),
        pytest.param(lambda data: data[:-1], id="cut"),
        pytest.param(lambda data: data[:5], id="cut behind the version"),
        pytest.param(lambda data: data[:5] + bytes(4), id="the checksum of nothing"),
        pytest.param(lambda data: data[:40] + b"\xff" + data[41:], id="flipped"),
    ],
)
def test_damaged_bytes_are_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(SiteMemoryError):
        SiteMemory.from_bytes(damage(filled(3).to_bytes()))


def test_two_workers_know_together_what_neither_knows_alone() -> None:
    one, two = filled(5, "a"), filled(5, "b")
    line = "晨港在线为你读报"
    assert not one.is_template(line)
    assert not two.is_template(line)
    assert one.merged(two).is_template(line)


def test_merging_is_the_same_in_both_directions_and_changes_neither() -> None:
    one, two = filled(5, "a"), filled(7, "b")
    before = one.to_bytes(), two.to_bytes()
    there, back = one.merged(two), two.merged(one)
    assert there.pages == back.pages == 12
    assert there.score("晨港在线为你读报") == pytest.approx(back.score("晨港在线为你读报"))
    assert (one.to_bytes(), two.to_bytes()) == before


def test_a_merged_memory_is_bounded_too() -> None:
    assert len(filled(300, "a").merged(filled(300, "b")).to_bytes()) < 64 * 1024
