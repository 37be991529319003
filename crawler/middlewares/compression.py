"""Undo content codings within the size limit, and mark bodies whose end is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from crawler.network.decompression import BodyCutError, BodyTooLargeError, decompress
from crawler.network.exceptions import BodyTooLarge

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class StrictCompressionMiddleware(HttpCompressionMiddleware):
    """Flag a cut or broken stream `dataloss`, as Scrapy flags a body shorter than its length.

    Scrapy keeps what a cut gzip stream yields and delivers it as a page. The limit after
    decompression is the request's `download_maxsize`, else DOWNLOAD_MAXSIZE; beyond it
    `BodyTooLarge` is raised.
    """

    def process_response(  # type: ignore[override]  # without Scrapy's deprecated argument
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except BodyTooLargeError as error:
            raise BodyTooLarge(str(error)) from error
        except BodyCutError:
            return response.replace(flags=[*response.flags, "dataloss"])

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        return decompress(body, encoding.decode("ascii"), max_size)
