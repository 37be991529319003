"""JSON-LD: what a page says of its story in schema.org's words, from blocks that are often broken.

Pages write trailing commas, raw line ends, comments, entities and CDATA into their JSON; it is
repaired where that can be done without guessing, else the few fields are picked out one by one.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.article.metadata.labels import FieldNames

_LONGEST = 1_000_000
_MOST_NODES = 2_000
# Objects under these keys are the page's story or list its parts; under any other key, others'.
_INNER = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
_COMMENT = re.compile(r"/\*[^*]{0,2000}\*/|^[ \t]*//[^\n]*$", re.M)
_TRAILING_COMMA = re.compile(r",\s{0,200}(?=[}\]])")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/|<!\[CDATA\[)|(?:-->|//\]\]>|/\*\]\]>\*/|\]\]>)\s*;?\s*$"
)
_PICKED = (
    "headline",
    "datePublished",
    "dateModified",
    "dateCreated",
    "description",
    "articleSection",
    "@type",
    "pubDate",
    "upDate",
    "title",
)
_PICK = re.compile(rf'"({"|".join(_PICKED)})"\s{{0,20}}:\s{{0,20}}"([^"\n]{{0,500}})"')


_TELLING = re.compile(r"headline|datePublished|pubDate|articleBody", re.I)
_SEAM = re.compile(r"\}\s{0,50}\{")


@dataclass(slots=True)
class StoryData:
    """One story as JSON-LD or microdata describes it; strings as they stand there."""

    kind: str = ""  # schema.org's type, lower case
    headline: str | None = None
    description: str | None = None
    published: str | None = None
    modified: str | None = None
    created: str | None = None
    authors: list[str] = field(default_factory=list)
    publisher: str | None = None
    keywords: list[str] = field(default_factory=list)
    section: str | None = None
    language: str | None = None
    image: str | None = None
    url: str | None = None
    body: str | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of use was said."""
        return not (self.headline or self.published or self.body)


def read_json_ld(blocks: Iterable[str], names: FieldNames) -> list[StoryData]:
    """List the stories that *blocks* (texts of `application/ld+json`) describe, best first.

    Stories come before pages (schema.org WebPage), each kind in the order of the page. Never
    raises; a block that cannot be read as JSON gives what can be picked out of it.
    """
    stories: list[StoryData] = []
    pages: list[StoryData] = []
    for block in blocks:
        if not _TELLING.search(block):
            continue  # a breadcrumb, an organisation
        for node in _nodes(block[:_LONGEST]):
            kind = _kind(node, names)
            if kind is None:
                continue
            story = _story(node, kind)
            if not story.is_empty:
                (pages if kind in names.page_types else stories).append(story)
    return stories + pages


def load_json(text: str) -> Any:
    """Parse *text* as JSON, repairing what pages get wrong; None when it cannot be."""
    for repaired in _repairs(text):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _repairs(text: str) -> Iterator[str]:
    """Give *text* as it stands, then ever more mended."""
    yield text
    mended = text.strip().rstrip(";")
    mended = _WRAPPER.sub("", _WRAPPER.sub("", mended)).strip().rstrip(";")
    yield mended
    if "&quot;" in mended and '"' not in mended:
        mended = html.unescape(mended)
        yield mended
    mended = _TRAILING_COMMA.sub("", _COMMENT.sub("", mended))
    yield mended
    yield mended.replace("\\'", "'")
    if mended.startswith("{") and "}" in mended:
        yield f"[{_SEAM.sub('},{', mended)}]"


def _nodes(block: str) -> Iterator[dict[str, Any]]:
    """Give the objects of a block that may speak of the page's own story, in order."""
    data = load_json(block)
    if data is None:
        picked = _picked(block)
        if picked:
            yield picked
        return
    queue: list[Any] = [data]
    seen = 0
    while queue and seen < _MOST_NODES:
        item = queue.pop(0)
        seen += 1
        if isinstance(item, list):
            queue[:0] = item[:_MOST_NODES]
        elif isinstance(item, dict):
            yield item
            queue.extend(item[key] for key in _INNER if isinstance(item.get(key), dict | list))


def _picked(block: str) -> dict[str, Any]:
    """Pick fields out of what is no JSON; the first of each name counts."""
    found: dict[str, Any] = {}
    for match in _PICK.finditer(block):
        found.setdefault(match[1], html.unescape(match[2]))
    return found


def _kind(node: dict[str, Any], names: FieldNames) -> str | None:
    """Name the type under which a node is a story or a page; None for anything else."""
    types = node.get("@type")
    for name in types if isinstance(types, list) else [types]:
        kind = str(name or "").rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        if kind in names.article_types or kind in names.page_types:
            return kind
    # Search engines' own dialects name no type but a title and a date.
    if (
        types is None
        and _text(node, "title", "headline")
        and _text(node, "pubDate", "datePublished")
    ):
        return "article"
    return None


def _story(node: dict[str, Any], kind: str) -> StoryData:
    keywords = node.get("keywords")
    return StoryData(
        kind=kind,
        headline=_text(node, "headline", "title")
        or (_text(node, "name") if kind == "article" else None),
        description=_text(node, "description"),
        published=_text(node, "datePublished", "pubDate"),
        modified=_text(node, "dateModified", "upDate"),
        created=_text(node, "dateCreated"),
        authors=_names(node.get("author") or node.get("creator")),
        publisher=next(iter(_names(node.get("publisher"))), None),
        keywords=_words(keywords),
        section=_text(node, "articleSection"),
        language=_text(node, "inLanguage"),
        image=next(iter(_addresses(node.get("image") or node.get("images"))), None),
        url=_text(node, "url", "@id"),
        body=_text(node, "articleBody"),
    )


def _text(node: dict[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = node.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            return plain(value)
    return None


def plain(value: str) -> str:
    """Resolve the entities that pages leave inside JSON and attributes, once or twice escaped."""
    if "&" in value:
        value = html.unescape(value)
        if "&" in value:
            value = html.unescape(value)
    return value.strip()


def _names(value: Any) -> list[str]:
    """List the names in a string, an object, or a list of both."""
    names: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        for part in name if isinstance(name, list) else [name]:
            if isinstance(part, str) and part.strip():
                names.append(plain(part))
    return names


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [plain(value)]
    return _names(value) if isinstance(value, list) else []


def _addresses(value: Any) -> list[str]:
    found = []
    for item in value if isinstance(value, list) else [value]:
        address = (item.get("url") or item.get("contentUrl")) if isinstance(item, dict) else item
        if isinstance(address, list) and address:
            address = address[0]
        if isinstance(address, str) and address.strip():
            found.append(address.strip())
    return found
