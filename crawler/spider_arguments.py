"""Typed spider arguments: a bad one is refused before the crawl, in a sentence that names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

Value = TypeVar("Value")


class ArgumentError(ValueError):
    """An argument of a spider is wrong; the message is one sentence that names it."""


def refuse_unknown(arguments: Mapping[str, str], known: Iterable[str]) -> None:
    """Refuse an argument that no spider of this name takes."""
    names = sorted(known)
    for name in arguments:
        if name not in names:
            msg = f"unknown argument -a {name}=; there are {', '.join(names)}"
            raise ArgumentError(msg)


def read(
    arguments: Mapping[str, str], name: str, parse: Callable[[str], Value], default: Value
) -> Value:
    """The value of *name* through *parse*, whose `ValueError` becomes the sentence."""
    if name not in arguments:
        return default
    try:
        return parse(arguments[name])
    except ValueError as error:
        msg = f"-a {name}={arguments[name]}: {error}"
        raise ArgumentError(msg) from error


def whole_number(text: str) -> int:
    """A number of at least 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        msg = "must be a whole number of at least 1"
        raise ValueError(msg)
    return int(text)


def switch(text: str) -> bool:
    """`1` or `0`."""
    if text not in ("0", "1"):
        msg = "must be 0 or 1"
        raise ValueError(msg)
    return text == "1"


def moment(text: str) -> datetime:
    """An ISO 8601 date or time; without an offset it is in UTC."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        msg = "must be a date such as 2026-08-31 or 2026-08-31T16:40+08:00"
        raise ValueError(msg) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def last_moment(text: str) -> datetime:
    """As `moment`, but a day alone means its end."""
    parsed = moment(text)
    whole = len(text.strip()) <= len("2026-08-31") and "T" not in text
    return parsed + timedelta(days=1, microseconds=-1) if whole else parsed
