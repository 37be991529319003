"""How long to wait for a host: decisions only, no clock and no framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def host_key(url: str) -> str:
    """The queue of a URL: its host, with the port where that is not the scheme's own.

    Two sites on two ports of one machine are two hosts to us, as they are to robots.txt.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").removesuffix(".")
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{port}"


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """The wait that a Retry-After header asks for, from *now*; None where it is not readable.

    Seconds, or an HTTP date (RFC 9110, section 10.2.3); a date in the past is 0.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        # No server means more than a few years, and a float of 400 digits is no number.
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def backoff_seconds(failures: int, base: float, cap: float, chance: float) -> float:
    """The wait after so many failures of a host in a row: doubling, capped, half of it by chance.

    *chance* is a number from 0 to 1; "equal jitter" keeps hosts that failed together apart.
    """
    if failures < 1:
        return 0.0
    full = min(cap, base * 2.0 ** min(failures - 1, 32))
    return full * (0.5 + 0.5 * chance)


def slot_delay(current: float, crawl_delay: float | None, cap: float) -> float:
    """Seconds between two requests to a host whose robots.txt asks for *crawl_delay*."""
    if crawl_delay is None or not crawl_delay > 0:
        return current
    return max(current, min(crawl_delay, cap))


def slots_of_sites(
    sites: Iterable[tuple[str, float | None, int | None]],
    operator_delay: bool,
    operator_concurrency: bool,
) -> Mapping[str, Mapping[str, Any]]:
    """DOWNLOAD_SLOTS for (homepage, delay, concurrency) of a site list; None leaves a default.

    What the operator gave on the command line wins: then the list's value is left out.
    """
    slots: dict[str, dict[str, Any]] = {}
    for homepage, delay, concurrency in sites:
        slot: dict[str, Any] = {}
        if delay is not None and not operator_delay:
            slot["delay"] = float(delay)
        if concurrency is not None and not operator_concurrency:
            slot["concurrency"] = int(concurrency)
        if slot and (key := host_key(homepage)):
            slots[key] = slot
    return slots
