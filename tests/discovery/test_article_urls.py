"""Which URLs look like articles: truth tables, and what a site teaches."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.article_urls import MAX_SHAPES, ArticleShapes, general_score

HOST = "https://news.example"

ARTICLES = [
    "/2024/05/03/banks-cut-rates-again/",
    "/2024/05/03/business/banks-cut-rates-again/index.html",
    "/2024-05/03/content_30211.htm",
    "/20240503/1234567.shtml",
    "/n1/2024/0503/c1004-40228912.html",
    "/a/20240503/001234.htm",
    "/stock/2024-05-03/doc-ihabcdef7654321.shtml",
    "/finance/t20240503_9012345.html",
    "/article/1234567",
    "/article/56",
    "/articles/rates-fall",
    "/news/1234567.html",
    "/news/2024/banks-cut-rates-again.html",
    "/content/aB3dE5gH7jK9",
    "/p/9f8e7d6c5b4a3210",
    "/business/markets/banks-cut-rates-again-as-inflation-slows-2024-05-03/",
    "/story/banks-cut-rates-again",
    "/show.php?id=12345",
    "/?p=1234",
    "/archives/1234.html",
    "/info/1012/34567.htm",
    "/%E5%A4%AE%E8%A1%8C%E4%B8%8B%E8%B0%83%E5%AD%98%E6%AC%BE%E5%87%86%E5%A4%87%E9%87%91%E7%8E%87/",
    "/markets/banks-cut-rates-again-after-a-weak-quarter",
    "/detail-98765.html",
    "/doc/20240503/778.html",
    "/2024/5/3/rates",
    "/2024/05/03/rates.html",
    "/2024-05/03/rates.htm",
    "/legal/banks-sue-over-rates-in-spring",
    "/news/politics/11333783",
    "/world/banks-cut-rates-again-after-a-weak-quarter/3529015",
    "/archive/63076",
    "/tech/privacy-policy-overhaul-hits-shares-of-advertisers",
]

STRANGERS = [
    "/",
    "/index.html",
    "/index_2.html",
    "/about",
    "/about.html",
    "/about/",
    "/about/team.html",
    "/contact-us",
    "/login",
    "/login?next=/a/1",
    "/register.html",
    "/app/",
    "/privacy/",
    "/privacy-policy",
    "/terms-of-service",
    "/help/how-to-pay-for-this-service",
    "/search?q=banks",
    "/tag/banks",
    "/tag/banks-and-their-rates-in-may",
    "/tags/12345.html",
    "/author/ann-marie-van-der-berg",
    "/category/markets/page/2/",
    "/finance/",
    "/finance",
    "/finance/stock/",
    "/finance/list_2.html",
    "/finance/list-12345-2.html",
    "/finance/?page=2",
    "/2024/05/03/",
    "/2024/05/",
    "/2024/5/3/",
    "/2024/05/03/index.html",
    "/2024/05/markets/",
    "/2024-05-03",
    "/roll/",
    "/channel/12",
    "/node_1234.htm",
    "/images/2024/05/03/123456.jpg",
    "/files/20240503/report-of-the-year.pdf",
    "/rss.xml",
    "/feed/",
    "/sitemap.xml",
    "/static/2024/05/03/app-of-the-day",
    "/user/7788990",
    "/comment/20240503/1234567.html",
    "/events?year=2031&month=4",
    "/a/a/a/123456.html",
    "/legal",
    "/news/newsletter/",
    "/print.html",
    "/video/how-a-harbour-works-explained",
    "/gallery/winter-at-the-river-in-pictures",
    "/newsletters/morning-briefing-for-traders",
    "/careers/senior-reporter-for-markets-wanted",
    "/tuku/20240503/1234567.html",
    "/archive/2024-05-03",
    "/archive/20240503",
    "/article/2024-05-03",
    "/topics/banks-and-their-rates-in-may",
    "/contributors/ann-marie-van-der-berg",
    "/themes/1005",
    "/privacy-notice-for-readers",
    "/terms-and-conditions-of-use/",
    "/info/modern-slavery-statement-2026",
    "/events/harbour-finance-summit-2026",
]


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article_is_known_on_a_site_never_seen(path: str) -> None:
    assert general_score(HOST + path) >= 0.5


@pytest.mark.parametrize("path", STRANGERS)
def test_a_stranger_or_list_is_not_an_article(path: str) -> None:
    assert general_score(HOST + path) < 0.5


@pytest.mark.parametrize("path", STRANGERS)
def test_a_stranger_stays_one_after_the_site_has_taught_its_shapes(path: str) -> None:
    shapes = ArticleShapes()
    shapes.learn(f"{HOST}{article}" for article in ARTICLES)
    assert not shapes.is_article(HOST + path)


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("/n/{}", "/n/77"),
        ("/finance/{}.html", "/finance/41.html"),
        ("/x{}y.html", "/x77y.html"),
        ("/read.do?key={}", "/read.do?key=77"),
        ("/news/2024/{}.html", "/news/2025/8.html"),
    ],
)
def test_a_site_teaches_shapes_that_say_nothing_elsewhere(known: str, asked: str) -> None:
    shapes = ArticleShapes()
    shapes.learn(HOST + known.format(number) for number in range(10, 22))
    assert general_score(HOST + asked) < 0.5
    assert shapes.is_article(HOST + asked)


def test_words_of_one_folder_are_articles_once_known_but_not_its_about_page() -> None:
    shapes = ArticleShapes()
    shapes.learn(f"{HOST}/briefs/{word}" for word in ("rates", "bonds", "copper", "wheat"))
    assert shapes.is_article(f"{HOST}/briefs/steel")
    assert not shapes.is_article(f"{HOST}/briefs/about")
    assert not shapes.is_article(f"{HOST}/markets/steel")


def test_one_stray_link_among_many_teaches_nothing() -> None:
    shapes = ArticleShapes()
    shapes.learn(f"{HOST}/a/2024050{day}/{day}4567.html" for day in range(1, 10))
    shapes.learn(f"{HOST}/a/20240601/{number}.html" for number in range(100, 110))
    shapes.learn([f"{HOST}/club/7"])
    assert not shapes.is_article(f"{HOST}/club/8")


def test_learning_is_bounded() -> None:
    shapes = ArticleShapes()
    shapes.learn(f"{HOST}/{'ab' * (i % 7)}{chr(97 + i % 26)}{i:x}q/{i}.html" for i in range(5_000))
    shapes.learn(f"{HOST}/folder{'x' * (i % 20)}/{chr(97 + i % 26) * 3}/1.html" for i in range(900))
    assert len(shapes.names) <= MAX_SHAPES
    assert len(shapes.kinds) <= MAX_SHAPES


def test_what_was_learned_survives_json() -> None:
    shapes = ArticleShapes()
    shapes.learn(f"{HOST}/n/{number}" for number in range(10, 22))
    again = ArticleShapes.from_dict(json.loads(json.dumps(shapes.to_dict())))
    assert again == shapes


@pytest.mark.parametrize(
    "data",
    [{}, {"names": 3, "kinds": [], "known": "x"}, {"names": {"a": "b"}, "known": -1}],
    ids=["empty", "wrong types", "wrong values"],
)
def test_damaged_memory_is_an_empty_one(data: dict[str, object]) -> None:
    assert ArticleShapes.from_dict(data) == ArticleShapes()


@given(st.text() | st.text(alphabet="/.%?=&-_aA1").map(lambda path: f"http://a.example/{path}"))
def test_any_string_has_a_score(url: str) -> None:
    shapes = ArticleShapes()
    shapes.learn([url, url])
    assert 0.0 <= shapes.score(url) <= 1.0
    assert 0.0 <= general_score(url) <= 1.0
