"""How far a long command has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from crawler.assembly.dedup_run import Tally

SECONDS_BETWEEN_LINES = 10.0

Report = Callable[[int, Tally], None]


@contextmanager
def progress(total_bytes: int) -> Iterator[Report]:
    """Give the function that is told of bytes read and of the tally so far."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task("reading", total=total_bytes)
            yield lambda size, tally: bar.update(
                task, advance=size, description=f"{tally.documents} documents"
            )
        return
    yield _Lines(total_bytes)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
    )


class _Lines:
    """Says how far it is on a line of standard error, every few seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._next = time.monotonic() + SECONDS_BETWEEN_LINES

    def __call__(self, size: int, tally: Tally) -> None:
        self._done += size
        if time.monotonic() >= self._next:
            self._next += SECONDS_BETWEEN_LINES
            share = 100 * self._done // max(1, self._total)
            print(f"{share} % read, {tally.sentence()}", file=sys.stderr, flush=True)
