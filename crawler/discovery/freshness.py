"""How soon to ask a feed or list again: shorter when it brings news, longer when it does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

FIRST_INTERVAL = 15 * 60.0  # seconds, before anything is known
SHORTEST = 2 * 60.0
LONGEST = 24 * 3600.0
SHORTER, LONGER = 0.5, 1.5  # after news, after none: two quiet askings undo one with news
RESTING_AFTER = 3  # failures in a row
LONGEST_REST = 7 * 24 * 3600.0
MOST_TRUST = 8  # answers "unchanged" in a row that are believed of a server that proved honest
EARLY = 30.0  # seconds before its time a list counts as due: cron is not punctual


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is known of one feed, sitemap or list; times are aware, the interval is in seconds.

    *unchanged* counts answers in a row that the server itself called unchanged, *trust* is how many
    of them are believed before a whole answer is asked for: one at first, none once its content
    changed under one ETag. *proved* says that content and ETag were seen to change together, which
    a feed that keeps one ETag never shows, however long it is quiet; from then on *trust* is twice
    as much each time that the whole answer bears the server out. *digest* is of the last whole
    answer.
    """

    interval: float = FIRST_INTERVAL
    asked: datetime | None = None
    news: datetime | None = None
    failures: int = 0
    unchanged: int = 0
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    trust: int = 1
    proved: bool = False

    def after(
        self,
        now: datetime,
        new: int = 0,
        *,
        failed: bool = False,
        unchanged: bool = False,
        etag: str = "",
        last_modified: str = "",
        digest: str = "",
    ) -> Freshness:
        """What is known after asking at *now*: *new* articles, a failure, or status 304.

        Validators are those of this answer; an answer 304 or a failure keeps the old ones.
        """
        if failed:
            return replace(self, asked=now, failures=self.failures + 1)
        factor = SHORTER if new > 0 else LONGER
        interval = min(LONGEST, max(SHORTEST, self.interval * factor))
        kept = replace(
            self, interval=interval, asked=now, news=now if new > 0 else self.news, failures=0
        )
        if unchanged:
            return replace(kept, unchanged=self.unchanged + 1)
        return replace(
            kept,
            unchanged=0,
            etag=etag,
            last_modified=last_modified,
            digest=digest,
            **self._judged(etag or last_modified, digest),
        )

    def _judged(self, validator: str, digest: str) -> dict[str, Any]:
        """What is thought of the server after a whole answer.

        *validator* is what it compares: not the date where there is an ETag (RFC 9110, 13.2.2).
        """
        before = self.etag or self.last_modified
        changed = bool(digest and self.digest) and digest != self.digest
        if changed and validator and before:
            return {"trust": 0} if validator == before else {"proved": True}
        if digest == self.digest and self.unchanged and self.proved:
            return {"trust": min(MOST_TRUST, self.trust * 2)}
        return {}

    def due_at(self) -> datetime | None:
        """From when on it is to be asked again; None for at once."""
        if self.asked is None:
            return None
        wait = self.interval
        if self.failures:
            # A failure is asked again at its usual time, then ever more seldom.
            wait = min(LONGEST_REST, max(wait, SHORTEST) * 2.0 ** min(self.failures - 1, 20))
        return self.asked + timedelta(seconds=max(0.0, wait - EARLY))

    def due(self, now: datetime) -> bool:
        """Whether its time has come; a clock that was set back does not silence it for long."""
        due_at = self.due_at()
        if due_at is None or self.asked is None:
            return True
        return now >= due_at or now < self.asked - timedelta(hours=1)

    def resting(self, now: datetime) -> bool:
        """Whether it failed so often in a row that it is left alone until its time comes."""
        return self.failures >= RESTING_AFTER and not self.due(now)

    def conditions(self) -> dict[str, str]:
        """The request headers with which the server may say "unchanged"; empty where it may not.

        Some feeds keep one ETag while they change (RFC 9110, section 13 trusts them).
        """
        if self.unchanged >= self.trust:
            return {}
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "interval": self.interval,
            "asked": self.asked.isoformat() if self.asked else None,
            "news": self.news.isoformat() if self.news else None,
            "failures": self.failures,
            "unchanged": self.unchanged,
            "etag": self.etag,
            "last_modified": self.last_modified,
            "digest": self.digest,
            "trust": self.trust,
            "proved": self.proved,
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """From what `to_json` gave; None and damaged values count as never asked."""
        if not isinstance(data, dict):
            return cls()
        interval = data.get("interval")
        proved = data.get("proved") is True
        sound = isinstance(interval, int | float) and SHORTEST <= interval <= LONGEST
        return cls(
            interval=float(interval) if sound and interval is not None else FIRST_INTERVAL,
            asked=_moment(data.get("asked")),
            news=_moment(data.get("news")),
            failures=_count(data.get("failures")),
            unchanged=_count(data.get("unchanged")),
            etag=_header(data.get("etag")),
            last_modified=_header(data.get("last_modified")),
            digest=_header(data.get("digest")),
            trust=min(MOST_TRUST if proved else 1, _count(data.get("trust", 1))),
            proved=proved,
        )


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 1_000_000 else 0


def _header(value: Any) -> str:
    """A header's value on one line: a stored line break would start another header."""
    if not isinstance(value, str) or len(value) > 1_000:
        return ""
    return value if value.isprintable() else ""
