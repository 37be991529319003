"""Run a command of ours without a process of its own, which costs a second each."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.utils.project import get_project_settings


def run(command: ScrapyCommand, *arguments: str, **settings: Any) -> int:
    """Run *command* with the project's settings and these; give its exit status."""
    own: Any = get_project_settings()
    own.setdict(settings, priority="cmdline")
    command.settings = own
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    options, rest = parser.parse_known_args(arguments)
    try:
        command.run(rest, options)
    except SystemExit as error:
        return int(error.code or 0)
    return command.exitcode
