"""Where a page's time goes: `scrapy crawl news` with clocks around the stages of its main process.

    python -m benchmarks.crawl_stages URL OUTPUT_DIR [NAME=VALUE …]

Prints CPU seconds by stage as one line of JSON, its last; `crawl.py` takes the difference of two
sites. Fingerprints are made in the workers, four at a time where they wait: what they cost is
measured here, once more, on the records that were written.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrapy.cmdline import execute

from crawler.scheduler import FrontierScheduler
from crawler.site_crawl import SiteCrawl
from crawler.spiders import news
from pipelines.fingerprint.document import Fingerprinter, Text
from pipelines.json_lines import JsonLinesPipeline
from pipelines.near_duplicates import NearDuplicatesPipeline
from pipelines.site_memories import SiteMemories
from pipelines.store.store import Store
from pipelines.versions import VersionsPipeline

STAGES: dict[str, list[tuple[Any, str]]] = {
    "lists": [(SiteCrawl, "take")],
    "next parts": [(news, "next_part")],
    "site memory": [(SiteMemories, "clean")],
    "detection": [(NearDuplicatesPipeline, "process_item")],
    "writing": [
        (JsonLinesPipeline, "process_item"),
        (VersionsPipeline, "process_item"),
        (Store, "commit"),
    ],
    "queue": [(FrontierScheduler, "next_request"), (FrontierScheduler, "has_pending_requests")],
}


def main() -> None:
    """Crawl, and print what each stage took."""
    url, folder, *settings = sys.argv[1:]
    spent = dict.fromkeys(STAGES, 0.0)
    for stage, places in STAGES.items():
        for owner, name in places:
            setattr(owner, name, _timed(getattr(owner, name), stage, spent))
    command = ["scrapy", "crawl", "news", "-a", f"url={url}", "-s", f"OUTPUT_DIR={folder}"]
    before = time.process_time()
    try:
        execute([*command, *(part for one in settings for part in ("-s", one))])
    finally:
        spent["main"] = time.process_time() - before
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent["workers"] = children.ru_utime + children.ru_stime
        spent["fingerprints"] = fingerprint_seconds(Path(folder))
        print(json.dumps(spent))


def fingerprint_seconds(folder: Path) -> float:
    """CPU seconds of fingerprinting every record below *folder* again."""
    lines = [
        json.loads(line)
        for path in sorted(folder.glob("*/*.jsonl"))
        if path.parent.name != "rejected"
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]
    texts = [Text(line["article_body"], line["date_published"]) for line in lines]
    fingerprinter = Fingerprinter()
    fingerprinter.many(texts[:4])
    before = time.process_time()
    for start in range(0, len(texts), 4):
        fingerprinter.many(texts[start : start + 4])
    return time.process_time() - before


def _timed(function: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        before = time.thread_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[stage] += time.thread_time() - before

    return timed


if __name__ == "__main__":
    main()
