"""Content codings, undone whole and within a limit, or not at all.

Browsers and Scrapy keep what a cut stream yields; half a story must not pass as a whole one.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 64 * 1024
_GZIP = 31  # zlib's window bits for a gzip wrapper
_RAW = -15  # and for none, which some servers send as "deflate"


class BodyCutError(ValueError):
    """The stream ends, or turns to garbage, before its end mark."""


class BodyTooLargeError(ValueError):
    """The decompressed body is over the limit."""


def decompress(body: bytes, coding: str, limit: int = 0) -> bytes:
    """*body* without its content coding: gzip, x-gzip, deflate, br or zstd (RFC 9110, 8.4.1).

    *limit* is in bytes of the result, 0 for none; memory stays below the limit and a chunk.
    Raises BodyTooLargeError, BodyCutError; ValueError for another coding.
    """
    if not body:
        return b""
    if coding not in _CHUNKS:
        raise ValueError(f"unknown content coding {coding!r}")
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in _CHUNKS[coding](body):
            size += len(chunk)
            if limit and size > limit:
                raise BodyTooLargeError(f"more than {limit} bytes after decompression")
            parts.append(chunk)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise BodyCutError(f"broken {coding} stream: {error}") from error
    return b"".join(parts)


def _gzip(body: bytes) -> Iterator[bytes]:
    yield from _zlib(body, _GZIP)


def _deflate(body: bytes) -> Iterator[bytes]:
    yield from _zlib(body, zlib.MAX_WBITS if _has_zlib_header(body) else _RAW)


def _zlib(body: bytes, window: int) -> Iterator[bytes]:
    """Every member of a gzip file, one stream of deflate; what follows and is none is ignored."""
    while True:
        stream = zlib.decompressobj(window)
        pending = body
        while not stream.eof:
            chunk = stream.decompress(pending, _CHUNK)
            pending = stream.unconsumed_tail
            if not chunk and not pending and not stream.eof:
                raise BodyCutError("the stream ends before its end mark")
            yield chunk
        body = stream.unused_data
        if window != _GZIP or not body.startswith(b"\x1f\x8b"):
            return


def _has_zlib_header(body: bytes) -> bool:
    """RFC 1950: method 8, and the first two bytes are a multiple of 31."""
    return body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _zstd(body: bytes) -> Iterator[bytes]:
    while body:
        stream = zstd.ZstdDecompressor()
        pending = body
        while not stream.eof:
            chunk = stream.decompress(pending, _CHUNK)
            pending = b""
            if not chunk and stream.needs_input:
                raise BodyCutError("the stream ends before its end mark")
            yield chunk
        body = stream.unused_data


def _brotli(body: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    pending = body
    while not stream.is_finished():
        chunk = stream.process(pending, output_buffer_limit=_CHUNK)
        pending = b""
        if not chunk:
            raise BodyCutError("the stream ends before its end mark")
        yield chunk


_CHUNKS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
