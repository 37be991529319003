"""Strings as they may stand in a record: NFC, `\\n` only, nothing invisible that changes the text.

Text reaches us with NUL bytes, bidi overrides, halves of surrogate pairs from broken JSON, and
line ends of five kinds. Everything that becomes a value of a record passes through here once.
"""

from __future__ import annotations

import re
import unicodedata

# Every character that Unicode, an old Mac or a teletype calls the end of a line. `\v` and `\f`
# are among them because str.splitlines() of a later reader would break there.
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")

# C0 and C1 controls, soft hyphen, zero-width space, word joiner and byte order mark, marks and
# overrides of direction, interlinear anchors, noncharacters. Kept: the zero-width joiners, which
# Persian, Indic scripts and emoji are spelled with, and U+FFFD, which says that a byte was lost.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr((plane << 16) | 0xFFFE)}{chr((plane << 16) | 0xFFFF)}" for plane in range(1, 17)
    )
    + "]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")

# Blanks that are not line ends: tab, no-break, the typographic widths, the ideographic space.
_BLANKS = re.compile("[\t \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANKS_AND_LINE_ENDS = re.compile("[\t\n \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def normalise_text(text: str) -> str:
    """Give *text* in NFC with `\\n` as its only line end and without invisible controls.

    Blanks stay as they are. Surrogate pairs are joined, lone surrogates dropped. Idempotent and
    linear; never raises.
    """
    if text.isprintable():  # no control, no surrogate, no blank but the space
        return unicodedata.normalize("NFC", text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Give *text* normalised on one line: runs of blanks and line ends become one space."""
    return _BLANKS_AND_LINE_ENDS.sub(" ", normalise_text(text)).strip(" ")


def clean_lines(text: str) -> list[str]:
    """Split *text* into normalised lines, blanks squeezed and trimmed; empty ones stay."""
    return [_BLANKS.sub(" ", line).strip(" ") for line in normalise_text(text).split("\n")]


def clean_paragraphs(text: str) -> str:
    """Give *text* as paragraphs separated by one `\\n`: the form of `article_body`."""
    return "\n".join(line for line in clean_lines(text) if line)
