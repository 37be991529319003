"""The store of a crawl: this folder's own, or the one that a fleet shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.store.store import Store

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from pipelines.store.interfaces import CrawlStore
    from pipelines.store.shared.store import FleetSettings


def open_store(
    settings: BaseSettings, folder: Path, run: str, clock: Callable[[], float]
) -> CrawlStore:
    """Open *folder* for *run*, or join the fleet of `REDIS_URL`; raises as these do."""
    if not settings["REDIS_URL"]:
        return Store.open(
            folder, run, keep_days=settings.getint("NEAR_DUPLICATES_DAYS"), clock=clock
        )
    # The client of a server that most crawls do not have takes a while to import.
    from pipelines.store.shared.store import SharedStore  # noqa: PLC0415

    return SharedStore.open(folder, run, fleet_settings(settings), clock)


def fleet_settings(settings: BaseSettings) -> FleetSettings:
    """How this process takes part in a fleet."""
    from pipelines.store.shared.store import FleetSettings  # noqa: PLC0415

    return FleetSettings(
        url=settings["REDIS_URL"],
        lease=settings.getfloat("LEASE_SECONDS"),
        patience=settings.getfloat("REDIS_PATIENCE_SECONDS"),
        bits=settings.getint("REDIS_INDEX_BITS"),
        keep_days=settings.getint("NEAR_DUPLICATES_DAYS"),
        seen_days=settings.getint("REDIS_SEEN_DAYS"),
    )
