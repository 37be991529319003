"""Whether pages can be rendered here, and the settings of the browser that does it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HANDLER = "crawler.rendering.handler.RenderingDownloadHandler"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Everything that a page asks for is answered by us. Whatever gets round that (web sockets, WebRTC,
# prefetching) finds no name, no address and no proxy.
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://0.0.0.0:9",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy",
    "--disable-background-networking",
)


def missing(environ: Mapping[str, str]) -> str | None:
    """What is not installed that rendering needs, in one sentence; None where nothing is."""
    if find_spec("scrapy_playwright") is None:
        return (
            "javascript = true needs the optional group `javascript`:"
            " pip install --require-hashes -r requirements/javascript.lock"
        )
    if _own_chromium() is None and not _bundled(environ):
        return "javascript = true needs Chromium: install it, or run `playwright install chromium`"
    return None


def rendering_settings(urls: Iterable[str], timeout: float) -> dict[str, Any]:
    """The settings that render pages of *urls*: which schemes, and the browser's own.

    *timeout* is in seconds. The sandbox is on except for root, for whom Chromium has none.
    """
    schemes = {urlsplit(url).scheme for url in urls}
    schemes |= {"https"} if schemes else set()  # where http leads today
    options: dict[str, Any] = {"args": list(_ARGUMENTS), "chromium_sandbox": os.geteuid() != 0}
    if path := _own_chromium():
        options["executable_path"] = path
    return {
        "DOWNLOAD_HANDLERS": dict.fromkeys(schemes, HANDLER),
        "PLAYWRIGHT_LAUNCH_OPTIONS": options,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 4,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 1_000 * timeout,
    }


def _own_chromium() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _bundled(environ: Mapping[str, str]) -> bool:
    folder = environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    cache = Path(folder) if folder else Path.home() / ".cache" / "ms-playwright"
    return any(cache.glob("chromium*"))
