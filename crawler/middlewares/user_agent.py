"""Say who asks, and how to reach the operator."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.utils.httpobj import urlparse_cached

from crawler.network.addresses import is_loopback

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class ContactMiddleware:
    """Send *user_agent* with the operator's *contact*; warn once when there is none to send.

    USER_AGENT and CONTACT. A crawl that stays on loopback needs no contact, and none is invented.
    """

    def __init__(self, user_agent: str, contact: str):
        self.user_agent = user_agent_with(user_agent, contact)
        self._warned = bool(contact)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(str(settings["USER_AGENT"]), settings.get("CONTACT") or "")

    def process_request(self, request: Request) -> None:
        request.headers.setdefault(b"User-Agent", self.user_agent)
        if not self._warned and not is_loopback(urlparse_cached(request).hostname or ""):
            self._warned = True
            logger.warning(
                "No CONTACT is set: operators of the sites cannot reach you."
                " Set it to a mail address or a page about your crawl."
            )


def user_agent_with(user_agent: str, contact: str) -> str:
    """The User-Agent header: *contact* in a comment behind it, where it is not in it already.

    Raises ValueError where the two do not make one line of ASCII.
    """
    text = user_agent if not contact or contact in user_agent else f"{user_agent} (+{contact})"
    if not (text.isascii() and text.isprintable()):
        raise ValueError("USER_AGENT and CONTACT must be one line of ASCII")
    return text
