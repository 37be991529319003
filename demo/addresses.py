"""Where things stand on a site: the one place that makes and takes apart paths."""

from __future__ import annotations

from demo.model import Site, Story

HOT_SUFFIX = "?from=hot"


def article_path(site: Site, story: Story, part: int = 1) -> str:
    """Return the path of a story, or of its further page number *part*."""
    path = site.article.format(
        published=story.published.astimezone(site.offset), number=story.number, slug=story.slug
    )
    if part == 1:
        return path
    stem, dot, ending = path.rstrip("/").rpartition(".")
    return f"{stem}_{part}{dot}{ending}" if dot else f"{path.rstrip('/')}/{part}"


def part_paths(site: Site, story: Story) -> tuple[str, ...]:
    """Return the paths of all pages of a story, the first one first."""
    return tuple(article_path(site, story, n) for n in range(1, len(story.breaks) + 2))


def alias_paths(site: Site, story: Story) -> tuple[str, ...]:
    """Return further paths under which the site links the same story."""
    path = article_path(site, story)
    aliases = [path + site.feed_suffix] if site.feed_suffix else []
    if site.mobile_prefix:
        aliases += [path + HOT_SUFFIX, site.mobile_prefix + path]
    return tuple(aliases)


def list_path(site: Site, section: str, page: int = 1) -> str:
    """Return the path of a section's list page, counted from 1."""
    return f"/{section}/" + (site.list_page.format(page=page) if page > 1 else "")


def part_paragraphs(story: Story, part: int) -> tuple[str, ...]:
    """Return the paragraphs of one page of a story, counted from 1."""
    edges = (0, *story.breaks, len(story.paragraphs))
    return story.paragraphs[edges[part - 1] : edges[part]]
