"""`scrapy sites check NAME`: what each site of a list yields today."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import RunFacts, SiteFacts, exit_status

if TYPE_CHECKING:
    from crawler.assembly.site_check import SiteYield
    from crawler.discovery.site_lists import Site


class Command(ScrapyCommand):
    """Look at every site of a list: its lists, and some articles through the pipelines.

    Writes nothing below OUTPUT_DIR. Exit status as of a crawl: 1 where no site answered, or one
    that answered names no article or gives no body.
    """

    requires_project = True

    def syntax(self) -> str:
        return "check NAME-or-FILE.toml [--articles N]"

    def short_desc(self) -> str:
        return "Say what each site of a list yields: feeds, sitemaps, lists, articles, bodies"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--articles", default="3", help="so many of each site are fetched (3)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.spider_arguments import ArgumentError

        refuse_unknown_options(args)
        if len(args) != 2 or args[0] != "check":
            refuse("`scrapy sites` takes `check` and the name or path of a site list")
        arguments = {"sites": args[1], "sample": opts.articles}
        process: Any = self.crawler_process
        try:
            process.spider_loader.load("news").parse_arguments(arguments)
            sites = _listed(args[1])
        except ArgumentError as error:
            refuse(str(error).replace("-a sample=", "--articles ").replace("-a sites=", ""))
        if not any(site.enabled for site in sites):
            refuse(f"no site of {args[1]} is enabled")
        folder = Path(tempfile.mkdtemp(prefix="firstprint-sites-"))
        try:
            self.exitcode = self._check(sites, arguments, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _check(self, sites: list[Site], arguments: dict[str, str], folder: Path) -> int:
        from crawler.assembly.site_check import site_yields
        from crawler.assembly.stop_signals import StopSignals
        from crawler.runs.run_id import new_run_id
        from pipelines.store.store import Store

        process: Any = self.crawler_process
        process.settings.set("OUTPUT_DIR", str(folder), priority="cmdline")
        crawler: Any = process.create_crawler("news")
        crawler.store = Store.open(folder, new_run_id(datetime.fromtimestamp(time.time(), UTC)))
        stopped_by = StopSignals()
        stopped_by.watch(process)
        process.crawl(crawler, **arguments)
        process.start(install_signal_handlers=False)
        if process.bootstrap_failed or crawler.spider is None:
            crawler.store.abandon()
            print("error: the crawl could not start", file=sys.stderr)
            return 1
        found = site_yields(sites, crawler)
        pending = crawler.store.frontier.pending()
        crawler.store.close()
        print("\n".join(one.line() for one in found))
        status, reason = exit_status(_facts(found, stopped_by.signal, pending))
        if reason:
            print(f"exit status {status}: {reason}", file=sys.stderr)
        return status


def _facts(found: list[SiteYield], signal: int | None, pending: int) -> RunFacts:
    return RunFacts(
        signal=signal,
        pending=pending,
        sites={
            one.name: SiteFacts(one.state != "silent", one.bodies > 0)
            for one in found
            if one.state != "disabled"
        },
    )


def _listed(name: str) -> list[Site]:
    from crawler.news_arguments import listed_sites

    return listed_sites(name)
