"""`scrapy dedup`: records in, first prints and reposts out."""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options, tags_reposts
from crawler.runs.exit_status import COULD_NOT, TRY_LATER


class Command(ScrapyCommand):
    """Split an archive into first prints and reposts."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "FILE.jsonl... --kept K --reposts R [--summary] [--state DIR]"

    def short_desc(self) -> str:
        return "Split records into first prints and reposts"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--kept", metavar="K", type=Path, help="where first prints go")
        parser.add_argument("--reposts", metavar="R", type=Path, help="where reposts go")
        parser.add_argument("--summary", action="store_true", help="print clusters and copiers")
        parser.add_argument(
            "--state", metavar="DIR", type=Path, help="compare with this memory, and add to it"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.store.database import StateError
        from pipelines.store.fingerprints import FingerprintError
        from pipelines.store.lock import FolderLockedError

        settings: Any = self.settings
        refuse_unknown_options(args)
        paths = _checked(args, opts)
        tag = tags_reposts(settings)
        signal.signal(signal.SIGTERM, _leave)
        try:
            self._deduplicate(paths, opts, settings.getint("NEAR_DUPLICATES_DAYS"), tag=tag)
        except FolderLockedError as error:
            self._fail(str(error), TRY_LATER)
        except (OSError, EOFError, StateError, FingerprintError, sqlite3.Error) as error:
            self._fail(f"nothing was written: {error}")
        except KeyboardInterrupt:
            self._fail("stopped; nothing was written", 128 + signal.SIGINT)

    def _deduplicate(
        self, paths: list[Path], opts: argparse.Namespace, keep_days: int, *, tag: bool
    ) -> None:
        from crawler.assembly.dedup_lines import Output
        from crawler.assembly.dedup_progress import progress
        from crawler.assembly.dedup_run import Deduplicator
        from crawler.assembly.dedup_state import open_state
        from crawler.assembly.dedup_summary import print_summary

        total = sum(path.stat().st_size for path in paths)
        with (
            Output(opts.kept) as kept,
            Output(opts.reposts) as reposts,
            open_state(opts.state, opts.kept.parent, keep_days) as state,
        ):
            run = Deduplicator(state, kept, reposts, tag=tag)
            with progress(total) as report:
                run.run(paths, report)
            reposts.finish()
            kept.finish()
            state.finish()
        if opts.summary:
            print_summary([opts.kept] if tag else [opts.kept, opts.reposts], sys.stdout)
        print(run.tally.sentence(), file=sys.stderr)
        if run.tally.bad:
            self._fail("; ".join(run.tally.bad_lines))

    def _fail(self, sentence: str, status: int = COULD_NOT) -> None:
        self.exitcode = status
        print(f"error: {sentence}", file=sys.stderr)


def _checked(args: list[str], opts: argparse.Namespace) -> list[Path]:
    """The inputs; leaves with status 2 where the command line makes no sense."""
    if not args:
        refuse("`scrapy dedup` takes files of records, one JSON object a line")
    for name in ("kept", "reposts"):
        if getattr(opts, name) is None:
            refuse(f"--{name} is missing: it says where these records go")
        if getattr(opts, name).is_dir():
            refuse(f"--{name} {getattr(opts, name)} is a folder")
    paths = [Path(name) for name in args]
    outputs = [opts.kept.resolve(), opts.reposts.resolve()]
    if outputs[0] == outputs[1] and outputs[0].suffix:
        refuse("--kept and --reposts are the same file")
    for path in paths:
        if path.resolve() in outputs:
            refuse(f"{path} is read and written at once")
    return paths


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as for Ctrl-C, with the drafts removed on the way out."""
    sys.exit(128 + number)
