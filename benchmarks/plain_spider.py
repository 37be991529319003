"""The floor of `crawl.py`: every page is requested, links are parsed on list pages only."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor

SETTINGS = {
    "ROBOTSTXT_OBEY": False,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
}


class PlainSpider(Spider):
    """Follow every link of the lists at *url*; addresses of lists end with `/` or `index…`."""

    name = "plain"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._links = LinkExtractor()
        self.pages = 0

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self._url, callback=self.parse_list)

    def parse_list(self, response: Response) -> Iterator[Request]:
        if not isinstance(response, TextResponse):
            return
        for link in self._links.extract_links(response):
            if not link.url.startswith(self._url):
                continue
            leaf = link.url.partition("?")[0].rpartition("/")[2]
            if not leaf or leaf.startswith("index"):
                yield Request(link.url, callback=self.parse_list)
            else:
                yield Request(link.url, callback=self.parse_page)

    def parse_page(self, response: Response) -> None:
        self.pages += bool(response.body)


def main() -> None:
    """Crawl the address on the command line and print how many pages came."""
    process = AsyncCrawlerProcess(SETTINGS)
    crawler = process.create_crawler(PlainSpider)
    process.crawl(crawler, url=sys.argv[1])
    process.start()
    print(crawler.spider.pages if isinstance(crawler.spider, PlainSpider) else 0)


if __name__ == "__main__":
    main()
