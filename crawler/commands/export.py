"""`scrapy export`: the result as one file for analysts."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT

_BAD_LINES_NAMED = 10


class Command(ScrapyCommand):
    """Write the articles, or what is new of them, as Parquet, CSV or SQLite."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "--to parquet|csv|sqlite [--since RUN] [--what articles|reposts|rejected] [OUT]"

    def short_desc(self) -> str:
        return "Write the result as Parquet, CSV or SQLite"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--to", metavar="FORMAT", help="parquet, csv or sqlite")
        parser.add_argument("--since", metavar="RUN", help="only what came after this run")
        parser.add_argument(
            "--what", metavar="KIND", default="articles", help="articles, reposts or rejected"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.assembly.export_rows import ExportError

        refuse_unknown_options(args)
        path = _checked(args, opts)
        try:
            self._export(path, opts)
        except ExportError as error:
            self._fail(str(error))
        except BrokenPipeError:
            # The reader has what it wanted; Python would complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (OSError, ValueError, TypeError, sqlite3.Error) as error:
            self._fail(f"nothing was exported: {error}")

    def _export(self, path: Path, opts: argparse.Namespace) -> None:
        from crawler.assembly.export_rows import columns, ends_of, rows
        from crawler.assembly.export_tables import write_table

        settings: Any = self.settings
        folder = Path(settings["OUTPUT_DIR"])
        after = ends_of(folder, opts.since) if opts.since else None
        bad: list[str] = []
        found = rows(folder, opts.what, after, bad)
        count = write_table(opts.to, path, opts.what, columns(opts.what), found)
        print(f"{count} {opts.what} in {path}", file=sys.stderr)
        if bad:
            more = len(bad) - _BAD_LINES_NAMED
            named = [*bad[:_BAD_LINES_NAMED], *([f"{more} more lines"] if more > 0 else [])]
            self._fail("; ".join(named))

    def _fail(self, sentence: str) -> None:
        self.exitcode = COULD_NOT
        print(f"error: {sentence}", file=sys.stderr)


def _checked(args: list[str], opts: argparse.Namespace) -> Path:
    """Where to write; leaves with status 2 where the command line makes no sense."""
    from crawler.assembly.export_rows import KINDS
    from crawler.assembly.export_tables import FORMATS

    if opts.to not in FORMATS:
        refuse(f"--to {opts.to or 'is missing'}: it can be parquet, csv or sqlite")
    if opts.what not in KINDS:
        refuse(f"--what {opts.what}: it can be {', '.join(KINDS)}")
    if len(args) > 1:
        refuse("`scrapy export` writes one file")
    path = Path(args[0] if args else f"{opts.what}.{opts.to}")
    if str(path) == "-" and opts.to != "csv":
        refuse("only CSV can go to standard output")
    if path.is_dir():
        refuse(f"{path} is a folder")
    return path
