"""Tell somebody that a run failed, a site went quiet or the disk is nearly full."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import sqlite3
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.assembly.status_facts import read_status
from crawler.discovery.urls import without_secrets
from crawler.runs.alerts import AlertError, alert_urls, to_tell
from crawler.runs.summary import write_whole
from pipelines.store.database import StateError

logger = logging.getLogger(__name__)
_MEMORY = "alerts.json"


def send_alerts(
    settings: BaseSettings, folder: Path, failure: str | None, now: datetime
) -> Counter[str]:
    """Send one message on what is wrong with *folder*, if there is news; off without ALERT_URLS.

    *failure* is why the run failed, None if it did not. Never raises: what cannot be sent is
    logged, and counted as `failed` beside `sent`; it is tried again after the next run.
    """
    counts: Counter[str] = Counter()
    try:
        urls = alert_urls(settings.get("ALERT_URLS") or "")
        if not urls:
            return counts
        problems = _problems(settings, folder, failure, now)
        memory = folder / "state" / _MEMORY
        told = _read(memory)
        again = timedelta(hours=settings.getfloat("ALERT_AGAIN_HOURS"))
        news = to_tell(list(problems), told, now, again)
        if news:
            lines = [without_secrets(problems[name]) for name in news]
            counts = _send(urls, f"firstprint: {len(news)} problem{'s' * (len(news) > 1)}", lines)
        if news and not counts["sent"]:
            return counts
        kept = {name: now.isoformat() if name in news else told[name] for name in problems}
        if kept != told:
            write_whole(memory, json.dumps(kept) + "\n")
    except OSError as error:
        logger.warning("What alerts were sent cannot be remembered: %s", error)
    except AlertError as error:
        counts["failed"] += 1
        logger.error("No alert is sent: %s", error)
    except Exception:  # the run is over and its result is safe
        counts["failed"] += 1
        logger.exception("No alert is sent")
    return counts


def _problems(
    settings: BaseSettings, folder: Path, failure: str | None, now: datetime
) -> dict[str, str]:
    """A sentence for each problem, by a name that stays the same while the problem does."""
    where = f"{folder.resolve()} on {socket.gethostname()}"
    problems = {} if failure is None else {"failed": f"A run into {where} failed: {failure}"}
    free = shutil.disk_usage(folder if folder.is_dir() else folder.parent).free >> 20
    if free < settings.getint("ALERT_DISK_FREE_MB"):
        problems["disk"] = f"The disk of {where} is nearly full: {free} MB are free"
    try:
        for site in read_status(folder, now).quiet:
            problems[f"quiet {site}"] = f"{site} brings no news any more; see `scrapy status`"
    except (StateError, OSError, sqlite3.Error, ValueError):
        logger.debug("There is no status to look for quiet sites in", exc_info=True)
    return problems


def _read(memory: Path) -> dict[str, str]:
    try:
        told = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _send(urls: list[str], title: str, lines: list[str]) -> Counter[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of modules for services that nobody asked for
            import apprise  # noqa: PLC0415 - two seconds, and not installed everywhere
    except ImportError:
        raise AlertError("alerts need `pip install -r requirements/alerts.lock`") from None
    counts: Counter[str] = Counter()
    for url in urls:
        # An address is a secret as a whole: of a webhook everything may be the password.
        with _silence():
            service = apprise.Apprise()
            sent = service.add(url) and service.notify(title=title, body="\n".join(lines))
        counts["sent" if sent else "failed"] += 1
        if not sent:
            logger.error("An alert could not be sent by %s", url.partition("://")[0][:20])
    return counts


@contextmanager
def _silence() -> Iterator[None]:
    """Let nobody log: the libraries below tell whole addresses where they fail."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
