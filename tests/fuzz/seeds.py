"""What is spoiled: pages, feeds and files of the demo press, our fixtures, and states we wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from crawler.discovery.freshness import Freshness
from demo import Press
from pipelines.article.story.site_memory import SiteMemory
from pipelines.fingerprint.document import Fingerprinter
from tests.fingerprint.stories import BRIEF, HARBOUR, ROOF

ROOT = Path(__file__).parents[2]
_LISTS = {"portal": ("chanye/", "gongsi/"), "gbk": ("jinrong/",), "aggregator": ("",)}
_FEEDS = {"feed": "rss.xml", "english": "atom.xml", "german": "rdf.xml"}
_SITEMAPS = ("sitemap_index.xml", "sitemaps/news.xml")
_URLS = """https://bay.example/news/2021/10/1.html?utm_source=x&from=hot#top
http://user:secret@bay.example:8080/a//b/../c;jsessionid=1
https://www.bay.example/中文/文章.shtml?id=１２３
http://[2001:db8::1]:80/x
//bay.example/path
javascript:alert(1)
http://xn--fiq228c.example/%E4%B8%AD?a=1&a=2&b
https://m.bay.example/2021-10-01/doc-iktzscyy.html"""
_JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": "1", "url": "https://bay.example/1", "date_published": "2021-10-01T00:00Z"}],
}


def seeds() -> dict[str, list[bytes]]:
    """Unspoiled documents of every kind."""
    pages = [path.read_bytes() for path in sorted((ROOT / "tests/article/pages").glob("*.html"))]
    texts = sorted((ROOT / "tests/article/visible_text").glob("*.txt"))
    lists = sorted((ROOT / "crawler/sites").glob("*.toml"))
    with Press() as press:
        homes = press.homes
        articles = {article.site_key: article.url for article in press.expected()}
        pages += [get(url) for url in articles.values()]
        listings = [get(home) for home in homes.values()]
        listings += [get(homes[key] + path) for key, paths in _LISTS.items() for path in paths]
        feeds = [get(homes[key] + path) for key, path in _FEEDS.items()]
        sitemaps = [get(homes["sitemap"] + path) for path in _SITEMAPS]
        robots = [get(home + "robots.txt") for home in homes.values()]
    return {
        "page": pages,
        "text": [path.read_bytes() for path in texts],
        "listing": [*listings, *pages],
        "feed": [*feeds, json.dumps(_JSON_FEED).encode()],
        "sitemap": [*sitemaps, b"\n".join(_URLS.encode().split())],
        "robots": [*robots, b"User-agent: *\nCrawl-delay: 3\nDisallow: /*?q=$\nAllow: /a%2f"],
        "url": [line.encode() for line in _URLS.splitlines()],
        "site list": [*(path.read_bytes()[:4_000] for path in lists), _SITE],
        "state": states(),
    }


_SITE = b"""[[site]]
url = "https://bay.example/"
name = "Bay"
language = "zh-CN"
timezone = "Asia/Shanghai"
feeds = ["https://bay.example/feed"]
delay = 2.5
"""


def states() -> list[bytes]:
    """What our own code wrote."""
    moment = datetime(2021, 10, 1, tzinfo=UTC)
    fresh = Freshness().after(moment, 3, etag='"x"', last_modified="Fri", digest="00ff")
    memory = SiteMemory()
    for number in range(40):
        memory.observe(["一行", "另一行", f"第{number}行"], str(number))
    fingerprinter = Fingerprinter()
    sketches = [fingerprinter.one(text, None) for text in (ROOF, BRIEF, HARBOUR)]
    return [
        json.dumps(fresh.to_json()).encode(),
        json.dumps({"freshness": fresh.to_json(), "front": True, "page": 2}).encode(),
        memory.to_bytes(),
        SiteMemory().to_bytes(),
        *(print_.sketch(5).pack() for print_ in sketches),
    ]


def get(url: str) -> bytes:
    """The body of an answer of the press."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    body = connection.getresponse().read()
    connection.close()
    return body
