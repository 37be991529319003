"""Keep a run to its dates where only the page itself could say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from crawler.items import NewsArticle, Rejection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_WHOLE_DAY = timedelta(days=1, microseconds=-1)


class DateBoundsPipeline:
    """Reject an article from before *since* or after *until*; one without a date stays.

    A day alone is all of that day. Off where the spider has no such arguments.
    """

    def __init__(self, since: datetime | None, until: datetime | None) -> None:
        self._since = since
        self._until = until

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        arguments = getattr(crawler.spider, "arguments", None)
        since, until = getattr(arguments, "since", None), getattr(arguments, "until", None)
        if since is None and until is None:
            raise NotConfigured  # without words, which would be a warning in each run
        return cls(since, until)

    def process_item(self, item: Any) -> Any:
        outside = self._outside(item) if isinstance(item, NewsArticle) else None
        if outside is None:
            return item
        return Rejection(
            reason="out_of_range",
            url=item.url,
            detail=f"of {outside.isoformat()}, outside since= and until=",
            date_fetched=item.date_fetched,
            candidate=item.candidate,
            site=item.site,
            dated=outside.timestamp(),
        )

    def _outside(self, article: NewsArticle) -> datetime | None:
        """The moment of the article that is nearest to the bounds, if it is outside them."""
        text = article.date_published or article.date_modified
        if text is None:
            return None
        first = last = datetime.fromisoformat(text)
        if article.date_published and article.date_precision == "day":
            last = first + _WHOLE_DAY
        if self._since is not None and last < self._since:
            return last
        # A story may be changed long after it was published.
        known = article.date_published is not None
        return first if known and self._until is not None and first > self._until else None
