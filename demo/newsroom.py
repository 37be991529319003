"""What is published at the moment, and how that changes over time."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

from demo.addresses import article_path, part_paths
from demo.edits import Edit, apply_edit
from demo.generator import Generator
from demo.load import Library
from demo.model import Site, Story

_GAP = timedelta(minutes=35)  # between one publication and the next, where no moment is given


def _newest_first(story: Story) -> float:
    return -story.published.timestamp()


@dataclass(slots=True)
class Shelf:
    """The published stories of one site, newest first, and where each page of them stands."""

    site: Site
    stories: list[Story] = field(default_factory=list)
    by_path: dict[str, tuple[Story, int]] = field(default_factory=dict)

    def put(self, story: Story) -> None:
        """Publish a story; ValueError where its address is taken."""
        for part, path in enumerate(part_paths(self.site, story), start=1):
            if path in self.by_path:
                raise ValueError(f"{self.site.key}: {path} is taken")
            self.by_path[path] = (story, part)
        insort(self.stories, story, key=_newest_first)

    def exchange(self, old: Story, new: Story) -> None:
        """Print another version of a story at the same address."""
        self.stories[self.stories.index(old)] = new
        for part, path in enumerate(part_paths(self.site, new), start=1):
            self.by_path[path] = (new, part)

    @property
    def newest(self) -> datetime:
        """The moment of the latest change."""
        return max(story.modified or story.published for story in self.stories)


class Newsroom:
    """The stories of every site that is running, and the desk that adds to them."""

    def __init__(self, library: Library, sites: Sequence[str], generator: Generator) -> None:
        self.shelves = {key: Shelf(library.sites[key]) for key in sites}
        self.revision = 0
        self._generator = generator
        self._later = {key: list(library.later[key]) for key in sites}
        for story in library.stories:
            self.add(story)

    def add(self, story: Story) -> None:
        """Publish a story, unless its site is not running."""
        if story.site in self.shelves:
            self.shelves[story.site].put(story)
            self.revision += 1

    def publish(self, sites: Iterable[str], when: datetime | None) -> list[Story]:
        """Publish one more story on each of *sites*: a later one, else a generated one."""
        out = []
        for key in sites:
            story = self._next(key, when)
            if story is not None:
                self.add(story)
                out.append(story)
        return out

    def edit(self, site: str, path: str, when: datetime | None) -> Story:
        """Add a paragraph to a story and mark it as modified; KeyError for an unknown path."""
        shelf = self.shelves[site]
        old, _ = shelf.by_path[path]
        moment = when or shelf.newest + _GAP
        added = self._generator.update_note(
            shelf.site.language, moment.astimezone(shelf.site.offset)
        )
        new = replace(old, modified=moment, paragraphs=(*old.paragraphs, added))
        shelf.exchange(old, new)
        self.revision += 1
        return new

    def reprint(self, origin: Story, site: str, edit: Edit, when: datetime | None) -> Story:
        """Publish an edited reprint of *origin* on *site*."""
        shelf = self.shelves[site]
        key = f"{origin.key}-reprint-{self.revision}"
        story = replace(
            origin,
            key=key,
            site=site,
            section=next(iter(shelf.site.sections)),
            paragraphs=apply_edit(origin.paragraphs, edit),
            published=when or shelf.newest + _GAP,
            modified=None,
            number=100_000 + self.revision,
            kind="reprint",
            authors=(),
            date_form=None,
            breaks=(),
            slug=f"{origin.slug}-{crc32(key.encode()) % 1000}",
        )
        self.add(story)
        return story

    def address(self, story: Story) -> str:
        """Return the path of a story on its site."""
        return article_path(self.shelves[story.site].site, story)

    def _next(self, key: str, when: datetime | None) -> Story | None:
        shelf = self.shelves[key]
        if self._later[key]:
            story = self._later[key].pop(0)
            moment = when or max(story.published, shelf.newest + _GAP)
            return replace(story, published=moment.astimezone(shelf.site.offset))
        if not self._generator.speaks(shelf.site.language):
            return None
        return self._generator.story(shelf.site, when or shelf.newest + _GAP)
