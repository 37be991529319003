"""Name what went wrong with a request: one word for the record, and one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from twisted.internet import error as net_errors
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed
from twisted.web.http import _MalformedChunkedDataError

from crawler.discovery.urls import without_secrets
from crawler.network import exceptions as our_errors

_MAX_DETAIL = 200

# For errors that come without a message.
_PLAIN_DETAIL = {
    "truncated": "the body ends before its length",
    "too_large": "the body is over its size limit",
}

# The first class that fits names the failure, so the narrow ones stand before the wide ones.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (our_errors.AddressRefused, "address_refused"),
    (our_errors.OffsiteRedirect, "offsite_redirect"),
    (our_errors.RedirectLoop, "redirect_loop"),
    (our_errors.RobotsDisallowed, "robots"),
    (our_errors.BodyTooLarge, "too_large"),
    (our_errors.HeaderTooLarge, "header_too_large"),
    (our_errors.RenderingFailed, "rendering"),
    (our_errors.CrawlStopping, "stopped"),
    (scrapy_errors.CannotResolveHostError, "dns"),
    (net_errors.DNSLookupError, "dns"),
    (scrapy_errors.DownloadConnectionRefusedError, "refused"),
    (net_errors.ConnectionRefusedError, "refused"),
    (SSL.Error, "tls"),
    (VerificationError, "tls"),
    # A host that cannot be reached at all says nothing about robots.txt; one that fails on it does.
    (our_errors.RobotsUnreachable, "robots_unreachable"),
    (scrapy_errors.ResponseDataLossError, "truncated"),
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (net_errors.TimeoutError, "timeout"),
    (ParseError, "bad_http"),
    (_MalformedChunkedDataError, "bad_http"),
    # Scrapy cancels a download for one reason only: DOWNLOAD_MAXSIZE.
    (scrapy_errors.DownloadCancelledError, "too_large"),
    (net_errors.ConnectionDone, "reset"),
    (net_errors.ConnectionLost, "reset"),
    (net_errors.ConnectError, "unreachable"),
    (TunnelError, "proxy"),
    (scrapy_errors.NotSupported, "address_refused"),
    (scrapy_errors.UnsupportedURLSchemeError, "address_refused"),
)


def failure_reason(outcome: Failure | BaseException | Response) -> tuple[str, str]:
    """The reason (one word of `docs/outcomes.md`) and a detail for what a request came to.

    *outcome* is what an errback is given, its exception, or a response with an HTTP error. The
    detail is one line of at most 200 characters without user names and passwords.
    """
    if isinstance(outcome, Response):
        return f"http_{outcome.status}", f"the server answered {outcome.status}"
    error = _error_of(outcome)
    if isinstance(error, HttpError):
        return failure_reason(error.response)
    causes = list(_causes(error))
    for kind, reason in _REASONS:
        found = next((cause for cause in causes if isinstance(cause, kind)), None)
        if found is not None:
            return reason, _detail(found, _PLAIN_DETAIL.get(reason))
    return "other", _detail(error)


def _error_of(outcome: Failure | BaseException) -> BaseException:
    if isinstance(outcome, Failure):
        return outcome.value or RuntimeError("a failure without an exception")
    return outcome


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what Twisted collected under it, and what it was raised from."""
    while error is not None:
        yield error
        if isinstance(error, ResponseFailed):
            yield from (reason.value for reason in error.reasons)
        error = error.__cause__


def _detail(error: BaseException, plain: str | None = None) -> str:
    text = " ".join(without_secrets(str(error)).split())
    return (text or plain or type(error).__name__)[:_MAX_DETAIL]


# What may be gone an hour later; a page that is missing or forbidden is not asked again.
_PASSING = frozenset(
    (
        "bad_http",
        "dns",
        "other",
        "part_missing",
        "proxy",
        "refused",
        "rendering",
        "reset",
        "robots_unreachable",
        "timeout",
        "tls",
        "truncated",
        "unreachable",
    )
)


def is_passing(reason: str) -> bool:
    """Whether a later run should try again what failed for *reason*."""
    return reason in _PASSING or reason in ("http_408", "http_429") or reason.startswith("http_5")
