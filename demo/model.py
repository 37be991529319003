"""What the press is made of: sites, stories, and the truth that tests compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Literal, NamedTuple

Discovery = Literal["lists", "feed", "atom", "sitemap"]
Validators = Literal["none", "modified", "etag", "frozen-feed"]


@dataclass(frozen=True, slots=True)
class Site:
    """One invented outlet; `demo/sites.toml` explains every key."""

    key: str
    name: str
    language: str
    offset: timezone
    article: str
    date_form: str
    discovery: Discovery
    sections: Mapping[str, str]
    charset: str = "utf-8"
    content_type: str = "text/html; charset=utf-8"
    validators: Validators = "none"
    robots: str | None = None
    prints_source: bool = True
    prints_authors: bool = False
    mobile_prefix: str = ""
    feed_suffix: str = ""
    list_page: str = "index_{page}.html"
    next_label: str = "下一页"
    learned: tuple[str, ...] = ()
    sidebar: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One story as one site prints it.

    *paragraphs* is the article and nothing else; a paragraph that begins with `## ` is a
    sub-heading. *breaks* are the paragraph indexes at which a further page of the article begins.
    """

    key: str
    site: str
    section: str
    headline: str
    paragraphs: tuple[str, ...]
    published: datetime
    number: int
    cluster: str
    kind: str = "original"
    modified: datetime | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    editor: str = ""
    keywords: tuple[str, ...] = ()
    securities: tuple[str, ...] = ()
    original_title: str = ""
    note: str = ""
    date_form: str | None = None
    breaks: tuple[int, ...] = ()
    slug: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The paragraphs as they must come out, without the mark of a sub-heading."""
        return tuple(p.removeprefix("## ") for p in self.paragraphs)

    @property
    def summary(self) -> str:
        """The beginning of the story, as lists and feeds quote it."""
        first = self.texts[0]
        return first if len(first) <= 60 else f"{first[:56]}..."


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What must come out for one story of the press.

    *learned* are lines inside the body's container that only a memory of the whole site can know
    to be its template: a body may hold them until enough pages of the site have been seen.
    *aliases* are further URLs under which the same article is linked; *parts* are its further
    pages. `date_published` has the offset of the site (or the one printed). `headline` has plain
    single spaces, however the page sets it. `language` is the site's; pages tell at least its first
    subtag.
    """

    url: str
    canonical_url: str
    site: str
    site_key: str
    headline: str
    body: str
    date_published: str
    date_precision: Literal["day", "minute", "second"]
    date_modified: str | None
    source: str | None
    authors: tuple[str, ...]
    language: str
    cluster: str
    kind: str
    is_first: bool
    securities: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stranger:
    """A page that must never come out as an article.

    *forbidden* pages (robots.txt, foreign hosts) must not even be asked for. A stranger whose
    *pattern* is true stands for every URL that begins with *url*.
    """

    url: str
    site_key: str
    kind: str
    forbidden: bool = False
    pattern: bool = False


class Request(NamedTuple):
    """One line of the request log: the site's key, the path with its query, the status sent."""

    site: str
    path: str
    status: int


@dataclass(slots=True)
class Response:
    """One answer of a site: the body is complete, the headers hold no Content-Length."""

    body: bytes
    content_type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    modified: datetime | None = None
