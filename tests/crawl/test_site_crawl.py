"""What each answer of a site leads to: which lists are asked, and how far they are followed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.discovery.traps import LISTS
from tests.crawl.paper import HOME, Paper, list_page, rss, sitemap_index, url, urlset

SECTIONS = '<nav><a href="/markets/">Markets</a> <a href="/firms/">Firms</a></nav>'
FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'


def march(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def sections(first: list[int], second: list[int], home: str = "") -> dict[str, str | bytes]:
    return {
        HOME: list_page([], links=home + SECTIONS),
        HOME + "markets/": list_page(first),
        HOME + "firms/": list_page(second),
    }


def test_a_second_run_asks_only_lists_that_named_something_of_their_own(tmp_path: Path) -> None:
    paper = Paper(tmp_path, sections([1, 2, 3], [4, 5, 6]))
    paper.run()
    assert sorted(paper.articles) == sorted(map(url, range(1, 7)))
    paper.run()
    assert sorted(paper.asked) == [HOME + "firms/", HOME + "markets/"]
    assert paper.articles == []
    paper.pages[HOME + "firms/"] = list_page([7, 4, 5, 6])
    paper.run()
    assert paper.articles == [url(7)]


def test_a_feed_that_names_everything_is_asked_in_place_of_the_lists(tmp_path: Path) -> None:
    pages = sections([1, 2, 3], [4, 5, 6], home=FEED)
    paper = Paper(tmp_path, {**pages, HOME + "feed.xml": rss(range(1, 7))})
    paper.run()
    paper.run()
    assert paper.asked == [HOME + "feed.xml"]


def test_a_list_that_a_feed_stands_in_for_is_asked_when_its_time_comes(tmp_path: Path) -> None:
    pages = sections([1, 2, 3], [4, 5, 6], home=FEED)
    paper = Paper(tmp_path, {**pages, HOME + "feed.xml": rss(range(1, 7))})
    paper.run()
    paper.pages[HOME + "firms/"] = list_page([7, 4, 5, 6])
    paper.run(minutes=60)
    assert paper.articles == [url(7)]
    paper.run()
    assert HOME + "firms/" in paper.asked, "it names what the feed does not"


def test_common_paths_are_guessed_one_after_the_other_and_once(tmp_path: Path) -> None:
    paper = Paper(tmp_path, {HOME: list_page([1, 2, 3]), HOME + "sitemap_index.xml": urlset([])})
    paper.run()
    guessed = [address for address in paper.asked if "map" in address]
    assert guessed == [HOME + "sitemap.xml", HOME + "sitemap_index.xml"]
    paper.run(minutes=90)
    assert not [address for address in paper.asked if "feed" in address or "rss" in address]


def test_a_site_that_names_its_sitemaps_is_asked_for_no_others(tmp_path: Path) -> None:
    pages = {
        HOME: "<html></html>",
        HOME + "robots.txt": f"Sitemap: {HOME}news-map.xml",
        HOME + "news-map.xml": urlset([(url(1), "2026-03-02")]),
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert paper.asked == [HOME, HOME + "news-map.xml"]


def test_next_pages_are_asked_only_while_they_bring_news(tmp_path: Path) -> None:
    pages = {
        HOME: list_page([1, 2, 3], "/index_2.html"),
        HOME + "index_2.html": list_page([4, 5, 6], "/index_3.html"),
        HOME + "index_3.html": list_page([7, 8, 9]),
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert len(paper.articles) == 9
    paper.run()
    assert paper.asked == [HOME]
    paper.pages[HOME] = list_page([10, 1, 2], "/index_2.html")
    paper.run()
    assert paper.asked == [HOME, HOME + "index_2.html"]
    assert paper.articles == [url(10)]


def test_a_first_walk_goes_on_where_another_list_named_the_same(tmp_path: Path) -> None:
    pages = {
        HOME: list_page([1, 2, 3], links='<a href="/markets/">Markets</a>'),
        HOME + "markets/": list_page([1, 2, 3], "/markets/index_2.html"),
        HOME + "markets/index_2.html": list_page([4, 5, 6]),
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert len(paper.articles) == 6


def test_pages_without_end_are_left(tmp_path: Path) -> None:
    """Every page names the same stories and a next page."""
    pages: dict[str, str | bytes] = {
        HOME + (f"index_{n}.html" if n > 1 else ""): list_page([1, 2, 3], f"/index_{n + 1}.html")
        for n in range(1, 60)
    }
    paper = Paper(tmp_path, pages)
    paper.run()
    assert len([address for address in paper.asked if "index_" in address]) <= 2


class Maze(dict[str, str | bytes]):
    """Every room of a folder leads to sixty new ones, and names no story."""

    def get(self, key: str, default: Any = None) -> Any:
        """The page of a room, made when it is asked for."""
        if not key.startswith(f"{HOME}maze/"):
            return super().get(key, default)
        start = len(key) * 1000 + sum(map(ord, key)) % 1000 * 100
        rooms = (f"{HOME}maze/{'x' * (n % 7 + 1)}{start + n}x/" for n in range(60))
        return "".join(f'<a href="{room}">Room {n}</a>' for n, room in enumerate(rooms))


def test_a_maze_of_lists_that_bring_nothing_is_left(tmp_path: Path) -> None:
    links = '<a href="/maze/">Rooms</a> <a href="/markets/">Markets</a>'
    paper = Paper(tmp_path, {})
    paper.pages = Maze({HOME: list_page([1, 2], links=links), HOME + "markets/": list_page([3])})
    paper.run()
    assert sorted(paper.articles) == [url(1), url(2), url(3)]
    assert LISTS // 2 < len([address for address in paper.asked if "maze" in address]) <= LISTS + 1


def test_lists_that_bring_news_make_room_for_more(tmp_path: Path) -> None:
    names = [f"/c/{a}{b}x/" for a in "abcdefghijkl" for b in "abcdefghijkl"]
    chain = zip(names, [*names[70:], *names], strict=False)
    pages: dict[str, str | bytes] = {
        HOME + name[1:]: list_page([n], links=f'<a href="{following}">More {n}</a>')
        for n, (name, following) in enumerate(chain)
    }
    links = "".join(f'<a href="{name}">{name[3:-2]}</a>' for name in names[:70])
    paper = Paper(tmp_path, {**pages, HOME: list_page([], links=links)})
    paper.run()
    assert len(paper.articles) == len(names) > LISTS


def test_a_limit_is_kept_and_the_next_run_goes_on_behind_it(tmp_path: Path) -> None:
    """Also where the limit is reached with the last story of a page."""
    pages = {
        HOME: list_page([1, 2, 3], "/index_2.html"),
        HOME + "index_2.html": list_page([4, 5, 6], "/index_3.html"),
        HOME + "index_3.html": list_page([7, 8, 9]),
    }
    etags = dict.fromkeys(pages, '"1"')
    paper = Paper(tmp_path, pages, etags=etags)
    paper.run(limit=3)
    assert paper.articles == [url(1), url(2), url(3)]
    paper.run(limit=4)
    assert paper.articles == [url(4), url(5), url(6), url(7)]
    paper.run()
    assert paper.articles == [url(8), url(9)]
    paper.run()
    assert (paper.asked, paper.unmodified) == ([HOME], [HOME])


def test_depth_bounds_how_far_sections_lead(tmp_path: Path) -> None:
    pages: dict[str, str | bytes] = {
        HOME: list_page([1, 2, 3], links='<a href="/a/">Alpha</a>'),
        HOME + "a/": list_page([4, 5, 6], links='<a href="/b/">Beta</a>'),
        HOME + "b/": list_page([7, 8, 9]),
    }
    shallow = Paper(tmp_path, pages)
    shallow.run(depth=1)
    assert len(shallow.articles) == 6


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"since": march(15)}, range(14, 21)),
        ({"until": march(5)}, range(1, 5)),
        ({"since": march(10), "until": march(12)}, range(9, 12)),
    ],
    ids=["since", "until", "both"],
)
def test_bounds_hold_for_what_lists_date(
    tmp_path: Path, bounds: dict[str, Any], found: range
) -> None:
    paper = archive(tmp_path)
    paper.run(**bounds)
    assert sorted(paper.articles) == [url(n) for n in found]


def archive(folder: Path) -> Paper:
    """Twenty stories on five pages, the newest first, each day one."""
    pages: dict[str, str | bytes] = {
        HOME + (f"index_{n + 1}.html" if n else ""): list_page(
            list(range(20 - 4 * n, 16 - 4 * n, -1)), f"/index_{n + 2}.html" if n < 4 else ""
        )
        for n in range(5)
    }
    return Paper(folder, pages, etags=dict.fromkeys(pages, '"1"'))


def test_pages_before_the_bound_are_not_asked(tmp_path: Path) -> None:
    paper = archive(tmp_path)
    paper.run(since=march(15))
    assert [address for address in paper.asked if "index_" in address] == [
        HOME + "index_2.html",
        HOME + "index_3.html",
    ]


def test_an_older_bound_goes_back_behind_what_is_known(tmp_path: Path) -> None:
    """Backfill: the newest page has nothing new and has not changed."""
    paper = archive(tmp_path)
    paper.run(since=march(15))
    paper.run(since=march(8))
    assert sorted(paper.articles) == [url(n) for n in range(7, 14)]
    paper.run()
    assert sorted(paper.articles) == [url(n) for n in range(1, 7)]
    paper.run()
    assert (paper.asked, paper.articles) == ([HOME], [])


def test_archives_of_days_before_the_bound_are_asked_when_it_reaches_them(tmp_path: Path) -> None:
    """The day in an address may be that of any zone: one more is asked on each side."""
    days = {HOME + f"archive/2026-03-{day:02}": day for day in range(20, 2, -1)}
    links = "".join(f'<a href="{address}">2026-03-{day:02}</a>' for address, day in days.items())
    pages: dict[str, str | bytes] = {address: list_page([day - 1]) for address, day in days.items()}
    home, index = list_page([19], links='<a href="/archive">Archive</a>'), f"<p>{links}</p>"
    paper = Paper(tmp_path, {**pages, HOME: home, HOME + "archive": index})
    paper.run(since=march(18))
    assert {days[one] for one in paper.asked if one in days} <= {17, 18, 19, 20}
    assert sorted(paper.articles) == [url(17), url(18), url(19)]
    paper.run(since=march(10))
    assert sorted(paper.articles) == [url(n) for n in range(9, 17)]
    paper.run()
    assert sorted(paper.articles) == [url(n) for n in range(2, 9)]


def test_a_run_up_to_a_date_leaves_the_newer_ones_to_the_next(tmp_path: Path) -> None:
    paper = archive(tmp_path)
    paper.run(until=march(5))
    paper.run()
    assert sorted(paper.articles) == [url(n) for n in range(5, 21)]


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


def test_what_names_nothing_of_its_own_rests_for_an_hour(tmp_path: Path) -> None:
    paper = Paper(tmp_path, sections([1, 2, 3], [4, 5, 6]))
    paper.run()
    paper.run(minutes=40)
    assert HOME not in paper.asked
    paper.run(minutes=30)
    assert HOME in paper.asked


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


def test_only_lists_whose_time_has_come_are_asked_with_due(tmp_path: Path) -> None:
    paper = Paper(tmp_path, sections([1, 2, 3], [4, 5, 6]))
    paper.run()
    paper.run(minutes=1, due=True)
    assert paper.asked == []
    paper.run(minutes=10, due=True)
    assert sorted(paper.asked) == [HOME + "firms/", HOME + "markets/"]


def test_a_run_by_hand_asks_the_homepage_where_nothing_else_is_to_be_asked(tmp_path: Path) -> None:
    paper = Paper(tmp_path, {HOME: "<html></html>"})
    for _ in range(4):
        paper.run()
        assert HOME in paper.asked


def test_lists_that_only_go_on_behind_the_newest_are_not_asked(tmp_path: Path) -> None:
    pages = sections([6, 4, 2], [5, 3, 1], home=FEED)
    paper = Paper(tmp_path, {**pages, HOME + "feed.xml": rss([6, 5, 4, 3])})
    paper.run()
    assert len(paper.articles) == 6
    paper.run()
    assert paper.asked == [HOME + "feed.xml"]


def test_few_lists_beside_many_stories_are_asked_whatever_stands_in_for_them(
    tmp_path: Path,
) -> None:
    """A twentieth of what the site has; so a story that its section alone names is found."""
    pages = sections(list(range(28, 1, -2)), list(range(27, 0, -2)), home=FEED)
    pages[HOME + "firms/"] = list_page(range(27, 0, -2), "/firms/index_2.html")
    older = {HOME + "firms/index_2.html": list_page(range(31, 81))}
    feed = {HOME + "feed.xml": rss([28, 27, 26, 25])}
    paper = Paper(tmp_path, {**pages, **older, **feed})
    paper.run()
    assert len(paper.articles) == 78
    paper.run()
    assert sorted(paper.asked) == [HOME + "feed.xml", HOME + "firms/", HOME + "markets/"]
    paper.pages[HOME + "firms/"] = list_page([29, *range(27, 0, -2)])
    paper.run()
    assert paper.articles == [url(29)]


def test_lists_are_asked_where_the_newest_were_all_new(tmp_path: Path) -> None:
    pages = sections([6, 4, 2], [5, 3, 1], home=FEED)
    paper = Paper(tmp_path, {**pages, HOME + "feed.xml": rss([6, 5, 4, 3])})
    paper.run()
    paper.pages[HOME + "feed.xml"] = rss([12, 11, 10, 9])
    paper.pages[HOME + "markets/"] = list_page([12, 10, 8, 6, 4])
    paper.pages[HOME + "firms/"] = list_page([11, 9, 7, 5])
    paper.run()
    assert sorted(paper.articles) == sorted(map(url, range(7, 13)))


def test_feeds_of_sections_are_taken_where_the_homepage_names_none(tmp_path: Path) -> None:
    pages = sections([1, 2, 3], [4, 5, 6])
    pages[HOME + "markets/"] = f"<head>{FEED}</head>{list_page([1, 2, 3])}"
    paper = Paper(tmp_path, {**pages, HOME + "feed.xml": rss(range(1, 10))})
    paper.run()
    assert sorted(paper.articles) == sorted(map(url, range(1, 10)))


def test_feeds_of_sections_are_left_where_the_homepage_names_one(tmp_path: Path) -> None:
    pages = sections([1, 2, 3], [4, 5, 6], home=FEED)
    other = FEED.replace("feed.xml", "markets.xml")
    pages[HOME + "markets/"] = f"<head>{other}</head>{list_page([1, 2, 3])}"
    paper = Paper(tmp_path, {**pages, HOME + "feed.xml": rss(range(1, 7))})
    paper.run()
    assert HOME + "markets.xml" not in paper.asked


def test_feeds_named_by_a_page_for_people_are_found_and_it_is_asked_once(tmp_path: Path) -> None:
    pages = sections([1, 2], [4, 5], home='<a href="/service/rss.html">RSS</a>')
    paper = Paper(tmp_path, {**pages, HOME + "rss/all.xml": rss(range(1, 10))})
    paper.pages[HOME + "service/rss.html"] = '<ul><li><a href="/rss/all.xml">All</a></li></ul>'
    paper.run()
    assert sorted(paper.articles) == sorted(map(url, range(1, 10)))
    paper.run(minutes=600)
    assert HOME + "rss/all.xml" in paper.asked
    assert HOME + "service/rss.html" not in paper.asked


def test_a_page_for_people_where_a_feed_might_be_is_read_as_one(tmp_path: Path) -> None:
    pages = sections([1, 2], [4, 5], home='<a href="/rss">RSS</a>')
    paper = Paper(tmp_path, {**pages, HOME + "rss/all.xml": rss(range(1, 10))})
    paper.pages[HOME + "rss"] = '<ul><li><a href="/rss/all.xml">All</a></li></ul>'
    paper.run()
    assert sorted(paper.articles) == sorted(map(url, range(1, 10)))
    paper.run(minutes=600)
    assert HOME + "rss" not in paper.asked


def issue(day: int) -> dict[str, str | bytes]:
    """The lists of one day of a newspaper, with a link to the day before."""
    folder = f"{HOME}paper/2026-03/{day:02}/"
    names = '<a href="front.htm">Front page</a> <a href="main.htm">Trade</a> '
    before = f'<a href="../{day - 1:02}/front.htm">Previous issue</a>'
    return {
        f"{folder}{name}.htm": list_page([10 * day + n], links=names + before)
        for n, name in enumerate(("front", "main"), start=1)
    }


def newspaper(*days: int) -> dict[str, str | bytes]:
    found: dict[str, str | bytes] = {}
    for day in days:
        found |= issue(day)
        found[HOME] = f'<meta http-equiv="refresh" content="0; url=/paper/2026-03/{day}/front.htm">'
    return found


def test_every_page_of_every_issue_is_read_once(tmp_path: Path) -> None:
    paper = Paper(tmp_path, newspaper(10, 11, 12, 13, 14, 15))
    paper.run()
    expected = [url(10 * day + page) for day in range(10, 16) for page in (1, 2)]
    assert sorted(paper.articles) == sorted(expected)
    assert len(paper.asked) == len(set(paper.asked))


def test_of_dated_lists_the_latest_is_asked_and_what_leads_to_it(tmp_path: Path) -> None:
    paper = Paper(tmp_path, newspaper(12, 13, 14))
    paper.run()
    paper.run()
    latest = [f"{HOME}paper/2026-03/14/{name}.htm" for name in ("front", "main")]
    assert sorted(paper.asked) == sorted([HOME, *latest])
    paper.pages |= newspaper(15)
    paper.run(minutes=1_440)
    assert sorted(paper.articles) == sorted([url(151), url(152)])
    assert not [address for address in paper.asked if "/12/" in address]


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


def test_a_next_page_that_is_not_there_ends_the_list(tmp_path: Path) -> None:
    pages = {HOME: list_page([1, 2], "?page=2"), HOME + "?page=2": list_page([3, 4], "?page=3")}
    paper = Paper(tmp_path, pages)
    paper.run()
    assert HOME + "?page=3" in paper.asked
    paper.run()
    assert paper.asked == [HOME]


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


def test_a_feed_that_names_the_page_about_the_site_makes_no_article_of_it(tmp_path: Path) -> None:
    feed = rss([1, 2]).replace("</channel>", f"<item><link>{HOME}about/</link></item></channel>")
    paper = Paper(tmp_path, {HOME: f"<head>{FEED}</head>", HOME + "feed.xml": feed})
    paper.run()
    assert sorted(paper.articles) == [url(1), url(2)]
