"""Run `crawl.py` and read what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

# Scrapy as it comes, but for what keeps a test short.
QUICK: dict[str, Any] = {
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 10.0,
    "DOWNLOAD_WARNSIZE": 0,
    "TWISTED_DNS_RESOLVER": "tests.network.crawl.PlainNamesResolver",
    "RETRY_TIMES": 1,
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 64,
    "ROBOTSTXT_OBEY": True,
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    "STATS_DUMP": False,
}

# Our components and their settings, as `crawler/settings.py` declares them.
MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.address.AddressMiddleware": 50,
    "crawler.middlewares.hosts.HostMiddleware": 60,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.user_agent.ContactMiddleware": 500,
    "crawler.middlewares.truncation.TruncationMiddleware": 585,
    "crawler.middlewares.compression.StrictCompressionMiddleware": 590,
    "crawler.middlewares.redirect.CheckedRedirectMiddleware": 600,
    "crawler.middlewares.backoff.BackoffMiddleware": 610,
}
OURS: dict[str, Any] = {
    "DOWNLOADER_MIDDLEWARES": MIDDLEWARES,
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.network.handlers.GuardedDownloadHandler",
        "https": "crawler.network.handlers.GuardedDownloadHandler",
        "file": None,
        "ftp": None,
        "s3": None,
        "data": None,
    },
    "TWISTED_DNS_RESOLVER": "tests.network.crawl.NamesResolver",
    "USER_AGENT": "firstprint/0.1 (news archive)",
    "METAREFRESH_ENABLED": False,
    "REFERER_ENABLED": False,
    "DOWNLOAD_MAXSIZE": 200_000,
    "REDIRECT_MAX_TIMES": 10,
    "CRAWL_DELAY_MAX": 30.0,
    "RETRY_AFTER_MAX": 120.0,
    "BACKOFF_BASE": 0.02,
    "BACKOFF_MAX": 0.1,
    "ROBOTSTXT_MAX_BYTES": 500 * 1024,
    "ROBOTSTXT_CACHE_SECONDS": 86_400,
    "ROBOTSTXT_RETRY_SECONDS": 300,
}


@dataclass(frozen=True)
class Outcome:
    """What one URL came to: `page` or the reason of its failure."""

    outcome: str
    detail: str
    url: str


@dataclass(frozen=True)
class Result:
    """A finished crawl."""

    outcomes: dict[str, list[Outcome]]
    stats: dict[str, Any]
    log: str

    def of(self, url: str) -> Outcome:
        """The one outcome of *url*; a test fails where there is none, or more than one."""
        found = self.outcomes.get(url, [])
        assert len(found) == 1, f"{url}: {found}\n{self.log}"
        return found[0]

    def words(self, url: str) -> list[str]:
        return [outcome.outcome for outcome in self.outcomes.get(url, [])]


def crawl(
    urls: list[Any],
    settings: dict[str, Any],
    names: dict[str, list[str]] | None = None,
    environment: dict[str, str] | None = None,
) -> Result:
    """Crawl *urls* in a process of its own, at most half a minute."""
    spec = {"urls": urls, "settings": {**QUICK, **settings}, "names": names or {}}
    done = subprocess.run(
        [sys.executable, "-m", "tests.network.crawl"],
        input=json.dumps(spec),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    outcomes = {
        url: [Outcome(**noted) for noted in noteds] for url, noteds in answer["outcomes"].items()
    }
    return Result(outcomes, answer["stats"], done.stderr)
