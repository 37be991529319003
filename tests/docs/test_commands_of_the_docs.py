"""The commands that the documentation shows run, where their tools are installed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.export.output_folder import append, article, end_run, rejection, repost

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = FENCE.findall((ROOT / "docs" / "using-the-output.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the page assumes it: an output, and the file that its first command makes."""
    made = tmp_path_factory.mktemp("docs")
    append(
        made / "output",
        "articles",
        "2026-03-01",
        *(article(number, simhash=f"{number:016x}") for number in range(1, 5)),
    )
    append(made / "output", "reposts", "2026-03-01", repost(9, of=1))
    append(made / "output", "rejected", "2026-03-01", rejection(10))
    end_run(made / "output", "20260301T120000Z-0001")
    (made / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n", encoding="utf-8")
    return made


def missing(command: str) -> str | None:
    """A tool of the command that is not installed."""
    modules = re.findall(r"^import (\w+)", command, re.MULTILINE)
    modules += ["pandas"] if "import pandas" in command else []
    lost = [name for name in modules if importlib.util.find_spec(name) is None]
    lost += [name for name in ("jq",) if name in command and shutil.which(name) is None]
    return lost[0] if lost else None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split("\n")[0][:40])
def test_a_command_of_using_the_output_runs(folder: Path, command: str) -> None:
    tool = missing(command)
    if tool is not None:
        pytest.skip(f"{tool} is not installed")
    if "articles.parquet" in command and "scrapy" not in command:
        _run(folder, "test -f articles.parquet || scrapy export --to parquet")
    done = _run(folder, command)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "gzip" in command or "scrapy" in command


def _run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    binaries = Path(sys.executable).parent
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["/bin/bash", "-eu", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
