"""`scrapy status`: what each site brings, what waits, what failed, who has gone quiet."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT, OK, TRY_LATER

if TYPE_CHECKING:
    from pipelines.store.shared.fleet import FleetFacts


class Command(ScrapyCommand):
    """Show the state of each site; exit status 1 where one has gone quiet beyond its habit."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--json] [-s OUTPUT_DIR=DIR]"

    def short_desc(self) -> str:
        return "Show what each site brings, what waits, what failed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.assembly.status_facts import read_status
        from crawler.assembly.status_view import as_json, print_status
        from pipelines.store.database import StateError

        refuse_unknown_options(args)
        if args:
            refuse(f"`scrapy status` takes no argument, but was given {args[0]}")
        settings: Any = self.settings
        now = datetime.fromtimestamp(time.time() + settings.getfloat("CLOCK_OFFSET"), UTC)
        try:
            status = read_status(Path(settings["OUTPUT_DIR"]), now)
        except (StateError, OSError, sqlite3.Error, ValueError) as error:
            self.exitcode = COULD_NOT
            print(f"error: {error}", file=sys.stderr)
            return
        fleet = self._fleet(settings)
        if self.exitcode:
            return
        if opts.json:
            told = as_json(status) | ({"fleet": fleet.as_json()} if fleet is not None else {})
            print(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            from rich.console import Console

            print_status(status, Console(), now)
            if fleet is not None:
                print("\n".join(fleet.lines()))
        self.exitcode = COULD_NOT if status.quiet else OK

    def _fleet(self, settings: Any) -> FleetFacts | None:
        """What the server of `REDIS_URL` says; sets the exit status where it says nothing."""
        if not settings["REDIS_URL"]:
            return None
        from crawler.assembly.stores import fleet_settings
        from pipelines.store.shared.errors import AddressError, SharedStoreError, UnreachableError
        from pipelines.store.shared.fleet import read_fleet
        from pipelines.store.shared.server import Server

        joining = fleet_settings(settings)
        try:
            server = Server(joining.url, patience=0.0)
            server.open(joining.bits)
            return read_fleet(server)
        except AddressError as error:
            refuse(f"REDIS_URL is not the address of a server: {error}")
        except SharedStoreError as error:
            self.exitcode = TRY_LATER if isinstance(error, UnreachableError) else COULD_NOT
            print(f"error: {error}", file=sys.stderr)
            return None
