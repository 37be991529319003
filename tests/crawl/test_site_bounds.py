"""What `limit`, `depth`, `since` and `until` let a run ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.crawl.paper import HOME, Paper, list_page, march, url


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
