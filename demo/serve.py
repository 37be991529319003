"""Run the press as a process of its own."""

from __future__ import annotations

import json
import signal
from dataclasses import asdict
from pathlib import Path

from demo.press import Press


def serve(press: Press, port_file: Path, truth_file: Path | None = None) -> int:
    """Serve until SIGTERM or SIGINT, then return 0.

    *port_file* is written when every port listens: a JSON object of home pages by site key.
    *truth_file* receives what must come out, one JSON object a line, before that.
    """
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # also in the server's thread
    with press:
        if truth_file:
            lines = (json.dumps(asdict(a), ensure_ascii=False) + "\n" for a in press.expected())
            _write(truth_file, "".join(lines))
        _write(port_file, json.dumps(press.homes))
        signal.sigwait(signals)
    return 0


def _write(path: Path, text: str) -> None:
    """Write a file that is whole from the moment it can be seen."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
