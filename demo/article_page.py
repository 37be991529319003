"""Fill the article templates."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from demo.addresses import article_path, list_path, part_paragraphs
from demo.dates import print_date
from demo.load import StrangerPage
from demo.model import Site, Story
from demo.padding import Padding
from demo.templating import Context

_CLAUSE = re.compile(r"[^，。；：？！]*[，。；：？！”」]*")
_RELATED = 6
_HOT = 8


@dataclass(frozen=True, slots=True)
class View:
    """What a template may know about its site at one moment."""

    site: Site
    home: str
    stories: Sequence[Story]  # newest first
    strangers: Sequence[StrangerPage]
    padding: Padding
    links: dict[str, Context]  # what lists say about a story, by key; filled as it is asked for

    def url(self, path: str) -> str:
        """Return the absolute address of a path."""
        return self.home.rstrip("/") + path


def site_context(view: View) -> dict[str, object]:
    """Return what every page of a site shows: names, navigation, footer links."""
    site = view.site
    nav = [{"name": name, "path": list_path(site, key)} for key, name in site.sections.items()]
    foot = [{"name": p.title, "path": p.path} for p in view.strangers if p.listed == "nav"]
    return {"site": site.name, "home": view.home, "nav": nav, "foot": foot, "lang": site.language}


def article_context(view: View, story: Story, part: int) -> Context:
    """Return everything that an article template may print."""
    site = view.site
    path = article_path(site, story)
    form = site.date_form if story.date_form is None else story.date_form
    moment = story.published.astimezone(site.offset)
    return {
        **site_context(view),
        **_reading_aids(view, story),
        **_pager(view, story, part),
        "headline": story.headline,
        "summary": story.summary,
        "url": view.url(path),
        "path": path,
        "number": str(story.number),
        "section": site.sections[story.section],
        "section_path": list_path(site, story.section),
        "date": print_date(moment, form),
        "iso": moment.isoformat(),
        "modified": story.modified.astimezone(site.offset).isoformat() if story.modified else "",
        "odd": story.date_form is not None,
        "source": story.source or "",
        "authors": ", ".join(story.authors)
        if site.language[:2] in {"en", "de"}
        else " ".join(story.authors),
        "editor": story.editor,
        "keywords": ",".join(story.keywords),
        "tags": list(story.keywords),
        "original_title": story.original_title,
        "note": story.note,
        "blocks": _blocks(view, story, part),
        "jsonld": _json_ld(view, story, print_date(moment, form)),
        "learned": list(site.learned),
        "has_sidebar": bool(site.sidebar),
        "sidebar": list(site.sidebar),
        "mobile": site.mobile_prefix + path if site.mobile_prefix else "",
        "pad_head": view.padding.head,
        "pad_top": view.padding.top,
        "pad_side": view.padding.side,
        "pad_foot": view.padding.foot,
    }


def _blocks(view: View, story: Story, part: int) -> list[Context]:
    """Return the paragraphs, each with its clauses and with a link that may stand behind it."""
    texts = part_paragraphs(story, part)
    links = _neighbours(view, story, len(texts))
    blocks: list[Context] = []
    for index, text in enumerate(texts):
        heading = text.startswith("## ")
        between = links[index : index + 1] if index % 2 == 0 and index < len(texts) - 1 else []
        plain = text.removeprefix("## ")
        blocks.append(
            {
                "text": plain,
                "heading": heading,
                "clauses": [clause for clause in _CLAUSE.findall(plain) if clause],
                "between": [_link(view, other) for other in between],
                "third": index == 2,
                "first": index == 0,
            }
        )
    return blocks


def _reading_aids(view: View, story: Story) -> dict[str, object]:
    """Return the lists of other stories, and the comments."""
    others = _neighbours(view, story, _RELATED + _HOT)
    later = story.published.astimezone(view.site.offset) + timedelta(minutes=47)
    return {
        "related": [_link(view, other) for other in others[:_RELATED]],
        "hot": [_link(view, other) for other in others[_RELATED:]],
        "comments": [
            {"text": text, "name": f"{n * 7919 % 9000 + 1000}", "when": f"{later:%m-%d %H:%M}"}
            for n, text in enumerate(view.site.comments, start=story.number % 50)
        ],
    }


def _neighbours(view: View, story: Story, count: int) -> list[Story]:
    """Return up to *count* other stories, always the same for the same shelf."""
    total = len(view.stories)
    start = story.number % total
    picked = [view.stories[(start + step) % total] for step in range(min(total, count + 1))]
    return [other for other in picked if other is not story][:count]


def _link(view: View, story: Story) -> Context:
    known = view.links.get(story.key)
    if known is None:
        moment = story.published.astimezone(view.site.offset)
        known = view.links[story.key] = {
            "title": story.headline,
            "path": article_path(view.site, story),
            "summary": story.summary.removesuffix("..."),
            "when": f"{moment:%Y-%m-%d %H:%M:%S}",
            "day": f"{moment:%m-%d}",
            "number": str(story.number),
        }
    return known


def _pager(view: View, story: Story, part: int) -> dict[str, object]:
    """Return the links between the pages of one article."""
    pages = len(story.breaks) + 1
    links = [
        {"n": str(n), "path": article_path(view.site, story, n), "here": n == part}
        for n in range(1, pages + 1)
    ]
    following = article_path(view.site, story, part + 1) if part < pages else ""
    return {"pager": links if pages > 1 else [], "next_part": following}


def _json_ld(view: View, story: Story, published: str) -> str:
    """Return the schema.org object as it stands in a script element."""
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "mainEntityOfPage": {"@type": "WebPage", "@id": view.url(article_path(view.site, story))},
        "datePublished": published,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": view.site.name},
        "description": story.summary,
        "articleSection": view.site.sections[story.section],
    }
    if story.modified:
        data["dateModified"] = story.modified.astimezone(view.site.offset).isoformat()
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
