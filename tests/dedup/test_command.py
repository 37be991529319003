"""`scrapy dedup`: every record in one of two outputs, whatever is wrong with the input."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.store.lock import FolderLock
from tests.dedup.running import ROOT, Dedup, record, rows
from tests.fingerprint.stories import BRIEF, HARBOUR, ROOF, WEATHER


def test_splits_first_prints_from_reposts(dedup: Dedup) -> None:
    source = dedup.write("in.jsonl", record("a", ROOF), record("b", BRIEF), record("c", ROOF))
    assert dedup(source) == 0
    assert dedup.ids() == (["a", "b"], ["c"])


def test_a_repost_names_its_first_print_and_keeps_its_own_keys(dedup: Dedup) -> None:
    first = record("a", ROOF, canonical_url="https://a.example/1", url="https://m.a.example/1?x=1")
    copy = record("b", ROOF, site="b.example", section=["x", {"y": 1.5}], version=3)
    assert dedup(dedup.write("in.jsonl", first, copy)) == 0
    (row,) = rows(dedup.reposts)
    assert row == copy | {
        "repost_of": "a",
        "repost_of_url": "https://a.example/1",
        "similarity": 1.0,
        "containment": 1.0,
        "hamming_distance": 0,
    }


def test_a_kept_line_keeps_its_bytes(dedup: Dedup) -> None:
    odd = b'{"article_body" :"\\u4e2d\\ud83d", "id":1e2,"n":1.50,  "id2":"x"}'
    assert dedup(dedup.write("in.jsonl", odd)) == 0
    assert dedup.kept.read_bytes() == odd + b"\n"


def test_the_same_input_gives_the_same_bytes(dedup: Dedup) -> None:
    source = dedup.write("in.jsonl", *[record(str(n), [ROOF, BRIEF][n % 2]) for n in range(30)])
    assert dedup(source) == 0
    before = dedup.kept.read_bytes(), dedup.reposts.read_bytes()
    assert dedup(source) == 0
    assert (dedup.kept.read_bytes(), dedup.reposts.read_bytes()) == before


def test_reads_several_files_and_compressed_ones_in_order(dedup: Dedup) -> None:
    one = dedup.write("one.jsonl.gz", record("a", ROOF))
    two = dedup.write("two.jsonl", record("b", ROOF), record("c", WEATHER))
    assert dedup(one, two) == 0
    assert dedup.ids() == (["a", "c"], ["b"])


ODD_RECORDS = {
    "no body": ({"id": "x"}, "x"),
    "body is null": (record("x", None), "x"),
    "body is a number": (record("x", 7), "x"),
    "body is a list": (record("x", ["甲"]), "x"),
    "body is empty": (record("x", ""), "x"),
    "no id": ({"article_body": HARBOUR}, None),
    "id is a number": ({"id": 5, "article_body": HARBOUR}, 5),
    "a date that is none": (record("x", HARBOUR) | {"date_published": "soon"}, "x"),
    "a date that is a number": (record("x", HARBOUR) | {"date_published": 20260101}, "x"),
    "lone surrogates": (b'{"id": "x", "article_body": "\\ud800 harbour \\udfff"}', "x"),
    "NaN": (b'{"id": "x", "article_body": "harbour", "score": NaN, "n": -Infinity}', "x"),
    "a byte order mark": (b'\xef\xbb\xbf{"id": "x"}', "x"),
    "ten megabytes": (record("x", "港口 " * 2_500_000), "x"),
}


@pytest.mark.parametrize(("odd", "name"), ODD_RECORDS.values(), ids=ODD_RECORDS)
def test_odd_records_are_kept(dedup: Dedup, odd: object, name: object) -> None:
    source = dedup.write("in.jsonl", odd, record("b", ROOF))
    assert dedup(source) == 0
    assert dedup.ids() == ([name, "b"], [])
    assert "NaN" not in dedup.kept.read_text()
    assert "Infinity" not in dedup.kept.read_text()


def test_a_repost_with_lone_surrogates_is_written_with_escapes(dedup: Dedup) -> None:
    lines = [record("a", ROOF), b'{"id": "b", "article_body": %s, "x": "\\ud83d"}']
    lines[1] = lines[1] % json.dumps(ROOF).encode()  # type: ignore[operator]
    assert dedup(dedup.write("in.jsonl", *lines)) == 0
    assert rows(dedup.reposts)[0]["x"] == "\ud83d"


def test_the_same_id_twice_is_two_versions_and_both_are_written(dedup: Dedup) -> None:
    source = dedup.write("in.jsonl", record("a", ROOF), record("a", ROOF), record("b", ROOF))
    assert dedup(source) == 0
    assert dedup.ids() == (["a", "a"], ["b"])


@pytest.mark.parametrize(
    "bad", [b"{", b"[1]", b'"x"', b"null", b"\xff\xfe{}", b"[" * 5000], ids=repr
)
def test_a_line_that_is_no_record_is_named_after_the_rest_is_done(
    dedup: Dedup, bad: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    source = dedup.write("in.jsonl", record("a", ROOF), bad, record("b", BRIEF))
    assert dedup(source) == 1
    assert dedup.ids() == (["a", "b"], [])
    assert "in.jsonl:2" in capsys.readouterr().err


def test_blank_lines_and_a_missing_last_newline_are_no_fault(dedup: Dedup) -> None:
    source = dedup.folder / "in.jsonl"
    source.write_bytes(b'\n\r\n{"id": "a"}\r\n  \n{"id": "b"}')
    assert dedup(source) == 0
    assert dedup.ids() == (["a", "b"], [])


def test_tagging_keeps_reposts_among_the_kept(dedup: Dedup) -> None:
    source = dedup.write("in.jsonl", record("a", ROOF), record("b", ROOF))
    assert dedup(source, settings={"NEAR_DUPLICATES_ACTION": "tag"}) == 0
    assert dedup.ids() == (["a", "b"], [])
    assert [row.get("repost_of") for row in rows(dedup.kept)] == [None, "a"]


def test_a_state_remembers_earlier_archives(dedup: Dedup) -> None:
    state = dedup.folder / "state"
    assert (
        dedup(dedup.write("one.jsonl", record("a", ROOF, url="https://a.example/")), state=state)
        == 0
    )
    assert dedup(dedup.write("two.jsonl", record("b", ROOF)), state=state) == 0
    assert dedup.ids() == ([], ["b"])
    assert rows(dedup.reposts)[0]["repost_of_url"] == "https://a.example/"


USAGE: dict[str, Callable[[Dedup, Path], int]] = {
    "no input": lambda dedup, _: dedup(),
    "no --kept": lambda dedup, source: dedup(source, kept=None),
    "no --reposts": lambda dedup, source: dedup(source, reposts=None),
    "an output is the input": lambda dedup, source: dedup(source, kept=source),
    "the input by another name": lambda dedup, source: dedup(
        source, reposts=source.parent / "x" / ".." / source.name
    ),
    "one file for both": lambda dedup, source: dedup(source, reposts=dedup.kept),
    "an output is a folder": lambda dedup, source: dedup(source, kept=dedup.folder),
    "an unknown option": lambda dedup, source: dedup(source, Path("--fast")),
    "an unknown action": lambda dedup, source: dedup(
        source, settings={"NEAR_DUPLICATES_ACTION": "burn"}
    ),
}


@pytest.mark.parametrize("ask", USAGE.values(), ids=USAGE)
def test_usage_is_refused_in_one_sentence(
    dedup: Dedup, ask: Callable[[Dedup, Path], int], capsys: pytest.CaptureFixture[str]
) -> None:
    source = dedup.write("in.jsonl", record("a", ROOF))
    before = source.read_bytes()
    assert ask(dedup, source) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert said.count("\n") == 1
    assert source.read_bytes() == before


def unreadable(dedup: Dedup) -> Path:
    return dedup.folder / "missing.jsonl"


def a_folder(dedup: Dedup) -> Path:
    return dedup.folder


def cut_gzip(dedup: Dedup) -> Path:
    path = dedup.write("in.jsonl.gz", *[record(str(n), ROOF + str(n)) for n in range(50)])
    path.write_bytes(path.read_bytes()[:-20])
    return path


def no_gzip(dedup: Dedup) -> Path:
    path = dedup.folder / "in.jsonl.gz"
    path.write_bytes(b"{}\n")
    return path


@pytest.mark.parametrize("make", [unreadable, a_folder, cut_gzip, no_gzip])
def test_an_unreadable_input_leaves_the_outputs_as_they_were(
    dedup: Dedup, make: Callable[[Dedup], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    dedup.kept.write_text('{"id": "yesterday"}\n')
    good = dedup.write("good.jsonl", record("a", ROOF))
    assert dedup(good, make(dedup)) == 1
    assert "error: nothing was written" in capsys.readouterr().err
    assert dedup.kept.read_text() == '{"id": "yesterday"}\n'
    assert not dedup.reposts.exists()
    assert not [path for path in dedup.folder.iterdir() if path.name.startswith(".")]


def test_an_attempt_that_fails_leaves_the_state_as_it_was(dedup: Dedup) -> None:
    state = dedup.folder / "state"
    good = dedup.write("good.jsonl", record("a", ROOF))
    assert dedup(good, dedup.folder / "missing.jsonl", state=state) == 1
    assert dedup(dedup.write("again.jsonl", record("b", ROOF)), state=state) == 0
    assert dedup.ids() == (["b"], [])


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    dedup: Dedup, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.store.fingerprints.FingerprintStore.write", full)
    assert dedup(dedup.write("in.jsonl", record("a", ROOF))) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in dedup.folder.iterdir()] == ["in.jsonl"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_takes_nothing_is_told(dedup: Dedup) -> None:
    assert dedup(dedup.write("in.jsonl", record("a", ROOF)), kept=Path("/dev/full")) == 1


@pytest.mark.parametrize(
    "junk", [b"this is no database, not at all" * 50, b"SQLite format 3\0junk"]
)
def test_a_corrupt_state_is_told(
    dedup: Dedup, junk: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    state = dedup.folder / "state"
    state.mkdir()
    (state / "firstprint.sqlite").write_bytes(junk)
    assert dedup(dedup.write("in.jsonl", record("a", ROOF)), state=state) == 1
    assert "firstprint.sqlite" in capsys.readouterr().err


def test_a_state_in_use_is_left_alone(dedup: Dedup) -> None:
    state = dedup.folder / "state"
    lock = FolderLock(state / "lock")
    lock.acquire("a crawl")
    try:
        assert dedup(dedup.write("in.jsonl", record("a", ROOF)), state=state) == 75
    finally:
        lock.release()


def test_missing_output_folders_are_made(dedup: Dedup) -> None:
    kept, reposts = dedup.folder / "a" / "b" / "k.jsonl", dedup.folder / "c" / "r.jsonl"
    assert dedup(dedup.write("in.jsonl", record("a", ROOF)), kept=kept, reposts=reposts) == 0
    assert len(rows(kept)) == 1
    assert rows(reposts) == []


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["term", "int"])
def test_a_signal_leaves_no_half_output(dedup: Dedup, stop: signal.Signals) -> None:
    pipe = dedup.folder / "in.jsonl"
    os.mkfifo(pipe)
    arguments = ["dedup", str(pipe), "--kept", str(dedup.kept), "--reposts", str(dedup.reposts)]
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments], cwd=ROOT, stderr=subprocess.PIPE
    )
    with pipe.open("wb") as writer:  # opens once the command reads
        writer.write(json.dumps(record("a", ROOF)).encode() + b"\n")
        writer.flush()
        time.sleep(0.3)
        process.send_signal(stop)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 128 + stop
    assert b"Traceback" not in said
    assert [path.name for path in dedup.folder.iterdir()] == ["in.jsonl"]
