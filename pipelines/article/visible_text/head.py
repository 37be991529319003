"""The head of a story in plain text: its headline, and where the lines about it end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipelines.article.visible_text.lines import Line

_FULL_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}|\d{1,2}:\d\d(?::\d\d)?\b"
    r"|(?<!\d)(?:19|20)\d\d\D{1,6}\d{1,2}[h.]\d\d\b"
)
_TRAIL = re.compile(r"[>＞»›→]|^(?:首页|首頁|[Hh]ome)\b")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_LOOK_BACK = 60  # lines above the story among which its headline is
_LONGEST = 75.0  # Chinese characters of a headline, two decks included
_WHOLE_TITLE = 8.0  # the name of a site or a section is mostly shorter
_LONG_TITLE = 30.0  # 90 Latin letters
_MOST_DECKS = 6  # lines between the date and the first paragraph that are still the story's
_FURNITURE = frozenset({"date", "number", "links", "code"})


def is_meta(line: Line) -> bool:
    """Whether the line gives the date or the source of a story and nothing else."""
    if line.group in {"meta_line", "source_line"} or line.shape == "date":
        return True
    return line.weight < TITLE_AND_DATE and not line.stops and bool(_FULL_DATE.search(line.text))


TITLE_AND_DATE = 50.0  # a line with a date that is longer than this is text


def head_end(lines: Sequence[Line], start: int, stop: int) -> int:
    """Give where the story's own lines begin when the run took in its headline and date."""
    end = start
    for position in range(start, min(start + 8, stop)):
        line = lines[position]
        if is_meta(line):
            end = position + 1
        elif line.weight > _LONGEST or (line.is_solid and line.weight > 15):
            break
    # A title that asks or exclaims reads like prose; behind a date it is given back.
    first = lines[end] if end + 1 < stop else None
    if first and not first.is_solid and first.text[-1] in "?？!！" and _may_be_headline(first):
        return end + 1 if first.weight >= _WHOLE_TITLE else end
    return end


def find_headline(lines: Sequence[Line], start: int, known: str | None = None) -> int | None:
    """Give the position of the headline above the story that begins at *start*.

    It is short, stands close above the date or the story, shares its words, is often printed twice
    on the page. *known* is a headline that a listing gave. None where no line qualifies.
    """
    story = _grams("".join(line.text for line in lines[start : start + 12])[:4_000])
    texts = [line.text for line in lines]
    best, best_score = None, 0.5
    for position in range(max(0, start - _LOOK_BACK), start):
        line = lines[position]
        if not _may_be_headline(line):
            continue
        score = _headline_score(lines, texts, position, start, story)
        if known and _same(line.text, known):
            score += 10
        if score >= best_score:
            best, best_score = position, score
    return best


def _may_be_headline(line: Line) -> bool:
    if line.shape in _FURNITURE or not 4 <= line.weight <= _LONGEST:
        return False
    if line.marker is not None and line.marker.kind != "part":
        return False
    return not _TRAIL.search(line.text) and not is_meta(line)


def _headline_score(
    lines: Sequence[Line], texts: Sequence[str], position: int, start: int, story: frozenset[str]
) -> float:
    line = lines[position]
    grams = _grams(line.text)
    # Two shared words of two say less than eight of ten.
    score = 5.0 * len(grams & story) / (len(grams) + 3)
    score += 1.0 if line.weight >= 8 else 0.0
    below = [
        is_meta(other) or other.group == "byline" for other in lines[position + 1 : position + 4]
    ]
    score += 2.0 if any(below[:1]) else 1.0 if any(below) else 0.0
    score -= 1.5 if any(is_meta(other) for other in lines[max(0, position - 3) : position]) else 0.0
    score += 1.0 if sum(line.text in text for text in texts) > 1 else 0.0
    score -= 1.0 if line.text.endswith(("。", ".")) else 0.0
    # Where words are set apart by blanks, a sentence or two stand between headline and date.
    if not _HAN.search(line.text):
        score -= 0.7 * line.is_solid + max(0.0, line.weight - _LONG_TITLE) / 12
    return score - 0.05 * (start - position)


def _grams(text: str) -> frozenset[str]:
    """Pairs of Chinese characters, or words: what a headline shares with its story."""
    bare = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).lower())
    if _HAN.search(bare):
        return frozenset(bare[i : i + 2] for i in range(len(bare) - 1))
    return frozenset(word for word in bare.split() if len(word) > 3)


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one) == re.sub(r"\W+", "", other)


def is_bare(lines: Sequence[Line], start: int) -> bool:
    """Whether the text is an article alone: above its first sentence at *start* nothing but titles.

    The first of them is then the headline and the others are sub-headings of the story.
    """
    if not 0 < start <= _MOST_DECKS + 1 or not _may_be_headline(lines[0]):
        return False
    if any(line.marker or line.shape not in {"short", "prose"} for line in lines[:start]):
        return False
    if any(is_meta(line) or _titles(line, lines[0]) for line in lines[1:start]):
        return False  # a page's title, and its headline or date
    story = _grams("".join(line.text for line in lines[start : start + 12])[:4_000])
    return lines[0].weight >= _WHOLE_TITLE and not story.isdisjoint(_grams(lines[0].text))


def _titles(line: Line, title: Line) -> bool:
    """Whether *title* is the line with the site's name behind it."""
    return line.text in title.text and 2 * line.weight > title.weight


def story_start(
    lines: Sequence[Line], headline: int | None, start: int, dateline: re.Pattern[str]
) -> int:
    """Give where the story begins: sub-headings between the date and the first sentence are its.

    A dateline begins it, or a sentence right under the date. Other lines count only behind the
    last piece of furniture under the headline, and only a few of them; what stands directly under
    a headline without a date may be anything.
    """
    if headline is None:
        return start
    for position in range(max(headline + 1, start - _MOST_DECKS), start):
        line = lines[position]
        opens = line.is_solid and not line.marker and is_meta(lines[position - 1])
        if opens or dateline.match(line.text[:120]):
            return position
    last = next(
        (i for i in range(start - 1, headline, -1) if _is_furniture(lines[i])),
        None,
    )
    if last is None or start - last - 1 > _MOST_DECKS:
        return start
    return last + 1


def _is_furniture(line: Line) -> bool:
    """Whether the line belongs to the page, not to the story; a picture's caption may be either."""
    if line.group == "caption":
        return False
    return line.marker is not None or line.shape in _FURNITURE or line.weight < 4 or is_meta(line)
