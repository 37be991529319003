"""Why a request ended without a response that counts.

All but one are `IgnoreRequest`: Scrapy then neither retries nor logs them as errors, and hands
them to the request's errback, where `crawler.network.failures.failure_reason` names them.
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class AddressRefused(IgnoreRequest):
    """The scheme, port, host or resolved address is not one that we may ask."""


class OffsiteRedirect(IgnoreRequest):
    """A redirect leads to another site than that of the request."""


class RedirectLoop(IgnoreRequest):
    """A redirect leads back to where it came from, or the chain is too long."""


class FetchedElsewhere(IgnoreRequest):
    """The page has given an article under another address; the message is where it stands."""


class RobotsDisallowed(IgnoreRequest):
    """The host's robots.txt forbids this URL."""


class RobotsUnreachable(IgnoreRequest):
    """The host's robots.txt could not be read, so nothing may be asked for now (RFC 9309)."""


class BodyTooLarge(IgnoreRequest):
    """The body is over its limit after decompression."""


class HeaderTooLarge(IgnoreRequest):
    """A header line, or all of them together, is over its limit."""


class RenderingFailed(IgnoreRequest):
    """The browser could not render the page."""


class CrawlStopping(IgnoreRequest):
    """The crawl is closing and the request was still waiting its turn; it is not done."""
