"""Reads RSS, RDF, Atom and JSON feeds into entries of one site."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import feedparser
from feedparser.exceptions import ThingsNobodyCaresAboutButMe

from crawler.discovery.advertisements import advertisement_marks
from crawler.discovery.entries import Entry, Gate
from crawler.discovery.feed_text import clean_feed, decode_feed
from crawler.discovery.json_feed import read_json_feed
from crawler.discovery.urls import join
from crawler.items import Listing

MAX_DESCRIPTION = 1_000
MAX_NAMES = 20  # authors or keywords of one entry

_TAG = re.compile(r"<[^<>]*>")
_ENTRY = re.compile(r"(?i)(?=<(?:item|entry)[\s>])")
_MOST_BY_ITSELF = 500
_SPACES = re.compile(r"\s+")
_MAIL_WITH_NAME = re.compile(r"^\S{1,100}@\S{1,100}\s{1,5}\(([^()]{1,80})\)$")


@dataclass(slots=True)
class FeedReading:
    """What one feed said.

    *problems* are sentences, of which `feed cut: ...` and `not a feed` are the two beginnings;
    *dropped* counts entries left out by reason: foreign, advertisement, unsafe, no_link, repeated.
    """

    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    next_url: str | None = None
    hub: str | None = None
    home: str | None = None
    title: str = ""
    format: str = ""  # rss20, atom10, rss10, json, ...; empty for what is not a feed
    dropped: Counter[str] = field(default_factory=Counter)


def read_feed(body: bytes, url: str, content_type: str = "", site: str = "") -> FeedReading:
    """The articles that a feed names, in its order; never raises and asks for nothing.

    *url* is the feed's address, *site* a URL of the site it was asked for where that is another
    host. Links to other sites and advertisements are dropped and counted. Formats: RSS 0.9x, 1.0
    and 2.0, Atom (RFC 4287), JSON Feed 1.1.
    """
    text = decode_feed(body, content_type)
    gate = Gate(url, site)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        reading = _from_json(text, gate)
    else:
        reading = _from_xml(text, gate)
    reading.dropped = gate.dropped
    return reading


def _from_json(text: str, gate: Gate) -> FeedReading:
    found = read_json_feed(text)
    reading = FeedReading(format="json" if found.is_feed else "", title=_plain(found.title))
    if found.problem:
        reading.problems.append(found.problem)
    if found.next_url:
        reading.next_url = _own(gate, found.next_url)
    reading.hub = join(gate.base, found.hub) if found.hub else None
    reading.home = join(gate.base, found.home) if found.home else None
    for item in found.items:
        _add(reading, gate, item.links, _tidy(item.listing))
    return reading


def _from_xml(text: str, gate: Gate) -> FeedReading:
    cleaned = clean_feed(text)
    parsed = _parsed(cleaned.text, gate.base)
    reading = FeedReading(format=parsed.get("version") or "")
    if not reading.format and not parsed.entries:
        reading.problems.append("not a feed: no RSS, Atom, RDF or JSON Feed was recognised")
        return reading
    if cleaned.problem:
        reading.problems.append(f"feed cut: {cleaned.problem}")
    elif parsed.bozo and not isinstance(parsed.bozo_exception, ThingsNobodyCaresAboutButMe):
        reading.problems.append(f"feed cut: {str(parsed.bozo_exception)[:200]}")
    # Plain dictionaries: the library's own answer `updated` where only `published` stands.
    _read_channel(reading, gate, dict(parsed.feed))
    dublin_core = "date>" in cleaned.text
    for item in map(dict, parsed.entries):
        listing = _listing(item, reading.format.startswith("atom"), dublin_core)
        _add(reading, gate, _links(item), listing)
    return reading


def _parsed(text: str, base: str) -> Any:
    """What the library makes of a feed; where it stumbles, of each entry by itself."""
    try:
        return _parse(text, base)
    except Exception as error:  # noqa: BLE001 - its own faults, of any kind, over broken feeds
        head, *entries = _ENTRY.split(text)[: _MOST_BY_ITSELF + 1]
        parsed = feedparser.FeedParserDict(version="", entries=[], feed={})
        for entry in entries:
            with suppress(Exception):  # this one is what it stumbles over
                alone = _parse(head + entry, base)
                parsed["version"] = parsed["version"] or alone.get("version")
                parsed["entries"] += alone.entries
        parsed.update(bozo=True, bozo_exception=error)
        return parsed


def _parse(text: str, base: str) -> Any:
    # From a file object: a byte string that looks like a path or an address would be opened.
    return feedparser.parse(
        BytesIO(text.encode("utf-8")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": base,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _read_channel(reading: FeedReading, gate: Gate, channel: Mapping[str, Any]) -> None:
    reading.title = _plain(str(channel.get("title") or ""))
    home = channel.get("link")
    reading.home = join(gate.base, home) if isinstance(home, str) else None
    for link in channel.get("links") or []:
        href, rel = str(link.get("href") or ""), str(link.get("rel") or "")
        if rel == "next" and reading.next_url is None:
            reading.next_url = _own(gate, href)
        elif rel == "hub" and reading.hub is None:
            reading.hub = join(gate.base, href)


def _own(gate: Gate, href: str) -> str | None:
    found = join(gate.base, href)
    own = found is not None and (gate.owns(found) or Gate(gate.base).owns(found))
    return found if own and found != gate.base else None


def _add(reading: FeedReading, gate: Gate, links: list[str], listing: Listing) -> None:
    url = gate.url(*links)
    if url is None:
        return
    if advertisement_marks().match(url, listing.headline or "", listing.keywords):
        gate.dropped["advertisement"] += 1
    elif gate.first_time(url):
        reading.entries.append(Entry(url, listing))


def _links(item: Mapping[str, Any]) -> list[str]:
    """Where an entry may live, best first: the link before its counter, the link, the guid."""
    links = [str(item.get("feedburner_origlink") or ""), str(item.get("link") or "")]
    for link in item.get("links") or []:
        if link.get("rel", "alternate") in ("alternate", "canonical"):
            links.append(str(link.get("href") or ""))
    identifier = str(item.get("id") or "")
    if identifier.startswith(("http://", "https://")):
        links.append(identifier)
    return links


def _listing(item: Mapping[str, Any], atom: bool, dublin_core: bool) -> Listing:
    published = item.get("published") or item.get("created")
    updated = item.get("updated")
    # In RSS and RDF `dc:date` is when the item was published; the library files it as updated.
    if not published and updated and not atom and dublin_core:
        published, updated = updated, None
    people = [str(person.get("name") or "") for person in item.get("authors") or []]
    raw = str(item.get("author") or "")
    if "@" in raw and not atom:  # the library cuts `mail@host (Name)` in the wrong places
        people = [raw, *(name for name in people if name not in raw)]
    tags = [str(tag.get("term") or tag.get("label") or "") for tag in item.get("tags") or []]
    return _tidy(
        Listing(
            headline=item.get("title"),
            description=item.get("summary"),
            date_published=published,
            date_modified=updated,
            authors=people,
            keywords=tags,
        )
    )


def _tidy(listing: Listing) -> Listing:
    """Plain text, bounded; empty values become None."""
    listing.kind = "feed"
    listing.headline = _plain(listing.headline or "")[:500] or None
    listing.description = _plain(listing.description or "")[:MAX_DESCRIPTION] or None
    listing.date_published = _plain(listing.date_published or "")[:80] or None
    listing.date_modified = _plain(listing.date_modified or "")[:80] or None
    listing.authors = _names(_person(name) for name in listing.authors)
    listing.keywords = _names(_plain(name) for name in listing.keywords)
    return listing


def _names(names: Any) -> list[str]:
    return list(dict.fromkeys(name[:100] for name in names if name))[:MAX_NAMES]


def _person(name: str) -> str:
    """RSS prints people as `mail@host (Name)`; a bare address is nobody's name."""
    name = _plain(name)
    match = _MAIL_WITH_NAME.match(name)
    if match is not None:
        return match.group(1).strip()
    return "" if "@" in name else name


def _plain(text: str) -> str:
    """Text without tags and references, on one line."""
    text = _TAG.sub(" ", text) if "<" in text else text
    text = html.unescape(text) if "&" in text else text
    return _SPACES.sub(" ", text).strip()
