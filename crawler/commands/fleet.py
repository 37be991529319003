"""`scrapy fleet`: who works on a shared store, and what becomes of a worker that is gone."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT, TRY_LATER

if TYPE_CHECKING:
    from pipelines.store.shared.server import Server

_SYNTAX = "`scrapy fleet status [--json]` or `scrapy fleet retire WORKER --to WORKER`"


class Command(ScrapyCommand):
    """Show the workers of a fleet; retire one that never comes back."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "status [--json] | retire WORKER --to WORKER   (-s REDIS_URL=redis://…)"

    def short_desc(self) -> str:
        return "Show the workers of a fleet, or retire one that is gone"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object for programs")
        parser.add_argument("--to", metavar="WORKER", help="who writes what the other did not")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.assembly.stores import fleet_settings
        from pipelines.store.shared.errors import AddressError, SharedStoreError, UnreachableError
        from pipelines.store.shared.fleet import RetirementError
        from pipelines.store.shared.server import Server

        refuse_unknown_options(args)
        if args != ["status"] and (len(args) != 2 or args[0] != "retire" or not opts.to):
            refuse(f"this is not how it is called: {_SYNTAX}")
        settings: Any = self.settings
        if not settings["REDIS_URL"]:
            refuse("REDIS_URL is not set: `scrapy fleet … -s REDIS_URL=redis://…`")
        joining = fleet_settings(settings)
        try:
            server = Server(joining.url, patience=0.0)
            server.open(joining.bits)
            self._do(server, args, opts)
        except AddressError as error:
            refuse(f"REDIS_URL is not the address of a server: {error}")
        except RetirementError as error:
            self._fail(COULD_NOT, error)
        except UnreachableError as error:
            self._fail(TRY_LATER, error)
        except SharedStoreError as error:
            self._fail(COULD_NOT, error)

    def _do(self, server: Server, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.store.shared.fleet import read_fleet, retire

        if args[0] == "retire":
            count = retire(server, args[1], opts.to)
            print(f"{args[1]} is retired; {opts.to} writes its {count} records in its next run")
            return
        facts = read_fleet(server)
        if opts.json:
            print(json.dumps(facts.as_json(), ensure_ascii=False, indent=2))
        else:
            print("\n".join(facts.lines()))

    def _fail(self, status: int, error: Exception) -> None:
        self.exitcode = status
        print(f"error: {error}", file=sys.stderr)
