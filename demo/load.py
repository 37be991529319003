"""Read the press's data: sites, stories, reprints, strangers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

from demo.edits import Edit, apply_edit
from demo.model import Site, Story

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class StrangerPage:
    """A page that is no article, as `demo/strangers.toml` describes it."""

    site: str
    path: str
    kind: str
    title: str
    html: str
    listed: str  # where its link stands: nav, list, sitemap, nowhere
    forbidden: bool


@dataclass(frozen=True, slots=True)
class Library:
    """Everything on disk: what is out from the start, and what is published later, by site."""

    sites: Mapping[str, Site]
    stories: tuple[Story, ...]
    later: Mapping[str, tuple[Story, ...]]
    strangers: tuple[StrangerPage, ...]


def load_library() -> Library:
    """Read all data files; a mistake in them raises KeyError or ValueError that names it."""
    sites = {key: _site(key, row) for key, row in _read(FOLDER / "sites.toml").items()}
    out: list[Story] = []
    later: dict[str, list[Story]] = {key: [] for key in sites}
    known: dict[str, Story] = {}
    rows = [pair for key in sites for pair in _rows(key)]
    rows.sort(key=lambda pair: "of" in pair[1])  # reprints need their originals
    for key, row in rows:
        story = _reprint(sites[key], row, known) if "of" in row else _story(sites[key], row)
        known[story.key] = story
        (later[key] if row.get("withheld") else out).append(story)
    strangers = tuple(_stranger(row) for row in _read(FOLDER / "strangers.toml")["page"])
    return Library(sites, tuple(out), {k: tuple(v) for k, v in later.items()}, strangers)


def number_of(key: str) -> int:
    """Return the stable number that stands in a story's address, five digits."""
    return 10_000 + crc32(key.encode()) % 80_000


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(site: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _read(FOLDER / "stories" / f"{site}.toml")["story"]:
        yield site, row


def _site(key: str, row: Mapping[str, Any]) -> Site:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    values["offset"] = timezone(timedelta(hours=row["offset"]))
    return Site(key=key, **values)


def _stranger(row: Mapping[str, Any]) -> StrangerPage:
    values = {"title": "", "html": "", "listed": "nav", "forbidden": False}
    return StrangerPage(**{**values, **row})


def _story(site: Site, row: Mapping[str, Any]) -> Story:
    key = row["key"]
    default_source = site.name if site.prints_source else None
    return Story(
        key=key,
        site=site.key,
        section=row.get("section", next(iter(site.sections))),
        headline=row["headline"],
        paragraphs=_lines(row["body"]),
        published=_moment(site, row["published"]),
        modified=_moment(site, row["modified"]) if "modified" in row else None,
        number=number_of(key),
        cluster=row.get("cluster", key),
        kind=row.get("kind", "original"),
        authors=tuple(row.get("authors", ())),
        source=row.get("source", default_source),
        editor=row.get("editor", ""),
        keywords=tuple(row.get("keywords", ())),
        securities=tuple(row.get("securities", ())),
        original_title=row.get("original_title", ""),
        note=row.get("note", ""),
        date_form=row.get("date_form"),
        breaks=tuple(row.get("breaks", ())),
        slug=row.get("slug", key),
    )


def _reprint(site: Site, row: Mapping[str, Any], known: Mapping[str, Story]) -> Story:
    """Make a reprint from the story named by `of` and the edit in the row."""
    first = known[row["of"]]
    edit = Edit(
        replace=tuple((old, new) for old, new in row.get("replace", ())),
        keep=row.get("keep"),
        drop=tuple(row.get("drop", ())),
        last_first=row.get("last_first", False),
        reflow=row.get("reflow", False),
        lead=_lines(row.get("lead", "")),
        append=_lines(row.get("append", "")),
    )
    body = _lines(row["body"]) if "body" in row else apply_edit(first.paragraphs, edit)
    inherited = {
        "headline": first.headline,
        "source": first.source,
        "securities": first.securities,
    }
    story = _story(site, {**inherited, **row, "body": "\n".join(body)})
    return replace(story, cluster=first.cluster)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _moment(site: Site, local: datetime) -> datetime:
    """Give a local date of the data its site's offset; one that has an offset keeps it."""
    return local if local.tzinfo else local.replace(tzinfo=site.offset)
