"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from crawler.items import Listing

MAX_ITEMS = 2_000

_ITEM_START = re.compile(r"\"items\"\s{0,20}:\s{0,20}\[")


@dataclass(slots=True)
class JsonItem:
    """One item: where it may live, best first, and what was said about it."""

    links: list[str]
    listing: Listing


@dataclass(slots=True)
class JsonFeed:
    """A feed as read; *problem* is a sentence, empty when all of it could be read."""

    is_feed: bool = False
    title: str = ""
    home: str = ""
    next_url: str = ""
    hub: str = ""
    items: list[JsonItem] = field(default_factory=list)
    problem: str = ""


def read_json_feed(text: str) -> JsonFeed:
    """The items of a JSON Feed; of a cut one those that are whole. Never raises."""
    problem = ""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data, problem = {"items": _whole_items(text)}, "feed cut: the JSON is damaged"
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return JsonFeed(problem="not a feed: the JSON has no list of items")
    if problem and not data["items"]:
        return JsonFeed(problem="not a feed: the JSON is damaged and has no whole item")
    hubs = data.get("hubs")
    feed = JsonFeed(
        is_feed=True,
        title=_text(data, "title"),
        home=_text(data, "home_page_url"),
        next_url=_text(data, "next_url"),
        hub=_text(hubs[0], "url") if isinstance(hubs, list) and hubs else "",
        problem=problem,
    )
    if len(data["items"]) > MAX_ITEMS:
        feed.problem = f"feed cut: more than {MAX_ITEMS} entries"
    feed.items = [_item(item) for item in data["items"][:MAX_ITEMS] if isinstance(item, dict)]
    return feed


def _whole_items(text: str) -> list[Any]:
    """The objects of the item list up to the first that cannot be read."""
    start = _ITEM_START.search(text)
    decoder = json.JSONDecoder()
    items: list[Any] = []
    position = start.end() if start else len(text)
    while len(items) <= MAX_ITEMS:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return items


def _item(item: dict[str, Any]) -> JsonItem:
    identifier = _text(item, "id")
    links = [_text(item, "url")]
    if identifier.startswith(("http://", "https://")):
        links.append(identifier)
    links.append(_text(item, "external_url"))
    people = item.get("authors")
    people = people if isinstance(people, list) else [item.get("author")]
    tags = item.get("tags")
    tags = tags if isinstance(tags, list) else []
    return JsonItem(
        links,
        Listing(
            headline=_text(item, "title"),
            description=_text(item, "summary"),
            date_published=_text(item, "date_published"),
            date_modified=_text(item, "date_modified"),
            authors=[_text(person, "name") for person in people],
            keywords=[tag for tag in tags if isinstance(tag, str)],
            language=_text(item, "language") or None,
        ),
    )


def _text(data: Any, key: str) -> str:
    value = data.get(key) if isinstance(data, dict) else None
    return value[:5_000] if isinstance(value, str) else ""
