"""Run `scrapy` many times from one process that has imported it: each run saves half a second.

Started as `python -c "from tests.fork_server import main; main()"`, so that extraction workers,
which import the main module again, have none to import. Each line of standard input is an order,
each line of standard output its answer: the pid, then the exit status. `tests/forked.py` is the
other side.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path
from typing import Any

# What a command imports late, so that the fork has it; never the reactor, which is each run's own.
_LATE = (
    "scrapy.cmdline", "scrapy.crawler", "scrapy.core.downloader.handlers.http11",
    "scrapy.extensions.feedexport", "scrapy.pipelines", "scrapy.spiderloader",
    "twisted.internet.asyncioreactor", "multiprocessing.popen_spawn_posix", "pygal",
)  # fmt: skip
_ROOT = Path(__file__).parents[1]


def main() -> None:
    """Answer orders until standard input ends."""
    for name in ("crawler", "pipelines"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become_scrapy(**order)
            return
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become_scrapy(arguments: list[str], files: list[str]) -> None:
    """Run `scrapy` in this process, with *files* for its input, output and errors."""
    os.setsid()
    flags = (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT | os.O_APPEND] * 2)
    for number, (name, flag) in enumerate(zip(files, flags, strict=True)):
        opened: Any = os.open(name, flag, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["scrapy", *arguments]
    os.chdir(_ROOT)
    from scrapy.cmdline import execute  # noqa: PLC0415 - imported by the parent

    execute()
