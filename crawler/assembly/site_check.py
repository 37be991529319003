"""What each site of a list yields, from one bounded crawl into a folder of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from crawler.discovery.site_lists import Site
from crawler.items import Task
from crawler.site_sample import SiteSample
from pipelines.store.store import Store


@dataclass(slots=True)
class SiteYield:
    """What one site gave: lists that named articles, articles named, bodies of those fetched."""

    name: str
    state: str
    reason: str = ""
    feeds: int = 0
    sitemaps: int = 0
    lists: int = 0
    articles: int = 0
    fetched: int = 0
    bodies: int = 0

    def line(self) -> str:
        """One line for the terminal and for `grep`: the state first, the reason last."""
        if self.state == "disabled":
            return f"{self.state:12} {self.name}: {self.reason}"
        parts = (
            f"{self.state:12} {self.name}: feeds {self.feeds}, sitemaps {self.sitemaps}, lists"
            f" {self.lists}, articles {self.articles}, clean bodies {self.bodies} of {self.fetched}"
        )
        return f"{parts} ({self.reason})" if self.reason else parts


def site_yields(sites: list[Site], crawler: Any) -> list[SiteYield]:
    """What the sample crawl of *crawler* found, in the order of the list; commits its store."""
    store: Store = crawler.store
    store.commit()
    return [_yield(site, crawler, store) for site in sites]


def _yield(site: Site, crawler: Any, store: Store) -> SiteYield:
    if not site.enabled:
        return SiteYield(site.name, "disabled", site.why_disabled)
    sample: SiteSample = crawler.spider.crawls[site.name]
    found = SiteYield(site.name, "ok", articles=len(sample.named))
    for task in store.frontier.control_tasks(site.name):
        if not _gave(task):
            continue
        found.reason = found.reason or str(task.memo.get("problem") or "")
        match task.kind:
            case "feed":
                found.feeds += 1
            case "sitemap":
                found.sitemaps += 1
            case _:
                found.lists += 1
    outcomes = store.outcomes_by_site.get(site.name, Counter[str]())
    found.bodies = outcomes["article"] + outcomes["repost"] + outcomes["unchanged"]
    found.fetched = outcomes.total()
    if not crawler.spider.answered.get(site.name):
        found.state = "silent"
        found.reason = crawler.spider.troubles.get(site.name, "nothing answered")
    elif not found.articles:
        found.state, found.reason = "no articles", "no list, feed or sitemap names one"
    elif not found.bodies:
        found.state, found.reason = "no bodies", _refusals(store, site.name)
    return found


def _gave(task: Task) -> bool:
    return bool(task.memo.get("names"))


def _refusals(store: Store, site: str) -> str:
    rows = store.connection.execute(
        "SELECT coalesce(reason, outcome, state), count(*) FROM candidates WHERE site=?"
        " GROUP BY 1 ORDER BY 2 DESC",
        (site,),
    )
    return ", ".join(f"{count} {reason}" for reason, count in rows.fetchall()) or "none was fetched"
