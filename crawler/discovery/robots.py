"""What robots.txt allows (RFC 9309), on top of protego."""

from __future__ import annotations

from dataclasses import dataclass, field

from protego import Protego

from crawler.discovery.urls import join, safe_url

MAX_BYTES = 500 * 1024  # RFC 9309, section 2.5: at least this much is read; we read no more
MAX_SITEMAPS = 200


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one host; without a file everything is allowed."""

    rules: Protego
    sitemaps: tuple[str, ...] = field(default=())
    cut: bool = False  # the file is longer than what was read

    @classmethod
    def parse(cls, body: bytes, url: str = "", max_bytes: int = MAX_BYTES) -> RobotsRules:
        """Read the first *max_bytes* of a robots.txt; never raises.

        *url* is the file's address, against which relative sitemaps are resolved.
        """
        cut = len(body) > max_bytes
        # A line that was cut in two could forbid more or less than it says.
        text = body[:max_bytes].rpartition(b"\n")[0] if cut else body
        lines = text.decode("utf-8-sig", "replace").replace("\r", "\n").split("\n")
        return cls(Protego.parse("\n".join(lines)), tuple(_sitemaps(lines, url)), cut)

    def allowed(self, url: str, agent: str) -> bool:
        """Whether *agent* may ask for the URL; False for what is not a safe URL."""
        safe = safe_url(url)
        return safe is not None and bool(self.rules.can_fetch(safe, agent))

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests, where the file names them; also from Request-rate."""
        delay = self.rules.crawl_delay(agent)
        if delay is not None and 0 <= delay < 86_400:
            return float(delay)
        rate = self.rules.request_rate(agent)
        return rate.seconds / rate.requests if rate is not None and rate.requests > 0 else None


def _sitemaps(lines: list[str], url: str) -> list[str]:
    found: dict[str, None] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name.strip().lower() != "sitemap":
            continue
        address = value.partition(" #")[0].strip()
        safe = join(url, address) if url else safe_url(address)
        if safe is not None:
            found[safe] = None
    return list(found)[:MAX_SITEMAPS]
