"""Two kinds of pages that have sentences and no story: lists of stories, and pages about the site.

Neither is known by its address. A list is one shape over and over: a link, a short summary of what
it leads to, a date or an ellipsis. A page about the site has no date and speaks of the site itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.article.page.nodes import Block, Document
from pipelines.article.story.evidence import Evidence
from pipelines.article.vocabulary import DECORATION, Vocabulary

_Shape = tuple[str, str, str, str]

_ROWS: Final = 3
_UNDATED_ROWS: Final = 5  # so many need no date beside them where the page has none either
_SUMMARY: Final = 110.0  # units; paragraphs of stories run longer than the summaries of lists
_LINKED: Final = 0.8
_LEAST_LINK: Final = 4.0  # units
_SHARE_OF_ROWS: Final = 0.6
_SHARE_SHOWN: Final = 0.5  # of the rows have a date or are cut off
_AFTER: Final = 2  # blocks behind a summary among which its date is
_DATE: Final = re.compile(
    r"\d{1,2}\s?[-/.月:：]\s?\d{1,2}|\d\s?(?:前|ago\b)|^vor \d|(?<!\d)(?:19|20)\d\d(?!\d)"
    r"|^\d{1,2}\s?(?:h|hrs?|hours?|min|mins|minutes?|days?)\b"
)
_DATE_UNITS: Final = 16.0
_CUT_OFF: Final = re.compile(r"(?:…|\.{3}|\[更多\]|更多|more)[\]】»>]*$", re.IGNORECASE)

_ABOUT_PROSE: Final = 450.0
_ABOUT_BLOCKS: Final = 12
_TITLE_PARTS: Final = re.compile(
    r"\s{0,4}[|｜_丨»›]\s{0,4}|\s{1,4}[-–—·:：]\s{1,4}|[-–—](?=[\u3040-\u9fff])"
)
_LONGEST_NAME: Final = 30
_SHORT_TITLE: Final = 10  # characters, twice as many of Latin letters; headlines are longer
_NEWS_OF_ITS_OWN: Final = re.compile(r"\d\s?[日月号號/.:]|[电電讯訊][\s，,：:（(]|消息|\b\d{4}\b")
_OPENING: Final = 24  # characters behind the site's name in which a dateline would stand


def is_list(
    document: Document, evidence: Evidence, kept: Sequence[int], *, dated: bool = True
) -> bool:
    """Whether most of the kept prose is rows of a list: link, summary, date; linear in blocks.

    *dated* says that the page itself has a date, as stories have.
    """
    prose = [index for index in kept if evidence.prose[index]]
    rows = {index: _shape(document, document.blocks[index]) for index in _rows(evidence)}
    counts = Counter(rows.values())
    listed = [index for index in prose if index in rows and counts[rows[index]] >= _ROWS]
    total = sum(evidence.prose[index] for index in prose)
    if not listed or sum(evidence.prose[index] for index in listed) < _SHARE_OF_ROWS * total:
        return False
    kinds = {rows[index] for index in listed}
    like = [index for index, shape in rows.items() if shape in kinds]
    if not dated and len(like) >= _UNDATED_ROWS and _is_section(document):
        return True
    shown = sum(_has_date_or_is_cut(document, evidence, index) for index in like)
    return shown >= _SHARE_SHOWN * len(like)


def _is_section(document: Document) -> bool:
    """Whether what the page calls itself is as short as a section's name."""
    names = [block.text for block in document.blocks if block.heading == 1]
    names = names or [part for part in _TITLE_PARTS.split(document.title) if part][:1]
    return all(len(name) <= _SHORT_TITLE * (1 + name.isascii()) for name in names)


def _rows(evidence: Evidence) -> list[int]:
    """Short text right behind a link that stands alone."""
    units, density = evidence.units, evidence.density
    return [
        index
        for index, linked in enumerate(density[:-1], start=1)
        if linked >= _LINKED
        and density[index] < 1.0 - _LINKED
        and _LEAST_LINK <= units[index] < _SUMMARY
        and units[index - 1] >= _LEAST_LINK
    ]


def _shape(document: Document, block: Block) -> _Shape:
    own = document.containers[block.container]
    above = document.containers[own.parent] if own.parent >= 0 else own
    names = (each.class_name or "" for each in (own, above))
    return (own.tag, next(names), above.tag, next(names))


def _has_date_or_is_cut(document: Document, evidence: Evidence, index: int) -> bool:
    blocks = document.blocks
    if _CUT_OFF.search(blocks[index].text[-12:]):
        return True
    beside = range(max(0, index - _AFTER), min(len(blocks), index + _AFTER + 1))
    return any(
        evidence.units[at] < _DATE_UNITS and _DATE.search(blocks[at].text)
        for at in beside
        if at != index
    )


def is_about_site(
    document: Document,
    evidence: Evidence,
    kept: Sequence[int],
    headline: int,
    vocabulary: Vocabulary,
) -> bool:
    """Whether an undated page is titled like a site's own page, or speaks of the site at once.

    The latter is a short title, and the site's name at the head of the first sentence.
    """
    if len(kept) > _ABOUT_BLOCKS or sum(evidence.prose[index] for index in kept) > _ABOUT_PROSE:
        return False
    blocks = document.blocks
    titles = [part for part in _TITLE_PARTS.split(document.title) if part]
    heads = [block.text for block in blocks if 0 < block.heading < 3]
    if headline >= 0:
        heads.append(blocks[headline].text)
    if any(vocabulary.match("about_site", line) for line in [*titles[:1], *heads[:3]]):
        return True
    if not titles or len(titles[0]) > _SHORT_TITLE * (1 + titles[0].isascii()):
        return False
    names = _names_of_site(document, titles)
    opening = next((blocks[index].text for index in kept if evidence.prose[index]), "")
    return any(
        opening.startswith(name)
        and not _NEWS_OF_ITS_OWN.search(opening[len(name) : len(name) + _OPENING])
        for name in names
    )


def _names_of_site(document: Document, titles: Sequence[str]) -> set[str]:
    """What the page calls its site: in the metadata, behind its title, on the link home."""
    names = {meta.get("content", "") for meta in document.metas if _names_site(meta)}
    names.update(titles[1:])
    for block in document.blocks[:20]:
        names.update(link.text for link in block.links if link.href == "/")
    stripped = {name.strip(DECORATION) for name in names}
    return {name for name in stripped if _is_name(name)}


def _names_site(meta: dict[str, str]) -> bool:
    return "og:site_name" in (meta.get("property"), meta.get("name"))


def _is_name(name: str) -> bool:
    return (6 if name.isascii() else 4) <= len(name) <= _LONGEST_NAME
