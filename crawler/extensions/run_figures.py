"""Count what the run's report shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from crawler.items import Task
from crawler.runs.figures import Figures

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class RunFigures:
    """Keep the `Figures` of a run, from its answers and its outcomes."""

    def __init__(self) -> None:
        self.figures = Figures()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.item_scraped, signals.item_scraped)
        crawler.signals.connect(extension.response_received, signals.response_received)
        return extension

    def item_scraped(self, item: Any) -> None:
        self.figures.take(item)

    def response_received(self, request: Request) -> None:
        task, seconds = request.meta.get("task"), request.meta.get("download_latency")
        if isinstance(task, Task) and seconds is not None:
            self.figures.fetched(task.site, seconds)
