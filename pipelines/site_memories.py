"""What each site repeats, over the pages of a run and from run to run."""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

from crawler.items import NewsArticle
from pipelines.article.story.site_memory import SiteMemory, SiteMemoryError

# Memories held at once, of at most 64 kB each; the others wait in the store.
_AT_HAND = 256
RULE = "site_template"


class MemoryStore(Protocol):
    """Where memories lie between runs."""

    def site_memory(self, site: str) -> bytes | None:
        """What was remembered of *site*'s template."""

    def remember_site(self, site: str, state: bytes) -> None:
        """Replace what is remembered of *site*'s template."""


class SiteMemories:
    """One `SiteMemory` a site; takes part in the transactions of *store*, if there is one."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store
        self._memories: OrderedDict[str, SiteMemory] = OrderedDict()
        self._changed: set[str] = set()

    def clean(self, article: NewsArticle, paragraphs: list[str]) -> bool:
        """Take from *article* what its site repeats, then let its *paragraphs* be seen.

        *paragraphs* are the body before any memory was asked. Documents without a URL have no
        site, and nothing in common. Returns whether something was taken.
        """
        if article.site == "file":
            return False
        memory = self._memory(article.site)
        repeated = set(memory.repeats(paragraphs))
        if repeated:
            kept = [line for number, line in enumerate(paragraphs) if number not in repeated]
            article.article_body = "\n".join(kept)
            article.removed[RULE] = article.removed.get(RULE, 0) + len(repeated)
        if memory.observe(paragraphs, article.id):
            self._changed.add(article.site)
        return bool(repeated)

    def write(self) -> None:
        """Write what changed, inside the store's open transaction."""
        for site in self._changed:
            self._write(site)
        self._changed.clear()

    def committed(self) -> None:
        """Nothing is left to do."""

    def _write(self, site: str) -> None:
        if self._store is not None:
            self._store.remember_site(site, self._memories[site].to_bytes())

    def _memory(self, site: str) -> SiteMemory:
        if site not in self._memories:
            self._memories[site] = self._load(site)
            if len(self._memories) > _AT_HAND:
                self._let_go()
        self._memories.move_to_end(site)
        return self._memories[site]

    def _let_go(self) -> None:
        oldest = next(iter(self._memories))
        self._write(oldest)
        self._changed.discard(oldest)
        del self._memories[oldest]

    def _load(self, site: str) -> SiteMemory:
        state = self._store.site_memory(site) if self._store is not None else None
        try:
            return SiteMemory() if state is None else SiteMemory.from_bytes(state)
        except SiteMemoryError:
            # A memory of another version: what a site repeats is soon learned anew.
            return SiteMemory()
