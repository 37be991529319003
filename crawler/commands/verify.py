"""`scrapy verify`: is the output folder sound; `--repair` makes it so."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.exit_status import COULD_NOT, OK, TRY_LATER
from crawler.failures import is_passing
from crawler.politeness import host_key
from crawler.record_schema import RECORDS, json_schema
from crawler.run_id import new_run_id
from pipelines.soundness.inspection import Inspection
from pipelines.soundness.lines import LineReader
from pipelines.soundness.reconcile import Rules
from pipelines.soundness.repair import repair
from pipelines.store.database import StateError
from pipelines.store.fingerprints import FingerprintError
from pipelines.store.lock import FolderLockedError

RULES = Rules(host_key, is_passing)


class Command(ScrapyCommand):
    """Compare every line of the output with its schema, the state and the runs' summaries."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--repair] [-s OUTPUT_DIR=DIR]"

    def short_desc(self) -> str:
        return "Check the output folder, and repair it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--repair", action="store_true", help="mend what is wrong; no whole line is lost"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_unknown_options(args)
        if args:
            refuse(f"`scrapy verify` takes no argument, but was given {args[0]}")
        settings: Any = self.settings
        folder = Path(settings["OUTPUT_DIR"])
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "does not exist"
            self._fail(f"the output folder {folder} {what}")
            return
        reader = LineReader({name: json_schema(record) for name, record in RECORDS})
        expected = settings.getbool("NEAR_DUPLICATES_ENABLED")
        try:
            if opts.repair:
                run = new_run_id(datetime.now(UTC))
                for done in repair(folder, reader, RULES, run, fingerprints=expected):
                    print(done, flush=True)
            self.exitcode = COULD_NOT if _inspect(folder, reader, expected) else OK
        except FolderLockedError as error:
            self._fail(str(error), TRY_LATER)
        except (OSError, StateError, FingerprintError, sqlite3.Error) as error:
            self._fail(f"the output folder {folder} cannot be checked: {error}")

    def _fail(self, sentence: str, status: int = COULD_NOT) -> None:
        self.exitcode = status
        print(f"error: {sentence}", file=sys.stderr)


def _inspect(folder: Path, reader: LineReader, fingerprints: bool) -> int:
    """Print a line a finding, and the sum; the number of findings."""
    inspection = Inspection(folder, reader, fingerprints=fingerprints)
    count = 0
    try:
        for finding in inspection.findings():
            print(finding, flush=True)
            count += 1
        lines = inspection.inventory.counts.total()
        files = len(inspection.read)
    finally:
        inspection.close()
    verdict = f"{count} findings" if count else "sound"
    print(f"{lines} lines in {files} files: {verdict}", file=sys.stderr)
    return count
