"""The network rows of FAULTS.md: what each fault comes to with our parts, and without them.

One crawl each way over the same kind of hostile site; `PLAIN` is what Scrapy's defaults make of it,
and so what a row comes to when our part for it is switched off.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.network.hostile import PAGE, HostileServer, Site, answer, drip, in_turn, raw, redirect
from tests.network.hostile import reset as torn
from tests.network.running import OURS, Result, crawl

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LONG_PAGE = PAGE.replace(b"A story.", b"A story with many words. " * 400)
ZIPPED = gzip.compress(LONG_PAGE)


@dataclass(frozen=True)
class Fault:
    """A path of the hostile site, its outcome with our parts, and Scrapy's (none is silence)."""

    path: str
    ours: str
    plain: list[str]


FAULTS = {
    "redirect to another port of this machine": Fault("/internal", "address_refused", ["page"]),
    "redirect to it after one retry": Fault("/retry-internal", "address_refused", ["page"]),
    "redirect to it by a disguised address": Fault("/disguised", "address_refused", ["page"]),
    "redirect to a name that resolves to it": Fault("/by-name", "offsite_redirect", ["page"]),
    "redirect over three hops to it": Fault("/hop-1", "address_refused", ["page"]),
    "redirect to another site": Fault("/offsite", "offsite_redirect", ["page"]),
    "redirect to a file": Fault("/to-file", "address_refused", ["http_302"]),
    "redirect to no URL": Fault("/to-nowhere", "address_refused", ["other"]),
    "redirect to itself": Fault("/self", "redirect_loop", []),
    "redirect in a circle": Fault("/circle-a", "redirect_loop", []),
    "redirect without end": Fault("/endless-1", "redirect_loop", ["page"]),
    "gzip cut": Fault("/cut-gzip", "truncated", ["page"]),
    "gzip with garbage inside": Fault("/torn-gzip", "truncated", ["page"]),
    "body without a length cut": Fault("/cut", "truncated", ["page"]),
    "body without a length torn down": Fault("/torn", "truncated", ["page"]),
    "body shorter than its length": Fault("/short", "truncated", ["truncated"]),
    "last chunk missing": Fault("/cut-chunks", "truncated", ["truncated"]),
    "gzip bomb": Fault("/bomb", "too_large", ["page"]),
    "page over the limit": Fault("/big", "too_large", ["page"]),
    "page over the limit without a length": Fault("/long", "too_large", ["page"]),
    "endless body": Fault("/endless", "too_large", ["timeout"]),
    "slow drip": Fault("/drip", "timeout", ["timeout"]),
    "header line over 16 kB": Fault("/header", "header_too_large", ["reset"]),
    "headers without end": Fault("/headers", "header_too_large", ["timeout"]),
    "connection torn down": Fault("/reset", "reset", ["reset"]),
    "answer that is no HTTP": Fault("/garbage", "bad_http", ["bad_http"]),
    "server error": Fault("/500", "http_500", ["http_500"]),
    "missing page": Fault("/404", "http_404", ["http_404"]),
    # What is in order must stay so.
    "page": Fault("/ok", "page", ["page"]),
    "redirect within the site": Fault("/to-ok", "page", []),
    "body without a length, whole": Fault("/closing", "page", ["page"]),
    "fragment without a length": Fault("/fragment", "page", ["page"]),
    "gzip with padding behind it": Fault("/padded", "page", ["page"]),
    "page after one server error": Fault("/once-500", "page", ["page"]),
}


def routes_of(site: Site, internal: Site, other: Site) -> None:
    """Give *site* every fault of the table; what it must not reach is *internal*."""
    site.routes = {
        "/internal": redirect(internal.url("/1")),
        "/retry-internal": in_turn(answer(503), redirect(internal.url("/2"))),
        "/disguised": redirect(internal.url("/3", "0x7f.1")),
        "/by-name": redirect(internal.url("/4", "inside.example")),
        "/hop-1": redirect("/hop-2"),
        "/hop-2": redirect("/hop-3"),
        "/hop-3": redirect(internal.url("/5")),
        "/offsite": redirect(other.url("/6")),
        "/to-file": redirect("file:///etc/hostname"),
        "/to-nowhere": redirect("http://[bad/"),
        "/self": redirect("/self"),
        "/circle-a": redirect("/circle-b"),
        "/circle-b": redirect("/circle-a"),
        **{f"/endless-{n}": redirect(f"/endless-{n + 1}") for n in range(1, 15)},
        "/endless-15": answer(),
        "/cut-gzip": answer(200, ZIPPED[: len(ZIPPED) // 2], Content_Encoding="gzip"),
        "/torn-gzip": answer(200, ZIPPED[:-20] + b"x" * 20, Content_Encoding="gzip"),
        "/cut": raw(HTML + b"\r\n" + PAGE[:60]),
        "/torn": torn(HTML + b"\r\n" + PAGE[:60]),
        "/short": raw(HTML + b"Content-Length: 5000\r\n\r\n" + PAGE),
        "/cut-chunks": raw(
            HTML + b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + PAGE[:16] + b"\r\n"
        ),
        "/bomb": answer(200, gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip"),
        "/big": answer(200, b"x" * 300_000),
        "/sitemap": answer(200, b"x" * 300_000),
        "/long": raw(HTML + b"\r\n" + b"x" * 300_000),
        "/endless": drip(b"x" * 20_000, 0.01, start=HTML + b"\r\n"),
        "/drip": drip(b"x", 0.1, start=HTML + b"\r\n"),
        "/header": raw(HTML + b"X-Long: " + b"a" * 20_000 + b"\r\n\r\n"),
        "/headers": drip(b"X: " + b"a" * 8_000 + b"\r\n", 0.001, start=HTML),
        "/reset": torn(),
        "/garbage": raw(b"garbage\r\n\r\n"),
        "/500": answer(500),
        "/ok": answer(),
        "/to-ok": redirect("/ok"),
        "/closing": raw(HTML + b"\r\n" + PAGE),
        "/fragment": raw(HTML + b"\r\n<p>A story.</p>"),
        "/padded": answer(200, ZIPPED + b"\0" * 8, Content_Encoding="gzip"),
        "/once-500": in_turn(answer(500), answer()),
    }


@dataclass(frozen=True)
class Crawled:
    """One crawl of a hostile site, and what reached the site that nobody named."""

    site: Site
    internal: Site
    result: Result


def crawled(hostile: HostileServer, settings: dict[str, object]) -> Crawled:
    internal = hostile.site({f"/{n}": answer() for n in range(10)})
    other = hostile.site({"/6": answer()})
    site = hostile.site()
    routes_of(site, internal, other)
    urls: list[object] = [site.url(fault.path) for fault in FAULTS.values()]
    urls.append([site.url("/sitemap"), {"download_maxsize": 400_000}])
    named = {"NAMED_HOSTS": [site.url("/"), other.host], "DOWNLOAD_TIMEOUT": 1.2}
    names = {"inside.example": ["127.0.0.1"]}
    return Crawled(site, internal, crawl(urls, {**settings, **named}, names))


@pytest.fixture(scope="module")
def ours(hostile: HostileServer) -> Crawled:
    return crawled(hostile, OURS)


@pytest.fixture(scope="module")
def plain(hostile: HostileServer) -> Crawled:
    return crawled(hostile, {})


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_fault_ends_in_its_one_outcome(fault: Fault, ours: Crawled) -> None:
    assert ours.result.of(ours.site.url(fault.path)).outcome == fault.ours


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_fault_without_our_parts_is_as_scrapy_leaves_it(fault: Fault, plain: Crawled) -> None:
    assert plain.result.words(plain.site.url(fault.path)) == fault.plain


def test_nothing_reaches_a_host_that_nobody_named(ours: Crawled) -> None:
    assert ours.internal.connections == 0


def test_without_our_parts_the_internal_host_is_reached(plain: Crawled) -> None:
    assert {hit.path for hit in plain.internal.hits} >= {"/1", "/2", "/3", "/4", "/5"}


@pytest.mark.parametrize("path", ["/cut", "/cut-gzip", "/short", "/500", "/drip"])
def test_what_may_pass_is_retried_as_often_as_the_settings_say(path: str, ours: Crawled) -> None:
    assert len(ours.site.asked(path)) == 2


@pytest.mark.parametrize("path", ["/big", "/bomb", "/header", "/self", "/404"])
def test_what_will_not_change_is_not_retried(path: str, ours: Crawled) -> None:
    assert len(ours.site.asked(path)) == 1


def test_a_sitemap_may_be_larger_than_a_page_where_its_request_says_so(ours: Crawled) -> None:
    assert ours.result.of(ours.site.url("/sitemap")).outcome == "page"


LITERALS = {
    "loopback": "http://127.0.0.1:{port}/1",
    "another loopback address": "http://127.9.9.9:{port}/1",
    "decimal": "http://2130706433:{port}/1",
    "hexadecimal": "http://0x7f000001:{port}/1",
    "octal": "http://0177.0.0.1:{port}/1",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:{port}/1",
    "IPv6 loopback": "http://[::1]:{port}/1",
    "unspecified": "http://0.0.0.0:{port}/1",
    "localhost": "http://localhost:{port}/1",
    "a name": "http://inside.example:{port}/1",
    "a name with a final dot": "http://inside.example.:{port}/1",
}


@pytest.fixture(scope="module")
def literals(hostile: HostileServer) -> Crawled:
    internal, site = hostile.site({"/1": answer()}), hostile.site({"/1": answer()})
    urls = [url.format(port=internal.port) for url in LITERALS.values()]
    urls.append(f"http://named.example:{site.port}/1")
    names = {n: ["127.0.0.1"] for n in ("inside.example", "inside.example.", "named.example")}
    settings = {**OURS, "NAMED_HOSTS": [f"named.example:{site.port}"]}
    return Crawled(site, internal, crawl(urls, settings, names))


@pytest.mark.parametrize("url", LITERALS.values(), ids=LITERALS.keys())
def test_private_address_is_refused_in_every_spelling(url: str, literals: Crawled) -> None:
    outcomes = literals.result.words(url.format(port=literals.internal.port))
    assert set(outcomes) == {"address_refused"}


def test_no_spelling_opened_a_connection(literals: Crawled) -> None:
    assert literals.internal.connections == 0


def test_named_host_may_have_a_private_address(literals: Crawled) -> None:
    assert literals.result.of(f"http://named.example:{literals.site.port}/1").outcome == "page"


@pytest.mark.parametrize(("settings", "outcome"), [(OURS, "address_refused"), ({}, "page")])
def test_local_file_never_becomes_a_page(
    settings: dict[str, object], outcome: str, tmp_path: Path
) -> None:
    """The second row shows Scrapy's default."""
    secret = tmp_path / "secret.html"
    secret.write_bytes(PAGE)
    assert crawl([secret.as_uri()], settings).of(secret.as_uri()).outcome == outcome
