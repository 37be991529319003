"""An archive is split by file over the workers of a fleet."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from crawler.commands.verify import Command as Verify
from pipelines.store.outcome import Outcome
from tests.commands.in_process import run
from tests.fleet.redis_server import RedisServer
from tests.fleet.texts import story
from tests.fleet.workers import Worker, written


def test_a_file_is_read_by_one_worker_until_it_is_done_or_its_reader_dies(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    one, two = (Worker(tmp_path / name, redis_server, lease=0.5) for name in ("one", "two"))
    assert one.store.frontier.start_file("/a") == "ours"
    assert one.store.frontier.claim("file:a 1")
    assert two.store.frontier.start_file("/a") == "theirs"
    assert two.store.frontier.start_file("/b") == "ours"
    one.store.frontier.end_file("/a")
    one.store.commit()
    assert two.store.frontier.start_file("/a") == "theirs", "its document has no outcome yet"
    one.store.book(Outcome("file:a 1", "file", "rejected", "empty"))
    one.store.commit()
    assert two.store.frontier.start_file("/a") == "done"
    two.store.abandon()
    time.sleep(0.6)
    assert one.store.frontier.start_file("/b") == "ours"
    one.finish()


def test_two_workers_read_an_archive_each_document_once(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for file in range(6):
        pages = [_page(10 * file + place) for place in range(10)]
        text = "".join(f"{json.dumps(page)}\n" for page in pages)
        (archive / f"{file}.jsonl").write_text(text, encoding="utf-8")
    folders = [tmp_path / "one", tmp_path / "two"]
    command = [sys.executable, "-m", "scrapy", "crawl", "archive", "-a", f"path={archive}"]
    command += ["-s", f"REDIS_URL={redis_server.url}"]
    command += ["-s", "EXTRACTION_WORKERS=1", "-s", "REPORT_ENABLED=0"]
    workers = [
        subprocess.Popen(
            [*command, "-s", f"OUTPUT_DIR={folder}"],
            stderr=subprocess.PIPE,
        )
        for folder in folders
    ]
    told = [worker.communicate(timeout=120)[1].decode() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], told
    times = Counter(record["url"] for _, record in written(folders))
    assert len(times) == 60
    assert set(times.values()) == {1}
    # Nobody worked for nothing: each document was read for one worker only.
    summaries = [json.loads(path.read_bytes()) for path in tmp_path.glob("*/runs/*/summary.json")]
    assert sum(summary["candidates"] for summary in summaries) == 60
    # Each folder is sound by itself, though first prints and fingerprints lie with the fleet.
    assert [run(Verify(), OUTPUT_DIR=str(folder)) for folder in folders] == [0, 0]


def _page(number: int) -> dict[str, str]:
    paragraphs = "".join(f"<p>{story(100 * number + part, 90)}。</p>" for part in range(4))
    title = story(7000 + number, 14)
    html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}"
    url = f"https://a.test/finance/{number}.html"
    return {"url": url, "html": f"{html}</article></body></html>"}
