"""Credits: the outlet that a page names as its source, and the people who wrote the story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.article.metadata.labels import Labels

_LONGEST_SOURCE = 60
_LONGEST_NAME = 40
_LONGEST_NAMES = 300
_LONGEST_BYLINE = 30
_LONGEST_META_LINE = 120
# A CJK value ends at a blank unless a dash or a bracket carries it on.
_CARRIES_ON = re.compile(r"(?<!\s)\s+(?=[-—－–·《])|(?<=[-—－–·])\s+")
_ENDS_SOURCE = re.compile(r"[|｜丨\t\n。！？;；<>＞]|\s{2,}|\d{2,4}[-/年.]\d{1,2}|\d{1,2}[:：]\d\d")
_BRACKET = re.compile(r"[（(【][^（()）【】]{2,60}[)）】]")
_BRACKETED = re.compile(r"[\[［【（(][^\[\]［］【】（）()]{0,20}[\]］】）)]?")
_COLON = re.compile(r"[:：﹕∶]")
# What stands before a colon, back to the next blank, digit or sign.
_WORD_BEFORE = re.compile(r"([^\W\d_]{1,16})\s?\Z")
_BEFORE_BYLINE = " \t\u3000|｜·（(【:：讯电]"
_BARE_HINT = re.compile(r"[源处處自载載发創创]")
_BYLINE_HINT = re.compile(r"[者文撰写寫笔筆员員稿执執글:：]")
_ADDRESS = re.compile(r"https?:|www\.|\S@\S", re.I)
_EDGES = " \t\u3000:：,，、.。;；·|｜/／-—–>)）】］]\"'“”"
_EDGES_OUT = _EDGES + "（(【[［"
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,8}[·•][\u3400-\u9fff]{1,10}")
_SPACED_NAME = re.compile(
    r"(?<![\u3400-\u9fff])([\u3400-\u9fff])\s([\u3400-\u9fff])(?![\u3400-\u9fff])"
)
_LATIN_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?:\s(?!\d)[\w.'’\-&]+){0,5}")
_ENDS_BYLINE = re.compile(r"[|｜\n。！？)）【［】\]<>]|\s[-–—]\s|\d{2,}|：|:")


def clean_source(raw: str, labels: Labels) -> str | None:
    """Cut a value that follows a source label down to the outlet's name; None when none is left.

    *raw* is everything after the label on its line.
    """
    value = raw.lstrip(_EDGES)[: _LONGEST_SOURCE * 2]
    for pattern in (_ENDS_SOURCE, labels.stop):
        end = pattern.search(value)
        if end:
            value = value[: end.start()]
    value = _BRACKETED.sub(" ", value)  # [整理], (ID: x): no part of a name
    if _CJK.search(value):
        value = _CARRIES_ON.sub("\x00", value).split(None, 1)[0] if value.strip() else ""
        value = value.replace("\x00", "")
    value = _without_tails(value.strip(_EDGES_OUT), labels)
    return value if is_source(value, labels) else None


_EDGES_OUT = " \t\u3000:：,，、.。;；·|｜/／-—–>)）】］]\"'“”(（【[［"


def _without_tails(value: str, labels: Labels) -> str:
    changed = True
    while changed:
        changed = False
        for tail in labels.tails:
            if value.endswith(tail) and len(value) > len(tail) + 1:
                value = value[: -len(tail)].rstrip(_EDGES_OUT)
                changed = True
    return value


def is_source(value: str, labels: Labels) -> bool:
    """Tell whether *value* may be an outlet: short, no placeholder, address or number."""
    if not 1 < len(value) <= _LONGEST_SOURCE or value.lower() in labels.not_source:
        return False
    if _ADDRESS.search(value) or not re.search(r"[^\W\d_]", value):
        return False
    return not value.isdecimal()


def source_labels(line: str, labels: Labels) -> Iterator[int]:
    """Give the position behind each source label of *line* and its colon."""
    for word, end in _words_at_colons(line):
        if word in labels.source_words or (
            word[:-1] in labels.source_words and word[-1] in "于於自"
        ):
            yield end


def _words_at_colons(line: str) -> Iterator[tuple[str, int]]:
    """Give the word before each colon, lower case, and the position behind the colon."""
    for colon in _COLON.finditer(line):
        word = _WORD_BEFORE.search(line, max(0, colon.start() - 16), colon.start())
        if word:
            yield word[1].lower(), colon.end()


def labelled_source(line: str, labels: Labels, *, bare: bool = False) -> tuple[str | None, bool]:
    """Read the source that *line* names after a label: (name or None, whether a label stood there).

    *bare* allows labels without a colon (来源河畔日报), which only a meta line may have.
    """
    seen = False
    for end in source_labels(line, labels):
        seen = True
        value = clean_source(line[end:], labels)
        if value:
            return value, True
    if bare and _BARE_HINT.search(line):
        for match in labels.bare_source.finditer(line):
            value = clean_source(line[match.end() :], labels)
            if value:
                return value, True
    return None, seen


def dateline_source(paragraph: str, labels: Labels) -> str | None:
    """Name the agency or outlet of a dateline at the head of a first paragraph.

    人民网北京8月31日电, 新华社东港电, `CITY, Aug 31 (Reuters) -`, 【서울=연합뉴스】.
    """
    head = paragraph[:120]
    match = labels.chinese_dateline.match(head)
    name = match["name"] if match else None
    if name is None:
        match = labels.dateline.match(head)
        name = (match["name"] or match["name2"]) if match else None
    return name if name and is_source(name, labels) else None


def labelled_authors(line: str, labels: Labels) -> list[str]:
    """List the writers that *line* names after 作者, 记者, 文/, By and the like."""
    if len(line) > _LONGEST_META_LINE:  # prose: only a bracket at its head names the reporter
        bracket = _BRACKET.search(line[:_LONGEST_META_LINE])
        if bracket is None:
            return []
        line = bracket[0]
    start = _byline_start(line, labels)
    if start is None:
        return []
    value = line[start:]
    end = labels.editor.search(value)
    if end:
        value = value[: end.start()]
    return split_names(value, labels)


def _byline_start(line: str, labels: Labels) -> int | None:
    """Give where the names of a byline begin; None where *line* is none."""
    opening = labels.opening_byline.match(line)
    if opening:
        return opening.end()
    if not _BYLINE_HINT.search(line):
        return None
    for word, end in _words_at_colons(line):
        if word in labels.author_words:
            return end
    for match in labels.bare_author.finditer(line):
        if match.start() == 0 or line[match.start() - 1] in _BEFORE_BYLINE:
            return match.end()
    staff = labels.staff_byline.match(line) if len(line) <= _LONGEST_BYLINE else None
    return staff.end() if staff else None


def split_names(value: str, labels: Labels) -> list[str]:
    """Split *value* into people's names, without trades, addresses and repetitions."""
    value = value.lstrip(_EDGES)[:_LONGEST_NAMES]
    end = _ENDS_BYLINE.search(value)
    if end:
        value = value[: end.start()]
    names: list[str] = []
    for part in labels.joiner.sub("\n", value).split("\n"):
        if names and _ends_with_trade(part, labels):
            continue  # 记者李小溪／东港报道: a place and no second writer
        found = list(_names_in(_without_trades(part, labels)))
        if not found and names:
            break  # prose begins
        names += [name for name in found if name not in names and name not in labels.not_source]
    if len(names) > 1 and " " in names[0]:
        # A single word after full names is the place: By Jane Rivers, Harbour City.
        names = [name for name in names if " " in name or _CJK.search(name)]
    return names


def _ends_with_trade(part: str, labels: Labels) -> bool:
    part = part.strip()
    return any(
        match.end() == len(part) > match.start() > 0 for match in labels.title.finditer(part)
    )


def _names_in(part: str) -> Iterator[str]:
    candidates = part.split() if _CJK.search(part) else [" ".join(part.split())]
    for candidate in candidates:
        name = candidate.strip(_EDGES_OUT)
        if not _is_name(name):
            return
        yield name


def _without_trades(part: str, labels: Labels) -> str:
    """Take trades out of *part*; what sticks to the front of one is the writer's outlet."""
    for match in reversed(list(labels.title.finditer(part))):
        before, after = part[: match.start()], part[match.end() :]
        if match[0].isascii() and (before[-1:].isalpha() or after[:1].isalpha()):
            continue  # a part of a Latin word
        if before[-1:].strip() and not match[0].isascii():
            if after.strip():  # 河畔网记者 李小溪
                before = ""
            elif len(before.split()) > 1:  # 李小溪 东港报道
                before = before.rsplit(None, 1)[0]
        part = f"{before} {after}"
    return _SPACED_NAME.sub(r"\1\2", part)


def _is_name(name: str) -> bool:
    if not 1 < len(name) <= _LONGEST_NAME or _ADDRESS.search(name):
        return False
    if _CJK.search(name):
        return bool(_CHINESE_NAME.fullmatch(name)) or not re.search(r"[\u3400-\u9fff]{5}", name)
    return bool(_LATIN_NAME.fullmatch(name)) and any(c.isupper() for c in name[:1] + name[-12:])


def people(values: Sequence[str], labels: Labels, *, outlets: Sequence[str] = ()) -> list[str]:
    """Turn the author values of metadata into names; outlets, addresses and numbers are none."""
    own = {outlet.casefold() for outlet in outlets if outlet}
    names: list[str] = []
    for value in values:
        text = re.sub(r"^\s*(?:by|von|par|por|di)\s+", "", value, flags=re.I)
        if not text or _ADDRESS.search(text) or text.strip().casefold() in own:
            continue
        for name in split_names(text, labels):
            if name.casefold() not in own and name.lower() not in labels.not_source:
                names.append(name)
    return list(dict.fromkeys(names))
