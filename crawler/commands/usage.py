"""Say in one sentence what is wrong with a command line, and leave with status 2."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from crawler.runs.exit_status import USAGE


def refuse(sentence: str) -> NoReturn:
    """Print *sentence* and exit with status 2."""
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(USAGE)


def refuse_unknown_options(args: list[str]) -> None:
    """Refuse what Scrapy's parser passed on because it did not know it."""
    for argument in args:
        if argument.startswith("-") and argument != "-":
            refuse(f"unknown option {argument}")


def tags_reposts(settings: Any) -> bool:
    """Whether `NEAR_DUPLICATES_ACTION` is to tag; leaves with status 2 if it is neither."""
    action = settings.get("NEAR_DUPLICATES_ACTION", "drop")
    if action not in ("drop", "tag"):
        refuse(f"NEAR_DUPLICATES_ACTION is {action!r}; it can be drop or tag")
    return bool(action == "tag")
