"""Run `scrapy dedup` in this process or in one of its own, and read what it wrote."""

import argparse
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from crawler.commands.dedup import Command

ROOT = Path(__file__).resolve().parents[2]


class Dedup:
    """The command in this process, over files of a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = folder / "kept.jsonl"
        self.reposts = folder / "reposts.jsonl"

    def __call__(
        self, *inputs: Path, settings: dict[str, Any] | None = None, **options: Any
    ) -> int:
        """Run it and give its exit status."""
        command = Command()
        command.settings = Settings({"NEAR_DUPLICATES_DAYS": 0, **(settings or {})})
        chosen = {"kept": self.kept, "reposts": self.reposts, "summary": False, "state": None}
        before = signal.getsignal(signal.SIGTERM)
        try:
            command.run([str(path) for path in inputs], argparse.Namespace(**chosen | options))
        except SystemExit as leaving:
            return int(leaving.code or 0)
        finally:
            signal.signal(signal.SIGTERM, before)
        return command.exitcode

    def apart(self, *inputs: Path, largest: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run it in a process of its own, in which no file may pass *largest* bytes."""

        def confine() -> None:
            if largest is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

        return subprocess.run(
            self.line(*inputs),
            cwd=ROOT,
            capture_output=True,
            text=True,
            preexec_fn=confine,
            env={**os.environ, "PYTHONHASHSEED": "7"},
            timeout=120,
            check=False,
        )

    def line(self, *inputs: Path) -> list[str]:
        """The command line, with a state."""
        names = ["--kept", self.kept, "--reposts", self.reposts, "--state", self.folder / "state"]
        command = [sys.executable, "-m", "scrapy", "dedup", *inputs, *names]
        return [str(part) for part in command]

    def write(self, name: str, *lines: object) -> Path:
        """Write an input; what is not bytes is written as JSON."""
        path = self.folder / name
        raw = [
            line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()
            for line in lines
        ]
        data = b"\n".join(raw) + b"\n"
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def ids(self) -> tuple[list[Any], list[Any]]:
        """The ids in both outputs, in order."""
        kept, reposts = rows(self.kept), rows(self.reposts)
        return [row.get("id") for row in kept], [row.get("id") for row in reposts]


def rows(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


def record(name: str, body: object, **more: object) -> dict[str, Any]:
    return {"id": name, "headline": None, "article_body": body, "date_published": None, **more}
