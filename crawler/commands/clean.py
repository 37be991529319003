"""`scrapy clean`: documents in, one cleaned record a line out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT

if TYPE_CHECKING:
    from crawler.documents import Document


class Command(ScrapyCommand):
    """Print what is left of each document: a record, or why there is none."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "FILE... [--url U] [--site-memory]"

    def short_desc(self) -> str:
        return "Clean documents and print one record a line"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", metavar="U", help="the address of the document")
        parser.add_argument(
            "--site-memory",
            action="store_true",
            help="let what the documents of one site repeat count against it",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.assembly.cleaner import Cleaner
        from crawler.discovery.urls import safe_url

        refuse_unknown_options(args)
        if not args:
            refuse("`scrapy clean` takes files, folders, or - for standard input")
        url = safe_url(opts.url) if opts.url is not None else None
        if opts.url is not None and url is None:
            refuse(f"--url {opts.url}: must be an http or https address")
        settings: Any = self.settings
        cleaner = Cleaner(
            now=datetime.now(UTC).isoformat(timespec="seconds"),
            url=url,
            workers=settings.getint("EXTRACTION_WORKERS") or os.cpu_count() or 1,
            timeout=settings.getfloat("EXTRACTION_TIMEOUT"),
            memory=settings.getint("EXTRACTION_MEMORY_MB"),
            site_memory=opts.site_memory,
        )
        try:
            for line in cleaner.clean(self._documents(args)):
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # The reader, `head` for instance, has what it wanted; Python would complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            cleaner.close()

    def _documents(self, names: list[str]) -> Iterator[Document]:
        from crawler.documents import find_files, read_document

        for name in names:
            if name == "-":
                yield read_document("-", sys.stdin.buffer, None)
                continue
            files = find_files(name)
            if not files and not Path(name).is_dir():
                self._fail(f"{name}: there is no such file")
            for file in files:
                yield from self._read(file)

    def _read(self, file: Path) -> Iterator[Document]:
        from crawler.documents import read_documents

        try:
            yield from read_documents(file)
        except (OSError, EOFError, ValueError) as error:
            self._fail(f"{file} cannot be read: {error}")

    def _fail(self, sentence: str) -> None:
        self.exitcode = COULD_NOT
        print(f"error: {sentence}", file=sys.stderr)
