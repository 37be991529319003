"""`scrapy verify`: is the output folder sound; `--repair` makes it so."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options


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
        from crawler.assembly.verification import verify

        refuse_unknown_options(args)
        if args:
            refuse(f"`scrapy verify` takes no argument, but was given {args[0]}")
        settings: Any = self.settings
        self.exitcode = verify(
            Path(settings["OUTPUT_DIR"]),
            mend=opts.repair,
            fingerprints=settings.getbool("NEAR_DUPLICATES_ENABLED"),
        )
