"""The arguments of `scrapy crawl news`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path

from crawler.discovery.site_lists import Site, SiteListError, find_site_list, load_site_list
from crawler.discovery.urls import safe_url
from crawler.rendering.browser import missing
from crawler.spider_arguments import (
    ArgumentError,
    last_moment,
    moment,
    read,
    refuse_unknown,
    switch,
    whole_number,
)

NAMES = ("url", "sites", "since", "until", "limit", "depth", "due", "warc", "sample")
SITES_FOLDER = Path(__file__).parent / "sites"


@dataclass(slots=True)
class NewsArguments:
    """What to crawl and how far: *limit* counts candidates, *depth* steps from the homepage.

    *since* and *until* bound the dates of articles, both included. *due* leaves out lists whose
    interval has not come. *warc* is the file for the raw pages. *sample* is how many articles of
    each site are fetched where a look at it is enough (`scrapy sites check`).
    """

    sites: list[Site]
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    depth: int | None = None
    due: bool = False
    warc: Path | None = None
    sample: int | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """*since* and *until* in seconds since the epoch."""
        since, until = self.since, self.until
        return (since.timestamp() if since else -inf, until.timestamp() if until else inf)


def parse_news_arguments(arguments: Mapping[str, str]) -> NewsArguments:
    """Check and type the arguments; raises `ArgumentError`. Reads the site lists it is told to."""
    refuse_unknown(arguments, NAMES)
    if "url" in arguments and "sites" in arguments:
        msg = "-a url= and -a sites= cannot be used together"
        raise ArgumentError(msg)
    sites: list[Site] = read(arguments, "url", _urls, [])
    sites = read(arguments, "sites", _listed, sites)
    if not arguments.keys() & {"url", "sites"}:
        sites = [site for path in sorted(SITES_FOLDER.glob("*.toml")) for site in _load(path)]
    parsed = NewsArguments(
        sites=sites,
        since=read(arguments, "since", moment, None),
        until=read(arguments, "until", last_moment, None),
        limit=read(arguments, "limit", whole_number, None),
        depth=read(arguments, "depth", whole_number, None),
        due=read(arguments, "due", switch, False),
        warc=read(arguments, "warc", Path, None),
        sample=read(arguments, "sample", whole_number, None),
    )
    if any(site.javascript for site in sites) and (what := missing(os.environ)):
        raise ArgumentError(what)
    if parsed.since and parsed.until and parsed.since > parsed.until:
        msg = "-a since= must not be after -a until="
        raise ArgumentError(msg)
    return parsed


def _urls(text: str) -> list[Site]:
    urls = [safe_url(part) for part in text.split(",") if part.strip()]
    if not urls or None in urls:
        msg = "must be one or more http or https addresses, separated by commas"
        raise ValueError(msg)
    return list({site.name: site for site in (Site(url=url) for url in urls if url)}.values())


def listed_sites(name: str) -> list[Site]:
    """The sites of a list by its name or path, disabled ones included; raises `SiteListError`."""
    return _read_list(find_site_list(name, SITES_FOLDER))


def _listed(text: str) -> list[Site]:
    return [site for site in listed_sites(text) if site.enabled]


def _load(path: Path) -> list[Site]:
    return [site for site in _read_list(path) if site.enabled]


def _read_list(path: Path) -> list[Site]:
    try:
        return load_site_list(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise SiteListError(msg) from error
