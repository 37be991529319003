"""Names of runs."""

from __future__ import annotations

import secrets
from datetime import datetime


def new_run_id(now: datetime) -> str:
    """`YYYYMMDDTHHMMSSZ-xxxx`: sortable, and unique when two runs share a second.

    *now* is in UTC.
    """
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
