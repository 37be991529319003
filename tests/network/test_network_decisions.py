"""The pure decisions behind the middlewares: codings, waits, robots rules, reasons."""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.http import Response
from twisted.internet import error as net_errors
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.network.decompression import BodyCutError, BodyTooLargeError, decompress
from crawler.network.exceptions import AddressRefused, RobotsUnreachable
from crawler.network.failures import failure_reason
from crawler.network.markup_end import looks_cut
from crawler.network.politeness import (
    backoff_seconds,
    host_key,
    retry_after_seconds,
    slot_delay,
    slots_of_sites,
)
from crawler.network.robots_rules import Rules, product_token, robots_url, rules_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = "".join(f"第{n}条新闻。" for n in range(3000)).encode()


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


CODED = {
    "gzip": ("gzip", gzip.compress(BODY)),
    "x-gzip": ("x-gzip", gzip.compress(BODY)),
    "gzip in two members": ("gzip", gzip.compress(BODY[:999]) + gzip.compress(BODY[999:])),
    "deflate": ("deflate", zlib.compress(BODY)),
    "deflate without a header": ("deflate", raw_deflate(BODY)),
    "br": ("br", brotli.compress(BODY)),
    "zstd": ("zstd", zstd.compress(BODY)),
}


@pytest.mark.parametrize(("coding", "coded"), CODED.values(), ids=CODED.keys())
def test_whole_body_comes_out_as_it_went_in(coding: str, coded: bytes) -> None:
    assert decompress(coded, coding, len(BODY)) == BODY


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
@pytest.mark.parametrize(("coding", "coded"), CODED.values(), ids=CODED.keys())
def test_cut_body_is_told_from_a_whole_one(coding: str, coded: bytes, share: float) -> None:
    cut = coded[: int(len(coded) * share)]
    with pytest.raises(BodyCutError):
        decompress(cut, coding)


@pytest.mark.parametrize(("coding", "coded"), CODED.values(), ids=CODED.keys())
def test_body_over_the_limit_is_refused(coding: str, coded: bytes) -> None:
    with pytest.raises(BodyTooLargeError):
        decompress(coded, coding, len(BODY) - 1)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@given(body=st.binary(max_size=300))
def test_any_bytes_are_a_body_or_a_cut_one(coding: str, body: bytes) -> None:
    with suppress(BodyCutError, BodyTooLargeError):
        assert isinstance(decompress(body, coding, 100_000), bytes)


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        (b"<html><body><p>all</p></body></html>", False),
        (b"<HTML><BODY><P>all</P></BODY>", False),
        (b"<html><body><p>al", True),
        (b"<body class=x>al", True),
        (b"<html lang=zh>\n<head><title>t", True),
        (b"<p>a fragment</p>", False),
        (b"", False),
        (b'{"html": "json"}', False),
    ],
)
def test_markup_looks_cut(markup: bytes, cut: bool) -> None:
    assert looks_cut(markup) is cut


NOW = datetime(2026, 8, 31, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 999_999_999.0),
        ("Mon, 31 Aug 2026 08:00:30 GMT", 30.0),
        ("Mon, 31 Aug 2026 07:00:00 GMT", 0.0),
        ("Mon, 31 Aug 2026 16:00:30 +0800", 30.0),
        ("Monday, 31-Aug-26 08:00:30 GMT", 30.0),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.text(max_size=60))
def test_retry_after_survives_any_header(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("failures", "low", "high"), [(0, 0, 0), (1, 0.5, 1), (2, 1, 2), (3, 2, 4), (9, 5, 10)]
)
def test_backoff_doubles_up_to_its_cap(failures: int, low: float, high: float) -> None:
    assert backoff_seconds(failures, 1.0, 10.0, 0.0) == low
    assert backoff_seconds(failures, 1.0, 10.0, 1.0) == high


@pytest.mark.parametrize(
    ("current", "asked", "expected"),
    [(1.0, None, 1.0), (1.0, 5.0, 5.0), (1.0, 600.0, 30.0), (2.0, 1.0, 2.0), (0.0, -1.0, 0.0)],
)
def test_crawl_delay_only_slows_down(current: float, asked: float | None, expected: float) -> None:
    assert slot_delay(current, asked, 30.0) == expected


def test_crawl_delay_that_is_no_number_is_ignored() -> None:
    assert slot_delay(1.0, float("nan"), 30.0) == 1.0


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://News.Example/a", "news.example"),
        ("https://news.example:443/a", "news.example"),
        ("https://news.example:80/a", "news.example:80"),
        ("http://127.0.0.1:8701/", "127.0.0.1:8701"),
        ("http://[::1]:8701/", "[::1]:8701"),
        ("http://[bad/", ""),
    ],
)
def test_host_key(url: str, key: str) -> None:
    assert host_key(url) == key


@pytest.mark.parametrize(
    ("delay_given", "concurrency_given", "slots"),
    [
        (
            False,
            False,
            {"a.example": {"delay": 3.0, "concurrency": 1}, "b.example": {"delay": 2.0}},
        ),
        (True, False, {"a.example": {"concurrency": 1}}),
        (False, True, {"a.example": {"delay": 3.0}, "b.example": {"delay": 2.0}}),
        (True, True, {}),
    ],
)
def test_what_the_operator_gave_wins_over_site_lists(
    delay_given: bool, concurrency_given: bool, slots: dict[str, object]
) -> None:
    sites = [
        ("http://a.example/", 3, 1),
        ("http://b.example/", 2, None),
        ("http://c.example/", None, None),
    ]
    assert slots_of_sites(sites, delay_given, concurrency_given) == slots


ROBOTS = b"""\xef\xbb\xbfUser-agent: *
Disallow: /private
Crawl-delay: 7

User-agent: firstprint
Allow: /private/news
Disallow: /private
Crawl-delay: 2.5

Sitemap: https://news.example/sitemap.xml
Sitemap: /second.xml
"""


def test_rules_are_those_of_our_own_group() -> None:
    rules = rules_of(200, ROBOTS, "firstprint", 10_000, "https://news.example/robots.txt")
    assert rules.allows("https://news.example/private/news/1")
    assert not rules.allows("https://news.example/private/1")
    assert rules.crawl_delay == 2.5
    assert rules.sitemaps == [
        "https://news.example/sitemap.xml",
        "https://news.example/second.xml",
    ]


@pytest.mark.parametrize(
    ("status", "open_"),
    [
        *[(200, False), (500, False), (503, False), (599, False)],
        *[(204, True), (301, True), (401, True), (404, True), (410, True), (429, True)],
    ],
)
def test_status_of_robots_decides(status: int, open_: bool) -> None:
    body = b"" if status == 204 else b"User-agent: *\nDisallow: /"
    rules = rules_of(status, body, "firstprint", 10_000)
    assert (rules.unreachable is None and rules.allows("http://a.example/1")) is open_


def test_rule_cut_by_the_limit_does_not_count() -> None:
    rules = rules_of(200, b"User-agent: *\nDisallow: /a\nDisallow: /bcd", "firstprint", 38)
    assert not rules.allows("http://x.example/a1")
    assert rules.allows("http://x.example/b1")


@given(st.binary(max_size=300))
def test_any_bytes_are_rules(body: bytes) -> None:
    assert isinstance(rules_of(200, body, "firstprint", 200), Rules)


def test_robots_url_and_product_token() -> None:
    assert robots_url("https://u:p@news.example:8443/a?b") == "https://news.example:8443/robots.txt"
    assert product_token("firstprint/0.1 (news archive)") == "firstprint"


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def failure(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]


def failed_by(error: Exception) -> Exception:
    return ResponseFailed([failure(error)])  # type: ignore[no-untyped-call]


unreachable: Exception = net_errors.NoRouteError()  # type: ignore[no-untyped-call]
tls = SSL.Error([("SSL routines", "", "wrong version number")])
REASONS = [
    (Response("http://a.example/", status=404), "http_404"),
    (failure(scrapy_errors.DownloadTimeoutError("x")), "timeout"),
    (net_errors.DNSLookupError("x"), "dns"),
    (scrapy_errors.DownloadConnectionRefusedError("x"), "refused"),
    (scrapy_errors.ResponseDataLossError(), "truncated"),
    (scrapy_errors.DownloadCancelledError(), "too_large"),
    (unreachable, "unreachable"),
    (chained(scrapy_errors.DownloadFailedError("x"), failed_by(tls)), "tls"),
    (net_errors.ConnectionLost(), "reset"),
    (AddressRefused("x"), "address_refused"),
    (chained(RobotsUnreachable("x"), scrapy_errors.CannotResolveHostError("x")), "dns"),
    (
        chained(RobotsUnreachable("x"), scrapy_errors.DownloadTimeoutError("x")),
        "robots_unreachable",
    ),
    (RobotsUnreachable("x"), "robots_unreachable"),
    (KeyError("x"), "other"),
]


@pytest.mark.parametrize(("outcome", "reason"), REASONS, ids=[repr(o) for o, _ in REASONS])
def test_failure_has_one_word(outcome: Failure | Exception | Response, reason: str) -> None:
    word, detail = failure_reason(outcome)
    assert word == reason
    assert detail


def test_detail_is_one_short_line_without_passwords() -> None:
    error = ValueError("Getting\nhttp://me:secret@a.example/ failed " + "x" * 500)
    _, detail = failure_reason(error)
    assert "secret" not in detail
    assert "\n" not in detail
    assert len(detail) <= 200
