"""What a host's answer for /robots.txt allows (RFC 9309): decisions only, no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.discovery.robots import RobotsRules


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us.

    *unreachable* is why it could not be read, which forbids everything for now, *cause* the error
    behind it if there was one; *crawl_delay* is in seconds. Without *parsed* rules and a reason
    everything is allowed.
    """

    agent: str
    parsed: RobotsRules | None = None
    unreachable: str | None = None
    cause: Exception | None = None
    crawl_delay: float | None = None
    sitemaps: list[str] = field(default_factory=list)

    def allows(self, url: str) -> bool:
        """Whether our agent may ask for *url*; True where there are no rules."""
        return self.parsed is None or self.parsed.allowed(url, self.agent)


def robots_url(url: str) -> str:
    """Where the rules for *url* stand: the same scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def product_token(user_agent: str) -> str:
    """The word that robots.txt files call us by: `firstprint` of `firstprint/0.1 (news)`."""
    return user_agent.partition("/")[0].split(" ")[0]


def rules_of(status: int, body: bytes, agent: str, max_bytes: int, where: str = "") -> Rules:
    """The rules that an answer gives: parsed from 2xx, none from 3xx and 4xx, all shut from 5xx.

    Only the first *max_bytes* count, up to the last full line among them. *where* is the file's
    address, for relative sitemaps.
    """
    if status >= 500:
        return Rules(agent, unreachable=f"http_{status}")
    if not 200 <= status < 300:
        return Rules(agent)
    parsed = RobotsRules.parse(body, where, max_bytes)
    return Rules(
        agent,
        parsed,
        crawl_delay=parsed.crawl_delay(agent),
        sitemaps=list(parsed.sitemaps),
    )
