"""What a perfect crawl of the press would find."""

from __future__ import annotations

from collections.abc import Mapping

from demo import feeds, traps
from demo.addresses import alias_paths, article_path, part_paths
from demo.dates import as_printed, precision_of
from demo.load import Library
from demo.model import ExpectedArticle, Story, Stranger
from demo.newsroom import Newsroom


def expected(newsroom: Newsroom, homes: Mapping[str, str]) -> list[ExpectedArticle]:
    """Return the truth about every published story, in order of publication."""
    stories = [story for shelf in newsroom.shelves.values() for story in shelf.stories]
    firsts = _firsts(stories)
    return [
        _expect(newsroom, homes, story, firsts[story.cluster] == story.key)
        for story in sorted(stories, key=lambda story: story.published)
    ]


def expect(newsroom: Newsroom, homes: Mapping[str, str], story: Story) -> ExpectedArticle:
    """Return the truth about one published story."""
    stories = [one for shelf in newsroom.shelves.values() for one in shelf.stories]
    return _expect(newsroom, homes, story, _firsts(stories)[story.cluster] == story.key)


def _firsts(stories: list[Story]) -> dict[str, str]:
    """Return the key of the earliest print of every cluster."""
    firsts: dict[str, str] = {}
    for story in sorted(stories, key=lambda story: story.published):
        firsts.setdefault(story.cluster, story.key)
    return firsts


def _expect(
    newsroom: Newsroom, homes: Mapping[str, str], story: Story, is_first: bool
) -> ExpectedArticle:
    site = newsroom.shelves[story.site].site
    home = homes[story.site].rstrip("/")
    url = home + article_path(site, story)
    form = site.date_form if story.date_form is None else story.date_form
    return ExpectedArticle(
        url=url,
        canonical_url=url,
        site=home.removeprefix("http://"),
        site_key=site.key,
        headline=" ".join(story.headline.split()),
        body="\n".join(story.texts),
        date_published=as_printed(story.published.astimezone(site.offset), form),
        date_precision=precision_of(form),
        date_modified=story.modified.astimezone(site.offset).isoformat()
        if story.modified
        else None,
        source=story.source,
        authors=story.authors if site.prints_authors else (),
        language=site.language,
        cluster=story.cluster,
        kind=story.kind,
        is_first=is_first,
        securities=story.securities,
        parts=tuple(home + path for path in part_paths(site, story)[1:]),
        aliases=tuple(home + path for path in alias_paths(site, story)),
        learned=(*site.sidebar, *site.learned),
    )


def strangers(library: Library, homes: Mapping[str, str]) -> list[Stranger]:
    """Return every page that is no article, of the sites that are running."""
    out = [
        Stranger(homes[p.site].rstrip("/") + p.path, p.site, p.kind, p.forbidden)
        for p in library.strangers
        if p.site in homes
    ]
    for key, path, kind in (
        ("hongkong", traps.CALENDAR, "calendar"),
        ("gbk", traps.SESSIONS, "session"),
    ):
        if key in homes:
            url = homes[key].rstrip("/") + path
            out.append(Stranger(url, key, kind, pattern=True))
    for key in homes:
        site = library.sites[key]
        out.append(Stranger(homes[key], key, "home"))
        for section in site.sections:
            out.append(Stranger(f"{homes[key]}{section}/", key, "list", pattern=True))
        if site.discovery == "feed" and key != "german":
            out.append(Stranger(feeds.ADVERT, key, "foreign", forbidden=True))
    return out
