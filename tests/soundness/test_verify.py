"""`scrapy verify` as a reader: what it finds, what it leaves alone, what it needs."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from crawler.items import NewsArticle, Repost
from pipelines.record_lines import to_line
from pipelines.soundness.inspection import Inspection
from pipelines.soundness.lines import LineError, LineReader
from pipelines.store.outcome import outcome_of
from pipelines.store.store import Store
from tests.soundness.folders import (
    DAYS,
    Folder,
    article,
    reader,
    rejection,
    sound_folder,
    verify,
)

GOOD = to_line(article(1))[:-1]


@pytest.fixture(scope="module")
def lines() -> LineReader:
    return reader()


def test_a_sound_folder_is_status_0_and_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound_folder(tmp_path)
    assert verify(tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_each_finding_is_one_line_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sound_folder(tmp_path)
    file = tmp_path / "articles" / f"{DAYS[0]}.jsonl"
    lines = folder.lines("articles")
    file.write_bytes(b"".join([lines[0], b'{"no": "record"}\n', *lines[1:3]]))
    assert verify(tmp_path) == 1
    found = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"articles/{DAYS[0]}.jsonl:2: ") for line in found)


BAD_LINES = {
    "blank": (b"", "blank"),
    "carriage return": (GOOD + b"\r", "white space"),
    "not UTF-8": (GOOD.replace(b"liutang", b"\xff\xfe"), "not JSON"),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD, "not JSON"),
    "cut": (GOOD[:-9], "not JSON"),
    "two in one": (GOOD + GOOD, "not JSON"),
    "NaN": (GOOD.replace(b'"version":1,', b'"version":NaN,'), "NaN"),
    "a list": (b"[]", "no object"),
    "a key is missing": (GOOD.replace(b'"section":null,', b""), "section"),
    "a key too many": (GOOD.replace(b'"version":1,', b'"version":1,"x":1,'), "x"),
    "wrong type": (GOOD.replace(b'"version":1,', b'"version":"1",'), "version: "),
    "half a surrogate pair": (GOOD.replace(b'"section":null', b'"section":"\\ud800"'), "JSON"),
    "no version 0": (GOOD.replace(b'"version":1,', b'"version":0,'), "version"),
    "another schema": (GOOD.replace(b'"schema_version":1', b'"schema_version":9'), "9"),
    "a date without offset": (GOOD.replace(b":00+00:00", b":00"), "date_fetched"),
    "nested without end": (b'{"a":' * 100_000, "not JSON"),
}


@pytest.mark.parametrize(("raw", "why"), BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_line_that_is_no_record_is_refused(lines: LineReader, raw: bytes, why: str) -> None:
    with pytest.raises(LineError, match=why):
        lines.read(raw, "articles")


def test_an_article_may_lie_among_reposts_only_as_one(lines: LineReader) -> None:
    with pytest.raises(LineError, match="repost_of"):
        lines.read(GOOD, "reposts")
    repost = to_line(Repost(**{name: getattr(article(1), name) for name in _keys()}))[:-1]
    assert lines.read(repost, "articles").outcome == "repost"


def _keys() -> list[str]:
    return [name for name in NewsArticle.__dataclass_fields__ if name != "text_digest"]


def test_a_record_glued_to_a_torn_one_is_rescued(lines: LineReader) -> None:
    other = to_line(article(2))[:-1]
    damaged = GOOD[:50] + GOOD + b"\0\0\0" + other + b"garbage" + other[:99]
    assert [raw for raw, _ in lines.rescue(damaged, "articles")] == [GOOD, other]


def test_a_day_that_somebody_compressed_is_as_sound_as_before(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    for file in tmp_path.glob(f"*/{DAYS[0]}.jsonl"):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    assert verify(tmp_path) == 0
    Folder(tmp_path).run(article(31), day=DAYS[0])
    assert verify(tmp_path) == 0


@pytest.mark.parametrize("named", [None, "reposts"])
def test_a_repost_without_its_first_print_is_found(tmp_path: Path, named: str | None) -> None:
    sound_folder(tmp_path)
    (file,) = tmp_path.glob("reposts/*.jsonl")
    record = json.loads(file.read_bytes())
    first = record["id"] if named else "0" * 16
    file.write_bytes(file.read_bytes().replace(record["repost_of"].encode(), first.encode()))
    inspection = Inspection(tmp_path, reader())
    found = [str(finding) for finding in inspection.findings()]
    inspection.close()
    assert any("which is no article here" in finding for finding in found)


def test_lines_that_were_switched_off_are_not_missed(tmp_path: Path) -> None:
    store = Store.open(tmp_path, "r1")
    item = article(1)
    outcome = outcome_of(item, store.now(), write=False, tag=False)
    assert outcome is not None
    store.book(outcome)
    store.close()
    assert verify(tmp_path, NEAR_DUPLICATES_ENABLED=False) == 0


def test_an_empty_folder_is_sound_and_none_at_all_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(tmp_path) == 0
    assert verify(tmp_path / "gone") == 1
    (tmp_path / "file").touch()
    assert verify(tmp_path / "file") == 1
    errors = capsys.readouterr().err
    assert "gone does not exist" in errors
    assert "file is a file" in errors


class Running:
    """A crawl in the middle of its work, stopped at a chosen moment."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = Store.open(path, "20300105T000000Z-abcd")
        self.store.frontier.begin(None)
        self._monkeypatch = monkeypatch

    def book(self, number: int) -> None:
        outcome = outcome_of(rejection(number), self.store.now(), write=True, tag=False)
        assert outcome is not None
        self.store.book(outcome)

    def commit_without_writing(self) -> None:
        self._monkeypatch.setattr(self.store, "_write_out", lambda: None)
        self.store.commit()
        self._monkeypatch.undo()


def test_a_running_crawl_is_no_fault_and_is_not_disturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound_folder(tmp_path)
    crawl = Running(tmp_path, monkeypatch)
    for number in (10, 11):
        crawl.book(number)
        assert verify(tmp_path) == 0
        crawl.store.commit()
        assert verify(tmp_path) == 0
    crawl.store.close()
    assert verify(tmp_path) == 0


def test_an_append_that_is_under_way_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound_folder(tmp_path)
    crawl = Running(tmp_path, monkeypatch)
    crawl.book(10)
    crawl.commit_without_writing()
    inspection = Inspection(tmp_path, reader(), pause=lambda _: crawl.store._write_out())
    assert [str(finding) for finding in inspection.findings()] == []
    inspection.close()
    crawl.store.close()


def test_what_a_killed_run_left_to_write_is_found_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound_folder(tmp_path)
    crawl = Running(tmp_path, monkeypatch)
    crawl.book(10)
    crawl.commit_without_writing()
    crawl.store.abandon()
    assert verify(tmp_path) == 1
    assert "1 line is committed and not written" in capsys.readouterr().out
    Store.open(tmp_path, "next").close()
    assert verify(tmp_path) == 0


def test_memory_does_not_grow_with_a_hole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.soundness.day_file.LONGEST_LINE", 1 << 16)
    sound_folder(tmp_path)
    with (tmp_path / "articles" / f"{DAYS[0]}.jsonl").open("rb+") as file:
        file.seek(100 << 20)
        file.write(b"\n")
    tracemalloc.start()
    assert verify(tmp_path) == 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
