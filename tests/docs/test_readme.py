"""Both READMEs show the same commands, and the commands run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.export.output_folder import append, article

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")
)
PAGE = ROOT / "tests" / "article" / "pages" / "chinese-portal.html"


def commands(text: str) -> list[str]:
    """Every line that a reader may type, and every command that the table names."""
    typed = re.findall(r"^\$ (.+)$", text, re.MULTILINE)
    named = re.findall(r"^\| (`[^|]*?`(?:\\\|[^|]*?`)*) \|", text.replace("\\|", "¦"), re.MULTILINE)
    cron = re.findall(r"^\*/5 .*$", text, re.MULTILINE)
    return [*typed, *named, *cron]


COMMANDS = commands(ENGLISH)
TYPED = [each for each in COMMANDS if each[0] not in "`*"]


def test_both_languages_show_the_same_commands() -> None:
    assert len(COMMANDS) > 20
    assert commands(CHINESE) == COMMANDS


def test_both_languages_link_the_same_pages() -> None:
    links = [re.findall(r"\]\(([^)]+)\)", text) for text in (ENGLISH, CHINESE)]
    other = {"README.md", "README.zh.md"}
    assert set(links[0]) - other == set(links[1]) - other
    for link in links[0]:
        assert (ROOT / link.partition("#")[0]).exists() or link.startswith("https:"), link


@pytest.mark.parametrize("command", TYPED)
def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE.read_bytes())
    append(tmp_path / "output" / "demo", "articles", "2026-03-01", article(1))
    if command.startswith("make"):
        # What the targets do has tests of its own; here it is that make knows them.
        command = f"make -n -C '{ROOT}' {command.removeprefix('make')}"
    command = command.replace(".venv/bin/scrapy", f"{sys.executable} -m scrapy")
    # No test asks the net: the page that curl would bring is here.
    command = re.sub(r"curl -s \S+", "cat page.html", command)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
    }
    run = subprocess.run(
        ["/bin/bash", "-eu", "-o", "pipefail", "-c", command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
