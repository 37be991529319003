"""Make an output folder sound again without losing a line that is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pipelines.soundness.accounts import DOUBLED, booked_lines, summary_problem, uneven_fingerprints
from pipelines.soundness.inspection import Inspection
from pipelines.soundness.lines import LineReader
from pipelines.soundness.mending import Aside, Mender
from pipelines.soundness.reconcile import Reconciler, Rules
from pipelines.soundness.state_rescue import finish_rescue, open_for_repair
from pipelines.store.fingerprint_rebuild import rebuild
from pipelines.store.fingerprints import FingerprintStore
from pipelines.store.lock import FolderLock


def repair(
    folder: Path, reader: LineReader, rules: Rules, run: str, *, fingerprints: bool = True
) -> Iterator[str]:
    """Repair *folder* under its lock; one sentence for each thing done. *run* names the repair.

    What is taken out of a file lies in `state/repaired/RUN/` afterwards. A repair that dies is
    finished by the next one. Raises `FolderLockedError`, `NewerStateError`, `OSError`,
    `sqlite3.Error`.
    """
    lock = FolderLock(folder / "state" / "lock")
    lock.acquire(run)
    try:
        aside = Aside(folder / "state" / "repaired" / run)
        connection, problem = open_for_repair(folder / "state", aside)
        try:
            yield from _Repair(folder, reader, rules, run, connection, aside).steps(
                problem, fingerprints=fingerprints
            )
        finally:
            connection.close()
        if aside.pieces:
            yield f"{aside.pieces} pieces lie in {aside.folder}"
    finally:
        lock.release()


class _Repair:
    def __init__(
        self,
        folder: Path,
        reader: LineReader,
        rules: Rules,
        run: str,
        connection: sqlite3.Connection,
        aside: Aside,
    ) -> None:
        self._folder = folder
        self._reader = reader
        self._rules = rules
        self._run = run
        self._connection = connection
        self._aside = aside

    def steps(self, problem: str | None, *, fingerprints: bool) -> Iterator[str]:
        if problem is not None:
            yield f"{problem}; it is made again from the lines"
        yield from self._mend_files(fresh=problem is not None)
        inspection = self._inspect()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield from Reconciler(
                self._connection,
                inspection.inventory,
                self._reader,
                self._rules,
                inspection.read,
                fresh=problem is not None,
            ).reconcile(self._run)
            self._connection.execute("COMMIT")
            yield from self._set_summaries_aside(inspection)
        finally:
            inspection.close()
        if fingerprints:
            yield from self._fingerprints()
        finish_rescue(self._connection)

    def _inspect(self) -> Inspection:
        """Look at everything; what is wrong is found again where it is mended."""
        inspection = Inspection(self._folder, self._reader, fingerprints=False, writing=False)
        try:
            for _ in inspection.findings():
                pass
        except BaseException:
            inspection.close()
            raise
        return inspection

    # --- files ----------------------------------------------------------------------------------

    def _mend_files(self, *, fresh: bool) -> Iterator[str]:
        inspection = self._inspect()
        inventory = inspection.inventory
        try:
            for path in sorted(inspection.damaged - set(inspection.read)):
                self._aside.move(self._folder / path, path)
                yield f"{path}: set aside"
            doubled: dict[str, set[int]] = {}
            for path, number, *_ in inventory.rows(DOUBLED):
                doubled.setdefault(path, set()).add(number)
            pending = {path: file.pending for path, file in inventory.files.items() if file.pending}
            spare = 0 if fresh else self._spare(inspection)
            paths = {*inspection.damaged & set(inspection.read), *doubled, *pending}
            if spare:
                paths |= {path for path in inspection.read if path.startswith("rejected/")}
            mender = Mender(inventory, self._reader, self._aside)
            for path in sorted(paths):
                before = self._aside.pieces, mender.rescued
                self._forget_length(path)
                spare -= mender.mend(
                    path,
                    frozenset(doubled.get(path, ())),
                    pending.get(path, ()),
                    spare if path.startswith("rejected/") else 0,
                )
                yield (
                    f"{path}: written anew; {self._aside.pieces - before[0]} pieces taken out,"
                    f" {mender.rescued - before[1]} records saved from them"
                )
        finally:
            inspection.close()

    def _forget_length(self, path: str) -> None:
        """Should we die now, recovery looks for the pending lines in the whole file."""
        self._connection.execute(
            "UPDATE files SET length=0, checksum=NULL WHERE path=?", (path.removesuffix(".gz"),)
        )

    def _spare(self, inspection: Inspection) -> int:
        """How many lines of `rejected/` there are beyond those that the runs wrote."""
        inventory = inspection.inventory
        booked = booked_lines(inventory.accounts()) if inventory.problem is None else None
        if booked is None:
            return 0
        names = ("rejected", "failed")
        return max(0, sum(inventory.counts[name] - booked[name] for name in names))

    # --- what is derived ------------------------------------------------------------------------

    def _set_summaries_aside(self, inspection: Inspection) -> Iterator[str]:
        accounts = inspection.inventory.accounts()
        for path in sorted(self._folder.glob("runs/*/summary.json")):
            if summary_problem(path, accounts.get(path.parent.name, {})) is not None:
                name = str(path.relative_to(self._folder))
                self._aside.move(path, name)
                yield f"{name}: set aside"

    def _fingerprints(self) -> Iterator[str]:
        inspection = self._inspect()
        try:
            wrong = next(uneven_fingerprints(inspection.inventory), None)
        finally:
            inspection.close()
        if wrong is None:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        tables = "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'fingerprint%'"
        for (table,) in self._connection.execute(tables).fetchall():
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
        store = FingerprintStore(self._connection, self._folder / "state" / "fingerprints")
        count = 0
        for taken in rebuild(store, self._folder):
            count = taken
            store.write()
            store.committed()
        self._connection.execute("COMMIT")
        yield f"{count} fingerprints made again"
