"""Makes the bytes of a feed small and safe before a parser reads them.

A feed library runs regular expressions over every text; on 50 kB of the letter a in an author's
name that takes half a minute. So texts are cut to what a listing needs, article bodies and
document type definitions are dropped, and stray `<` and `&` are escaped.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass
from html.entities import html5

MAX_TEXT = 1_500  # characters kept of any one text
MAX_PERSON = 200
MAX_ENTRIES = 2_000
MAX_TAG = 4_000
MAX_TAGS = 400  # of one entry; a media gallery has about a hundred

_BEGINNINGS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]{0,200}\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._\-]{2,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._\-]{2,40})", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*", re.IGNORECASE)
_SUBSET_END = re.compile(r"\][ \t\r\n]{0,20}>")
_TOKEN = re.compile(r"<!\[CDATA\[|<!--|<[^<>]*>|<|[^<]+")
_NAME = re.compile(r"<((?:[\w.\-]{1,60}:)?([\w.\-]{1,60}))")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)?")
_XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_PEOPLE = frozenset(
    ["author", "creator", "name", "email", "contributor", "managingeditor", "webmaster", "owner"]
)
_BODIES = frozenset(["content:encoded", "content", "atom:content", "xhtml:body"])  # not needed
_ENTRIES = frozenset(["item", "entry"])


@dataclass(slots=True)
class FeedText:
    """The cleaned text, and why it holds less than the feed did (empty: it does not)."""

    text: str
    problem: str = ""


def decode_feed(body: bytes, content_type: str = "") -> str:
    """The text of a feed or sitemap: BOM first, then UTF-8 if the bytes are, then the claims.

    UTF-8 may be cut in its last character. Never raises; undecodable bytes become U+FFFD.
    """
    for mark, encoding in _BEGINNINGS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3:
            return body.decode("utf-8", "ignore")
    return _decode_as_claimed(body, content_type)


def claimed_encoding(head: bytes, content_type: str = "") -> str:
    """The encoding of a stream from its first bytes, for an incremental decoder.

    UTF-8 unless a BOM, the XML declaration or the header names another that Python knows.
    """
    for mark, encoding in _BEGINNINGS:
        if head.startswith(mark):
            return encoding
    for claim in _claims(head, content_type):
        try:
            if isinstance(getincrementaldecoder(claim)().decode(b""), str):
                return _wide(claim)
        except (LookupError, ValueError):
            continue
    return "utf-8"


def clean_feed(text: str) -> FeedText:
    """Well-formed as far as single characters go, bounded, without definitions and bodies."""
    text, had_definitions = _without_doctype(_DECLARATION.sub("", text))
    cleaner = _Cleaner(_INVALID.sub("", text))
    result = cleaner.run()
    if had_definitions and not result.problem:
        result.problem = "document type definition dropped"
    return result


def _decode_as_claimed(body: bytes, content_type: str) -> str:
    claims = _claims(body, content_type)
    for claim in [*claims, "gb18030"]:
        try:
            return body.decode(_wide(claim))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    # Damaged bytes: the claim is the better guess, if it names a text encoding at all.
    try:
        return body.decode(claims[0] if claims else "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _claims(body: bytes, content_type: str) -> list[str]:
    claims = []
    if declared := _DECLARED.match(body[:300]):
        claims.append(declared.group(1).decode("ascii"))
    if charset := _CHARSET.search(content_type[:200]):
        claims.append(charset.group(1))
    return claims


def _wide(encoding: str) -> str:
    """GB 18030 for its subsets: pages that claim the smaller set use the larger one."""
    return "gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding


def _without_doctype(text: str) -> tuple[str, bool]:
    start = _DOCTYPE.search(text, 0, 4_000)
    if start is None:
        return text, False
    rest = text[start.end() : start.end() + 1]
    if rest == "[":
        end = _SUBSET_END.search(text, start.end())
        return text[: start.start()] + (text[end.end() :] if end else ""), True
    return text[: start.start()] + text[start.end() + (rest == ">") :], False


class _Cleaner:
    """One pass over the tokens; every part is looked at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.limit = MAX_TEXT
        self.entries = 0
        self.tags = 0  # in the present entry, or before the first
        self.problem = ""
        self.body = ""  # the name of the element whose content is left out
        self.comments = True  # whether an end of comment may still follow
        self.sections = True  # whether an end of CDATA may still follow

    def run(self) -> FeedText:
        position = 0
        while position < len(self.text) and self.entries <= MAX_ENTRIES:
            match = _TOKEN.match(self.text, position)
            if match is None:  # cannot be: the pattern takes any character
                break
            piece, position = match.group(), match.end()
            if piece == "<!--":
                position = self._comment(position)
            elif piece == "<![CDATA[":
                position = self._section(position)
            elif piece[0] == "<" and len(piece) > 1:
                self._tag(piece)
            else:
                self.out.append(_section(_cut(piece, self.limit)))
        if position < len(self.text):
            self.problem = f"more than {MAX_ENTRIES} entries"
        return FeedText("".join(self.out), self.problem)

    def _tag(self, tag: str) -> None:
        if tag.startswith("</"):
            wanted = self._closing(tag[2:-1].strip().lower())
        else:
            wanted = self._opening(tag)
        self.tags += 1
        if wanted and self.entries <= MAX_ENTRIES and len(tag) <= MAX_TAG:
            if self.tags <= MAX_TAGS or tag[2:-1].strip().lower() in _ENTRIES:
                self.out.append(_escaped(tag))
            else:
                self.problem = f"more than {MAX_TAGS} tags in one entry"

    def _closing(self, name: str) -> bool:
        """Whether to keep the tag; an article's body also ends where its entry ends."""
        if self.body and name != self.body and name.rpartition(":")[2] not in _ENTRIES:
            return False
        wanted = name != self.body
        self.body, self.limit = "", MAX_TEXT
        return wanted

    def _opening(self, tag: str) -> bool:
        match = _NAME.match(tag)
        if match is None:  # an instruction or a declaration
            return False
        name, local = match.group(1).lower(), match.group(2).lower()
        if local in _ENTRIES:
            self.entries += 1
            self.tags = 0
        if self.body and local not in _ENTRIES:
            return False
        self.body = name if name in _BODIES and not tag.endswith("/>") else ""
        self.limit = 0 if self.body else MAX_PERSON if local in _PEOPLE else MAX_TEXT
        return not self.body

    def _comment(self, position: int) -> int:
        end = self.text.find("-->", position) if self.comments else -1
        if end < 0:
            self.comments = False
            self.problem = "a comment has no end"
            return position
        return end + 3

    def _section(self, position: int) -> int:
        end = self.text.find("]]>", position) if self.sections else -1
        if end < 0:
            self.sections = False
            self.problem = "a CDATA section has no end"
            return position
        content = self.text[position : min(end, position + self.limit)]
        self.out.append(f"<![CDATA[{content}]]>")
        return end + 3


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    text = text[:limit]
    started = text.rfind("&", max(0, limit - 12))
    return text[:started] if started >= 0 and ";" not in text[started:] else text


def _section(text: str) -> str:
    """A text as CDATA, its references resolved once; parsers call back for each reference."""
    if text == "<":
        return "&lt;"
    if "&" not in text:
        return text
    plain = _AMPERSAND.sub(_character, text).replace("]]>", "]] >")
    return f"<![CDATA[{plain}]]>"


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    if name is None:
        return "&"
    if not name.startswith("#"):
        return html5.get(f"{name};", match.group())
    return chr(_number(name)) if _allowed(name) else ""


def _escaped(tag: str) -> str:
    """A tag whose attributes hold only references that XML knows."""
    return _AMPERSAND.sub(_reference, tag) if "&" in tag else tag


def _reference(match: re.Match[str]) -> str:
    name = match.group(1)
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return match.group()
    if name.startswith("#"):
        return f"&#{_number(name)};" if _allowed(name) else ""
    known = html5.get(f"{name};")
    return known if known is not None and known not in '&<>"' else f"&amp;{name};"


def _number(reference: str) -> int:
    return int(reference[2:], 16) if reference[1] in "xX" else int(reference[1:])


def _allowed(reference: str) -> bool:
    number = _number(reference)
    return number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0x110000 - 2
