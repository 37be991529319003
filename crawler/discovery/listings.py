"""Reads a homepage or section page: its articles, sections, feeds and next pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.discovery.article_urls import (
    CERTAIN,
    THRESHOLD,
    ArticleShapes,
    is_certain,
    names_a_list,
)
from crawler.discovery.common_paths import common_paths
from crawler.discovery.copies import Copies
from crawler.discovery.entries import Entry, Gate
from crawler.discovery.html_text import decode_html
from crawler.discovery.link_evidence import (
    MAX_TEXT,
    Link,
    date_near,
    is_date,
    is_framework,
    is_headline,
    is_name,
    is_section,
    link_text,
    scripted_target,
    target,
    turns_the_page,
)
from crawler.discovery.link_words import link_words
from crawler.discovery.pager import following_number, is_below
from crawler.discovery.script_links import script_links
from crawler.discovery.traps import is_trap
from crawler.discovery.url_shapes import is_stranger, shape, take_apart
from crawler.discovery.urls import canonical_url, is_mobile_edition, join, page_key
from crawler.items import Listing

MAX_LINKS = 4_000  # of one page
MAX_SECTIONS = 80
MAX_PAGES = 30
MAX_FEEDS = 20
MAX_FEED_PAGES = 3
ALIKE = 3  # links of one shape, or with one text, are a list

_LINKS = (
    "a[href], area[href], link[href], iframe[src], frame[src], meta[http-equiv], base[href],"
    "[onclick], [data-href], option[value^='/'], option[value^=http]"
)
_FEED_TYPES = re.compile(
    r"application/(?:(?:rss|atom|rdf|feed)\+(?:xml|json)|json)|(?:text|application)/xml",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"url\s{0,5}=\s{0,5}[\"']?([^\"'\s]{1,2000})", re.IGNORECASE)
# Publishing systems that write their pager by script: pages, own index, name, extension.
_SCRIPTED_PAGER = re.compile(
    r"createPageHTML\(\s{0,5}(\d{1,4})\s{0,5},\s{0,5}(\d{1,4})\s{0,5},"
    r"\s{0,5}[\"']([\w\-]{1,40})[\"']\s{0,5},\s{0,5}[\"'](\w{1,6})[\"']"
)
_ARROWS = " []()（）【】<>«»‹›←→…."
_COMMENT_FEED = re.compile(r"comment|评论|留言|kommentar|comentario", re.IGNORECASE)
_FEED_HINT = re.compile(r"(?i)feed|rss|atom|\.rdf$")
_FEED_ADDRESS = re.compile(
    r"(?:/feed/?|/rss/?|\.(?:rss|atom|rdf)|/atom/?|(?:rss|atom|feed)\d?\.xml"
    r"|/(?:rss|feeds?|atom)/(?:[\w\-]{1,60}/){0,3}[\w\-]{1,60}\.xml"
    r"|\?(?:.{0,100}&)?(?:feed|format|alt|type|output)=(?:rss2?|atom|rdf|feed))$"
)
# A page for people that names feeds.
_FEED_PAGE = re.compile(
    r"/(?:rss|feeds)(?:[_\-]?(?:feeds?|center|list))?(?:/index)?(?:\.(?:[sx]?html?|php|aspx?|jsp))?/?$"
)


@dataclass(slots=True)
class ListingReading:
    """What a page that lists says.

    *articles* are in page order, with the link's text as headline and the date printed near it;
    *next_pages* are later pages of this list, nearest first; *sections* are other lists of the
    site; *feed_pages* name feeds for people; *framework* are pages that may have an article's
    address, but that only the navigation and the foot name, or that are called what strangers are.
    *canonical* is the page's own rel=canonical on the same site.
    """

    feeds: list[str] = field(default_factory=list)
    feed_pages: list[str] = field(default_factory=list)
    articles: list[Entry] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    next_pages: list[str] = field(default_factory=list)
    framework: list[str] = field(default_factory=list)
    canonical: str | None = None
    dropped: Counter[str] = field(default_factory=Counter)


def read_listing(
    body: str | bytes, url: str, site: str = "", shapes: ArticleShapes | None = None
) -> ListingReading:
    """The links of a page, sorted by what they lead to; never raises and asks for nothing.

    *shapes* is what the site has taught so far; without it general evidence decides. Left out are
    other sites, strangers (about, login, app), traps and files; they are counted in *dropped*.
    """
    text = decode_html(body)
    return _Reader(text, url, Gate(url, site), shapes or ArticleShapes()).read()


class _Reader:
    def __init__(self, text: str, url: str, gate: Gate, shapes: ArticleShapes) -> None:
        self.text = text
        self.url = url
        self.key = page_key(url)
        self.gate = gate
        self.shapes = shapes
        self.reading = ListingReading(dropped=gate.dropped)
        self.links: dict[str, Link] = {}
        self.pages: dict[str, int] = {}

    def read(self) -> ListingReading:
        page = LexborHTMLParser(self.text)
        for count, node in enumerate(page.css(_LINKS)):
            if count >= MAX_LINKS:
                self.gate.dropped["too_many"] += 1
                break
            self._take(node)
        if not any(is_headline(link.text) for link in self.links.values()):
            self._take_scripts(page)
        self._scripted_pages()
        self._sort_links()
        pages = sorted(self.pages.items(), key=lambda page: page[1])
        self.reading.next_pages = [page for page, _ in pages][:MAX_PAGES]
        return self.reading

    def _take(self, node: LexborNode) -> None:
        attributes = node.attributes
        if node.tag == "base":
            self.gate.base = join(self.url, attributes.get("href") or "") or self.gate.base
        elif node.tag == "link":
            self._take_head_link(attributes)
        elif node.tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                match = _REFRESH.search(attributes.get("content") or "")
                self._add(match.group(1) if match else "", node, framed=True)
        elif node.tag in ("iframe", "frame"):
            self._add(attributes.get("src") or "", node, framed=True)
        else:
            self._add(target(node), node)

    def _take_scripts(self, page: LexborHTMLParser) -> None:
        """The links of a page made by script, where they are data, and of one that only leaves."""
        for address, text in script_links(page):
            url = self.gate.url(address)
            if url is not None and len(self.links) < MAX_LINKS:
                self.links.setdefault(page_key(url), Link(url, text[:MAX_TEXT]))
        if not self.links:
            targets = (scripted_target(node.text() or "") for node in page.css("script:not([src])"))
            found = next(filter(None, targets), "")
            url = self.gate.url(found) if found else None
            if url is not None:
                self.links[page_key(url)] = Link(url, framed=True)

    def _take_head_link(self, attributes: dict[str, str | None]) -> None:
        relation = (attributes.get("rel") or "").lower().split()
        href = attributes.get("href") or ""
        if "canonical" in relation:
            found = join(self.gate.base, href)
            self.reading.canonical = found if found and self.gate.owns(found) else None
        elif "next" in relation:
            self._add_page(href, 1)
        elif "alternate" in relation and _FEED_TYPES.match(attributes.get("type") or ""):
            self._add_feed(href, attributes.get("title") or "")

    def _add_feed(self, href: str, title: str) -> None:
        found = join(self.gate.base, href)
        # A feed may live on a feed host; it was the site itself that named it.
        if found is None or _COMMENT_FEED.search(title) or _COMMENT_FEED.search(found):
            return
        if "wp-json" in found or "oembed" in found:
            return
        if found not in self.reading.feeds and len(self.reading.feeds) < MAX_FEEDS:
            self.reading.feeds.append(found)

    def _add_page(self, href: str, number: int) -> None:
        found = self.gate.url(href)
        if found is not None and page_key(found) != self.key and not is_trap(found):
            self.pages.setdefault(found, number)

    def _scripted_pages(self) -> None:
        start = self.text.find("createPageHTML(")
        match = _SCRIPTED_PAGER.search(self.text, start) if start >= 0 else None
        if match is not None:
            count, own = int(match.group(1)), int(match.group(2))
            for number in range(own + 1, min(count, own + 1 + MAX_PAGES)):
                self._add_page(f"{match.group(3)}_{number}.{match.group(4)}", number)

    def _add(self, href: str, node: LexborNode, *, framed: bool = False) -> None:
        if not href:
            return
        url = self.gate.url(href)
        if url is None:
            return
        text = "" if framed else link_text(node)
        if self._is_page_link(url, text, node):
            return
        if self._is_feed_link(url):
            self._add_feed(url, text)
            return
        link = self.links.setdefault(page_key(url), Link(url, framed=framed))
        if link.url != url and canonical_url(url) == url:  # rather than its tracked or mobile copy
            link.url = url
        if len(text) > len(link.text):
            link.text = text
        if not framed:
            link.nodes.append(node)

    def _is_feed_link(self, url: str) -> bool:
        if _FEED_HINT.search(url) is None:
            return False
        address = url.lower()
        path = address.partition("?")[0]
        if _FEED_ADDRESS.search(path) or _FEED_ADDRESS.search(address):
            return True
        if _FEED_PAGE.search(path) and len(self.reading.feed_pages) < MAX_FEED_PAGES:
            self.reading.feed_pages.append(url)
        return False

    def _is_page_link(self, url: str, text: str, node: LexborNode) -> bool:
        short = text.lower().strip()
        short = short.strip(_ARROWS) or short
        if not short and turns_the_page(node):
            self._add_page(url, following_number(self.url, url) or 1)
            return True
        if len(short) > 25:
            return False
        words = link_words()
        named = short in words.next or (node.attributes.get("rel") or "").lower() == "next"
        onward = not named and short in words.onward
        if not named and not onward and not short.isdigit():
            return False
        number = following_number(self.url, url)
        if onward and number is None and not is_below(url, self.url):
            return False
        if named or onward:
            # `>` is also an arrow to anywhere: it needs a page number or a word beside it.
            if number is not None or len(short) >= 2:
                self._add_page(url, number or 1)
        elif number is not None and number == int(short):
            self._add_page(url, number)
        return True

    def _sort_links(self) -> None:
        links = [link for link in self.links.values() if self._is_wanted(link)]
        shapes = {link.url: shape(link.url) for link in links}
        members = Counter(shapes.values())
        headlines = Counter(shapes[link.url] for link in links if is_headline(link.text))
        texts = Counter(link.text for link in links)
        sections: dict[str, None] = {}
        articles: list[tuple[Link, str]] = []
        for link in links:
            of_shape = shapes[link.url]
            # Three headlines of one shape, and few other texts: a list of articles.
            row = headlines[of_shape] >= ALIKE and headlines[of_shape] >= 0.6 * members[of_shape]
            named = is_name(link.text) and texts[link.text] < ALIKE
            date = self._article_date(link, alike=row, named=named)
            if date is not None:
                articles.append((link, date))
            elif (number := self._later_page(link)) is not None:
                self._add_page(link.url, number)
            elif link.framed or is_section(take_apart(link.url), link.text):
                sections[link.url] = None
        self._take_articles(articles, sections)

    def _take_articles(self, articles: list[tuple[Link, str]], sections: dict[str, None]) -> None:
        """Hand over what was found, without the copies of articles: for print, for sharing."""
        copies = Copies(link.url for link, _ in articles)
        for link, date in articles:
            if copies.is_copy(link.url):
                self.gate.dropped["copy"] += 1
                continue
            listing = Listing(headline=link.text or None, date_published=date or None)
            self.reading.articles.append(Entry(link.url, listing))
        mobile = is_mobile_edition(self.url)
        for url in sections:
            other_edition = is_mobile_edition(url) and not mobile
            if other_edition or copies.is_copy(url) or copies.is_below(url):
                self.gate.dropped["copy"] += 1
            elif len(self.reading.sections) < MAX_SECTIONS:
                self.reading.sections.append(url)

    def _later_page(self, link: Link) -> int | None:
        """The number of a page of this list that no usual word leads to: 尾页, older stories."""
        return following_number(self.url, link.url) if self.shapes.score(link.url) == 0 else None

    def _is_wanted(self, link: Link) -> bool:
        if link.url in self.pages or page_key(link.url) == self.key:
            return False
        reason = ""
        if is_trap(link.url):
            reason = "trap"
        elif is_stranger(take_apart(link.url)):
            reason = "stranger"
        elif link_words().is_stranger(link.text):
            reason = "stranger"
            self.reading.framework.append(link.url)
        if reason:
            self.gate.dropped[reason] += 1
        return not reason

    def _article_date(self, link: Link, *, alike: bool, named: bool) -> str | None:
        """None where the link leads to no article; else the date near it, empty without one."""
        score = self.shapes.score(link.url)
        headline = is_headline(link.text)
        if link.framed or (score == 0 and (names_a_list(link.url) or not (headline or alike))):
            return None
        if is_date(link.text) and score < CERTAIN:
            return None
        outside = bool(link.nodes) and all(map(is_framework, link.nodes))
        if outside and not (is_certain(link.url) and headline):
            self.reading.framework.append(link.url)
            return None
        date = ""
        if headline or alike or score >= 0.25:
            dates = (date_near(node, link.text) for node in link.nodes[:3])
            date = next((found for found in dates if found), "")
        # The name of a section, a person or a share by itself speaks against its address.
        against = named and not alike and not date and not self.shapes.knows(link.url)
        evidence = score + 0.25 * (headline + alike + bool(date) - against)
        return date if evidence >= THRESHOLD else None


def common_feed_paths(url: str) -> list[str]:
    """Where sites keep feeds that they do not name, most usual first: `data/common_paths.toml`."""
    return _common(url, "feed")


def common_sitemap_paths(url: str) -> list[str]:
    """Where sites keep sitemaps that robots.txt does not name, most usual first."""
    return _common(url, "sitemap")


def _common(url: str, group: str) -> list[str]:
    found = (join(url, path) for path in common_paths()[group])
    return [address for address in found if address is not None]
