"""Which sitemaps a run asks, and which it leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawl.paper import HOME, Paper, march, sitemap_index, url, urlset


def test_a_site_that_names_its_sitemaps_is_asked_for_no_others(tmp_path: Path) -> None:
    pages = {
        HOME: "<html></html>",
        HOME + "robots.txt": f"Sitemap: {HOME}news-map.xml",
        HOME + "news-map.xml": urlset([(url(1), "2026-03-02")]),
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert paper.asked == [HOME, HOME + "news-map.xml"]


def monthly(folder: Path, *, dated: bool) -> Paper:
    maps = [f"{HOME}map-2026-{month:02}.xml" for month in (1, 2, 3)]
    stamps = [f"2026-0{day}T09:00:00Z" for day in ("1-31", "2-28", "3-19")] if dated else [""] * 3
    pages: dict[str, str | bytes] = {
        HOME: "<html></html>",
        HOME + "robots.txt": f"Sitemap: {HOME}maps.xml",
        HOME + "maps.xml": sitemap_index(list(zip(maps, stamps, strict=True))),
    }
    for month, address in enumerate(maps, start=1):
        rows = [(f"{HOME}2026/{month:02}/{n:02}/story-of-the-day.html", "") for n in range(1, 9)]
        pages[address] = urlset(
            [(loc, f"2026-{month:02}-{n:02}") for n, (loc, _) in enumerate(rows, 1)]
        )
    return Paper(folder, pages)


@pytest.mark.parametrize("dated", [True, False], ids=["with lastmod", "without lastmod"])
def test_old_sitemaps_are_not_asked_again(tmp_path: Path, dated: bool) -> None:
    paper = monthly(tmp_path, dated=dated)
    paper.run()
    assert len(paper.articles) == 24
    paper.run()
    expected = {HOME + "maps.xml"} | (set() if dated else {HOME + "map-2026-03.xml"})
    assert set(paper.asked) == expected


def test_a_sitemap_that_its_index_calls_changed_is_asked_once_more(tmp_path: Path) -> None:
    paper = monthly(tmp_path, dated=True)
    paper.run()
    march_map = HOME + "map-2026-03.xml"
    rows = [
        (f"{HOME}2026/03/{n:02}/story-of-the-day.html", f"2026-03-{n:02}") for n in range(1, 21)
    ]
    paper.pages[march_map] = urlset(rows)
    paper.pages[HOME + "maps.xml"] = sitemap_index(
        [
            (HOME + "map-2026-02.xml", "2026-02-28T09:00:00Z"),
            (march_map, "2026-03-20T09:00:00Z"),
        ]
    )
    paper.run()
    assert paper.asked == [HOME + "maps.xml", march_map]
    assert len(paper.articles) == 12
    paper.run()
    assert paper.asked == [HOME + "maps.xml"]


def test_backfill_through_sitemaps_takes_only_those_that_reach_into_the_bounds(
    tmp_path: Path,
) -> None:
    paper = monthly(tmp_path, dated=True)
    paper.run(since=march(1))
    assert paper.asked[-2:] == [HOME + "maps.xml", HOME + "map-2026-03.xml"]
    assert len(paper.articles) == 8
    paper.run(since=datetime(2026, 2, 1, tzinfo=UTC))
    assert len(paper.articles) == 8
    assert all("/2026/02/" in address for address in paper.articles)
    paper.run()
    assert all("/2026/01/" in address for address in paper.articles)
    assert len(paper.articles) == 8


def test_of_many_sitemaps_in_robots_txt_the_latest_is_asked_again(tmp_path: Path) -> None:
    paper = monthly(tmp_path, dated=False)
    maps = [f"{HOME}map-2026-{month:02}.xml" for month in (1, 2, 3)]
    paper.pages[HOME + "robots.txt"] = "\n".join(f"Sitemap: {address}" for address in maps)
    paper.run()
    assert len(paper.articles) == 24
    paper.run()
    assert paper.asked == [maps[-1]]


def test_the_sitemap_of_a_new_month_is_found(tmp_path: Path) -> None:
    paper = monthly(tmp_path, dated=False)
    paper.run()
    april = f"{HOME}map-2026-04.xml"
    maps = [f"{HOME}map-2026-{month:02}.xml" for month in (1, 2, 3, 4)]
    paper.pages[HOME + "maps.xml"] = sitemap_index([(address, "") for address in maps])
    paper.pages[april] = urlset([(f"{HOME}2026/04/01/story-of-the-day.html", "2026-04-01")])
    paper.run()
    assert paper.articles == [f"{HOME}2026/04/01/story-of-the-day.html"]


def test_an_index_that_names_itself_ends(tmp_path: Path) -> None:
    pages = {
        HOME: "<html></html>",
        HOME + "robots.txt": f"Sitemap: {HOME}maps.xml",
        HOME + "maps.xml": sitemap_index([(HOME + "maps.xml", ""), (HOME + "b.xml", "2026-01-01")]),
        HOME + "b.xml": sitemap_index([(HOME + "maps.xml", "2026-03-03")]),
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert paper.asked == [HOME, HOME + "maps.xml", HOME + "b.xml"]


def test_a_sitemap_that_is_stamped_with_its_day_is_asked_again(tmp_path: Path) -> None:
    """What comes later on that day does not change the stamp."""
    address = HOME + "map-2026-03.xml"
    rows = [(f"{HOME}2026/03/0{n}/story-of-the-day.html", f"2026-03-0{n}") for n in range(1, 5)]
    index = sitemap_index([(address, "2026-03-04"), (HOME + "old.xml", "2026-02-28")])
    paper = Paper(
        tmp_path,
        {
            HOME: "<html></html>",
            HOME + "robots.txt": f"Sitemap: {HOME}maps.xml",
            HOME + "maps.xml": index,
            HOME + "old.xml": urlset([]),
            address: urlset(rows[:3]),
        },
    )
    paper.run()
    paper.pages[address] = urlset(rows)
    paper.run()
    assert paper.asked == [HOME + "maps.xml", address]
    assert paper.articles == [rows[3][0]]


def test_a_sitemap_makes_no_article_of_what_only_the_foot_names(tmp_path: Path) -> None:
    stories = [f"{HOME}harbour-company-wins-prize-{name}/" for name in ("ann", "bob", "eve")]
    foot = HOME + "how-we-report-the-news/"
    rows = "".join(
        f'<li><a href="{one}">The harbour company wins a prize</a></li>' for one in stories
    )
    pages = {
        HOME: f'<ul>{rows}</ul><footer><a href="{foot}">How we report</a></footer>',
        HOME + "robots.txt": f"Sitemap: {HOME}map.xml",
        HOME + "map.xml": urlset([(one, "2026-03-01") for one in [*stories, foot]]),
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert sorted(paper.articles) == stories
