"""Another project's spider: it finds pages in its own way and hands them on as they came."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

from scrapy import Request, Spider
from scrapy.http import Response

from crawler.items import Page, PagePart


class StorySpider(Spider):
    """Fetch the addresses of `-a urls=`, one after the other."""

    name = "stories"
    custom_settings = {"CONCURRENT_REQUESTS": 1}  # noqa: RUF012 - Scrapy's own form

    def __init__(self, urls: str) -> None:
        super().__init__()
        self._urls = urls.split(",")

    async def start(self) -> AsyncIterator[Request]:
        for url in self._urls:
            yield Request(url)

    def parse(self, response: Response) -> Iterator[Page]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        yield Page(
            candidate=response.url,
            url=response.url,
            parts=[PagePart(response.url, response.body, content_type)],
            site="my-site",
            date_fetched=datetime.now(UTC).isoformat(timespec="seconds"),
        )
