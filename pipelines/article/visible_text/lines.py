"""What the shape of one visible line says: prose, a title, a row of links, a date, furniture.

Lengths are *weights*: a Chinese, Japanese or Korean character counts one, a Latin letter a third,
so that one scale fits a headline of 20 characters and one of 60 letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.article.vocabulary import Marker, Vocabulary

Shape = Literal["prose", "short", "date", "number", "links", "teaser", "code", "row"]

TITLE_WEIGHT = 45  # no headline is longer; nearly every whole paragraph is
_SPACED_OUT = 16.0  # headings of boxes are set with blanks between their characters
_LONGEST_MARKER = 800  # a longer line is a paragraph, whatever phrase is in it

_COMMAS = re.compile("[，,、،]")
_FULL_STOP = re.compile("[。；]|[！？][”」』]|[^\\W\\d_]{2}[.](?=[\"'”’»)\\s]|$)|[।۔]")
# A Chinese ellipsis of two signs is punctuation; three dots or one sign cut a teaser short.
_CUT_SHORT = re.compile('(?:(?<!\\.)\\.{2,3}|(?<!…)…)[\\s"”>»]*$')
_LEADS_ON = re.compile(
    "(?:(?<!\\.)\\.{2,}|(?<!…)…+)\\s{0,4}[\\[【(（]?(?:更多|详细|詳細|详情|全文|查看全文|阅读全文|阅读更多|"
    "閱讀更多|[Rr]ead [Mm]ore|[Mm]ore|[Ff]ull [Ss]tory)[\\]】)）]?[\\s>»]*$"
)
_DATE = re.compile(
    "\\W{0,3}(?:(?:19|20)\\d\\d\\s?[-/.年]\\s?\\d{1,2}\\s?[-/.月]|\\d{1,2}\\s?[-/月])\\s?\\d{1,2}\\s?日?"
    "[\\sT]{0,3}(?:\\d{1,2}:\\d\\d(?::\\d\\d)?)?\\W{0,3}\\d{0,6}"
    "|\\d{1,2}:\\d\\d(?::\\d\\d)?"
    "|.{0,12}\\d{1,3}\\s?(?:秒|分钟|小时|天|分鐘|小時|個月|个月)前.{0,12}"
    "|\\d{1,3}\\s(?:seconds?|minutes?|hours?|days?|weeks?|months?)\\sago"
)
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")  # written without blanks between words
_LETTER = re.compile("[^\\W\\d_]")
_FIGURE = re.compile("[-+−–(]?[$¥€£]?\\d[\\d,.]*(?:%|％|[万亿]?(?:元|股|手|倍)?)[)]?")
_CODE_SIGNS = str.maketrans("", "", "{}<>=;_#\\`&^~")
_SEPARATOR = re.compile("[\\s|｜丨>»·•/\\-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One non-empty visible line and what its shape says."""

    index: int  # among all lines of the text, empty ones counted
    text: str
    weight: float
    shape: Shape
    stops: int  # ends of sentences
    marker: Marker | None

    @property
    def group(self) -> str:
        """The marker's group, empty without one."""
        return self.marker.group if self.marker else ""

    @property
    def is_solid(self) -> bool:
        """Whether whole statements stand in the line; titles ask and exclaim, too."""
        return self.shape == "prose" and self.stops > 0

    @property
    def is_sentence_with_phrase(self) -> bool:
        """Whether a marker's words only stand in a sentence; prompts are of that kind, too."""
        return self.is_solid and self.marker is not None and self.marker.kind in ("start", "part")

    @property
    def is_ordinal(self) -> bool:
        """Whether the line numbers a part of a story: 1, 02, 3."""
        number = self.text.rstrip(".、")
        return len(self.text) <= 3 and len(number) <= 2 and number.isdecimal()

    @property
    def is_figure(self) -> bool:
        """Whether the line is one figure, as a table's cell is: 1,204 or 3.5%, not 1."""
        return not self.is_ordinal and len(self.text) < 20 and bool(_FIGURE.fullmatch(self.text))

    @property
    def is_section(self) -> bool:
        """Whether the line heads something that is not the story's."""
        return self.marker is not None and self.marker.scope == "section"


def weight_of(text: str) -> float:
    """Give the length of *text* in Chinese characters; a Latin letter counts a third."""
    return len(text.encode("utf-8", "replace")) / 3


def read_line(index: int, text: str, vocabulary: Vocabulary) -> Line:
    """Judge a normalised, trimmed, non-empty line; linear in its length."""
    weight = weight_of(text)
    marker = vocabulary.find(text) if len(text) <= _LONGEST_MARKER else None
    if marker is None and " " in text and weight < _SPACED_OUT:
        marker = vocabulary.find(text.replace(" ", ""))
    stops = len(_FULL_STOP.findall(text[:2_000]))
    return Line(index, text, weight, _shape(text, weight, stops), stops, marker)


def _shape(text: str, weight: float, stops: int) -> Shape:
    furniture = _furniture(text, weight, stops)
    if furniture is not None:
        return furniture
    return "prose" if _is_prose(text, weight, stops) else "short"


def _furniture(text: str, weight: float, stops: int) -> Shape | None:
    """The shape of a line that is neither a sentence nor a title."""
    if weight < 20 and _DATE.fullmatch(text):
        return "date"
    if _is_table_row(text):
        return "row"
    if not _LETTER.search(text[:200]):
        return "number"
    if _LEADS_ON.search(text[-30:]) or (not stops and _CUT_SHORT.search(text[-8:])):
        return "teaser"
    if _is_code(text):
        return "code"
    return "links" if _is_row(text, stops) else None


def _is_table_row(text: str) -> bool:
    """Whether the line is a table's row: at least three cells, two of them and 40 % figures."""
    cells = text[:2_000].split()
    if len(cells) < 3:
        return False
    figures = sum(_FIGURE.fullmatch(cell) is not None for cell in cells)
    return figures >= 2 and figures >= 0.4 * len(cells)


def _is_code(text: str) -> bool:
    """Whether a script or a piece of markup shows: text has hardly any of their signs."""
    head = text[:2_000]
    signs = len(head) - len(head.translate(_CODE_SIGNS))
    return signs > 3 and signs * 25 > len(head)


def _is_prose(text: str, weight: float, stops: int) -> bool:
    """Whole sentences; or a line too long for a title, with commas in it."""
    if (stops and weight >= 8) or (text[-1] in "。！？!?" and weight >= 3):
        return True
    commas = len(_COMMAS.findall(text[:2_000]))
    if weight >= TITLE_WEIGHT and commas:
        return True
    return text[-1] in "，；：、”」" and weight >= 4


def _is_row(text: str, stops: int) -> bool:
    """Whether the line is many short words in a row: a menu, a list of sites, a tag cloud."""
    if stops > 1 or len(text) < 12:
        return False
    words = _SEPARATOR.split(text[:2_000])
    if len(words) < 4:
        return False
    if _HAN.search(text[:50]):
        return len(text) / len(words) < 9 and not (stops and "，" in text)
    return "|" in text or "·" in text or text.count(" - ") > 2
