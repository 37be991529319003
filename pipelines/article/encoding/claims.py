"""What a page is said to be encoded in: byte order mark, site list, header, meta.

The labels follow https://encoding.spec.whatwg.org/ as browsers do: gb2312 is read as GB 18030,
iso-8859-1 as windows-1252.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipelines.article.encoding.legacy import CANDIDATES, LATIN

ClaimKind = Literal["bom", "hint", "header", "meta"]

_FIRST_BYTES = 1_024
_HEAD_BYTES = 16_384  # browsers look at 1,024; real pages put scripts before their meta
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)")
_META_CHARSET = re.compile(
    rb"<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)"
    rb"|<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)"
)
# Where browsers read a label as a superset, or Python does not know it.
_BROWSER_READING = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-7": "cp1253",
    "iso8859-6": "cp1256",
    "iso8859-8": "cp1255",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "iso8859-9": "cp1254",
    "koi8-r": "koi8-u",
    "utf-16": "utf-16-le",
    "unicode": "utf-16-le",
    "utf8mb4": "utf-8",
}
# With the candidates, all that may be believed: no rot13, no zlib, no utf-7 (an attack).
UNICODE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody said about the encoding; *codec* is None for a label nobody knows."""

    kind: ClaimKind
    label: str
    codec: str | None


def claims_of(body: bytes, content_type: str, hint: str) -> tuple[Claim, ...]:
    """Everything that was said about the encoding, the strongest first."""
    found: list[Claim] = []
    for bom, codec in _BOMS:
        if body.startswith(bom):
            found.append(Claim("bom", codec, codec))
            break
    if hint:
        found.append(Claim("hint", hint, codec_of(hint)))
    if header := _HEADER_CHARSET.search(content_type[:500].lower()):
        found.append(Claim("header", header[1], codec_of(header[1])))
    if meta := _meta_charset(body):
        label = (meta[1] or meta[2]).decode("ascii", "replace")
        found.append(Claim("meta", label, codec_of(label)))
    return tuple(found)


def _meta_charset(body: bytes) -> re.Match[bytes] | None:
    """Where the page itself names its encoding; nearly always near the top."""
    head = body[:_FIRST_BYTES].lower()
    found = _META_CHARSET.search(head)
    if found is not None and found.end() < len(head):
        return found
    return _META_CHARSET.search(body[:_HEAD_BYTES].lower())


def codec_of(label: str) -> str | None:
    """Give Python's name of the codec that browsers read *label* with; None for unknown ones."""
    name = label.strip().lower()
    if name in _BROWSER_READING:
        return _BROWSER_READING[name]
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    name = _BROWSER_READING.get(name, name)
    return name if name in _known() else None


@cache
def _known() -> frozenset[str]:
    return frozenset({"hz", *LATIN, *UNICODE, *(candidate.codec for candidate in CANDIDATES)})


def without_bom(body: bytes) -> bytes:
    """Give *body* without its byte order mark, if it has one."""
    return body[next((len(bom) for bom, _ in _BOMS if body.startswith(bom)), 0) :]
