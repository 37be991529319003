"""The jobs on a local Spark, against the commands that do the same on one machine.

Spark is no part of the development set-up, 400 MB for one job: `make spark` installs it and
runs these.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.commands.dedup import Command as Dedup
from tests.commands.in_process import run
from tests.fleet.texts import story

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
        reason="needs Java and the optional group `spark`",
    ),
]

ROOT = Path(__file__).parents[2]
LABELLED = ROOT.parent / "shared" / "bench" / "reposts" / "dev.jsonl.gz"


def batch(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`python -m batch` in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "batch", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def lines(folder: Path) -> list[dict[str, Any]]:
    """All records below *folder*, in the order of its files."""
    return [
        json.loads(line)
        for part in sorted(folder.iterdir())
        for line in part.read_text(encoding="utf-8").split("\n")
        if line
    ]


def page(number: int, text: str) -> dict[str, str]:
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    html = f"<html><title>消息{number}</title><h1>消息{number}</h1><article>{paragraphs}</article>"
    return {"url": f"https://news.example/{number}.html", "html": html}


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path


def test_archives_become_first_prints_and_reposts(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    texts = [story(number) for number in range(6)]
    write(tmp_path / "shelf" / "1.jsonl", [page(n, text) for n, text in enumerate(texts)])
    again = [page(0, texts[0]), page(1, texts[1] + "\n" + story(77)), page(9, texts[3])]
    write(tmp_path / "shelf" / "2.jsonl", [*again, {"url": "https://news.example/x", "html": ""}])
    (tmp_path / "shelf" / "3.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 9)[:-12])

    done = batch("clean", tmp_path / "shelf", "--out", tmp_path / "clean")
    assert done.returncode == 1, done.stderr
    assert "3.jsonl.gz cannot be read" in done.stderr
    articles = lines(tmp_path / "clean" / "articles")
    assert [(record["url"][-6:], record["version"]) for record in articles] == [
        *[(f"{number}.html", 1) for number in range(6)],
        ("1.html", 2),
        ("9.html", 1),
    ]
    rejected = lines(tmp_path / "clean" / "rejected")
    assert "empty" in {record["rejected"] for record in rejected}

    done = batch("dedup", tmp_path / "clean" / "articles", "--out", tmp_path / "dedup")
    assert done.returncode == 0, done.stderr
    (repost,) = lines(tmp_path / "dedup" / "reposts")
    assert repost["repost_of"] == articles[3]["id"]
    assert [record for record in articles if record != articles[7]] == lines(
        tmp_path / "dedup" / "kept"
    )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "dedup", "shelf"]


@pytest.mark.skipif(not LABELLED.exists(), reason="needs the labelled reposts")
def test_labelled_reposts_are_found_as_the_stream_finds_them(tmp_path: Path) -> None:
    with gzip.open(LABELLED, "rt", encoding="utf-8") as file:
        labelled = [json.loads(line) for line in file]
    records = [
        {"id": record["id"], "article_body": record["body"], "date_published": record["date"]}
        for record in labelled
    ]
    halves = [
        write(tmp_path / "1.jsonl", records[:1600]),
        write(tmp_path / "2.jsonl", records[1600:]),
    ]
    done = batch("dedup", *halves, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    kept, reposts = tmp_path / "kept.jsonl", tmp_path / "reposts.jsonl"
    run(Dedup(), *map(str, halves), "--kept", str(kept), "--reposts", str(reposts))
    streamed = [json.loads(line) for line in reposts.read_text(encoding="utf-8").splitlines()]
    ours = {record["id"]: record["repost_of"] for record in lines(tmp_path / "out" / "reposts")}
    theirs = {record["id"]: record["repost_of"] for record in streamed}
    assert len(theirs) > 1000
    differing = {id_ for id_ in ours | theirs if ours.get(id_) != theirs.get(id_)}
    assert len(differing) <= len(theirs) // 200, differing


def test_an_output_that_is_there_is_left_alone(tmp_path: Path) -> None:
    records = write(tmp_path / "records.jsonl", [{"id": "1", "article_body": story(1)}])
    kept = write(tmp_path / "kept.jsonl", [])
    done = batch("dedup", records, "--out", kept)
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert kept.read_text(encoding="utf-8") == ""
