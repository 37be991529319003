"""What came back for a feed, a sitemap or a list, in plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Answer:
    """What came back for a control task; *robots_sitemaps* go with a homepage."""

    url: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    unmodified: bool = False
    robots_sitemaps: Sequence[str] = ()
