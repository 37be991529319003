"""Start `scrapy` many times from one process that has imported it: each run saves half a second.

Run as `python -c "from tests.crash.fork_server import main; main()"`, so that extraction workers,
which import the main module again, have none to import. Each line of standard input is an order,
each line of standard output its answer; `forks.py` is the other side.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import crawler
import pipelines
from tests.crash.deaths import damage, prepare, stop_early
from tests.faults import off

# What a crawl imports late, so that the fork has it; never the reactor, which is each run's own.
_LATE = (
    "scrapy.cmdline", "scrapy.crawler", "scrapy.core.downloader.handlers.http11",
    "scrapy.extensions.feedexport", "scrapy.pipelines", "scrapy.spiderloader",
    "twisted.internet.asyncioreactor", "multiprocessing.popen_spawn_posix", "pygal",
)  # fmt: skip


def main() -> None:
    """Answer orders until standard input ends."""
    for package in (crawler, pipelines):
        _import_all(package)
    for name in _LATE:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        if "start" in order:
            child = os.fork()
            if child == 0:
                _become_scrapy(**order["start"])
                return
            answer: Any = child
        else:
            child, status, usage = os.wait4(order["wait"], 0 if order["block"] else os.WNOHANG)
            answer = None
            if child:
                cpu = usage.ru_utime + usage.ru_stime
                answer = [os.waitstatus_to_exitcode(status), cpu, usage.ru_maxrss]
        print(json.dumps(answer), flush=True)


def _import_all(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def _become_scrapy(
    arguments: list[str],
    log: str,
    file_size: int | None,
    death: dict[str, Any] | None,
    damaged: dict[str, Any] | None,
    early: int | None,
    without: str | None,
) -> None:
    """Run `scrapy` in this process, with its own log; returns when it has ended."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for old, new in ((null, 0), (written, 1), (written, 2)):
        os.dup2(old, new)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    if death is not None:
        prepare(**death)
    if damaged is not None:
        damage(**damaged)
    if early is not None:
        stop_early(early)
    if without is not None:
        off.without(without).start()
    sys.argv = ["scrapy", *arguments]
    os.chdir(Path(__file__).parents[2])
    from scrapy.cmdline import execute  # noqa: PLC0415 - imported by the parent

    execute()
