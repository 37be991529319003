"""Run `scrapy` as its users do, and read what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawler.record_schema import RECORDS, json_schema
from pipelines.soundness.inspection import Inspection
from pipelines.soundness.lines import LineReader
from tests.forked import forks

ROOT = Path(__file__).parents[2]
SCRAPY: list[str] = []
"""What `scrapy` starts in place of the forked one: it lacks a part of ours, see `tests.faults`."""
# Politeness is for strangers; the press is ours, and a test shall be short.
QUICK = ("DOWNLOAD_DELAY=0", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "EXTRACTION_WORKERS=1")


def scrapy(*arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run `scrapy` with *arguments* in the repository and wait for it."""
    if not SCRAPY:
        return forks().run(arguments, stdin)
    return subprocess.run(
        [*SCRAPY, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


def crawl(urls: Iterable[str], output: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Crawl *urls* into *output*."""
    return scrapy(*crawl_command(urls, output), *arguments)


def crawl_command(urls: Iterable[str], output: Path) -> list[str]:
    """The arguments that crawl *urls* into *output*, quickly."""
    settings = [part for setting in QUICK for part in ("-s", setting)]
    target = ["-a", f"url={','.join(urls)}", "-s", f"OUTPUT_DIR={output}"]
    return ["crawl", "news", *target, *settings]


def records(output: Path, folder: str) -> list[dict[str, Any]]:
    """Every line of `articles`, `reposts` or `rejected`, in order."""
    lines: list[dict[str, Any]] = []
    for path in sorted((output / folder).glob("*.jsonl")):
        lines += [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return lines


def summaries(output: Path) -> list[dict[str, Any]]:
    """The summary of every run, oldest first."""
    paths = sorted(output.glob("runs/*/summary.json"), key=lambda path: path.stat().st_mtime_ns)
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def counted(output: Path) -> Counter[str]:
    """How many lines there are of each outcome that is written."""
    found: Counter[str] = Counter(
        {"article": len(records(output, "articles")), "repost": len(records(output, "reposts"))}
    )
    found.update(line["outcome"] for line in records(output, "rejected"))
    return found


def unsound(output: Path) -> list[str]:
    """What `scrapy verify` finds wrong with *output*."""
    reader = LineReader({name: json_schema(record) for name, record in RECORDS})
    inspection = Inspection(output, reader)
    try:
        return [str(finding) for finding in inspection.findings()]
    finally:
        inspection.close()
