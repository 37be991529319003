"""`scrapy explain`: why each block of a page was kept or removed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT

if TYPE_CHECKING:
    from crawler.reports.explained import Explained


class Command(ScrapyCommand):
    """Show what became of a page, block by block."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "URL-or-FILE [--html OUT] [--url U]"

    def short_desc(self) -> str:
        return "Show why each block of a page was kept or removed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--html", metavar="OUT", type=Path, help="write a page of its own")
        parser.add_argument("--url", metavar="U", help="the address of a file's document")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.assembly.explain_run import (
            BadTargetError,
            ExplainError,
            explain_all,
            holds_several,
        )

        refuse_unknown_options(args)
        if len(args) != 1:
            refuse("`scrapy explain` takes one address, one file, or - for standard input")
        try:
            for page in explain_all(args[0], opts.url, self.settings, one=opts.html is not None):
                self._print(page, named=holds_several(args[0]))
                if opts.html is not None:
                    self._write(opts.html, page)
        except BadTargetError as error:
            refuse(str(error))
        except ExplainError as error:
            self._fail(str(error))

    def _print(self, page: Explained, *, named: bool) -> None:
        from crawler.reports.explained import line

        lines = [f"==> {page.name} <=="] if named else []
        lines += [line(block) for block in page.blocks]
        sys.stdout.buffer.writelines(f"{each}\n".encode() for each in lines)
        sys.stdout.buffer.flush()
        print(f"{page.name}: {page.verdict}", file=sys.stderr)

    def _write(self, path: Path, page: Explained) -> None:
        from crawler.reports.pages import render

        try:
            path.write_text(render("explain.html", page=page), encoding="utf-8")
        except OSError as error:
            self._fail(f"{path} cannot be written: {error.strerror}")

    def _fail(self, sentence: str) -> None:
        self.exitcode = COULD_NOT
        print(f"error: {sentence}", file=sys.stderr)
