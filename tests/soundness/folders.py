"""A sound output folder, made the way a crawl makes one, and the commands that look at it."""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from crawler.commands.verify import Command
from crawler.discovery.urls import page_key
from crawler.items import NewsArticle, Rejection, Task, Unchanged
from crawler.record_schema import RECORDS, json_schema
from crawler.runs.summary import OUTCOMES, Summary, write_summary
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprinter
from pipelines.near_duplicates import NearDuplicatesPipeline
from pipelines.soundness.lines import LineReader
from pipelines.store.outcome import outcome_of
from pipelines.store.store import Store
from pipelines.store.versions import text_digest

DAYS = ("2030-01-01", "2030-01-02")
SITE = "liutang.test"


def reader() -> LineReader:
    return LineReader({name: json_schema(record) for name, record in RECORDS})


def body(number: int) -> str:
    return (
        f"第{number}号泊位的改造工程在{number % 12 + 1}月完工，总造价{number * 7 + 11}万元，"
        f"新装的{number + 2}台起重机由柳塘港务局采购。\n"
        + f"港务局表示，{number}号泊位完工后每天可以多装卸{number * 13 + 5}个集装箱，"
        f"相邻的{number + 40}号仓库也将在{number + 50}天后重新开放，供{number + 3}家货主使用。"
    )


def article(number: int, *, text: str | None = None, day: str = DAYS[0]) -> NewsArticle:
    url = f"https://{SITE}/news/{number}"
    headline, text = f"泊位改造第{number}期", body(number) if text is None else text
    made = NewsArticle(
        id=hashlib.sha256(url.encode()).hexdigest()[:16],
        url=url,
        canonical_url=url,
        site=SITE,
        headline=headline,
        article_body=text,
        date_fetched=f"{day}T08:{number % 60:02d}:00+00:00",
        candidate=page_key(url),
    )
    made.text_digest = text_digest(headline, text)
    return made


class Folder:
    """An output folder that is written run by run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._runs = 0

    def run(self, *items: NewsArticle | Rejection, day: str = DAYS[0], killed: bool = False) -> str:
        """Write *items* in one run on *day*; a *killed* one leaves no summary."""
        self._runs += 1
        run = f"20300101T00000{self._runs}Z-{secrets.token_hex(2)}"
        moment = datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()
        store = Store.open(self.path, run, clock=lambda: moment)
        try:
            self._write(store, items)
        except BaseException:
            store.abandon()
            raise
        if killed:
            store.commit()
            store.abandon()
            return run
        store.commit()
        summary = Summary(run=run, started="2030-01-01T00:00:00+00:00")
        summary.outcomes = {name: store.outcomes[name] for name in OUTCOMES}
        summary.candidates = store.outcomes.total()
        write_summary(summary, self.path)
        store.close()
        return run

    def _write(self, store: Store, items: tuple[NewsArticle | Rejection, ...]) -> None:
        store.frontier.begin(None)
        pipeline = NearDuplicatesPipeline(store.fingerprints, store.clock)
        for item in items:
            task = Task("article", item.url, item.candidate, SITE, SITE)
            store.frontier.add([task])
            result: Any = item
            if isinstance(item, NewsArticle):
                version = store.next_version(item.id, item.text_digest)
                item.version = version or 0
                unchanged = Unchanged(candidate=item.candidate, site=SITE)
                result = pipeline.process_item(item) if version else unchanged
            outcome = outcome_of(result, store.now(), write=True, tag=False)
            assert outcome is not None
            store.book(outcome)

    def lines(self, name: str) -> list[bytes]:
        """Every whole line of a folder, in order."""
        files = sorted((self.path / name).glob("*.jsonl"))
        return [line for file in files for line in file.read_bytes().splitlines(keepends=True)]

    def records(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines(name)]


def rejection(number: int, outcome: str = "rejected", reason: str = "empty") -> Rejection:
    url = f"https://{SITE}/list/{number}"
    return Rejection(
        outcome="failed" if outcome == "failed" else "rejected",
        url=url,
        reason=reason,
        date_fetched=f"{DAYS[0]}T09:00:00+00:00",
        candidate=page_key(url),
        site=SITE,
    )


def sound_folder(path: Path) -> Folder:
    """Two days, reposts, a second version, rejections, and a run that was killed."""
    folder = Folder(path)
    reprint = article(7, text=body(1))
    folder.run(article(1), article(2), article(3), reprint, rejection(1), rejection(2, "failed"))
    edited = article(2, text=body(22), day=DAYS[1])
    folder.run(edited, article(1), article(4, day=DAYS[1]), day=DAYS[1])
    folder.run(article(5, day=DAYS[1]), rejection(3), day=DAYS[1], killed=True)
    folder.run(day=DAYS[1])
    return folder


def verify(path: Path, *, repair: bool = False, **settings: Any) -> int:
    """Run the command in this process; its exit status."""
    command = Command()
    defaults = {"OUTPUT_DIR": str(path), "NEAR_DUPLICATES_ENABLED": True}
    command.settings = Settings(defaults | settings)
    command.run([], argparse.Namespace(repair=repair))
    return command.exitcode


def first_print_of(path: Path, text: str) -> str | None:
    """Which article a text reprints, by the memory of the folder."""
    store = Store.open(path, "20300109T000000Z-abcd")
    document = Document("new", Fingerprinter().one(text))
    found = Detector(store.fingerprints).judge(document).first_print
    store.close()
    return found.id if found else None
