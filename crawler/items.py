"""What travels through the crawler: a fetched page, and the record that is made of it.

This is the only place that lists the record's keys. The names are schema.org's NewsArticle in
snake_case; `docs/record.md` and the JSON Schema are made from the annotations and metadata here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pickle import PickleBuffer
from typing import Any, Literal, SupportsIndex

SCHEMA_VERSION = 1
_BESIDE = 5  # the pickle protocol from which on buffers may lie beside the pickle

PageKind = Literal["html", "text"]
TaskKind = Literal["home", "feed", "sitemap", "list", "article"]
DateSource = Literal["json-ld", "meta", "text", "url", "feed", "sitemap"]
DatePrecision = Literal["day", "minute", "second"]


@dataclass(slots=True)
class Listing:
    """What the feed, sitemap or list that named a page said about it; all of it may be missing."""

    headline: str | None = None
    description: str | None = None
    date_published: str | None = None  # as printed there
    date_modified: str | None = None  # as printed there
    kind: Literal["feed", "sitemap"] | None = None
    authors: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    section: str | None = None
    language: str | None = None


@dataclass(slots=True)
class Task:
    """One thing to fetch.

    A task is either *control* (a homepage, feed, sitemap or list, asked again and again) or an
    *article* (a candidate: taken up once, ending in exactly one outcome). *key* is its identity
    (the canonical URL), *site* the name under which its records go, *host* the queue it waits in,
    *priority* is higher for what comes first. *memo* is what its kind needs to remember between
    runs (validators, freshness), as JSON values. *modified* is when its listing says that the
    article was changed, in seconds since the epoch, 0 if it does not.
    """

    kind: TaskKind
    url: str
    key: str
    site: str
    host: str
    priority: float = 0.0
    depth: int = 0
    listing: Listing = field(default_factory=Listing)
    memo: dict[str, Any] = field(default_factory=dict)
    modified: float = 0.0


@dataclass(slots=True)
class PagePart:
    """One response of a page: its address after redirects, its raw bytes, its Content-Type."""

    url: str
    body: bytes
    content_type: str = ""

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> Any:
        # So that whoever pickles may send the body beside the pickle, without a copy of it.
        body = PickleBuffer(self.body) if int(protocol) >= _BESIDE else self.body
        return PagePart, (self.url, body, self.content_type)


@dataclass(slots=True)
class Page:
    """One fetched article, with the bytes of its parts in order.

    *candidate* is the URL (or the name inside an archive) under which it was taken up;
    *timezone* is an IANA name, empty where the page has to say; *date_fetched* is ISO 8601 in UTC
    and is the *now* of every relative date on the page.
    """

    candidate: str
    url: str
    parts: list[PagePart]
    site: str
    date_fetched: str
    kind: PageKind = "html"
    timezone: str = ""
    language: str = ""  # BCP 47, where the site list names it
    encoding: str = ""  # where the site list names it
    body_selector: str = ""  # CSS, where the site list names it
    listing: Listing = field(default_factory=Listing)
    record_id: str | None = None  # the record's `id`, where it is not made from the URL


@dataclass(slots=True)
class Security:
    """A security named in the text, such as `300540.SZ`, `00700.HK` or `AAPL.US`."""

    symbol: str
    name: str | None = None


def _key(note: str, default: Any = None, **metadata: Any) -> Any:
    """A field of the record: a note for the documentation, and its default."""
    about = {"note": note, **metadata}
    if callable(default):
        return field(default_factory=default, metadata=about)
    return field(default=default, metadata=about)


@dataclass(slots=True, kw_only=True)
class NewsArticle:
    """One clean article; the keys of its JSON line, all always present, in this order."""

    schema_version: int = _key("version of this record's shape", SCHEMA_VERSION)
    id: str = _key(
        "first 16 hex digits of the SHA-256 of `canonical_url`;"
        " for `scrapy clean` the path as given",
        "",
    )
    version: int = _key(
        "1 for the first; (`id`, `version`) is unique. A changed article is written again"
        " with the next number",
        1,
    )
    url: str = _key(
        "as fetched, after redirects; a document without a URL: `file:` and its name", ""
    )
    canonical_url: str = _key("cleaned of tracking parameters and mobile copies", "")
    site: str = _key("the listed name, else host[:port]; `file` for documents without a URL", "")
    headline: str = _key("the story's title, without the site's name", "")
    description: str | None = _key("the page's own summary")
    article_body: str = _key(
        "paragraphs separated by one newline, NFC, no control or bidi characters", ""
    )
    date_published: str | None = _key("ISO 8601 with offset; never filled from `date_modified`")
    date_modified: str | None = _key("ISO 8601 with offset; never filled from `date_published`")
    date_precision: DatePrecision | None = _key(
        "as printed; a day alone is midnight in the site's zone"
    )
    date_published_raw: str | None = _key("the date as printed")
    date_published_from: DateSource | None = _key("where the date stood")
    date_fetched: str = _key("ISO 8601, UTC", "")
    authors: list[str] = _key("people named as authors", list)
    keywords: list[str] = _key("the page's own keywords or tags", list)
    source: str | None = _key("the outlet that the page credits (来源, 转自, Reuters)")
    source_url: str | None = _key("the link behind `source`")
    section: str | None = _key("the site's section or channel")
    language: str | None = _key("BCP 47")
    image: str | None = _key("the lead picture's absolute URL")
    securities: list[Security] = _key("securities printed in the text", list)
    removed: dict[str, int] = _key("how many blocks or lines each rule took out", dict)
    simhash: str = _key(
        "16 hex digits: `simhash.Simhash` over character 4-grams of the normalised body", ""
    )
    # Not a key of the record: under which name the page was taken up, so its outcome can be booked.
    candidate: str = field(default="", metadata={"internal": True})
    # What extraction took, by the clock on the wall.
    extraction_seconds: float = field(default=0.0, metadata={"internal": True})
    # Equal for equal texts, whatever the site's memory made of them.
    text_digest: bytes = field(default=b"", metadata={"internal": True})
    # What the detector makes of the body, where that is made already; of this body only.
    fingerprint: Any = field(default=None, repr=False, compare=False, metadata={"internal": True})


@dataclass(slots=True, kw_only=True)
class Repost(NewsArticle):
    """An article that reprints an earlier one; it keeps its body, so a decision can be undone."""

    repost_of: str = _key("`id` of the first print", "")
    repost_of_url: str = _key("`canonical_url` of the first print", "")
    similarity: float = _key("weighted resemblance, 0 to 1", 0.0)
    containment: float = _key("share of the smaller text found in the other, 0 to 1", 0.0)
    hamming_distance: int = _key("bits in which the two fingerprints differ, 0 to 64", 0)


@dataclass(slots=True, kw_only=True)
class Rejection:
    """A candidate that yields no article: `rejected` by what it is, `failed` by how it arrived."""

    outcome: Literal["rejected", "failed"] = _key("`rejected` or `failed`", "rejected")
    url: str = _key("the candidate's URL, or its name in an archive", "")
    reason: str = _key("a word from `docs/outcomes.md`", "")
    detail: str = _key("what was seen, one sentence", "")
    date_fetched: str = _key("ISO 8601, UTC", "")
    candidate: str = field(default="", metadata={"internal": True})
    site: str = field(default="", metadata={"internal": True})
    extraction_seconds: float = field(default=0.0, metadata={"internal": True})
    # Whether a later run may take the candidate up again.
    retry: bool = field(default=False, metadata={"internal": True})
    # Of an article outside a run's dates: its own, in seconds since the epoch.
    dated: float = field(default=0.0, metadata={"internal": True})


@dataclass(slots=True, kw_only=True)
class Unchanged:
    """A candidate whose text is what was written of it before; it is counted and not written."""

    candidate: str
    site: str


def record_keys(cls: type[NewsArticle] | type[Rejection]) -> list[str]:
    """The keys of a written line of this class, in order."""
    return [f.name for f in fields(cls) if not f.metadata.get("internal")]
