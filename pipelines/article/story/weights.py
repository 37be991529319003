"""How heavy each piece of evidence against a block is; a block goes when they sum to 1.

Measured on labelled pages; `tests/article/test_extractor_quality.py` holds what they give.
"""

from __future__ import annotations

from typing import Final

THRESHOLD: Final = 1.0
SETTLED: Final = 2.5  # no more evidence is asked for: all that may speak for a block is lighter

# What the classes and ids of an element inside the story's say about what it holds.
PURPOSES: Final = {
    "recommendation": 1.0,
    "comments": 1.2,
    "share": 1.0,
    "subscription": 1.0,
    "advert": 1.0,
    "consent": 1.0,
    "credits": 0.7,
    "tags": 1.0,
    "caption": 1.0,
    "navigation": 0.8,
    "meta": 0.8,
    "summary": 0.6,
    "player": 0.5,
    "deck": 0.8,
}

# The same for tags: rule and weight.
TAGS: Final = {
    "nav": ("navigation", 1.6),
    "footer": ("navigation", 1.5),
    "aside": ("aside", 1.6),
    "figcaption": ("caption", 1.0),
    "figure": ("caption", 0.8),
    "noscript": ("hidden", 1.0),
    "form": ("follow_prompt", 0.5),
    "dialog": ("hidden", 1.0),
    "caption": ("caption", 0.2),
}

# A label at the head of a whole paragraph outweighs the paragraph's being prose.
MARKERS: Final = {
    "pager": 0.6,
    "editor_note": 1.6,
    "disclaimer": 1.6,
    "original_title": 1.3,
    "caption": 0.4,
    "account_prompt": 0.7,
    "author_note": 0.7,
}
MARKER: Final = 1.0  # of every other group
PART: Final = (1.0, 0.7)  # the phrase is only somewhere: in a line, in sentences
CAPTION_BESIDE_PICTURE: Final = 1.0

CARDS: Final = 1.6
FIGURES: Final = 1.0  # in a box of a name and figures without a sentence
SECTION: Final = 1.1  # in an element that a section's heading heads
COMMENTS: Final = 2.0  # behind a heading of readers' comments that stands behind the story
SECTION_RUN: Final = 0.7  # in the run of links behind a section's heading
SECTION_PARAGRAPH: Final = -0.3  # but a paragraph without links

LINK: Final = ((0.95, 1.0), (0.8, 0.8), (0.5, 0.5))  # from this share of link text: weight

EDGE: Final = 0.9  # a prompt or a note on the writer behind the last paragraph
REPEATED: Final = 0.7  # a line that stands in the story at least four times, as parts of recipes do
TAIL: Final = 0.6  # a marked block among the last paragraphs
AFTER: Final = (0.4, 1.0)  # behind the last paragraph: in the same element, outside it
BEFORE: Final = (0.2, 0.7)
ABOVE_HEADLINE: Final = 1.0
ODD_ELEMENT: Final = 0.3  # a line in a <div> among paragraphs in <p>
META_LINE: Final = 1.0
TEMPLATE: Final = 1.2
TEASER: Final = 0.5
LEADS_AWAY: Final = 0.5  # a few words and a headline that is a link
HEADLINE: Final = 1.6
HIDDEN: Final = 1.0

FRAMED: Final = 1.6  # in the frame of a picture: more than being a paragraph
BOXED: Final = 1.6  # in a headed box between the paragraphs
AHEAD: Final = 1.0  # a deck or a summary in another element ahead of the paragraphs
BEHIND: Final = 1.6  # a sentence behind the element that holds the paragraphs

CENTRED_CAPTION: Final = 1.0  # a short centred line behind a picture
CAPTION_IN_ITS_BLOCK: Final = 0.8
CAPTION_BEHIND: Final = 0.3

PROSE: Final = -0.5  # a whole paragraph
HEADING: Final = -0.2  # a sub-heading inside the story
