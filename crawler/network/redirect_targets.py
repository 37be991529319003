"""Pages that several addresses lead to: fetched under one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crawler.discovery.urls import page_key
from crawler.network.exceptions import FetchedElsewhere

if TYPE_CHECKING:
    from scrapy import Request

_MOST = 10_000  # targets that are remembered; behind them a page may be fetched once more


class KnownArticles(Protocol):
    """What the frontier knows of candidates."""

    def has_article(self, key: str) -> bool:
        """Whether the candidate *key* is done and gave an article, now or earlier."""


class RedirectTargets:
    """Remembers where candidates of this run were redirected to, and asks *known* for the rest.

    Looked at where a request leaves: what was queued beside it may be done by then.
    """

    def __init__(self, known: KnownArticles) -> None:
        self._known = known
        self._candidates: dict[str, str] = {}  # by the key of where a redirect led

    def check(self, request: Request) -> None:
        """Raise `FetchedElsewhere` for a candidate's page that gave an article already.

        That is where a redirect leads to a candidate of its own, or to where another redirect led,
        and where such an address is asked itself. Only an article counts, so that of
        addresses which lead to each other none is taken for the other.
        """
        task = request.meta.get("task")
        if task is None or task.kind != "article" or request.meta.get("parts"):
            return
        key = page_key(request.url)
        others = {key, self._candidates.get(key, key)} - {task.key}
        if any(map(self._known.has_article, others)):
            # Nothing was fetched by way of these: asked again, as for a change, they are new.
            for passed in request.meta.get("redirect_urls", ()):
                self._candidates.pop(page_key(passed), None)
            raise FetchedElsewhere(request.url)
        if key != task.key:
            self._remember(key, task.key)

    def _remember(self, key: str, candidate: str) -> None:
        if len(self._candidates) >= _MOST:
            self._candidates.pop(next(iter(self._candidates)))
        self._candidates[key] = candidate
