"""Check or repair an output folder, and print what came of it."""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from crawler.network.failures import is_passing
from crawler.network.politeness import host_key
from crawler.record_schema import RECORDS, json_schema
from crawler.runs.exit_status import COULD_NOT, OK, TRY_LATER
from crawler.runs.run_id import new_run_id
from pipelines.soundness.inspection import Inspection
from pipelines.soundness.lines import LineReader
from pipelines.soundness.reconcile import Rules
from pipelines.soundness.repair import repair
from pipelines.store.database import StateError
from pipelines.store.fingerprints import FingerprintError
from pipelines.store.lock import FolderLockedError

RULES = Rules(host_key, is_passing)


def verify(folder: Path, *, mend: bool, fingerprints: bool) -> int:
    """Check *folder*, after a repair if *mend*; the exit status.

    *fingerprints* says whether articles are to have them.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        return _fail(f"the output folder {folder} {what}")
    reader = LineReader({name: json_schema(record) for name, record in RECORDS})
    try:
        if mend:
            run = new_run_id(datetime.now(UTC))
            for done in repair(folder, reader, RULES, run, fingerprints=fingerprints):
                print(done, flush=True)
        return COULD_NOT if _inspect(folder, reader, fingerprints) else OK
    except FolderLockedError as error:
        return _fail(str(error), TRY_LATER)
    except (OSError, ValueError, StateError, FingerprintError, sqlite3.Error) as error:
        return _fail(f"the output folder {folder} cannot be checked: {error}")


def _inspect(folder: Path, reader: LineReader, fingerprints: bool) -> int:
    """Print a line a finding, and the sum; the number of findings."""
    inspection = Inspection(folder, reader, fingerprints=fingerprints)
    count = 0
    try:
        for finding in inspection.findings():
            print(finding, flush=True)
            count += 1
        lines, files = inspection.inventory.counts.total(), len(inspection.read)
    finally:
        inspection.close()
    verdict = f"{count} finding{'s' * (count > 1)}" if count else "sound"
    print(f"{lines} lines in {files} files: {verdict}", file=sys.stderr)
    return count


def _fail(sentence: str, status: int = COULD_NOT) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return status
