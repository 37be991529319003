"""Reads sitemaps, sitemap indexes, news sitemaps and plain lists of URLs."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

from crawler.discovery.dates import newest_first
from crawler.discovery.entries import Entry, Gate
from crawler.discovery.feed_text import decode_feed
from crawler.discovery.feeds import read_feed
from crawler.discovery.sitemap_stream import Blocks, Unpacked
from crawler.items import Listing

MAX_ENTRIES = 50_000  # of one sitemap, as sitemaps.org says

_OPENING = re.compile(r"<((?:[\w.\-]{1,40}:)?)(url|sitemap)(?:\s[^<>]*)?>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.\-]{1,40}:)?(urlset|sitemapindex|rss|feed|RDF)[\s>/]", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:[\w.\-]{1,40}:)?(?:urlset|sitemapindex)\s{0,20}>", re.IGNORECASE)
_FIELD = re.compile(r"<((?:[\w.\-]{1,40}:)?)([A-Za-z_]{2,40})(?:\s[^<>]*)?>([^<]*)</")
_SECTION = re.compile(r"<!\[CDATA\[|\]\]>")
_ADDRESS_LINE = re.compile(r"https?://\S{1,2000}")


@dataclass(slots=True)
class SitemapReading:
    """What one sitemap said.

    *entries* are pages, newest first where they have dates; *sitemaps* are further sitemaps and
    their lastmod as printed (None where missing), newest first. *problems* are sentences:
    `feed cut: ...`, `N entries skipped`, `not a sitemap: ...`. *dropped* counts what was left out:
    foreign, unsafe, no_link, repeated.
    """

    entries: list[Entry] = field(default_factory=list)
    sitemaps: list[tuple[str, str | None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    is_news: bool = False


def read_sitemap(body: bytes, url: str, site: str = "", content_type: str = "") -> SitemapReading:
    """The pages or sitemaps that a sitemap names; never raises and asks for nothing.

    *body* may be gzip; at most 50 MB of it are unpacked, in pieces. *site* is a URL of the site
    where that is not the sitemap's own. lastmod is a date of change and never of publication.
    Sources: sitemaps.org/protocol, Google's news sitemap 0.9. A feed in place of a sitemap counts.
    """
    unpacked = Unpacked(body)
    blocks = Blocks(unpacked, content_type)
    reader = _Reader(Gate(url, site))
    for block in blocks.entries():
        if len(reader.reading.entries) >= MAX_ENTRIES:
            reader.reading.problems.append(f"feed cut: more than {MAX_ENTRIES} entries")
            break
        reader.read_block(block)
    else:
        reader.finish(blocks)
    reading = reader.reading
    root = _ROOT.search(blocks.head)
    if not reading.entries and not reading.sitemaps and not reader.gate.dropped:
        _read_other(reading, reader.gate, unpacked, root.group(1).lower() if root else "")
    if unpacked.problem:
        reading.problems.append(f"feed cut: {unpacked.problem}")
    return _sorted(reading, reader.gate)


def _sorted(reading: SitemapReading, gate: Gate) -> SitemapReading:
    reading.dropped = gate.dropped
    skipped = gate.dropped["unsafe"] + gate.dropped["no_link"]
    if skipped:
        reading.problems.append(f"{skipped} entries skipped: no address that can be asked for")
    reading.entries.sort(
        key=lambda entry: newest_first(entry.listing.date_published or entry.listing.date_modified)
    )
    reading.sitemaps.sort(key=lambda sitemap: newest_first(sitemap[1]))
    return reading


class _Reader:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.reading = SitemapReading()

    def read_block(self, block: str) -> None:
        """One text up to an end of entry; where end tags are missing it holds several entries."""
        openings = list(_OPENING.finditer(block))
        for index, opening in enumerate(openings):
            last = index + 1 == len(openings)
            end = len(block) if last else openings[index + 1].start()
            self._read_entry(
                opening.group(1).lower(),
                opening.group(2).lower() == "sitemap",
                block[opening.end() : end],
            )

    def finish(self, blocks: Blocks) -> None:
        """The rest after the last entry: cut sitemaps end in the middle of one."""
        whole = _ROOT_END.search(blocks.tail) is not None
        if _ROOT.search(blocks.head) and (not whole or _OPENING.search(blocks.tail)):
            if _FIELD.search(blocks.tail):
                self.read_block(blocks.tail)
            if not blocks.unpacked.problem and _is_sitemap(blocks.head):
                self.reading.problems.append("feed cut: the sitemap does not end")
        if blocks.too_long:
            self.reading.problems.append(f"feed cut: {blocks.too_long} entries are too long")

    def _read_entry(self, prefix: str, is_sitemap: bool, text: str) -> None:
        # Markup around a text only: inside it, an address in CDATA is an address.
        fields = [
            (found.group(1).lower(), found.group(2).lower(), _value(found.group(3)))
            for found in _FIELD.finditer(_SECTION.sub("", text))
        ]
        # The entry's own fields share its prefix; `image:loc` is not the page.
        own = {name: value for space, name, value in reversed(fields) if space == prefix}
        url = self.gate.url(own.get("loc", ""))
        if url is None or not self.gate.first_time(url):
            return
        changed = own.get("lastmod", "")[:80] or None
        if is_sitemap:
            self.reading.sitemaps.append((url, changed))
        else:
            self.reading.entries.append(Entry(url, self._listing(fields, prefix, changed)))

    def _listing(
        self, fields: list[tuple[str, str, str]], prefix: str, changed: str | None
    ) -> Listing:
        listing = Listing(kind="sitemap", date_modified=changed)
        # The news extension is known by its date; its prefix is whatever the site chose.
        space = next((s for s, name, _ in fields if name == "publication_date" and s != prefix), "")
        if not space:
            return listing
        news = {name: value for s, name, value in reversed(fields) if s == space}
        self.reading.is_news = True
        listing.date_published = news.get("publication_date", "")[:80] or None
        listing.headline = news.get("title", "")[:500] or None
        listing.language = news.get("language", "")[:20] or None
        words = re.split(r"[,，;；、]", news.get("keywords", "")[:1_000])
        listing.keywords = list(dict.fromkeys(word.strip() for word in words if word.strip()))[:20]
        return listing


def _value(text: str) -> str:
    return " ".join(html.unescape(text).split()) if "&" in text else " ".join(text.split())


def _is_sitemap(head: str) -> bool:
    root = _ROOT.search(head)
    return root is not None and root.group(1).lower() in ("urlset", "sitemapindex")


def _read_other(reading: SitemapReading, gate: Gate, unpacked: Unpacked, root: str) -> None:
    """A feed, a plain list of addresses, an empty sitemap, or none of these."""
    text = decode_feed(b"".join(Unpacked(unpacked.body).pieces())).lstrip("\ufeff \t\r\n")
    if root in ("rss", "feed", "rdf"):
        feed = read_feed(text.encode("utf-8", "replace"), gate.base, site=gate.site)
        reading.entries, reading.problems = feed.entries, feed.problems
        gate.dropped.update(feed.dropped)
    elif _ADDRESS_LINE.match(text):
        for line in text.splitlines()[:MAX_ENTRIES]:
            url = gate.url(line.strip()) if line.strip() else None
            if url is not None and gate.first_time(url):
                reading.entries.append(Entry(url, Listing(kind="sitemap")))
    elif root not in ("urlset", "sitemapindex"):
        reading.problems.append("not a sitemap: no urlset, sitemapindex, feed or list of addresses")
