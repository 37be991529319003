"""`scrapy crawl`: one run over an output folder, under its lock, with a true exit status."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.settings import BaseSettings

from crawler.commands.usage import refuse, refuse_unknown_options, tags_reposts
from crawler.runs.exit_status import COULD_NOT, TRY_LATER

if TYPE_CHECKING:
    from pipelines.store.interfaces import CrawlStore


class Command(ScrapyCrawl):
    """Scrapy's `crawl`: arguments checked first, one writer a folder, a summary at the end."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        settings: Any = self.settings
        if settings.getbool("LOG_JSON") and settings["LOG_FILE"]:
            from crawler.json_log import log_as_json

            try:
                log_as_json(settings)
            except OSError as error:
                refuse(f"--logfile {settings['LOG_FILE']} cannot be written: {error.strerror}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.assembly.run_result import finish
        from crawler.assembly.stop_signals import StopSignals
        from crawler.runs.run_id import new_run_id
        from crawler.spider_arguments import ArgumentError

        stopped_by = StopSignals()
        refuse_unknown_options(args)
        process: Any = self.crawler_process
        names = " and ".join(process.spider_loader.list())
        if len(args) != 1:
            refuse(f"`scrapy crawl` takes the name of one spider; there are {names}")
        if args[0] not in process.spider_loader.list():
            refuse(f"there is no spider {args[0]!r}; there are {names}")
        try:
            process.spider_loader.load(args[0]).parse_arguments(opts.spargs)
        except ArgumentError as error:
            refuse(str(error))
        tags_reposts(process.settings)
        clock = _clock(process.settings)
        started = datetime.fromtimestamp(clock(), UTC)
        store = self._open_store(process.settings, new_run_id(started), clock)
        if store is None:
            return
        crawler: Any = self._create_crawler(args[0])
        crawler.store = store
        stopped_by.watch(process)
        process.crawl(crawler, **opts.spargs)
        process.start(install_signal_handlers=False)
        broken = "the crawl could not start" if process.bootstrap_failed else None
        self.exitcode = finish(crawler, started, stopped_by.signal, broken)
        stopped_by.decided()

    def _open_store(
        self, settings: BaseSettings, run: str, clock: Callable[[], float]
    ) -> CrawlStore | None:
        from crawler.assembly.stores import open_store
        from pipelines.store.database import StateError
        from pipelines.store.fingerprints import FingerprintError
        from pipelines.store.lock import FolderLockedError
        from pipelines.store.shared.errors import AddressError, SharedStoreError, UnreachableError

        folder = Path(settings["OUTPUT_DIR"])
        try:
            return open_store(settings, folder, run, clock)
        except AddressError as error:
            refuse(f"REDIS_URL is not the address of a server: {error}")
        except (FolderLockedError, UnreachableError) as error:
            self.exitcode, sentence = TRY_LATER, str(error)
        except (StateError, FingerprintError, SharedStoreError) as error:
            self.exitcode, sentence = COULD_NOT, str(error)
        except OSError as error:
            self.exitcode = COULD_NOT
            sentence = f"the output folder {folder} cannot be written: {error}"
        print(f"error: {sentence}", file=sys.stderr)
        if self.exitcode == COULD_NOT:
            from crawler.assembly.alerting import send_alerts

            send_alerts(settings, folder, sentence, datetime.fromtimestamp(clock(), UTC))
        return None


def _clock(settings: BaseSettings) -> Callable[[], float]:
    """Seconds since the epoch, moved by `CLOCK_OFFSET`."""
    offset = settings.getfloat("CLOCK_OFFSET")
    return lambda: time.time() + offset
