"""Close a run: the last commit, the sum, the summary, the exit status."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.assembly.alerting import send_alerts
from crawler.extensions.bookkeeping import Bookkeeping
from crawler.extensions.run_figures import RunFigures
from crawler.reports.final_lines import Screen, final_lines
from crawler.runs.exit_status import COULD_NOT, RunFacts, SiteFacts, exit_status
from crawler.runs.figures import Figures
from crawler.runs.summary import (
    OUTCOMES,
    Summary,
    fetched_other,
    write_summary,
    write_whole,
)
from pipelines.store.days import last_days
from pipelines.store.interfaces import CrawlStore
from pipelines.store.shared.errors import SharedStoreError, UnreachableError

logger = logging.getLogger(__name__)


def finish(crawler: Any, started: datetime, signal: int | None, broken: str | None) -> int:
    """Commit and close the store of *crawler*, write and print the summary; the exit status.

    *signal* is the one that stopped the run, *broken* says why it never came to crawl.
    """
    store: CrawlStore = crawler.store
    spider = crawler.spider
    failure = _output_failure(crawler)
    broken = broken or (spider.broken if spider is not None else None)
    broken = broken or (_broken(failure) if failure is not None else None)
    summary = Summary(run=store.run, started=_iso(started))
    answered: dict[str, bool] = spider.answered if spider is not None else {}
    sites = {name: found for name, found in answered.items() if found or store.expects(name)}
    pending, ever = None, set[str]()
    if broken is None:
        pending, ever, failure = _last_commit(store, sites)
        broken = None if failure is None else _broken(failure)
    summary.candidates = store.candidates(pending or 0)
    summary.outcomes = {name: store.outcomes[name] for name in OUTCOMES}
    # A run whose output failed knows only what it committed; all else is left for the next.
    summary.outcomes["pending"] = (
        summary.candidates - store.outcomes.total() if pending is None else pending
    )
    summary.fetched_other = fetched_other(crawler.stats.get_stats() if crawler._stats else {})
    summary.sites = {name: dict(store.outcomes_by_site.get(name, {})) for name in sites} | {
        name: dict(counts) for name, counts in store.outcomes_by_site.items()
    }
    facts = RunFacts(
        signal=signal,
        broken=broken,
        later=isinstance(failure, UnreachableError),
        pending=summary.outcomes["pending"],
        unread=getattr(spider, "unread", False),
        candidates=summary.candidates,
        failed=summary.outcomes["failed"],
        max_error_ratio=crawler.settings.getfloat("MAX_ERROR_RATIO"),
        sites={name: SiteFacts(has_answered, name in ever) for name, has_answered in sites.items()},
    )
    summary.exit_status, reason = exit_status(facts)
    summary.finished = _iso(store.now())
    _close(store, summary, broken)
    # A run that was stopped or broke has not asked them all.
    whole = signal is None and broken is None
    silent = {
        name: spider.troubles.get(name, "")
        for name, answered in sites.items()
        if whole and not answered
    }
    _report(crawler, store, {"silent": silent, "failure": reason})
    lines = final_lines(summary, store.folder, reason, _screen(), silent)
    print("\n".join(lines), file=sys.stderr)
    alert = reason if summary.exit_status == COULD_NOT else None
    for outcome, count in send_alerts(crawler.settings, store.folder, alert, store.now()).items():
        crawler.stats.inc_value(f"alerts/{outcome}", count)
    summary.check()
    return summary.exit_status


def _last_commit(
    store: CrawlStore, sites: Iterable[str]
) -> tuple[int | None, set[str], BaseException | None]:
    """What is pending after the last commit, which *sites* ever gave anything, and what failed."""
    try:
        store.commit()
        ever = {name for name in sites if store.has_articles(name)}
        return store.frontier.pending(), ever, None
    except (OSError, sqlite3.Error) as error:
        return None, set(), error


def _output_failure(crawler: Any) -> BaseException | None:
    if crawler._extensions is None:
        return None
    bookkeeping = crawler.get_extension(Bookkeeping)
    return None if bookkeeping is None else bookkeeping.failure


def _broken(error: BaseException) -> str:
    if isinstance(error, SharedStoreError):
        return f"the shared store: {error}"
    # What SQLite calls operational is the disk's fault, all else is the database's.
    if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.OperationalError):
        return f"the state is damaged: {error}; `scrapy verify --repair` saves what can be saved"
    return f"the output cannot be written: {error}"


def _close(store: CrawlStore, summary: Summary, broken: str | None) -> None:
    try:
        write_summary(summary, store.folder)
    except OSError as error:
        print(f"error: the summary cannot be written: {error}", file=sys.stderr)
    if broken is None:
        store.close()
    else:
        store.abandon()


def _screen() -> Screen:
    """The terminal, and the commands as its user has to call them in this folder."""
    size = shutil.get_terminal_size()
    beside = Path(sys.executable).with_name("scrapy")
    named = "scrapy" if shutil.which("scrapy") else os.path.relpath(beside)
    return Screen(size.columns, size.lines, named, shutil.which("jq") is not None)


def _report(crawler: Any, store: CrawlStore, more: dict[str, Any]) -> None:
    """Write the run's figures and *more*, and its page unless REPORT_ENABLED is off."""
    extension = crawler.get_extension(RunFigures) if crawler._extensions is not None else None
    figures = extension.figures if extension is not None else Figures()
    try:
        found = figures.as_json() | {"files": last_days(store.folder)} | more
        text = json.dumps(found, ensure_ascii=False)
        write_whole(store.folder / "runs" / store.run / "figures.json", f"{text}\n")
        # Of a run that took nothing up, `scrapy report` makes the page if somebody asks.
        if crawler.settings.getbool("REPORT_ENABLED") and store.frontier.taken_up:
            # Charts take a quarter of a second to import, for which no page shall wait.
            from crawler.assembly.report_files import write_report  # noqa: PLC0415

            write_report(store.folder, store.run)
    except OSError as error:
        print(f"error: the report cannot be written: {error}", file=sys.stderr)
    except Exception:  # the run is over and its result is safe: a bad picture does not undo it
        logger.exception("The report of run %s cannot be made", store.run)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
