"""Keep the raw pages of a crawl."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.discovery.urls import without_secrets

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# The body is stored as it was decoded, so these would no longer be true of it.
_NOT_KEPT = frozenset(("content-encoding", "content-length", "transfer-encoding"))


class WarcArchive:
    """Append every response to the WARC file of `-a warc=`; with `.gz`, each record compressed.

    A crawl that is killed leaves whole records and at most one torn one at the end, which readers
    skip. `scrapy crawl archive` reads the file back.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = path.open("ab")
        self._writer = WARCWriter(self._file, gzip=path.suffix == ".gz")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        arguments: Any = getattr(crawler.spider, "arguments", None)
        path = getattr(arguments, "warc", None)
        if path is None:
            raise NotConfigured
        extension = cls(path)
        crawler.signals.connect(extension.response_received, signals.response_received)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def response_received(self, response: Response) -> None:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
            if name.decode("latin-1").lower() not in _NOT_KEPT
        ]
        status = StatusAndHeaders(str(response.status), headers, protocol="HTTP/1.1")
        with BytesIO(response.body) as payload:
            record = self._writer.create_warc_record(
                without_secrets(response.url), "response", payload=payload, http_headers=status
            )
            self._writer.write_record(record)
        self._file.flush()

    def spider_closed(self) -> None:
        self._file.close()
