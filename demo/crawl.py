"""Crawl the press with the spider of the same environment."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from demo.press import Press

ROOT = Path(__file__).parent.parent
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_BY_SIGNAL = 128  # added to a signal's number, as shells do


def crawl(arguments: Sequence[str]) -> int:
    """Crawl every site of the press into `output/demo/` and return the crawl's exit status.

    *arguments* are passed on to `scrapy crawl news`, after ours. SIGINT, SIGTERM and SIGHUP are
    passed on as well; the press stops when the crawl has ended.
    """
    with Press(fixed_ports=True) as press:
        command = [sys.executable, "-m", "scrapy", "crawl", "news"]
        command += ["-a", f"url={','.join(press.homes.values())}"]
        command += ["-s", "OUTPUT_DIR=output/demo", "-s", "DOWNLOAD_DELAY=0", *arguments]
        return run_child(command)


def run_child(command: Sequence[str]) -> int:
    """Run *command* in the repository, pass signals on to it once each, return its status.

    The child has a process group of its own, so that Ctrl-C reaches it through us only: twice
    would mean a forced stop.
    """
    waiting: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def forward(number: int, _frame: FrameType | None) -> None:
        if child is None:
            waiting.append(number)
        else:
            child.send_signal(number)

    before = {number: signal.signal(number, forward) for number in _SIGNALS}
    try:
        child = subprocess.Popen(command, cwd=ROOT, process_group=0)  # noqa: S603 - our own command
        for number in waiting:
            child.send_signal(number)
        status = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else _BY_SIGNAL - status
