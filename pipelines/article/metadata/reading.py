"""What a page's fields are read from, and the fields themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crawler.items import DatePrecision, DateSource, Page
from pipelines.article.metadata.json_ld import StoryData
from pipelines.article.metadata.labels import Labels
from pipelines.article.metadata.meta_fields import MetaFields
from pipelines.article.page.document import Document


@dataclass(slots=True)
class Metadata:
    """What is known about a story; None and empty where the page does not say.

    Dates are ISO 8601 with an offset. *headline_blocks*, *meta_blocks* and *byline_blocks* are
    indexes of blocks (lines, for plain text) that hold nothing of the body; of several copies of
    the headline the one that heads the story comes first.
    """

    headline: str | None = None
    description: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    date_precision: DatePrecision | None = None
    date_published_raw: str | None = None
    date_published_from: DateSource | None = None
    authors: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    source: str | None = None
    source_url: str | None = None
    section: str | None = None
    language: str | None = None
    image: str | None = None
    canonical_link: str | None = None
    article_body: str | None = None  # the body as JSON-LD has it
    origins: dict[str, str] = field(default_factory=dict)
    headline_blocks: list[int] = field(default_factory=list)
    meta_blocks: list[int] = field(default_factory=list)
    byline_blocks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What one page's fields are read from."""

    document: Document
    page: Page
    labels: Labels
    stories: list[StoryData]
    metas: MetaFields
    now: datetime
    texts: list[str]
    result: Metadata

    @property
    def story(self) -> StoryData:
        """The best description of the story in JSON-LD, empty without one."""
        return self.stories[0] if self.stories else StoryData()

    def site_names(self) -> list[str]:
        """List what the page calls its site and its publisher."""
        names = [*self.metas.all("site_name")]
        return names + [story.publisher for story in self.stories if story.publisher]


def fetched_at(page: Page) -> datetime:
    """Give the instant at which *page* was fetched; UTC where no offset is written."""
    now = datetime.fromisoformat(page.date_fetched)
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def host_of(page: Page) -> str:
    """Give the host of the page's address, empty for a document without one."""
    try:
        return urlsplit(page.url).hostname or ""
    except ValueError:
        return ""
