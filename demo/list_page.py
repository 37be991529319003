"""Fill the list templates: front pages, section lists, and pages that are no articles."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from demo.addresses import HOT_SUFFIX, article_path, list_path
from demo.article_page import View, site_context
from demo.load import StrangerPage
from demo.model import Story
from demo.templating import Context

_ROWS = 8
_PAGES = 12  # a section never grows deeper than this; its pages grow longer instead
_HOT = 3


def page_count(view: View, section: str) -> int:
    """Return how many list pages a section has."""
    total = sum(story.section == section for story in view.stories)
    return max(1, ceil(total / _rows_per_page(total)))


def front_context(view: View) -> Context:
    """Return what a home page shows; only sites known by lists name their stories there."""
    bare = view.site.discovery != "lists"
    # The first site's front page has its sections only: its stories must be found in the lists.
    newest = () if bare or view.site.mobile_prefix else view.stories[:6]
    return {**_frame(view, view.site.name), "rows": _rows(view, newest), "shell": bare}


def section_context(view: View, section: str, page: int) -> Context:
    """Return one page of a section's list; *page* counts from 1."""
    name = view.site.sections[section]
    if view.site.discovery != "lists":
        return {**_frame(view, name), "shell": True}
    stories = [story for story in view.stories if story.section == section]
    size = _rows_per_page(len(stories))
    rows = _rows(view, stories[(page - 1) * size : page * size])
    if page == 1:
        rows += [_stranger_row(p) for p in view.strangers if p.listed == "list"]
    last = page_count(view, section)
    pages = [
        {"n": str(n), "path": list_path(view.site, section, n), "here": n == page}
        for n in range(1, last + 1)
    ]
    return {
        **_frame(view, name),
        "rows": rows,
        "hot": _hot_rows(view),
        "pages": pages if last > 1 else [],
        "next": list_path(view.site, section, page + 1) if page < last else "",
    }


def plain_context(view: View, title: str, html: str) -> Context:
    """Return a page of the site that holds *html* and is no article."""
    return {**_frame(view, title), "content": html}


def _frame(view: View, title: str) -> dict[str, object]:
    empty: dict[str, object] = {"rows": [], "hot": [], "pages": [], "next": "", "content": ""}
    return {
        **site_context(view),
        **empty,
        "title": title,
        "shell": False,
        "next_label": view.site.next_label,
    }


def _rows_per_page(total: int) -> int:
    return max(_ROWS, ceil(total / _PAGES))


def _rows(view: View, stories: Sequence[Story]) -> list[Context]:
    return [
        {
            "title": story.headline,
            "path": article_path(view.site, story),
            "when": f"{story.published.astimezone(view.site.offset):%m-%d %H:%M}",
            "summary": story.summary,
        }
        for story in stories
    ]


def _stranger_row(page: StrangerPage) -> Context:
    return {"title": page.title, "path": page.path, "when": "03-10 09:00", "summary": page.title}


def _hot_rows(view: View) -> list[Context]:
    """Return the hot list: the same articles under tracked and mobile addresses."""
    prefix = view.site.mobile_prefix
    if not prefix:
        return []
    stories = view.stories[:_HOT]
    rows = [{"title": s.headline, "path": article_path(view.site, s) + HOT_SUFFIX} for s in stories]
    rows.append(
        {"title": stories[0].headline, "path": prefix + article_path(view.site, stories[0])}
    )
    return list(rows)
