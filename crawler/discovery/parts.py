"""Names the next part of an article that a site printed on several pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.discovery.html_text import decode_html
from crawler.discovery.link_words import link_words
from crawler.discovery.page_words import page_words
from crawler.discovery.pager import page_places, series_root
from crawler.discovery.url_shapes import take_apart
from crawler.discovery.urls import join, page_key, safe_url

MAX_PARTS = 30

_STEM_TAIL = re.compile(r"(?:[_\-]\d{1,4})?(?:\.\w{1,5})?$")
_SPACES = re.compile(r"\s+")
_WHOLE_TAIL = re.compile(r"[_\-/](?:all|full|qw|quanwen|0)$")
_WHOLE_QUERY = re.compile(
    r"(?:^|&)(?:(?:page|p|pn|pageno)=(?:all|full)|(?:all|full|single|viewall)=1)"
)


def next_part(html: bytes | str, url: str, seen: Sequence[str]) -> str | None:
    """The next part of this article, or its one-page form, or None; never another article.

    *html* is the part at *url*, *seen* the URLs of the parts so far, in order, with or without
    this one. A link counts when its address continues the first part's own: `_2.html`, `?page=2`,
    `/2`; the text (下一页, rel=next, 2) only confirms. The one-page form (全文, view all) comes
    first, and nothing after it: see `is_whole`. At most 30 parts.
    """
    first = seen[0] if seen else url
    if len(seen) >= MAX_PARTS or any(is_whole(first, part) for part in (*seen, url)):
        return None
    if safe_url(first) is None or _is_list_address(first):
        return None
    roots = _roots(first)
    number = _number(url, roots)
    if not _may_continue(html, url, number):
        return None
    done = {page_key(part) for part in (*seen, url)}
    return _search(decode_html(html), url, first, roots, number, done)


def is_whole(first: str, part: str) -> bool:
    """Whether *part* is the one-page form of the article that begins at *first*.

    It then takes the place of all parts before it.
    """
    root, other = series_root(first), series_root(part)
    if not root or root == other:
        return False
    path, _, query = root.partition("?")
    other_path, _, other_query = other.partition("?")
    if path == other_path and _WHOLE_QUERY.search(other_query):
        return not _WHOLE_QUERY.search(query)
    tail = _WHOLE_TAIL.search(other_path)
    return tail is not None and other_path[: tail.start()] == path and query == other_query


def _search(
    html: str, url: str, first: str, roots: frozenset[str], number: int, done: set[str]
) -> str | None:
    words = link_words()
    found: str | None = None
    for node in LexborHTMLParser(html).css("a[href], link[rel=next][href]"):
        href = node.attributes.get("href") or ""
        if not href or "#comment" in href.lower():
            continue
        text = _SPACES.sub(" ", node.text(deep=True) or "").strip().lower()
        relation = (node.attributes.get("rel") or "").lower()
        if len(text) > 20 and relation != "next":
            continue
        link = join(url, href)
        if link is None or page_key(link) in done:
            continue
        if text in words.whole and is_whole(first, link):
            return link
        said = (
            relation == "next" or text in words.next or text.strip(" []第页頁") == str(number + 1)
        )
        continues = said and _number(link, roots) == number + 1
        if found is None and (continues or (relation == "next" and _is_below(link, first))):
            found = link
    return found


def _roots(first: str) -> frozenset[str]:
    """What the first part's address is without its number: itself, or what `_1` stands behind."""
    places = page_places(first)
    return frozenset([places[0].root, *(place.root for place in places[1:] if place.number == 1)])


def _number(url: str, roots: frozenset[str]) -> int:
    """Which part of the article a URL is: 1 for the first, 0 for a URL that is no part of it."""
    numbers = [place.number for place in page_places(url)[1:] if place.root in roots]
    if numbers:
        return max(numbers)
    return 1 if series_root(url) in roots else 0


def _is_below(link: str, first: str) -> bool:
    """`/story/part-two` below `/story`, on the same host and not at the root."""
    root = series_root(first).partition("?")[0]
    return root.count("/") >= 2 and series_root(link).startswith(f"{root}/")


def _is_list_address(url: str) -> bool:
    words = page_words()
    address = take_apart(url)
    if address.query.keys() & words.query:
        return False
    numbers = address.query.keys() & words.pager
    named = address.word in words.list - words.article or address.word in words.closed
    return bool(numbers) or named or not (address.leaf or address.folders)


def _may_continue(html: bytes | str, url: str, number: int) -> bool:
    """A look at the bytes, because most articles have one part and a parse costs milliseconds."""
    body = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    leaf = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    stem = _STEM_TAIL.sub("", leaf).encode()
    following = _following(number + 1)
    return _stands(body, stem, following) or _stands(body, b"?", following)


def _stands(body: bytes, needle: bytes, pattern: re.Pattern[bytes]) -> bool:
    """Whether the pattern matches right behind an occurrence of the needle.

    After 500 occurrences the answer is yes: then a parse is no dearer than looking on.
    """
    position = body.find(needle) if needle else -1
    for _ in range(500):
        if position < 0:
            return False
        if pattern.match(body, position + len(needle)):
            return True
        position = body.find(needle, position + 1)
    return True


@lru_cache(maxsize=2 * MAX_PARTS)  # a pattern for each part number
def _following(number: int) -> re.Pattern[bytes]:
    """What stands behind an article's own address in the link to its part, or to its whole."""
    mark = rf"(?:{number}|all|full|qw|quanwen|0)(?![0-9A-Za-z])"
    value = rf"[^\"'<>\s]{{0,200}}(?:=(?:{number}|all|full)|(?:all|full|single)=1)(?!\w)"
    behind_leaf = rf"[_\-/](?:p(?:age)?[_\-/]?)?{mark}|/(?:part|page|teil|seite)[_\-/]"
    with_query = rf"(?:\.\w{{1,5}})?/?\?{value}"
    only_query = rf"(?<=[\"'=/]\?){value}"
    return re.compile(rf"{behind_leaf}|{with_query}|{only_query}".encode())
