"""Unpacks a sitemap and cuts it into entries, a piece at a time, however long or broken it is."""

from __future__ import annotations

import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.discovery.feed_text import claimed_encoding

MAX_UNPACKED = 50 * 1024 * 1024  # bytes; the limit of sitemaps.org
MAX_ENTRY = 200_000  # characters of one entry; a gallery of 1,000 pictures has about 150,000
PIECE = 64 * 1024

_ENTRY_END = re.compile(r"</(?:[\w.\-]{1,40}:)?(?:url|sitemap)\s{0,20}>", re.IGNORECASE)


@dataclass(slots=True)
class Unpacked:
    """The bytes of a sitemap in pieces; *problem* says why they end early."""

    body: bytes
    limit: int = MAX_UNPACKED
    problem: str = ""

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes; gzip inside gzip is not followed."""
        source = self._gunzip() if self.body.startswith(b"\x1f\x8b") else self._plain()
        total = 0
        for piece in source:
            total += len(piece)
            if total > self.limit:
                yield piece[: len(piece) - (total - self.limit)]
                self.problem = f"larger than {self.limit} bytes"
                return
            yield piece

    def _plain(self) -> Iterator[bytes]:
        for start in range(0, len(self.body), PIECE):
            yield self.body[start : start + PIECE]

    def _gunzip(self) -> Iterator[bytes]:
        rest = self.body
        while rest.startswith(b"\x1f\x8b"):  # members may follow one another (RFC 1952)
            unpacker = zlib.decompressobj(wbits=31)
            try:
                while rest and not unpacker.eof:
                    yield unpacker.decompress(rest, PIECE)
                    rest = unpacker.unconsumed_tail
            except zlib.error as error:
                self.problem = f"damaged gzip ({error})"
                return
            if not unpacker.eof:
                self.problem = "the gzip stream ends early"
                return
            rest = unpacker.unused_data


@dataclass(slots=True)
class Blocks:
    """Cuts text at the ends of entries; *head* is the document's beginning, *tail* its rest."""

    unpacked: Unpacked
    content_type: str = ""
    head: str = ""
    tail: str = ""
    too_long: int = 0
    _in_comment: bool = field(default=False, init=False)

    def texts(self) -> Iterator[str]:
        """The decoded text in pieces."""
        decoder = None
        for piece in self.unpacked.pieces():
            if decoder is None:
                encoding = claimed_encoding(piece, self.content_type)
                decoder = getincrementaldecoder(encoding)("replace")
                text = decoder.decode(piece).lstrip("\ufeff")
                self.head = text[:2_000]
            else:
                text = decoder.decode(piece)
            if text:
                yield text

    def entries(self) -> Iterator[str]:
        """The text up to and with each `</url>` or `</sitemap>`, comments removed."""
        buffer = ""
        for text in self.texts():
            buffer += text
            start = 0
            for end in _ENTRY_END.finditer(buffer):
                if end.end() - start <= MAX_ENTRY:
                    yield self._without_comments(buffer[start : end.end()])
                else:
                    self.too_long += 1
                start = end.end()
            buffer = buffer[start:]
            if len(buffer) > MAX_ENTRY:  # no end in sight: keep what an end tag may need
                self.too_long += 1
                buffer = buffer[-100:]
        self.tail = self._without_comments(buffer)

    def _without_comments(self, text: str) -> str:
        kept: list[str] = []
        position = 0
        while position < len(text):
            if self._in_comment:
                end = text.find("-->", position)
                if end < 0:
                    break
                position, self._in_comment = end + 3, False
            else:
                start = text.find("<!--", position)
                kept.append(text[position : start if start >= 0 else len(text)])
                position = start + 4 if start >= 0 else len(text)
                self._in_comment = start >= 0
        return "".join(kept)
