"""When two fetches of an article are the same text."""

from __future__ import annotations

from hashlib import blake2b


def text_digest(headline: str, body: str) -> bytes:
    """16 bytes that are equal exactly for equal headline and body."""
    text = f"{headline}\n{body}"
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


UNKNOWN = b""
"""The digest of a text that is written and of which no digest is known."""
LOST = b"lost"
"""The digest of a text whose line is lost: any text of the article is new."""
