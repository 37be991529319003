"""Lines that give themselves away by their shape, in any language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.article.page.nodes import Block

# Groups whose phrases, behind a paragraph's last sentence, are no part of it.
LEADING_ON: Final = frozenset(("read_more", "follow_prompt", "recommendation"))
_HEADLINE_BYTES: Final = 36  # of a link that reads like a headline
_LEAD_IN: Final = 3  # characters before it
_LEAST: Final = 8.0  # units of a line that no separator and no speaker's name has
_MOST: Final = 60.0
_TIMES: Final = 4
_SPEECH: Final = re.compile(r"[\"“„«「『][^\"”“»」』]{2,200}[\"”“»」』][\s,，.]{0,2}[^\W\d_]")

_BOX: Final = (3, 12)  # blocks of a box with a quote
_FIGURE: Final = 16  # characters
_LETTER: Final = re.compile(r"[^\W\d_]")


def is_speech(text: str) -> bool:
    """Whether a line begins with words that somebody says, and goes on behind them."""
    return text[0] in '"“„«「『' and bool(_SPEECH.match(text))


def leads_to_story(block: Block) -> bool:
    """Whether a few words lead to one link that reads like a headline."""
    if len(block.links) != 1:
        return False
    text, linked = block.text, block.links[0].text
    rest = len(text) - len(linked)
    return (
        _LEAD_IN <= rest <= len(linked)
        and len(linked.encode("utf-8", "replace")) >= _HEADLINE_BYTES
        and text.endswith(linked)
        and text[-1] not in ".。"
    )


def repeated_lines(blocks: Sequence[Block], units: Sequence[float]) -> frozenset[str]:
    """The texts of *blocks* that stand there four times or more; cells of tables may.

    *units* are those of all blocks of the document, by index.
    """
    texts = [
        block.text
        for block in blocks
        if _LEAST <= units[block.index] < _MOST and block.tag not in ("td", "th")
    ]
    if len(texts) - len(set(texts)) < _TIMES - 1:
        return frozenset()
    return frozenset(text for text, count in Counter(texts).items() if count >= _TIMES)


def shows_figures(blocks: Sequence[Block]) -> bool:
    """Whether a few short lines are a name and its figures, as a box with a live quote has them."""
    if not _BOX[0] <= len(blocks) <= _BOX[1]:
        return False
    figures = sum(len(block.text) < _FIGURE and not _LETTER.search(block.text) for block in blocks)
    return figures >= 2 and figures >= 0.5 * len(blocks)
