"""The worker processes: what comes back, what a bad page costs, what is left behind."""

from __future__ import annotations

import asyncio
import errno
import os
import pickle
import platform
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from crawler.items import NewsArticle, Page, PagePart, Rejection
from pipelines.fingerprint.document import Fingerprinter
from pipelines.workers import shared_memory
from pipelines.workers.heap import trim
from pipelines.workers.pool import ExtractionPool
from pipelines.workers.process import OutOfMemoryError, WorkerDiedError
from pipelines.workers.worker import Extracted, ExtractionError

_PARAGRAPHS = "".join(
    f"<p>第{number}段：某公司公布季度报告，营业收入增长{number}%，净利润也有提高，董事会将继续回购。</p>"
    for number in range(1, 9)
)
Answers = list[Extracted | BaseException]


def page(number: int, parts: int = 1, bulk: int = 0) -> Page:
    """A story of *parts* equal parts; *bulk* paragraphs more make each take longer."""
    head = f"<html><title>季度报告{number}</title><h1>季度报告第{number}号公布</h1><article>"
    markup = f"{head}{_PARAGRAPHS}{'<div><p>又一段</p></div>' * bulk}</article></html>"
    url = f"http://site.example/news/2026/1120/{10000 + number}.html"
    part = PagePart(url, markup.encode(), "text/html; charset=utf-8")
    return Page(url, url, [part] * parts, "site.example", "2026-11-23T00:00:00+00:00")


def endless(number: int) -> Page:
    """A page that takes longer than any limit in here."""
    return page(number, parts=30, bulk=200_000)


def processes() -> list[int]:
    """The worker processes of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, line in lines.items() if b"pipelines.workers" in line]


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def run(
    pool: ExtractionPool, pages: list[Page], beside: Callable[[], Awaitable[None]] | None = None
) -> Answers:
    """What becomes of *pages* when all are given at once, and *beside* runs meanwhile."""

    async def work() -> Answers:
        tasks = [asyncio.create_task(pool.extract(page)) for page in pages]
        try:
            if beside is not None:
                await beside()
            return await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            pool.close()
            await asyncio.sleep(0)  # the loop closes the sockets

    return asyncio.run(work())


def headline(answer: Extracted | BaseException) -> str:
    assert isinstance(answer, Extracted), answer
    assert isinstance(answer.result, NewsArticle)
    return answer.result.headline


def test_every_page_comes_back_to_who_gave_it_and_no_process_stays() -> None:
    answers = run(ExtractionPool(workers=2, timeout=60), [page(number) for number in range(40)])
    assert [headline(answer) for answer in answers] == [
        f"季度报告第{number}号公布" for number in range(40)
    ]
    assert processes() == []


def test_a_record_brings_the_fingerprint_of_its_body() -> None:
    (answer,) = run(ExtractionPool(workers=1, timeout=60), [page(1)])
    assert isinstance(answer, Extracted)
    assert isinstance(answer.result, NewsArticle)
    expected = Fingerprinter().one(answer.result.article_body, answer.result.date_published)
    assert answer.fingerprint is not None
    assert answer.fingerprint.hexadecimal == expected.hexadecimal
    assert answer.fingerprint.shingles.tolist() == expected.shingles.tolist()


def test_the_bodies_of_all_parts_arrive_beside_their_page() -> None:
    first, second = page(1).parts[0], page(2).parts[0]
    more = "<p>公司还在公告里说，第九段写在另一部分里，董事会明年春天再作报告。</p>" * 2
    address = "http://site.example/news/2026/1120/10001_2.html"
    parts = [
        first,
        PagePart(address, second.body.replace(_PARAGRAPHS.encode(), more.encode())),
    ]
    several, empty, none = page(1), page(2), page(3)
    several.parts, empty.parts, none.parts = parts, [PagePart(empty.url, b"")], []
    story, *nothing, after = run(
        ExtractionPool(workers=1, timeout=60), [several, empty, none, page(4)]
    )
    assert isinstance(story, Extracted)
    assert isinstance(story.result, NewsArticle)
    assert story.result.article_body.endswith("董事会明年春天再作报告。")
    for answer in nothing:
        assert isinstance(answer, Extracted)
        assert isinstance(answer.result, Rejection)
        assert answer.result.reason == "empty"
    assert isinstance(after, Extracted)
    assert isinstance(after.result, NewsArticle)
    assert after.result.url.endswith("10004.html")


def test_pages_that_find_no_room_in_the_memory_arrive_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shared_memory, "_write", full)
    answers = run(ExtractionPool(workers=1, timeout=60), [page(1, parts=2), page(2)])
    assert [headline(answer) for answer in answers] == ["季度报告第1号公布", "季度报告第2号公布"]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_page_is_the_same_behind_every_pickle(protocol: int) -> None:
    pickled = pickle.dumps(page(1, parts=2), protocol)
    assert pickle.loads(pickled) == page(1, parts=2)  # noqa: S301 - our own


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to")
def test_memory_that_nobody_uses_goes_back_to_the_system() -> None:
    pieces = [b"x" * (100_000 - 8 * number) for number in range(800)]
    del pieces[:-1]  # the last one keeps the heap from shrinking
    before = resident()
    trim()
    assert resident() < before - (40 << 20)


def test_one_page_starts_one_process() -> None:
    seen: list[int] = []

    async def look() -> None:
        await asyncio.sleep(0.05)
        seen.extend(processes())

    run(ExtractionPool(workers=4, timeout=60), [page(1)], look)
    assert len(seen) == 1


def test_a_page_over_the_limit_ends_alone() -> None:
    pages = [page(0), endless(1), *[page(number) for number in range(2, 8)]]
    answers = run(ExtractionPool(workers=1, timeout=0.5), pages)
    assert isinstance(answers.pop(1), TimeoutError)
    assert [headline(answer) for answer in answers] == [
        f"季度报告第{number}号公布" for number in (0, 2, 3, 4, 5, 6, 7)
    ]


def test_a_page_that_eats_memory_is_too_large_and_ends_alone() -> None:
    pool = ExtractionPool(workers=1, timeout=60, memory=256)
    first, greedy, last = run(pool, [page(0), page(1, bulk=400_000), page(2)])
    assert isinstance(greedy, OutOfMemoryError)
    rejection = pool.failure(page(1), greedy)
    assert (rejection.outcome, rejection.reason) == ("rejected", "too_large")
    assert [headline(answer) for answer in (first, last)] == [
        "季度报告第0号公布",
        "季度报告第2号公布",
    ]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV], ids=["killed", "crashed"])
def test_a_worker_that_dies_costs_the_page_it_was_at(number: signal.Signals) -> None:
    async def kill() -> None:
        while not (found := processes()):
            await asyncio.sleep(0.01)
        await asyncio.sleep(1.5)  # it reads its vocabulary, then the first page
        os.kill(found[0], number)

    pages = [endless(0), *[page(number) for number in range(1, 5)]]
    dead, *others = run(ExtractionPool(workers=1, timeout=60), pages, kill)
    assert isinstance(dead, WorkerDiedError)
    assert str(dead) == f"exit code -{int(number)}"
    assert [headline(answer) for answer in others] == [
        f"季度报告第{number}号公布" for number in range(1, 5)
    ]


def test_a_page_that_breaks_the_extractor_says_how() -> None:
    broken = page(0)
    broken.parts = [None]  # type: ignore[list-item]
    first, second = run(ExtractionPool(workers=1, timeout=60), [broken, page(1)])
    assert isinstance(first, ExtractionError)
    assert "Traceback" in first.__notes__[0]
    assert headline(second) == "季度报告第1号公布"
