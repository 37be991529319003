"""What an article becomes when it is judged."""

from __future__ import annotations

from dataclasses import fields

from crawler.items import NewsArticle, Repost
from pipelines.fingerprint.detector import FirstPrint


def as_judged(article: NewsArticle, first: FirstPrint | None) -> NewsArticle:
    """The *article* itself, or the `Repost` of its first print."""
    if first is None:
        return article
    values = {field.name: getattr(article, field.name) for field in fields(NewsArticle)}
    return Repost(
        **values,
        repost_of=first.id,
        repost_of_url=first.url or "",
        similarity=round(first.similarity, 4),
        containment=round(first.containment, 4),
        hamming_distance=first.hamming_distance,
    )
