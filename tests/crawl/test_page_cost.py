"""What Scrapy does for each page and nobody sees is left out, and comes back when it is seen."""

from __future__ import annotations

import asyncio
import gc
from typing import Any, cast

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted import internet
from twisted.internet.asyncioreactor import AsyncioSelectorReactor

from crawler.discovery.site_lists import Site
from crawler.extensions.garbage import GarbageCollection
from crawler.extensions.timers import CancelledTimers
from crawler.items import Task
from crawler.log_formatter import QuietLogFormatter
from crawler.spiders.news import NewsSpider

PAGE = "https://paper.example/1.html"


@pytest.mark.parametrize(("level", "made"), [("DEBUG", True), (5, True), ("INFO", False)])
def test_the_lines_of_each_page_are_made_where_the_level_shows_them(
    level: str | int, made: bool
) -> None:
    crawler = get_crawler(settings_dict={"LOG_LEVEL": level})
    formatter = QuietLogFormatter.from_crawler(crawler)
    request, response, spider = Request(PAGE), Response(PAGE), Spider("any")
    assert (formatter.crawled(request, response, spider) is not None) == made
    assert (formatter.scraped({}, response, spider) is not None) == made
    assert formatter.item_error({}, ValueError(), response, spider)["msg"]


def test_the_collector_is_as_it_was_when_the_crawl_is_over() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    extension = GarbageCollection.from_crawler(get_crawler())
    extension.engine_started()
    assert gc.get_threshold() > before
    assert gc.get_freeze_count() > frozen
    extension.engine_stopped()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize("swept", [True, False])
def test_the_timers_of_requests_that_were_answered_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, swept: bool
) -> None:
    loop = asyncio.new_event_loop()
    reactor = AsyncioSelectorReactor(loop)
    monkeypatch.setattr(internet, "reactor", reactor, raising=False)
    extension = CancelledTimers(seconds=0.001)
    if swept:
        extension.engine_started()
    for _ in range(1000):
        reactor.callLater(180, print).cancel()  # type: ignore[no-untyped-call]
    loop.run_until_complete(asyncio.sleep(0.01))
    assert len(reactor._pendingTimedCalls) == (1 if swept else 1000)
    extension.engine_stopped()
    reactor.disconnectAll()
    loop.close()


def test_scrapy_finds_the_callback_that_it_has_looked_at() -> None:
    """It remembers them weakly: a method bound for each request is looked at for each page."""
    spider = cast("Any", NewsSpider(url="https://paper.example/"))
    (site,) = spider.arguments.sites
    spider.crawls = {site.name: _Crawl(site)}
    task = Task("article", PAGE, PAGE, site.name, "paper.example")
    first, second = spider.request_for(task), spider.request_for(task)
    assert first.callback is second.callback
    assert first.errback is second.errback


class _Crawl:
    def __init__(self, site: Site) -> None:
        self.site = site

    def conditions(self, task: Task) -> dict[str, str]:  # noqa: ARG002
        return {}
