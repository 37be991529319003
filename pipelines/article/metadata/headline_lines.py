"""The headline among plain lines, where no markup and no title names it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pipelines.article.dates.zones import SiteZone
from pipelines.article.metadata.credits import source_labels
from pipelines.article.metadata.labels import Labels
from pipelines.article.metadata.masthead import is_prose
from pipelines.article.metadata.publication import read_printed_dates

_MAYBE_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]|\d{1,2}[-/.月]\d{1,2}|\d\s?(?:ago|前)|\d{1,2}:\d\d"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TRAIL = re.compile(r"\d{4}-\d\d-\d\d \d\d:|[>＞»›→]|^.{0,12}[:：]$|^[\W\d]+$")
_NOT_WORD = re.compile(r"[\W_]+")
_LOOK_BACK = 14  # lines above a date among which its headline stands
_LONGEST_HEADLINE = 160
_LIST_REACH = 3  # lines between the dates of a list of stories
_MOST_ANCHORS = 40
_REACH = 24  # lines behind a date in which its story begins


def find_headline_line(
    texts: Sequence[str], labels: Labels, *, now: datetime, site: SiteZone
) -> int | None:
    """Find the line that is the headline: above the story's date, or above its first paragraph.

    A list of other stories prints many dates close together; the story's own stands alone, near
    a label, with paragraphs behind it. None when no line looks like one.
    """
    counts = Counter(texts)
    anchors = _anchors(texts, labels, now, site)
    prose = next((index for index, text in enumerate(texts) if is_prose(text)), None)
    tried = [anchor for _, anchor in sorted(anchors, key=lambda item: -item[0])[:3]]
    if prose is not None:
        tried.append(prose)
    for anchor in tried:
        head = _headline_above(texts, anchor, counts, labels)
        if head is not None:
            return head
    return None


def _anchors(
    texts: Sequence[str], labels: Labels, now: datetime, site: SiteZone
) -> list[tuple[float, int]]:
    """Weigh the short lines that print a date: (weight, index)."""
    dated = [
        index for index, text in enumerate(texts) if len(text) <= 120 and _MAYBE_DATE.search(text)
    ]
    found = []
    for place, index in enumerate(dated[:_MOST_ANCHORS]):
        printed = read_printed_dates([(index, texts[index])], labels, now=now, zone=site.zone)
        claims = printed.published or printed.modified
        if not claims:
            continue
        best = max(claims, key=lambda claim: claim.weight)
        weight = best.weight + (best.date.precision != "day") - 2.0 * best.date.relative
        weight += 3 * any(True for _ in source_labels(texts[index], labels))
        behind = sum(map(is_prose, texts[index + 1 : index + _REACH]))
        weight += min(behind, 4) * 1.5 - 4 * (behind == 0)
        near = dated[max(0, place - 2) : place] + dated[place + 1 : place + 3]
        if sum(abs(other - index) <= _LIST_REACH for other in near) > 1:
            weight -= 4
        weight -= min(place, 10) * 0.2
        found.append((weight, index))
    return [item for item in found if item[0] > 2]


def _headline_above(
    texts: Sequence[str], anchor: int, counts: Counter[str], labels: Labels
) -> int | None:
    """Choose the headline among the lines above *anchor*."""
    story = "".join(texts[anchor + 1 : anchor + 30])[:3000]
    grams = {story[i : i + 2] for i in range(len(story) - 1)}
    best: tuple[float, int] | None = None
    for index in range(anchor - 1, max(-1, anchor - 1 - _LOOK_BACK), -1):
        text = texts[index]
        if not _may_be_headline(text, labels):
            continue
        letters = _NOT_WORD.sub("", unicodedata.normalize("NFKC", text))
        pairs = {letters[i : i + 2] for i in range(len(letters) - 1)}
        shared = len(pairs & grams) / max(1, len(pairs))
        size = len(letters) * (1.0 if _CJK.search(text) else 0.4)
        score = min(size, 24) / 6 + 4 * shared - 0.35 * (anchor - index)
        score += counts[text] > 1
        if best is None or score > best[0]:
            best = score, index
    return best[1] if best and best[0] > 1.0 else None


def _may_be_headline(text: str, labels: Labels) -> bool:
    least = 5 if _CJK.search(text) else 12
    if len(text) > _LONGEST_HEADLINE or len(_NOT_WORD.sub("", text)) < least:
        return False
    if _TRAIL.search(text):
        return False
    return not labels.stop.match(text) and not (is_prose(text) and text.endswith(("。", ".")))
