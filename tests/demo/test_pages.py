"""The pages of the press hold what its truth says."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

import pytest

from demo import Press
from demo.load import load_library
from tests.demo.conftest import Fetch, visible_text

SITES = list(load_library().sites)
CHARSET = {"gbk": "gbk"}


def _page(fetch: Fetch, url: str, site: str) -> str:
    answer = fetch(url)
    assert answer.status == 200
    return visible_text(answer.body.decode(CHARSET.get(site, "utf-8")))


@pytest.mark.parametrize("site", SITES)
def test_every_expected_paragraph_stands_in_its_pages(
    press: Press, fetch: Fetch, site: str
) -> None:
    articles = [a for a in press.expected() if a.site_key == site]
    assert len(articles) >= 3
    for article in articles:
        pages = "".join(_page(fetch, url, site) for url in (article.url, *article.parts))
        missing = [text for text in article.body.split("\n") if text not in pages]
        assert not missing, article.url
        assert article.headline in pages.replace("\u3000", " ")


@pytest.mark.parametrize("site", SITES)
def test_printed_dates_sources_and_authors_stand_in_the_page(
    press: Press, fetch: Fetch, site: str
) -> None:
    for article in (a for a in press.expected() if a.site_key == site):
        raw = fetch(article.url).body.decode(CHARSET.get(site, "utf-8"))
        assert article.source is None or article.source in raw
        assert all(author in raw for author in article.authors)


def test_gbk_bytes_are_gbk_under_a_utf8_header(press: Press, fetch: Fetch) -> None:
    article = next(a for a in press.expected() if a.site_key == "gbk")
    answer = fetch(article.url)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert article.headline in answer.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


@pytest.mark.parametrize("site", ["portal", "gbk"])
def test_an_article_of_several_pages_has_no_page_with_all_of_it(
    press: Press, fetch: Fetch, site: str
) -> None:
    article = next(a for a in press.expected() if a.site_key == site and a.parts)
    first, last = article.body.split("\n")[0], article.body.split("\n")[-1]
    pages = [_page(fetch, url, site) for url in (article.url, *article.parts)]
    assert len(pages) == 3
    assert first in pages[0]
    assert last not in pages[0]
    assert last in pages[-1]


def test_lists_of_other_stories_stand_inside_the_portals_body(press: Press, fetch: Fetch) -> None:
    article = next(a for a in press.expected() if a.site_key == "portal")
    html = fetch(article.url).body.decode()
    body = html[html.index('id="lqText"') : html.index('class="lq-duty"')]
    assert "猜你喜欢" in body
    assert body.count("更多</a>") >= 4


def test_related_links_stand_between_the_paragraphs_of_the_gbk_site(
    press: Press, fetch: Fetch
) -> None:
    article = next(a for a in press.expected() if a.site_key == "gbk" and not a.parts)
    text = _page(fetch, article.url, "gbk")
    paragraphs = article.body.split("\n")
    assert "相关阅读" in text[text.index(paragraphs[0]) : text.index(paragraphs[1])]


def test_the_learned_lines_stand_on_every_page_of_one_site_only(press: Press, fetch: Fetch) -> None:
    learned = [a for a in press.expected() if a.learned]
    assert {a.site_key for a in learned} == {"sitemap"}
    assert len(learned) >= 12
    for article in learned:
        assert all(line in _page(fetch, article.url, "sitemap") for line in article.learned)


def test_aliases_serve_the_same_story(press: Press, fetch: Fetch) -> None:
    aliased = [a for a in press.expected() if a.aliases]
    assert {a.site_key for a in aliased} == {"portal", "feed", "english"}
    for article in aliased:
        for alias in article.aliases:
            assert article.headline in _page(fetch, alias, article.site_key)


@pytest.mark.parametrize("kind", ["about", "login", "gallery", "soft-404", "tempting", "subscribe"])
def test_strangers_answer_200_and_hold_no_story(press: Press, fetch: Fetch, kind: str) -> None:
    strangers = [s for s in press.strangers() if s.kind == kind]
    assert strangers
    for stranger in strangers:
        answer = fetch(stranger.url)
        assert answer.status == 200
        assert len(answer.body) > 200


def test_the_empty_page_is_empty(press: Press, fetch: Fetch) -> None:
    [stranger] = [s for s in press.strangers() if s.kind == "empty"]
    answer = fetch(stranger.url)
    assert (answer.status, answer.body) == (200, b"")


def test_forbidden_pages_are_disallowed_by_robots(press: Press, fetch: Fetch) -> None:
    local = [s for s in press.strangers() if s.forbidden and s.kind != "foreign"]
    assert len(local) >= 3
    for stranger in local:
        robots = fetch(press.homes[stranger.site_key] + "robots.txt").body.decode()
        rules = [line.split()[1] for line in robots.splitlines() if line.startswith("Disallow: ")]
        assert any(urlsplit(stranger.url).path.startswith(rule) for rule in rules)


def test_the_press_has_the_size_that_its_crawl_tests_rely_on(press: Press) -> None:
    articles = press.expected()
    clusters = Counter(a.cluster for a in articles)
    assert 60 <= len(articles) <= 100
    assert len({a.url for a in articles}) == len(articles)
    assert sum(a.is_first for a in articles) == len(clusters)
    assert sum(size - 1 for size in clusters.values()) == 13
    hard = [a for a in articles if a.kind.startswith(("hard-negative", "template"))]
    assert len(hard) >= 9
    assert all(clusters[a.cluster] == 1 for a in hard)


def test_padding_brings_article_pages_to_the_asked_weight(fetch: Fetch) -> None:
    with Press(page_kb=130, sites=["portal", "english"]) as heavy:
        sizes = [len(fetch(a.url).body) for a in heavy.expected() if not a.parts]
        assert min(sizes) > 120_000
        assert max(sizes) < 145_000
