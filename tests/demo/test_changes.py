"""The press changes over time, and its validators and faults behave as they are described."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from urllib.parse import urlsplit

import feedparser
import pytest

from demo import Fault, Press
from demo.edits import Edit
from tests.demo.conftest import Fetch


def test_publish_brings_one_more_story_to_every_site_and_its_listings(
    press: Press, fetch: Fetch
) -> None:
    before = {a.url for a in press.expected()}
    new = press.publish()
    assert sorted(a.site_key for a in new) == sorted(press.homes)
    assert {a.url for a in press.expected()} - before == {a.url for a in new}
    by_site = {a.site_key: a for a in new}
    assert by_site["feed"].headline in fetch(press.homes["feed"] + "rss.xml").body.decode()
    news = fetch(press.homes["sitemap"] + "sitemaps/news.xml").body.decode()
    assert by_site["sitemap"].url in news
    portal = by_site["portal"]
    assert portal.headline in fetch(press.homes["portal"] + "chanye/").body.decode()
    for article in new:
        assert fetch(article.url).status == 200


def test_publish_goes_on_with_generated_stories_after_the_written_ones(press: Press) -> None:
    new = press.publish(5, sites=["portal", "english", "german"])
    kinds = {key: [a.kind for a in new if a.site_key == key] for key in press.homes}
    assert kinds["portal"] == ["original"] * 2 + ["generated"] * 3
    assert kinds["english"] == ["original"] * 2 + ["generated"] * 3
    assert kinds["german"] == ["original"] * 2  # no material in that language


def test_publish_prints_the_given_moment(press: Press) -> None:
    [article] = press.publish(when=datetime(2026, 3, 20, 4, 30, tzinfo=UTC), sites=["gbk"])
    assert article.date_published == "2026-03-20T12:30:00+08:00"


def test_edit_changes_the_page_and_its_modified_marks(press: Press, fetch: Fetch) -> None:
    old = next(a for a in press.expected() if a.site_key == "english")
    new = press.edit(old.url)
    assert new.url == old.url
    assert new.body.startswith(old.body + "\n")
    assert new.date_modified is not None
    page = fetch(new.url).body.decode()
    assert new.body.split("\n")[-1] in page
    assert f'article:modified_time" content="{new.date_modified}"' in page
    feed = feedparser.parse(fetch(press.homes["english"] + "atom.xml").body)
    entry = next(e for e in feed.entries if e.link.startswith(old.url))
    assert entry.updated == new.date_modified


def test_edit_moves_the_sitemaps_lastmod(press: Press, fetch: Fetch) -> None:
    url = press.expected()[0].url
    article = next(a for a in press.expected() if a.site_key == "sitemap")
    new = press.edit(article.url)
    assert new.date_modified
    assert new.date_modified in fetch(press.homes["sitemap"] + "sitemap_index.xml").body.decode()
    with pytest.raises(KeyError):
        press.edit(url + "x")


def test_reprint_joins_the_cluster_of_its_original(press: Press, fetch: Fetch) -> None:
    origin = next(a for a in press.expected() if a.site_key == "gbk")
    copy = press.reprint(origin.url, edit=Edit(lead=("本站按：一篇旧闻。",)))
    assert copy.cluster == origin.cluster
    assert not copy.is_first
    assert copy.body == "本站按：一篇旧闻。\n" + origin.body
    assert fetch(copy.url).status == 200


@pytest.mark.parametrize("site", ["english", "sitemap", "german"])
def test_a_page_that_did_not_change_answers_304_to_its_etag(
    press: Press, fetch: Fetch, site: str
) -> None:
    article = next(a for a in press.expected() if a.site_key == site)
    first = fetch(article.url)
    again = fetch(article.url, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    press.edit(article.url)
    assert fetch(article.url, If_None_Match=first.headers["ETag"]).status == 200


def test_a_list_answers_304_to_its_date_until_something_is_published(
    press: Press, fetch: Fetch
) -> None:
    url = press.homes["gbk"] + "jinrong/"
    stamp = fetch(url).headers["Last-Modified"]
    assert fetch(url, If_Modified_Since=stamp).status == 304
    press.publish(sites=["gbk"])
    assert fetch(url, If_Modified_Since=stamp).status == 200


def test_sites_without_validators_never_answer_304(press: Press, fetch: Fetch) -> None:
    answer = fetch(press.homes["portal"] + "gongsi/")
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers


@pytest.mark.parametrize("status", [304, 200])
def test_one_feed_keeps_its_etag_while_it_changes(fetch: Fetch, status: int) -> None:
    with Press(sites=["feed"], frozen_answers=status) as press:
        url = press.homes["feed"] + "rss.xml"
        first = fetch(url)
        [new] = press.publish()
        again = fetch(url, If_None_Match=first.headers["ETag"])
        assert again.status == status
        assert (new.headline in again.body.decode()) is (status == 200)
        full = fetch(url)
        assert full.headers["ETag"] == first.headers["ETag"]
        assert new.headline in full.body.decode()


def test_the_log_names_site_path_and_status(press: Press, fetch: Fetch) -> None:
    fetch(press.homes["feed"] + "rss.xml")
    fetch(press.homes["feed"] + "nothing?x=1")
    assert [tuple(r) for r in press.requests] == [
        ("feed", "/rss.xml", 200),
        ("feed", "/nothing?x=1", 404),
    ]
    press.forget_requests()
    assert press.requests == []


def test_a_fault_meets_as_many_requests_as_it_says(press: Press, fetch: Fetch) -> None:
    press.fail("gbk", "/", Fault(status=503, headers={"Retry-After": "2"}, times=2))
    answers = [fetch(press.homes["gbk"]) for _ in range(3)]
    assert [a.status for a in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "2"


def test_a_fault_for_every_path_lasts_until_it_is_healed(press: Press, fetch: Fetch) -> None:
    press.fail("gbk", "*", Fault(status=500))
    assert {fetch(press.homes["gbk"] + p).status for p in ("", "jinrong/", "x")} == {500}
    press.heal()
    assert fetch(press.homes["gbk"]).status == 200


def test_cut_bodies_are_shorter_than_announced(press: Press, fetch: Fetch) -> None:
    press.fail("portal", "/gongsi/", Fault(cut=100, times=1))
    with pytest.raises(IncompleteRead):
        fetch(press.homes["portal"] + "gongsi/")


def test_cut_bodies_without_a_length_just_end(press: Press, fetch: Fetch) -> None:
    press.fail("portal", "/gongsi/", Fault(cut=100, lengthless=True, times=1))
    answer = fetch(press.homes["portal"] + "gongsi/")
    assert "Content-Length" not in answer.headers
    assert len(answer.body) == 100


def test_a_reset_connection_has_no_answer(press: Press, fetch: Fetch) -> None:
    press.fail("portal", "/", Fault(reset=True, times=1))
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        fetch(press.homes["portal"])


def test_a_drip_is_slow_and_whole(press: Press, fetch: Fetch) -> None:
    whole = fetch(press.homes["portal"]).body
    press.fail("portal", "/", Fault(drip=0.05, piece=len(whole) // 4 + 1, times=1))
    start = time.monotonic()
    assert fetch(press.homes["portal"]).body == whole
    assert time.monotonic() - start >= 0.15


def test_place_serves_any_bytes_at_any_path(press: Press, fetch: Fetch) -> None:
    url = press.place("gbk", "/robots.txt", b"User-agent: *\nDisallow: /\n", "text/plain")
    assert fetch(url).body.endswith(b"Disallow: /\n")


def test_a_connection_is_kept_for_further_requests(press: Press) -> None:
    connection = HTTPConnection(urlsplit(press.homes["english"]).netloc, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    kept = connection.sock
    connection.request("HEAD", "/atom.xml")
    assert connection.getresponse().read() == b""
    connection.request("GET", "/robots.txt")
    assert b"User-agent" in connection.getresponse().read()
    assert connection.sock is kept
    connection.close()
