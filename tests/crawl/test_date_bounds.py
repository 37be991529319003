"""`since=` and `until=` hold also where only the page says its date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import NotConfigured

from crawler.items import NewsArticle, Rejection
from crawler.spider_arguments import last_moment
from demo import Press
from pipelines.date_bounds import DateBoundsPipeline
from tests.crawl.running import crawl, records, summaries

SINCE, UNTIL = datetime(2026, 3, 10, 8, tzinfo=UTC), datetime(2026, 3, 12, 8, tzinfo=UTC)


def article(published: str | None = None, precision: Any = "minute", **more: Any) -> NewsArticle:
    return NewsArticle(date_published=published, date_precision=precision, **more)


CASES = {
    "within": (article("2026-03-11T10:00:00+08:00"), True),
    "before": (article("2026-03-10T15:59:00+08:00"), False),
    "after": (article("2026-03-12T16:01:00+08:00"), False),
    "at the very bound": (article("2026-03-10T16:00:00+08:00"), True),
    "a day that reaches over the bound": (article("2026-03-10T00:00:00+08:00", "day"), True),
    "a day before": (article("2026-03-09T00:00:00+08:00", "day"), False),
    "no date": (article(), True),
    "changed before": (article(date_modified="2026-03-01T00:00:00+08:00"), False),
    "changed after, published who knows when": (
        article(date_modified="2026-04-01T00:00:00+08:00"),
        True,
    ),
}


@pytest.mark.parametrize(("given", "stays"), CASES.values(), ids=CASES)
def test_what_stays_within_the_bounds(given: NewsArticle, stays: bool) -> None:
    passed = DateBoundsPipeline(SINCE, UNTIL).process_item(given)
    assert (passed is given) is stays
    if not stays:
        assert isinstance(passed, Rejection)
        assert (passed.reason, passed.outcome) == ("out_of_range", "rejected")


def test_other_items_pass() -> None:
    rejection = Rejection(reason="empty")
    assert DateBoundsPipeline(SINCE, UNTIL).process_item(rejection) is rejection


def test_a_run_without_bounds_has_no_such_step() -> None:
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(arguments=SimpleNamespace(since=None)))
    with pytest.raises(NotConfigured):
        DateBoundsPipeline.from_crawler(crawler)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-08-31", datetime(2026, 8, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-08-31T16:40+00:00", datetime(2026, 8, 31, 16, 40, tzinfo=UTC)),
    ],
)
def test_until_a_day_includes_the_day(text: str, expected: datetime) -> None:
    assert last_moment(text) == expected


def test_the_press_gives_what_lies_between_and_the_rest_when_the_bounds_go(tmp_path: Path) -> None:
    """The lists of this site print no year: its addresses decide, and the page near the bounds."""
    with Press(sites=("portal",)) as press:
        dates = {one.canonical_url: one.date_published[:10] for one in press.expected()}
        middle = sorted(dates.values())[len(dates) // 2]
        bounds = ("-a", f"since={middle}T00:00+08:00", "-a", f"until={middle}T23:59+08:00")
        assert crawl(press.homes.values(), tmp_path, *bounds).returncode == 0
        assert set(written(tmp_path)) == {url for url, day in dates.items() if day == middle}
        out = [line for line in records(tmp_path, "rejected") if line["reason"] == "out_of_range"]
        assert out
        assert {dates[line["url"]] for line in out} <= set(dates.values()) - {middle}

        assert crawl(press.homes.values(), tmp_path, *bounds).returncode == 0
        assert summaries(tmp_path)[-1]["candidates"] == 0

        assert crawl(press.homes.values(), tmp_path).returncode == 0
        assert sorted(written(tmp_path)) == sorted(dates)


def written(output: Path) -> list[str]:
    lines = records(output, "articles") + records(output, "reposts")
    return [line["canonical_url"] for line in lines]
