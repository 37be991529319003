"""The record that is made of a page's metadata and its story."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.discovery.urls import canonical_url, same_site
from crawler.items import NewsArticle, Page
from pipelines.article.metadata.fields import Metadata
from pipelines.article.metadata.language import detect_language
from pipelines.article.metadata.securities import find_securities
from pipelines.article.text import one_line


def build_article(
    page: Page, metadata: Metadata, paragraphs: Sequence[str], removed: Counter[str]
) -> NewsArticle:
    """Fill in every key but `version` and `simhash`; *removed* counts rules by name."""
    body = "\n".join(paragraphs)
    canonical = _canonical(page, metadata.canonical_link)
    return NewsArticle(
        id=_identity(page, canonical),
        url=page.url,
        canonical_url=canonical,
        site=page.site,
        headline=one_line(metadata.headline or page.listing.headline or ""),
        description=_line(metadata.description),
        article_body=body,
        date_published=metadata.date_published,
        date_modified=metadata.date_modified,
        date_precision=metadata.date_precision,
        date_published_raw=_line(metadata.date_published_raw),
        date_published_from=metadata.date_published_from,
        date_fetched=page.date_fetched,
        authors=[one_line(name) for name in metadata.authors],
        keywords=[one_line(word) for word in metadata.keywords],
        source=_line(metadata.source),
        source_url=_line(metadata.source_url),
        section=_line(metadata.section),
        language=metadata.language or detect_language(body, page.language),
        image=_line(metadata.image),
        securities=find_securities(body),
        removed={rule: count for rule, count in sorted(removed.items()) if count > 0},
        candidate=page.candidate,
    )


def _line(value: str | None) -> str | None:
    return (one_line(value) or None) if value else None


def _canonical(page: Page, named: str | None) -> str:
    """The page's own canonical link where it stays on the site and is no front page."""
    if named and same_site(page.url, named) and not _is_front(named, page.url):
        return canonical_url(named)
    return canonical_url(page.url)


def _is_front(named: str, url: str) -> bool:
    try:
        return not urlsplit(named).path.strip("/") and bool(urlsplit(url).path.strip("/"))
    except ValueError:
        return True  # a broken address names nothing


def _identity(page: Page, canonical: str) -> str:
    if page.record_id is not None:
        return page.record_id
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()[:16]
