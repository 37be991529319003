"""What stands in and beside a link: its text, a date, whether it reads like a headline."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from crawler.discovery.link_words import link_words
from crawler.discovery.page_words import page_words
from crawler.discovery.url_shapes import Address

MAX_TEXT = 300
MAX_QUERY = 5  # parameters of a section's address; one widespread Chinese system has four
LONG = 60  # characters; a link with more may hold a summary too
MAX_UP = 8  # elements above a link that are looked at
MAX_NEAR = 600  # characters of a row of a list; more is a whole list

# What a script opens when an element is clicked: its own string, not one that it makes.
_SCRIPTED = re.compile(
    r"(?:\blocation(?:\.href)?\s{0,5}=|(?:\blocation\.(?:assign|replace)|\bopen)\s{0,5}\()"
    r"\s{0,5}[\"']([^\"'\s]{1,2000})[\"']\s{0,5}(?:[,;)]|$)"
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SPACES = re.compile(r"\s+")
_NAME_PARTS = re.compile(r"[^a-z0-9]+")
_FRAME = " []()（）【】<>«»‹›…."  # around the text of a link
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
    r"|\d{1,2}\s?[-/月]\s?\d{1,2}日?(?=\s|$|[)\]）】])|(?:昨天|今天|前天|刚刚))"
    r"(?:[T\s]{1,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?!\d)"
    r"|(?<!\d)\d{1,3}\s?(?:分钟|小时|天)前"
    r"|(?<![\d:])(?:[01]?\d|2[0-3])[:：][0-5]\d(?![\d:])"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d{1,2}(?:,\s\d{4})?\b"
    r"|\b\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?(?:\s\d{4})?\b"
    r"|\b\d{1,3}\s(?:minutes?|mins?|hours?|hrs?|days?)\sago\b"
)


@dataclass(slots=True)
class Link:
    """One address of the page, with everything that leads to it there."""

    url: str
    text: str = ""
    framed: bool = False
    nodes: list[LexborNode] = field(default_factory=list)


def target(node: LexborNode) -> str:
    """Where a click on an element leads; empty for nowhere, and for what only a script knows."""
    attributes = node.attributes
    href = attributes.get("href") or ""
    if href and href[0] != "#" and href[:11].lower() != "javascript:":
        return href
    scripted = scripted_target(attributes.get("onclick") or href)
    if scripted:
        return scripted
    return attributes.get("data-href") or attributes.get("value") or ""


def scripted_target(script: str) -> str:
    """Where a script goes; empty for nowhere, and for an address that it puts together."""
    match = _SCRIPTED.search(script)
    return match.group(1) if match is not None else ""


def turns_the_page(node: LexborNode) -> bool:
    """Whether a link without a text is an arrow to the next page by its class."""
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    return not link_words().turning.isdisjoint(_NAME_PARTS.split(names))


def link_text(node: LexborNode) -> str:
    """The text of a link, else its title, else the alternative text of its picture."""
    text = node.text(deep=True) or ""
    if not text or text.isspace():
        text = node.attributes.get("title") or node.attributes.get("aria-label") or ""
        if not text and (picture := node.css_first("img[alt]")) is not None:
            text = picture.attributes.get("alt") or ""
    elif len(text) < 8 and (title := node.attributes.get("title") or "") and len(title) > len(text):
        text = title
    elif (len(text) > LONG or node.tag not in ("a", "area")) and (
        heading := node.css_first("h1, h2, h3, h4, h5, strong")
    ) is not None:
        # A teaser: picture, headline and summary in one link, or in one row that can be clicked.
        text = heading.text(deep=True) or text
    elif len(text) < LONG and text.strip().strip(_FRAME).lower() in link_words().teased:
        text = _heading_beside(node) or text
    return _SPACES.sub(" ", text[: 4 * MAX_TEXT]).strip()[:MAX_TEXT]


def _heading_beside(node: LexborNode) -> str:
    """The headline of the teaser that a link stands in; empty where it is not the only one."""
    parent = node.parent
    for _ in range(3):
        if parent is None or parent.tag == "body":
            break
        if headings := parent.css(_HEADINGS):
            return headings[0].text(deep=True) or "" if len(headings) == 1 else ""
        parent = parent.parent
    return ""


def is_name(text: str) -> bool:
    """Whether a text is as short as the name of a section, a person, a share: no headline."""
    wide = len(_WIDE.findall(text))
    return wide <= 6 if wide else 1 <= len(_WORD.findall(text)) <= 3


def is_headline(text: str) -> bool:
    """Whether a text reads like a headline: eight wide characters, or four words."""
    wide = len(_WIDE.findall(text))
    return wide >= 8 or (wide == 0 and len(_WORD.findall(text)) >= 4)


def is_framework(node: LexborNode) -> bool:
    """Whether a link stands in what surrounds every page of a site: its navigation, its foot."""
    words = link_words().framework
    parent = node.parent
    for _ in range(MAX_UP):
        if parent is None or parent.tag in ("body", "main", "article"):
            return False
        if parent.tag in ("footer", "nav"):
            return True
        attributes = parent.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        if not words.isdisjoint(names.split()):
            return True
        parent = parent.parent
    return False


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else: the name of a day's archive."""
    return _DATE.fullmatch(text) is not None


def date_near(node: LexborNode, text: str) -> str | None:
    """The date printed in a link or in its row: at most three levels up, as long as it is short.

    A row with two links to other pages is still one row; a whole list is longer than that.
    """
    if match := _DATE.search(text):
        return match.group().strip()
    parent = node.parent
    for _ in range(3):
        if parent is None or parent.tag in ("body", "ul", "ol", "tbody", "table", "dl", "nav"):
            return None
        around = parent.text(deep=True, separator=" ") or ""
        if len(around) > MAX_NEAR:
            return None
        if match := _DATE.search(_SPACES.sub(" ", around)):
            return match.group().strip()
        parent = parent.parent
    return None


def is_section(address: Address, text: str) -> bool:
    """Whether a link that is no article leads to a list: a short name and a folder or list word."""
    words = page_words()
    if len(address.folders) > 5 or len(address.query) > MAX_QUERY:
        return False
    wide = len(_WIDE.findall(text))
    if wide > 12 or (wide == 0 and len(text) > 40):
        return False
    listed = address.word in words.list or not words.list.isdisjoint(address.folders)
    if not text.strip():
        return listed and not address.leaf
    if text.lower() in link_words().more or listed:
        return True
    return address.extension in ("", "html", "htm", "shtml", "php", "asp", "aspx", "jsp", "do")
