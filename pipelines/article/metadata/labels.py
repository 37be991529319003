"""The labels that metadata is read by, loaded from `labels/*.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.article.word_lists import alternatives, read_labels

_SCRIPTED = (
    r"""(?<![\w-])["']?({})["']?\s{{0,4}}[:=]\s{{0,4}}["']?"""
    r"""([0-9][0-9TZ:+. /年月日\-]{{7,30}})["']?"""
)
_COLON = r"\s?[:：﹕∶]\s?"


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Names of `<meta>` and microdata: for each the fields it fills and its rank (0 is best)."""

    places: dict[str, tuple[tuple[str, int], ...]]
    script_published: re.Pattern[str]  # group 1 the name, group 2 the value
    article_types: frozenset[str]
    page_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Labels:
    """Compiled labels of credits, bylines and dates."""

    source_words: frozenset[str]  # labels that a colon follows, lower case
    bare_source: re.Pattern[str]  # a label that its value follows at once
    author_words: frozenset[str]
    bare_author: re.Pattern[str]  # a label that a name follows at once
    staff_byline: re.Pattern[str]  # an outlet and the trade, heading a line of its own
    opening_byline: re.Pattern[str]  # By, von, par at the beginning of a line
    stop: re.Pattern[str]  # any label, where a value ends
    editor: re.Pattern[str]
    published: re.Pattern[str]
    modified: re.Pattern[str]
    foreign_date: re.Pattern[str]
    title: re.Pattern[str]  # trades before and behind a name
    joiner: re.Pattern[str]
    tails: tuple[str, ...]
    not_source: frozenset[str]
    agencies: frozenset[str]
    chinese_dateline: re.Pattern[str]
    dateline: re.Pattern[str]
    fields: FieldNames

    @classmethod
    def load(cls) -> Labels:
        """Read the label files; cached for the process, as nothing of them ever changes."""
        return _load()


def _texts(data: dict[str, Any], group: str) -> list[str]:
    return [text for entry in data[group] for text in entry["text"]]


@cache
def _load() -> Labels:
    data = read_labels("credits")
    source, author = _texts(data, "source"), _texts(data, "author")
    chinese = [text for text in source if text >= "\u2e80"]
    cjk_author = [text for text in author if text >= "\u2e80" and text[-1] not in "/／|｜丨"]
    marked = [text for text in author if text[-1] in "/／|｜丨"]
    latin = [text for text in author if text < "\u2e80"]
    published, modified = _texts(data, "published"), _texts(data, "modified")
    ends = [
        *source,
        *author,
        *published,
        *modified,
        *_texts(data, "editor"),
        *_texts(data, "other"),
    ]
    cjk_ends = [text for text in ends if text >= "\u2e80" and len(text) > 1]
    agencies = _texts(data, "agency")
    return Labels(
        source_words=frozenset(text.rstrip(":").lower() for text in source),
        bare_source=re.compile(
            rf"(?:^|[\s|｜·（(])({alternatives(chinese)})(?:于|於|自)?(?=[\w《“\s])"
        ),
        author_words=frozenset(text.lower() for text in (*cjk_author, *latin)),
        bare_author=re.compile(rf"(?:{alternatives(marked)}|(?:{alternatives(cjk_author)})\s?)"),
        staff_byline=re.compile(
            rf"^\W{{0,3}}[^\W\d_]{{1,8}}?(?:{alternatives(t for t in cjk_author if len(t) < 4)})\s?"
        ),
        opening_byline=re.compile(rf"^\W{{0,3}}(?:{alternatives(latin)})\s(?=\S)", re.I),
        stop=re.compile(
            rf"(?:{alternatives(cjk_ends)})|(?<![^\W\d_])(?:{alternatives(ends)}){_COLON}", re.I
        ),
        editor=re.compile(
            rf"(?<![^\W\d_])(?:{alternatives(_texts(data, 'editor'))})(?:{_COLON}|\s)", re.I
        ),
        published=_dated(published, alone=True),
        modified=_dated(modified, alone=False),
        foreign_date=re.compile(rf"(?:{alternatives(_texts(data, 'foreign_date'))})", re.I),
        title=re.compile(rf"(?:{alternatives(_texts(data, 'title'))})", re.I),
        joiner=re.compile(alternatives(_texts(data, "and"))),
        tails=tuple(sorted(_texts(data, "tail"), key=len, reverse=True)),
        not_source=frozenset(_texts(data, "not_source")),
        agencies=frozenset(agencies),
        chinese_dateline=_chinese_dateline(agencies, _texts(data, "outlet_ending")),
        dateline=_bracket_dateline(agencies),
        fields=_field_names(),
    )


def _dated(words: Iterable[str], *, alone: bool) -> re.Pattern[str]:
    """Match a label of a date, right before it; a Latin label must be a word of its own.

    *alone* asks the same of the shortest Chinese labels: the 时间 of 美东时间 is none.
    """
    words = list(words)
    short = [word for word in words if word >= "\u2e80" and len(word) < 3 and alone]
    short_words = rf"|(?<![\u3400-\u9fff])(?:{alternatives(short)})" if short else ""
    rest = alternatives(set(words) - set(short))
    return re.compile(
        rf"(?:(?<![a-zà-ÿа-я])(?:{rest}){short_words})\W{{0,4}}(?:\w{{1,3}}\W)?\W{{0,2}}$", re.I
    )


def _chinese_dateline(agencies: list[str], endings: list[str]) -> re.Pattern[str]:
    """Match NAME, perhaps a place and a day, and 电, 讯 or 消息, at the head of a paragraph."""
    known = alternatives(agency for agency in agencies if agency[-1] >= "\u2e80")
    return re.compile(
        rf"^[\s　【（(\[“]{{0,4}}(?:据)?"
        rf"(?P<name>(?:{known})|[\w·]{{1,10}}?(?:{alternatives(endings)}))"
        rf"[】\])）”]?\s?(?:记者|訊|讯)?"
        rf"(?:[^\W\d]{{0,8}}?\s?(?:\d{{1,2}}月)?\s?\d{{1,2}}日\s?(?:电|電|讯|訊)"
        rf"|\s?(?:\d{{1,2}}月)?\s?\d{{1,2}}日\s?(?:消息|报道|報導)"
        rf"|\s?(?:讯|訊|电|電)(?=[\s,，:：（(【]|$|记者))"
    )


def _bracket_dateline(agencies: list[str]) -> re.Pattern[str]:
    """Match `HARBOUR CITY, Aug 31 (Reuters) -` and the Korean `(서울=연합뉴스)`."""
    known = alternatives(agencies)
    return re.compile(
        rf"^[^()\n（）]{{0,60}}[(（](?:[^()\n（）=]{{1,12}}=)?(?P<name>{known})[)）]\s?(?:[-–—―]|$|\s)"
        rf"|^[【\[][^【】\[\]]{{0,14}}?(?P<name2>{known})[】\]]"
    )


def _field_names() -> FieldNames:
    data = read_labels("fields")
    scripted = alternatives(data.pop("script_published")["names"])
    types = {name: frozenset(data.pop(name)["names"]) for name in ("article_types", "page_types")}
    places: dict[str, tuple[tuple[str, int], ...]] = {}
    for group, table in data.items():
        for rank, name in enumerate(table["names"]):
            places[name] = (*places.get(name, ()), (group, rank))
    return FieldNames(
        places, re.compile(_SCRIPTED.format(scripted)), types["article_types"], types["page_types"]
    )
