"""Documents that are no page at all: PDF, pictures, archives, JSON served as HTML."""

from __future__ import annotations

import json
import re

_SIGNATURES = (
    b"%PDF-",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",  # zip, and the office formats in it
    b"PK\x05\x06",
    b"Rar!\x1a",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",  # gzip that nobody unpacked
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",  # zstd
    b"\xd0\xcf\x11\xe0\xa1\xb1",  # old office formats
    b"{\\rtf",
    b"\x7fELF",
    b"MZ\x90",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"wOFF",
    b"wOF2",
    b"\x00\x00\x01\x00",  # icon
    b"II*\x00",
    b"MM\x00*",
)
# The kind stands a few bytes in: RIFF (WebP, WAV, AVI) and the MP4 family.
_LATER = re.compile(rb"RIFF....(?:WEBP|WAVE|AVI )|....ftyp", re.DOTALL)
_JSON_OBJECT = re.compile(rb"\A\s*\{\s*(?:\"[^\"\r\n]{0,200}\"\s*:|\}\s*$)")
_JSON_ARRAY = re.compile(rb"\A\s*\[\s*[\[{\"\]\d\-tfn]")
# Controls that no text of any encoding holds; escape (ISO 2022) and NUL (UTF-16) are not here.
_CONTROLS = bytes([*range(1, 8), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_HEAD_BYTES = 2_048


def looks_binary(body: bytes) -> str | None:
    """Name what *body* is when it is no page and no text: `binary` or `json`; None for text.

    Linear; only a body that begins like a JSON array is parsed as a whole. Never raises.
    """
    start = body[:16].lstrip(b"\xef\xbb\xbf")
    if start.startswith(_SIGNATURES) or _LATER.match(start):
        return "binary"
    head = body[:_HEAD_BYTES]
    # Real text has none; a page with a few stray ones is still a page.
    if len(head) - len(head.translate(None, _CONTROLS)) > max(8, len(head) // 20):
        return "binary"
    return "json" if _is_json(body.removeprefix(b"\xef\xbb\xbf")) else None


def _is_json(body: bytes) -> bool:
    if _JSON_OBJECT.match(body):
        return True
    if not _JSON_ARRAY.match(body) or not body.rstrip().endswith(b"]"):
        return False
    try:
        json.loads(body)
    except ValueError:
        return False
    except RecursionError:
        return True
    return True
