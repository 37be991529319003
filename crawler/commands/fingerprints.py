"""`scrapy fingerprints`: the memory of repost detection, made again from the output itself."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

from crawler.commands.usage import refuse, refuse_unknown_options
from crawler.runs.exit_status import COULD_NOT, TRY_LATER


class Command(ScrapyCommand):
    """Make the fingerprints of the output folder again from its articles and reposts."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[-s OUTPUT_DIR=DIR]"

    def short_desc(self) -> str:
        return "Make the fingerprints again from the JSON Lines"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002  (no options)
        from pipelines.store.database import StateError
        from pipelines.store.fingerprints import FingerprintError
        from pipelines.store.lock import FolderLock, FolderLockedError

        refuse_unknown_options(args)
        if args:
            refuse(f"`scrapy fingerprints` takes no argument, but was given {args[0]}")
        settings: Any = self.settings
        folder = Path(settings["OUTPUT_DIR"])
        lock = FolderLock(folder / "state" / "lock")
        try:
            lock.acquire("fingerprints")
            count = self._rebuild(folder)
        except FolderLockedError as error:
            self._fail(str(error), TRY_LATER)
        except (OSError, ValueError, StateError, FingerprintError, sqlite3.Error) as error:
            self._fail(f"the fingerprints are as they were: {error}")
        else:
            print(f"{count} fingerprints made again", file=sys.stderr)
        finally:
            lock.release()

    def _rebuild(self, folder: Path) -> int:
        """Work in one transaction: until its end the old fingerprints are the true ones."""
        from crawler.assembly.dedup_state import FINGERPRINTS
        from pipelines.store.database import DATABASE_NAME, open_database
        from pipelines.store.fingerprint_rebuild import rebuild
        from pipelines.store.fingerprints import FingerprintStore

        connection = open_database(folder / "state" / DATABASE_NAME)
        try:
            connection.execute("BEGIN IMMEDIATE")
            store = FingerprintStore(connection, folder / "state" / FINGERPRINTS)
            count = 0
            for taken in rebuild(store, folder):
                count = taken
                store.write()
                # Moves what is written into runs. They bear a new mark: should this not come to
                # its end, they are a stranger's to the old rows, and go.
                store.committed()
            connection.execute("COMMIT")
        finally:
            connection.close()
        return count

    def _fail(self, sentence: str, status: int = COULD_NOT) -> None:
        self.exitcode = status
        print(f"error: {sentence}", file=sys.stderr)
