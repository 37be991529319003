"""Scrapy's HTTP/1.1 client with a limit for headers.

Twisted drops a connection over a header line of 16 kB without a word of the cause, and reads any
number of shorter ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)

from crawler.network.exceptions import HeaderTooLarge

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request
    from twisted.web.iweb import IResponse

MAX_HEADER_BYTES = 256 * 1024  # all lines of one response; browsers stop there too


class BoundedParser(_LenientHTTPClientParser):
    """End the response with `HeaderTooLarge` where a header line or all together are too long."""

    header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  (Twisted's interface)
        self.header_bytes += len(line)
        if self.header_bytes > MAX_HEADER_BYTES:
            raise HeaderTooLarge(f"headers of more than {MAX_HEADER_BYTES} bytes")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802, ARG002
        raise HeaderTooLarge(f"a header line of more than {self.MAX_LENGTH} bytes")


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Request) -> Deferred[IResponse]:
        answer = super().request(request)
        # Scrapy replaces the parser's class the same way; Twisted offers no other place.
        if self._parser is not None:
            self._parser.__class__ = BoundedParser
        return answer


class BoundedClientFactory(_LenientHTTP11ClientFactory):
    """Build clients whose parser is a `BoundedParser`; set as the connection pool's factory."""

    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:  # noqa: N802, ARG002
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
