"""The text of an HTML page that is read for its links only."""

from __future__ import annotations

import re

_META = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9._\-]{2,30})", re.I)


def decode_html(body: bytes | str) -> str:
    """The page as text: UTF-8 if the bytes are, else what its meta tag claims, else GB 18030.

    For link texts only, so the header is not asked; never raises.
    """
    if isinstance(body, str):
        return body
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[2:].decode(encoding, "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3:
            return body.decode("utf-8-sig", "ignore")
    declared = _META.search(body, 0, 4_096)
    name = declared.group(1).decode("ascii").lower() if declared else ""
    claims = [name] if name and not name.startswith(("utf", "gb")) else []
    for encoding in [*claims, "gb18030"]:
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    # Damaged bytes: addresses are ASCII in every encoding that is left.
    return body.decode("gb18030" if name.startswith("gb") else "utf-8", "replace")


def in_encoding(body: bytes, encoding: str) -> bytes | str:
    """A page in the encoding of its site list; without one the page has to say."""
    return body.decode(encoding, "replace") if encoding else body
