"""Which problems are worth a message, and where messages go. No network."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

FROM_ENVIRONMENT = "env:"


class AlertError(Exception):
    """The place that should hold the addresses of alerts does not."""


def alert_urls(place: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The addresses at *place*: `env:NAME`, or a file with one a line, `#` before a comment.

    Raises `AlertError`, which repeats no address. One that stands in the setting itself is
    refused: settings are shown, copied and committed.
    """
    if not place:
        return []
    if "://" in place:
        raise AlertError("ALERT_URLS names a file or env:NAME that holds the addresses, not them")
    if place.startswith(FROM_ENVIRONMENT):
        name = place.removeprefix(FROM_ENVIRONMENT)
        text = environment.get(name, "").replace(" ", "\n")
        if not text.strip():
            raise AlertError(f"ALERT_URLS is {place}, but {name} is not set")
    else:
        try:
            text = Path(place).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise AlertError(f"the file of ALERT_URLS, {place}, cannot be read: {reason}") from None
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def to_tell(
    problems: Sequence[str], told: Mapping[str, str], now: datetime, again: timedelta
) -> list[str]:
    """Those of *problems* that nobody was told of, or so long ago that it is time *again*.

    *told* has the ISO 8601 moment of the last message for each problem. One that lies in the
    future is of a clock that went back, and does not count.
    """
    return [name for name in problems if not _is_fresh(told.get(name), now, again)]


def _is_fresh(moment: str | None, now: datetime, again: timedelta) -> bool:
    try:
        return moment is not None and timedelta(0) <= now - datetime.fromisoformat(moment) < again
    except (TypeError, ValueError):
        return False
