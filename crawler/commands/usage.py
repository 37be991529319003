"""Say in one sentence what is wrong with a command line, and leave with status 2."""

from __future__ import annotations

import sys
from typing import NoReturn

from crawler.exit_status import USAGE


def refuse(sentence: str) -> NoReturn:
    """Print *sentence* and exit with status 2."""
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(USAGE)


def refuse_unknown_options(args: list[str]) -> None:
    """Refuse what Scrapy's parser passed on because it did not know it."""
    for argument in args:
        if argument.startswith("-") and argument != "-":
            refuse(f"unknown option {argument}")
