"""What the pure code is given to read, and what must come of it whatever it is.

Each target takes spoiled bytes; it raises only where the code under it broke its promise.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from crawler.discovery.article_urls import ArticleShapes, general_score, names_a_list
from crawler.discovery.dates import listed_date
from crawler.discovery.feeds import read_feed
from crawler.discovery.freshness import Freshness
from crawler.discovery.listings import read_listing
from crawler.discovery.parts import next_part
from crawler.discovery.robots import RobotsRules
from crawler.discovery.safe_urls import join, safe_url, without_secrets
from crawler.discovery.site_lists import SiteListError, load_site_list
from crawler.discovery.sitemaps import read_sitemap
from crawler.discovery.urls import canonical_url, page_key, same_site, site_name
from crawler.items import NewsArticle, Page, PagePart, Rejection
from crawler.network.markup_end import looks_cut
from pipelines.article import Extractor
from pipelines.article.story.site_memory import SiteMemory, SiteMemoryError
from pipelines.fingerprint.document import Fingerprinter
from pipelines.fingerprint.sketch import Sketch, SketchError
from pipelines.record_lines import to_line

URL = "https://bay.example/news/2021/10/1.html"
_NOW = "2021-10-01T00:00:00+00:00"
_MOMENT = datetime(2021, 10, 1, tzinfo=UTC)

Target = Callable[[bytes], object]


class Pages:
    """Pages, as HTML and as text: one outcome each, and a line that any reader can read."""

    def __init__(self) -> None:
        self._extractor = Extractor.load()
        self._fingerprinter = Fingerprinter()
        self._memory = SiteMemory()

    def html(self, data: bytes) -> None:
        assert looks_cut(data) in (True, False)
        following = next_part(data, URL, [URL])
        assert following is None or safe_url(following) == following
        self._extract(PagePart(URL, data, "text/html; charset=gbk" if len(data) % 2 else ""))

    def text(self, data: bytes) -> None:
        page = Page(URL, URL, [PagePart(URL, data)], "bay.example", _NOW, kind="text")
        self._outcome(page)

    def _extract(self, *parts: PagePart) -> None:
        self._outcome(Page(URL, URL, list(parts), "bay.example", _NOW))

    def _outcome(self, page: Page) -> None:
        done = self._extractor.extract(page)
        result = done.article or done.rejection
        assert result is not None, "no outcome"
        assert done.article is None or done.rejection is None, "two outcomes"
        check_line(result)
        if isinstance(result, NewsArticle):
            self._fingerprinter.one(result.article_body, result.date_published)
            self._memory.repeats(done.paragraphs)
            self._memory.observe(done.paragraphs, result.id)
            for raw in (result.date_published, result.date_modified):
                assert raw is None or datetime.fromisoformat(raw).tzinfo is not None


def check_line(record: NewsArticle | Rejection) -> None:
    """The record is one line to every reader, valid JSON and UTF-8, without control characters."""
    line = to_line(record)
    assert len(line.decode("utf-8").splitlines()) == 1
    read = json.loads(line)
    body = read.get("article_body") or ""
    assert not any(ord(char) < 32 and char != "\n" for char in body)


def listing(data: bytes) -> None:
    reading = read_listing(data, URL, "https://bay.example/", ArticleShapes())
    found = [entry.url for entry in reading.articles]
    check_urls([*found, *reading.sections, *reading.feeds, *reading.next_pages])


def feed(data: bytes) -> None:
    reading = read_feed(data, URL, "application/rss+xml", "https://bay.example/")
    check_urls([entry.url for entry in reading.entries])
    for entry in reading.entries:
        listed_date(entry.listing.date_published, "Asia/Shanghai")


def sitemap(data: bytes) -> None:
    reading = read_sitemap(data, URL, "https://bay.example/")
    check_urls([entry.url for entry in reading.entries])
    check_urls([url for url, _ in reading.sitemaps])


def check_urls(urls: list[str]) -> None:
    """What is handed on is safe to ask for, and has a key that is stable."""
    for url in urls:
        assert safe_url(url) == url
        assert page_key(canonical_url(url)) == page_key(url)


def robots(data: bytes) -> None:
    rules = RobotsRules.parse(data, "https://bay.example/robots.txt")
    for path in ("/", "/news/1.html", "/%E4%B8%AD?q=1"):
        assert rules.allowed(f"https://bay.example{path}", "firstprint") in (True, False)
    delay = rules.crawl_delay("firstprint")
    assert delay is None or delay >= 0


def url(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")[:3_000]
    without_secrets(text)
    for found in (safe_url(text), join(URL, text)):
        if found is None:
            continue
        assert safe_url(found) == found
        clean = canonical_url(found)
        assert canonical_url(clean) == clean
        assert page_key(clean) == page_key(found)
        site_name(found)
        same_site(found, URL)
        assert 0 <= general_score(found) <= 1
        names_a_list(found)
        ArticleShapes().learn([found])


def site_list(data: bytes) -> None:
    try:
        sites = load_site_list(data.decode("utf-8", "replace"), "x.toml")
    except SiteListError:
        return
    for site in sites:
        assert safe_url(site.url) == site.url


def state(data: bytes) -> None:
    """Values of the state, as JSON and as bytes: read, or refused by their own error."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = data.decode("utf-8", "replace")
    fresh = Freshness.from_json(value)
    fresh.conditions()
    fresh.resting(_MOMENT)
    after = fresh.after(_MOMENT, 1)
    assert Freshness.from_json(json.loads(json.dumps(after.to_json()))) == after
    for read, refused in ((_memory, SiteMemoryError), (Sketch.unpack, SketchError)):
        try:
            read(data)
        except refused:
            continue


def _memory(data: bytes) -> None:
    """Read a site's memory as it is, then with a checksum that hides the damage."""
    body = data[9:]
    hidden = data[:5] + zlib.crc32(body).to_bytes(4, "little") + body
    for whole in (hidden, data):
        memory = SiteMemory.from_bytes(whole)
        memory.repeats(["a line", "another"])
        memory.observe(["a line", "another"], "x")
        memory.to_bytes()


def targets() -> dict[str, Target]:
    """Every target by the kind of its seeds."""
    pages = Pages()
    return {
        "page": pages.html,
        "text": pages.text,
        "listing": listing,
        "feed": feed,
        "sitemap": sitemap,
        "robots": robots,
        "url": url,
        "site list": site_list,
        "state": state,
    }
