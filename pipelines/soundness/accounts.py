"""Compare the lines of an output folder with what its state and its runs say of them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.fingerprint.sketch import Sketch, SketchError
from pipelines.soundness.inventory import Finding, Inventory, day_of

# Of findings that come by the thousand, so many are told one by one.
_TOLD = 20
WRITTEN = ("article", "repost", "rejected", "failed")

DOUBLED = """
    SELECT path, number, id, version FROM (
        SELECT *, row_number() OVER (PARTITION BY id, version ORDER BY rowid) AS place
        FROM temp.lines
    ) WHERE place > 1 AND number > 0
"""
LOST = """
    SELECT id, version - gone - coalesce(there, 0) AS lost FROM main.articles LEFT JOIN (
        SELECT id, count(DISTINCT version) AS there FROM temp.lines GROUP BY id
    ) USING (id) WHERE lost > 0
"""
UNKNOWN = """
    SELECT path, count(*) FROM temp.lines LEFT JOIN main.articles USING (id)
    WHERE articles.id IS NULL OR lines.version > articles.version GROUP BY path
"""
ORPHANS = """
    SELECT path, number, id, repost_of FROM temp.lines AS line WHERE repost_of IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM temp.lines WHERE id = line.repost_of AND repost_of IS NULL)
"""
FORGIVEN = "SELECT 1 FROM main.articles WHERE id=? AND gone > 0"
# Fingerprints of an id beside its lines; below the day *kept* they may have been forgotten.
UNEVEN = """
    SELECT id, coalesce(lines, 0), coalesce(recent, 0), coalesce(prints, 0),
        coalesce(articles.version, 0)
    FROM (SELECT id FROM temp.lines UNION SELECT id FROM main.fingerprints)
    LEFT JOIN (
        SELECT id, count(*) AS lines, sum(day > :kept) AS recent FROM temp.lines GROUP BY id
    ) USING (id)
    LEFT JOIN (SELECT id, count(*) AS prints FROM main.fingerprints GROUP BY id) USING (id)
    LEFT JOIN main.articles USING (id)
    WHERE coalesce(prints, 0) < coalesce(recent, 0)
        OR coalesce(prints, 0) > max(coalesce(articles.version, 0), coalesce(lines, 0))
"""


def compare(inventory: Inventory, *, fingerprints: bool) -> Iterator[Finding]:
    """What is wrong between the lines, and between them and the state; all lines are noted."""
    yield from _doubled(inventory)
    if inventory.problem is not None:
        yield from _orphans(inventory, forgiving=False)
        return
    state = f"state/{inventory.state_path.name}"
    try:
        yield from _integrity(inventory, state)
        if not is_of_a_fleet(inventory):
            yield from _orphans(inventory, forgiving=True)
            yield from _lost(inventory, state)
        yield from _unknown(inventory)
        yield from _counts(inventory)
        if fingerprints:
            yield from _fingerprints(inventory, state)
    except sqlite3.DatabaseError as error:
        inventory.problem = f"cannot be read: {error}"
        yield Finding(state, inventory.problem)


def _doubled(inventory: Inventory) -> Iterator[Finding]:
    for path, number, id_, version in inventory.rows(DOUBLED):
        yield Finding(f"{path}:{number}", f"{id_} version {version} is there before")


def _orphans(inventory: Inventory, *, forgiving: bool) -> Iterator[Finding]:
    for path, number, id_, first in inventory.rows(ORPHANS):
        if not (forgiving and inventory.rows(FORGIVEN, (first,))):
            yield Finding(f"{path}:{number}", f"{id_} reprints {first}, which is no article here")


def _integrity(inventory: Inventory, state: str) -> Iterator[Finding]:
    for (answer,) in inventory.rows("PRAGMA main.integrity_check(5)"):
        if answer != "ok":
            inventory.problem = "is damaged"
            yield Finding(state, f"is damaged: {' '.join(answer.split())}")


def is_of_a_fleet(inventory: Inventory) -> bool:
    """Whether others hold first prints, versions and fingerprints of what this folder has."""
    known = "SELECT 1 FROM main.sqlite_master WHERE name = 'fleet_facts'"
    return bool(inventory.rows(known))


def _lost(inventory: Inventory, state: str) -> Iterator[Finding]:
    lost = inventory.rows(LOST)
    for id_, count in lost[:_TOLD]:
        lines = "a line" if count == 1 else f"{count} lines"
        yield Finding(state, f"{lines} of {id_} that was written is nowhere")
    if len(lost) > _TOLD:
        yield Finding(state, f"lines of {len(lost) - _TOLD} more articles are nowhere")


def _unknown(inventory: Inventory) -> Iterator[Finding]:
    for path, count in inventory.rows(UNKNOWN):
        yield Finding(path, f"{count} of its lines are unknown to the state")


def _counts(inventory: Inventory) -> Iterator[Finding]:
    """Lines by outcome against the runs' own accounts, and these against the summaries."""
    accounts = inventory.accounts()
    booked = booked_lines(accounts)
    if booked is not None:
        for outcome in WRITTEN:
            there, told = inventory.counts[outcome], booked[outcome]
            if there != told:
                what = f"the runs wrote {told} lines of outcome {outcome}, there are {there}"
                yield Finding("runs", what)
    for path in sorted(inventory.folder.glob("runs/*/summary.json")):
        where = str(path.relative_to(inventory.folder))
        problem = summary_problem(path, accounts.get(path.parent.name, {}))
        if problem is not None:
            yield Finding(where, problem)


def booked_lines(accounts: dict[str, dict[str, Any]]) -> Counter[str] | None:
    """Lines by outcome that all runs wrote; None where one of them does not say."""
    booked: Counter[str] = Counter()
    for values in accounts.values():
        lines = values.get("lines")
        if not isinstance(lines, dict):
            return None
        for outcome, count in lines.items():
            booked[outcome] += count
    return booked


def summary_problem(path: Path, account: dict[str, Any]) -> str | None:
    """What is wrong with a run's summary, seen beside what the run booked."""
    try:
        summary = json.loads(path.read_bytes())
        outcomes, candidates = dict(summary["outcomes"]), int(summary["candidates"])
        total = sum(outcomes.values())
    except (ValueError, KeyError, TypeError, OSError) as error:
        return f"cannot be read: {error!r}"
    if total != candidates:
        return f"{candidates} candidates have {total} outcomes"
    told = account.get("outcomes")
    if not isinstance(told, dict):
        return None
    for outcome in WRITTEN:
        if outcomes.get(outcome, 0) != told.get(outcome, 0):
            return f"says {outcomes.get(outcome, 0)} {outcome}, the state {told.get(outcome, 0)}"
    return None


def _fingerprints(inventory: Inventory, state: str) -> Iterator[Finding]:
    told = 0
    for what in uneven_fingerprints(inventory):
        told += 1
        if told <= _TOLD:
            yield Finding(state, what[1])
    if told > _TOLD:
        yield Finding(state, f"the fingerprints of {told - _TOLD} more articles are wrong")


def uneven_fingerprints(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """The ids whose fingerprints are not those of their lines, and what is wrong with them."""
    if is_of_a_fleet(inventory):
        return
    if not has_fingerprints(inventory):
        if inventory.rows("SELECT 1 FROM temp.lines LIMIT 1"):
            yield "", "holds no fingerprints"
        return
    for id_, sketch in inventory.stream("SELECT id, sketch FROM main.fingerprints"):
        try:
            Sketch.unpack(sketch)
        except SketchError as error:
            yield id_, f"a fingerprint of {id_} cannot be read: {error}"
    kept = forgotten_day(inventory)
    rows = inventory.connection.execute(UNEVEN, {"kept": kept})
    for id_, _lines, recent, prints, versions in rows:
        if prints < recent:
            since = f" since {day_of(kept + 1)}" if kept >= 0 else ""
            yield id_, f"{id_} has {recent} lines{since} and {prints} fingerprints"
        else:
            yield id_, f"{id_} has {prints} fingerprints and {versions} versions"


def has_fingerprints(inventory: Inventory) -> bool:
    """Whether the state has the tables of fingerprints at all."""
    query = "SELECT count(*) FROM main.sqlite_master WHERE name LIKE 'fingerprint%'"
    return bool(inventory.rows(query)[0][0] >= 2)


def forgotten_day(inventory: Inventory) -> int:
    """The last day, since 1970, of which fingerprints may have been forgotten; -1 if none."""
    floor = inventory.rows("SELECT value FROM main.fingerprint_facts WHERE name='floor'")
    if not floor:
        return -1
    # What was fetched before midnight may have been added after it.
    seen = inventory.rows("SELECT seen FROM main.fingerprints ORDER BY number LIMIT 1")
    return int(seen[0][0]) if seen else 1 << 40
