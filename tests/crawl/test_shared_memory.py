"""The memory in which pages lie for a worker: nothing is overwritten, and little is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.workers.shared_memory import Region, SharedMemory, memory_file, read

# What a run does: lay down so many bytes, or free the held region of this index.
_STEPS = st.lists(st.one_of(st.integers(0, 1000), st.tuples(st.integers(0, 20))), max_size=60)


@contextmanager
def memory(kept: int = SharedMemory.KEPT) -> Iterator[SharedMemory]:
    made = SharedMemory(kept)
    try:
        yield made
    finally:
        made.close()


@given(_STEPS, st.integers(0, 2000))
def test_what_is_held_stays_as_it_is_and_the_rest_is_given_back(
    steps: list[int | tuple[int]], kept: int
) -> None:
    held: list[tuple[Region, bytes]] = []
    most = largest = 0
    with memory(kept) as shared:
        for number, step in enumerate(steps):
            if isinstance(step, int):
                content = bytes([number]) * step
                held.append((shared.put(content), content))
                most, largest = max(most, len(held)), max(largest, step)
            elif held:
                region, _ = held.pop(step[0] % len(held))
                shared.free(region)
            for region, content in held:
                assert read(shared.fileno(), region) == content
            end = max((region.end for region, _ in held), default=0)
            assert os.fstat(shared.fileno()).st_size <= max(end, kept)
            assert end <= 2 * most * largest


def test_pages_that_come_and_go_use_the_same_memory() -> None:
    with memory() as shared:
        held: list[Region] = []
        for number in range(1000):
            held.append(shared.put(bytes(130_000 + number)))
            if len(held) == 8:
                shared.free(held.pop(0))
        assert os.fstat(shared.fileno()).st_size < 9 * 131_000


def test_what_a_large_page_took_goes_back_to_the_system() -> None:
    with memory() as shared:
        large = shared.put(bytes(10 << 20))
        small = shared.put(b"small")
        shared.free(large)
        assert read(shared.fileno(), small) == b"small"
        shared.free(small)
        status = os.fstat(shared.fileno())
        assert (status.st_size, status.st_blocks * 512) == (shared.KEPT, shared.KEPT)


def test_a_system_without_files_in_memory_has_temporary_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    with memory_file() as file:
        assert os.fstat(file.fileno()).st_nlink == 0
    with memory() as shared:
        assert read(shared.fileno(), shared.put(b"a page")) == b"a page"
