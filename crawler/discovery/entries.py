"""An article named by a feed, a sitemap or a list, and whether it belongs to the site."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from crawler.discovery.urls import join, site_key
from crawler.items import Listing


@dataclass(slots=True)
class Entry:
    """One URL and what was said about it there."""

    url: str
    listing: Listing = field(default_factory=Listing)


@dataclass(slots=True)
class Gate:
    """Lets through safe links of the site, and counts the others by why they were dropped.

    *base* is the address of the feed or sitemap, *site* a URL of the site it was asked for, where
    that differs (a feed on a feed host, a sitemap on a file host).
    """

    base: str
    site: str = ""
    dropped: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    _hosts: dict[str, bool] = field(default_factory=dict, init=False)
    _key: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self._key = site_key(self.site or self.base) or ""

    def url(self, *links: str) -> str | None:
        """The first of the links that is safe and the site's own; None counts one as dropped."""
        reason = "no_link"
        for link in links:
            if not link.strip():
                continue
            found = join(self.base, link)
            if found is None:
                reason = "unsafe" if reason == "no_link" else reason
            elif self.owns(found):
                return found
            else:
                reason = "foreign"
        self.dropped[reason] += 1
        return None

    def owns(self, url: str) -> bool:
        """Whether a safe URL is of the site; asked once for each host."""
        origin = url.split("/", 3)[2]
        if origin not in self._hosts:
            self._hosts[origin] = site_key(url) == self._key
        return self._hosts[origin]

    def first_time(self, url: str) -> bool:
        """Whether the URL was not let through before."""
        if url in self.seen:
            self.dropped["repeated"] += 1
            return False
        self.seen.add(url)
        return True
