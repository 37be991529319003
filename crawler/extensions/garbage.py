"""Look for cyclic garbage less often: a page leaves next to none, and each look costs."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Self

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# New objects before the youngest are looked through, and how often that is until older ones are.
# With Python's 700 a tenth of the time of the event loop goes into looking.
_THRESHOLDS = (10_000, 10, 10)


class GarbageCollection:
    """Leave out of each collection what exists when the crawl starts, and collect less often."""

    def __init__(self) -> None:
        self._before = gc.get_threshold()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def engine_started(self) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)

    def engine_stopped(self) -> None:
        gc.unfreeze()
        gc.set_threshold(*self._before)
