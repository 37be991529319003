"""Ask again for a body that arrived without its end, then give it up: half a story is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import HtmlResponse

from crawler.network.markup_end import looks_cut

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class TruncationMiddleware:
    """Retry responses flagged `dataloss`, and pages without a length whose markup is cut off.

    Bodies shorter than their Content-Length and cut chunks are Scrapy's own
    `ResponseDataLossError`. A body that ends with its connection (flag `partial`) is legitimate;
    of these only HTML that opens its document and never closes it counts as cut. RETRY_ENABLED and
    RETRY_TIMES hold here too; the last attempt raises `ResponseDataLossError`.
    """

    def __init__(self, crawler: Crawler, retry: bool):
        self._crawler = crawler
        self._retry = retry

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings.getbool("RETRY_ENABLED"))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if not _is_cut(response):
            return response
        self._crawler.stats.inc_value("truncation/responses")
        spider = self._crawler.spider
        if self._retry and spider and not request.meta.get("dont_retry"):
            again = get_retry_request(request, spider=spider, reason="truncated")
            if again:
                return again
        raise ResponseDataLossError(f"the body ends early, after {len(response.body)} bytes")


def _is_cut(response: Response) -> bool:
    if "dataloss" in response.flags:
        return True
    return (
        "partial" in response.flags
        and isinstance(response, HtmlResponse)
        and looks_cut(response.body)
    )
