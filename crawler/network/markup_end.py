"""Whether an HTML document that came without a length arrived whole."""

from __future__ import annotations

import re

_OPENED = re.compile(rb"<(?:html|body)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_HEAD = 64 * 1024  # where a document opens, behind comments and long inline scripts


def looks_cut(body: bytes) -> bool:
    """Whether the document opens `html` or `body` and closes neither.

    Both end tags may be left out, but who leaves them out as a rule leaves the start tags out too.
    UTF-16 is not looked into, and counts as whole.
    """
    return bool(_OPENED.search(body, 0, _HEAD)) and not _CLOSED.search(body)
