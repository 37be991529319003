"""What each answer of a site leads to: which lists are asked, and how far they are followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.discovery.traps import LISTS
from tests.crawl.paper import HOME, Paper, list_page, rss, url, urlset

SECTIONS = '<nav><a href="/markets/">Markets</a> <a href="/firms/">Firms</a></nav>'
FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'


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


def test_what_names_nothing_of_its_own_rests_for_an_hour(tmp_path: Path) -> None:
    paper = Paper(tmp_path, sections([1, 2, 3], [4, 5, 6]))
    paper.run()
    paper.run(minutes=40)
    assert HOME not in paper.asked
    paper.run(minutes=30)
    assert HOME in paper.asked


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


def months(*names: str) -> dict[str, str | bytes]:
    """Lists of months without a year, each with one story more than that before it."""
    links = "".join(f'<a href="/firms/{name}/">{name}</a>' for name in names)
    lists = {f"{HOME}firms/{n}/": list_page([10 + i, 5 + i]) for i, n in enumerate(names)}
    return {HOME: '<a href="/firms/">Firms</a>', f"{HOME}firms/": links, **lists}


def test_of_months_the_latest_is_asked_and_once_the_next_has_begun_what_leads_to_it(
    tmp_path: Path,
) -> None:
    paper = Paper(tmp_path, months("january", "february", "march"))
    paper.run()
    assert len(paper.articles) == 6
    paper.run()
    assert paper.asked == [f"{HOME}firms/march/"]
    paper.run(minutes=11.4 * 1_440)  # the last hour of March: all are due
    paper.pages |= months("january", "february", "march", "april")
    paper.run()
    assert sorted(paper.asked) == [f"{HOME}firms/", f"{HOME}firms/april/", f"{HOME}firms/march/"]
    assert sorted(paper.articles) == [url(8), url(13)]


def test_a_next_page_that_is_not_there_ends_the_list(tmp_path: Path) -> None:
    pages = {HOME: list_page([1, 2], "?page=2"), HOME + "?page=2": list_page([3, 4], "?page=3")}
    paper = Paper(tmp_path, pages)
    paper.run()
    assert HOME + "?page=3" in paper.asked
    paper.run()
    assert paper.asked == [HOME]


def test_a_feed_that_names_the_page_about_the_site_makes_no_article_of_it(tmp_path: Path) -> None:
    feed = rss([1, 2]).replace("</channel>", f"<item><link>{HOME}about/</link></item></channel>")
    paper = Paper(tmp_path, {HOME: f"<head>{FEED}</head>", HOME + "feed.xml": feed})
    paper.run()
    assert sorted(paper.articles) == [url(1), url(2)]
