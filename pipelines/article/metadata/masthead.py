"""The lines around a headline: where they end, whom they credit, who wrote the story.

Works on plain texts in the order of the page, so that a parsed page and a page's visible text are
read by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.article.metadata.credits import (
    clean_source,
    dateline_source,
    is_source,
    labelled_authors,
    labelled_source,
    source_labels,
)
from pipelines.article.metadata.labels import Labels
from pipelines.article.metadata.publication import DateClaim

Passage = tuple[int, str]

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PROSE_END = re.compile(r"[。！？；]|[.!?؟।]['\"”’»)]?(?:\s|$)")
_STOP = re.compile(r"[。！？，]")  # inside a line: the reporter of a sentence, no byline
_COLON = re.compile(r"[:：﹕∶]")
_LONGEST_META = 160
_MOST_PASSAGES = 30
_LONGEST_NAME = 16  # of an outlet without a label
_PERSON = re.compile(r"[\u3400-\u9fff]{2,4}")
_OUTLET = re.compile(
    r"(?:网|網|社|报|報|刊|台|视|视频|新闻|在线|客户端|财经|资讯|传媒|发布|周刊|杂志|频道|号|家|圈|论坛|[A-Za-z]{2})$"
)
_TOKENS = re.compile(r"[\s|｜丨/／,，;；]+")
_NOISE = re.compile(
    r"^[\W\d]*$|\d{3,}|^\d+(?:次|人|条|個|个|万|w|k|评|阅|跟|赞|字|浏|点)|[>＞»：:+]|次$|^[A-Za-z]\W*$|^(?:星期|周|週|礼拜)[一二三四五六日天]$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Credit:
    """An outlet and the passage that names it (-1: none)."""

    name: str
    passage: int
    how: str  # label, meta line, tail, dateline


def is_prose(text: str) -> bool:
    """Tell whether *text* is a paragraph: long, with the stops of sentences."""
    if len(text) < 40:
        return False
    if _CJK.search(text[:40]):
        return len(text) >= 60 or (len(text) >= 40 and bool(_PROSE_END.search(text)))
    return len(text) >= 180 or (len(text) >= 90 and bool(_PROSE_END.search(text)))


def masthead(texts: Sequence[str], head: int) -> list[Passage]:
    """List the passages that speak about the story whose headline is *texts[head]*.

    What follows the headline comes first, up to the second paragraph of the story, then the few
    short passages above it.
    """
    below: list[Passage] = []
    paragraphs = 0
    for index in range(head + 1, min(len(texts), head + 1 + _MOST_PASSAGES)):
        text = texts[index]
        if is_prose(text):
            paragraphs += 1
            if paragraphs == 2:
                break
        below.append((index, text))
    above = [(index, texts[index]) for index in range(max(0, head - 4), head)]
    return below + [(index, text) for index, text in above if len(text) <= _LONGEST_META]


def paragraphs_after(texts: Sequence[str], head: int, most: int = 3) -> Iterator[str]:
    """Give the first *most* paragraphs behind the headline."""
    found = 0
    for index in range(head + 1, min(len(texts), head + 3 * _MOST_PASSAGES)):
        if len(texts[index]) >= 40 and is_prose(texts[index]):
            yield texts[index]
            found += 1
            if found == most:
                return


def find_source(
    texts: Sequence[str], head: int, near: Sequence[Passage], date: DateClaim | None, labels: Labels
) -> Credit | None:
    """Find the outlet that the page credits.

    In this order: a label beside the headline, a bare name on the line of the date or next to
    it, a label behind the story, the dateline of the first paragraph.
    """
    return (
        _labelled_near(texts, near, date, labels)
        or _beside_date(texts, head, date, labels)
        or _labelled_far(texts, head, labels)
        or _from_dateline(texts, head, labels)
    )


def _labelled_near(
    texts: Sequence[str], near: Sequence[Passage], date: DateClaim | None, labels: Labels
) -> Credit | None:
    for index, text in near:
        if len(text) > _LONGEST_META:
            continue
        bare = len(text) <= 40 or (date is not None and date.block == index)
        if not (_COLON.search(text) or bare):
            continue
        name, seen = labelled_source(text, labels, bare=bare)
        if name:
            return Credit(name, index, "label")
        if seen:
            value = _value_below(texts, index, labels)
            if value:
                return value
    return None


def _value_below(texts: Sequence[str], index: int, labels: Labels) -> Credit | None:
    """Read the value of a label that ends its passage from the next one."""
    if not _ends_with_label(texts[index], labels) or index + 1 >= len(texts):
        return None
    following = texts[index + 1]
    if len(following) > 40 or labels.stop.match(following):
        return None
    name = clean_source(following, labels)
    return Credit(name, index + 1, "label") if name else None


def _ends_with_label(text: str, labels: Labels) -> bool:
    ends = list(source_labels(text, labels))
    return bool(ends) and not text[ends[-1] :].strip()


def _beside_date(
    texts: Sequence[str], head: int, date: DateClaim | None, labels: Labels
) -> Credit | None:
    """Read an outlet's name that stands beside the date without a label; Chinese pages only."""
    if (
        date is None
        or date.block in (-1, head)
        or not _HAN.search(texts[head] if head >= 0 else "")
    ):
        return None
    text = texts[date.block]
    if len(text) > 80:
        return None
    rest = text.replace(date.date.raw, "\n", 1)
    names = _bare_names(rest, labels)
    if names and not _all_people(names):
        return Credit(names[0], date.block, "meta line")
    if names:
        return None
    for index in (date.block - 1, date.block + 1):
        if index <= head or index >= len(texts) or len(texts[index]) > _LONGEST_NAME:
            continue
        if _PROSE_END.search(texts[index]):
            continue  # a short first sentence: 海港机场今天发布了半年报。
        names = _bare_names(texts[index], labels)
        alone = len(names) == 1 and index < date.block
        if names and (alone or _OUTLET.search(names[0])):
            return Credit(names[0], index, "meta line")
    return None


def _bare_names(text: str, labels: Labels) -> list[str]:
    """List what may be names in a meta line without its date."""
    stop = labels.stop.search(text)
    parts = [text[: stop.start()], ""] if stop else [text]
    names = []
    for part in parts:
        for token in _TOKENS.split(part):
            name = clean_source(token, labels) if token and not _NOISE.search(token) else None
            if name and len(name) <= _LONGEST_NAME:
                names.append(name)
    return names


def _all_people(names: Sequence[str]) -> bool:
    """Tell whether several bare names are a list of writers and no outlet."""
    return len(names) > 1 and all(
        _PERSON.fullmatch(name) and not _OUTLET.search(name) for name in names
    )


def _labelled_far(texts: Sequence[str], head: int, labels: Labels) -> Credit | None:
    for index in range(head + 1, len(texts)):
        text = texts[index]
        if len(text) <= _LONGEST_META and ("：" in text or ":" in text):
            name, seen = labelled_source(text, labels)
            if name:
                return Credit(name, index, "tail")
            if seen:
                value = _value_below(texts, index, labels)
                if value:
                    return value
    return None


def _from_dateline(texts: Sequence[str], head: int, labels: Labels) -> Credit | None:
    for paragraph in paragraphs_after(texts, head):
        name = dateline_source(paragraph, labels)
        if name and is_source(name, labels):
            return Credit(name, -1, "dateline")
    return None


def find_authors(
    texts: Sequence[str], head: int, near: Sequence[Passage], labels: Labels
) -> tuple[list[str], list[int]]:
    """List the writers that bylines name, and the passages of the bylines."""
    names: list[str] = []
    passages: list[int] = []
    for index, text in near:
        found = labelled_authors(text, labels)
        if found:
            names += [name for name in found if name not in names]
            if not is_prose(text) and not _STOP.search(text[:-1]):
                passages.append(index)
    if not names:
        for paragraph in paragraphs_after(texts, head, most=1):
            names += labelled_authors(paragraph, labels)
    return names[:20], passages
