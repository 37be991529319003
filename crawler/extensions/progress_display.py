"""Show how far a run has come: a table on a terminal, a line in the log elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.runs.progress import Progress

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_SECONDS_ON_TERMINAL = 0.5
_ROWS_BESIDE_SITES = 3


class ProgressDisplay:
    """Redraw a table on standard error where that is a *terminal*, else log a line at INFO.

    *seconds* lie between two lines. Off with PROGRESS_ENABLED.
    """

    def __init__(self, store: Any, *, terminal: bool, seconds: float) -> None:
        self._store = store
        self._terminal = terminal
        self._seconds = _SECONDS_ON_TERMINAL if terminal else seconds
        self._progress = Progress(time.monotonic())
        self._timer = create_looping_call(self._tick)
        self._live: Live | None = None
        self._answered: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        store: Any = getattr(crawler, "store", None)
        if not settings.getbool("PROGRESS_ENABLED") or store is None:
            raise NotConfigured
        seconds = settings.getfloat("LOGSTATS_INTERVAL") or 60.0
        extension = cls(store, terminal=sys.stderr.isatty(), seconds=seconds)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.item_scraped, signals.item_scraped)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self, spider: Any) -> None:
        self._answered = spider.answered
        if self._terminal:
            self._live = _start()
        self._timer.start(self._seconds, now=self._terminal)

    def item_scraped(self, item: Any) -> None:
        self._progress.take(item)

    def spider_closed(self) -> None:
        if self._timer.running:
            self._timer.stop()
        if self._live is not None:
            self._live.stop()
            _write_logs_to(sys.stderr)

    def _tick(self) -> None:
        sentence = self._progress.sentence(self._store.frontier.taken_up, time.monotonic())
        if self._live is None:
            logger.info("%s", sentence)
            return
        rows = self._live.console.size.height - _ROWS_BESIDE_SITES
        self._live.update(_table(sentence, self._progress.rows(rows, self._answered)), refresh=True)


def _start() -> Live:
    """A display that vanishes at its end; lines of the log appear above it."""
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.live import Live  # noqa: PLC0415

    live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
    live.start()
    _write_logs_to(sys.stderr)  # which is now the display's
    return live


def _write_logs_to(stream: Any) -> None:
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(stream)


def _table(sentence: str, rows: list[tuple[str, str]]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415

    # Texts, because names of sites are not ours and could hold markup.
    table = Table.grid(padding=(0, 2), expand=True)
    table.title, table.title_justify, table.title_style = Text(sentence), "left", "bold"
    table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
    table.add_column(no_wrap=True, overflow="ellipsis")
    for site, counts in rows:
        table.add_row(Text(site), Text(counts))
    return table
