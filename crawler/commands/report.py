"""`scrapy report`: a run as a picture, or all of them."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT

if TYPE_CHECKING:
    from collections.abc import Callable


class Command(ScrapyCommand):
    """Make the page of a run again, print its path, and open it if asked."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[RUN] [--all] [--open]"

    def short_desc(self) -> str:
        return "Show a run, the latest by default, as a page with charts"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="one page on all runs")
        parser.add_argument("--open", action="store_true", help="open the page in a browser")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.reports.runs import RunError

        refuse_unknown_options(args)
        if len(args) > 1 or (args and opts.all):
            refuse("`scrapy report` takes the name of one run, or --all")
        settings: Any = self.settings
        make = self._maker(Path(settings["OUTPUT_DIR"]), args, whole=opts.all)
        try:
            path = make()
        except RunError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"the report cannot be written: {error}")
        else:
            print(path)
            if opts.open and not webbrowser.open(path.resolve().as_uri()):
                self._fail("there is no browser here that could be opened; the page is made")

    def _maker(self, folder: Path, args: list[str], *, whole: bool) -> Callable[[], Path]:
        from crawler.assembly.report_files import write_overview, write_report
        from crawler.reports.runs import RunError, run_names

        def make() -> Path:
            if whole:
                return write_overview(folder)
            names = args or run_names(folder)[-1:]
            if not names:
                raise RunError(f"there is no run in {folder / 'runs'} yet")
            return write_report(folder, names[0])

        return make

    def _fail(self, sentence: str) -> None:
        self.exitcode = COULD_NOT
        print(f"error: {sentence}", file=sys.stderr)
