"""Workers of a fleet inside the test's own process, and what they have written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle, Task
from pipelines.fingerprint.detector import Detector
from pipelines.fingerprint.index import MemoryIndex
from pipelines.json_lines import JsonLinesPipeline
from pipelines.near_duplicates import NearDuplicatesPipeline
from pipelines.store.shared.store import FleetSettings, SharedStore
from pipelines.versions import VersionsPipeline
from tests.fleet.redis_server import RedisServer
from tests.fleet.texts import fingerprinter

SITE = "a.test"


class Worker:
    """A store of a fleet with the pipelines that a crawl puts before it."""

    def __init__(
        self,
        folder: Path,
        server: RedisServer,
        run: str = "r1",
        clock: Callable[[], float] = time.time,
        **settings: Any,
    ) -> None:
        joining = FleetSettings(server.url, **{"lease": 5.0, "patience": 0.0, **settings})
        self.store = SharedStore.open(folder, run, joining, clock)
        self.store.frontier.begin(None)
        self._pipelines = (
            VersionsPipeline(self.store),
            NearDuplicatesPipeline(self.store.fingerprints, self.store.clock),
            JsonLinesPipeline(self.store, write=True, tag=False),
        )

    def process(self, article: NewsArticle) -> Any:
        """Send an article through the pipelines, up to the next commit."""
        item: Any = article
        for pipeline in self._pipelines:
            item = pipeline.process_item(item)
        return item

    def take(self, host: str = SITE, limit: int = 16) -> list[Task]:
        """Take tasks of a host, as the scheduler does."""
        return self.store.frontier.take(host, limit)

    def finish(self) -> None:
        """Commit and go."""
        self.store.commit()
        self.store.close()


class Newsroom:
    """Makes articles with ready fingerprints."""

    def __init__(self) -> None:
        self._detector = Detector(MemoryIndex(), fingerprinter=fingerprinter())

    def article(self, number: int, body: str) -> NewsArticle:
        """An article that has come out of extraction."""
        url = f"https://{SITE}/{number}"
        return NewsArticle(
            id=f"{number:016x}",
            url=url,
            canonical_url=url,
            site=SITE,
            headline=str(number),
            article_body=body,
            candidate=url,
            text_digest=b"%016d" % number,
            fingerprint=self._detector.fingerprint(body),
        )


def task(number: int, host: str = SITE) -> Task:
    """The task that fetches the article of this number."""
    url = f"https://{host}/{number}"
    return Task("article", url, url, host, host, priority=-float(number))


def written(folders: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records below *folders*, each with the kind of file that it is in."""
    for folder in folders:
        for kind in ("articles", "reposts", "rejected"):
            for path in sorted(folder.glob(f"{kind}/*.jsonl")):
                for line in path.read_bytes().splitlines():
                    yield kind, json.loads(line)
