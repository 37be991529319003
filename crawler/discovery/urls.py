"""One name for one page: the canonical URL, and which URLs belong to one site."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

from crawler.discovery.safe_urls import is_address, is_plain_origin, join, safe_url, without_secrets
from crawler.discovery.tracking import tracking_parameters

if TYPE_CHECKING:
    from tldextract import TLDExtract

__all__ = [
    "canonical_url",
    "is_mobile_edition",
    "join",
    "page_key",
    "registrable_domain",
    "safe_url",
    "same_site",
    "site_name",
    "without_secrets",
]

# Nearly every link: canonical already, unless it is a copy.
_PLAIN = re.compile(
    r"(https?://[a-z0-9_.:\-\[\]]{1,260})"
    r"/(?:[A-Za-z0-9_~\-]+/)*(?:[A-Za-z0-9_~\-]+(?:\.s?html?)?)?"
)
_COPY = re.compile(
    r"(?i)//(?:m|wap|amp|3g|h5|mobile|touch)\.|/(?:amp|m|wap|mobile)(?:/|$)|\.amp\.|/(?:index|default)\."
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION_PART = re.compile(r"(?i);(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*")
_STATIC_INDEX = re.compile(r"(?i)/(?:index|default)\.(?:s?html?|htm)$")
_SCRIPT_INDEX = re.compile(r"(?i)/(?:index|default)\.(?:php|aspx?|jsp|do)$")
_AMP_TAIL = re.compile(r"(?i)(?<=[^/])(?:/amp/?|\.amp)$")
_AMP_LEAF = re.compile(r"(?i)\.amp(?=\.s?html?$)")
# A copy under a folder of its own, where what follows is an article's path.
_COPY_FOLDER = re.compile(r"(?i)^/(?:amp|m|wap|mobile)(?=/.*(?:\d{4}|-[^/]*-[^/]*-))")
_COPY_LABELS = frozenset(["m", "wap", "amp", "3g", "h5", "mobile", "touch"])
_AMP_CACHE = re.compile(r"^/(?:[acivr]/)?(s/)?([^/]+\.[^/]+)(/.*)?$")


def canonical_url(url: str) -> str:
    """The one URL of a page, the same for its tracked, mobile, AMP and session copies.

    RFC 3986, section 6: case, default port, percent-encoding, dot segments. Beyond it: tracking
    parameters and fragment go, query parameters are in order of their names, `index.html` tails
    go, `m.`, `wap.` and `amp` copies take the desktop form. Idempotent. What is not a safe http
    URL comes back stripped, without secrets, and otherwise unchanged.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and is_plain_origin(plain.group(1)) and not _COPY.search(url):
        return url
    text = without_secrets(url).strip()
    safe = safe_url(url) or safe_url(text)
    if safe is None:
        return text
    # Each step only removes, so a second look sees what the first uncovered, and this ends.
    while (once := _canonical_step(safe)) != safe:
        safe = once
    return safe


def page_key(url: str) -> str:
    """The canonical URL without scheme, `www.` and the slash at the end of its path.

    Equal for copies that differ only in these: servers redirect one of them to the other.
    """
    canonical = canonical_url(url)
    path, mark, query = canonical.partition("://")[2].removeprefix("www.").partition("?")
    return f"{path.rstrip('/')}{mark}{query}" or canonical


def same_site(a: str, b: str) -> bool:
    """Whether two URLs are of one site: one registrable domain (bundled public suffix list).

    IP literals, localhost and names without a dot are one site only with the same host and port.
    False where one of them is not a safe http URL.
    """
    first, second = safe_url(a), safe_url(b)
    if first is None or second is None:
        return False
    if urlsplit(first).netloc == urlsplit(second).netloc:
        return True
    return site_key(first) == site_key(second)


def site_key(url: str) -> str | None:
    """What URLs of one site share: the registrable domain, or host and port of an address."""
    safe = safe_url(url)
    if safe is None:
        return None
    netloc = urlsplit(safe).netloc
    host = _host_of(netloc)
    return registrable_domain(host) or netloc


def site_name(url: str) -> str:
    """Host and port (unless default) without `www.`; empty for what is not a safe http URL."""
    safe = safe_url(url)
    return urlsplit(safe).netloc.removeprefix("www.") if safe else ""


@lru_cache(maxsize=4096)  # a crawl asks for the same few hosts at every link
def registrable_domain(host: str) -> str | None:
    """`news.example.co.uk` gives `example.co.uk`; None for addresses and names without a dot.

    An unknown suffix counts as one label, which is the list's own default rule.
    """
    if is_address(host) or "." not in host:
        return None
    found = _suffix_list()(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return host if found.suffix else ".".join(host.split(".")[-2:])


@cache  # the bundled list, read once, never changed; no network and no cache folder
def _suffix_list() -> TLDExtract:
    # It brings an HTTP client, which pages without an address need not wait for.
    from tldextract import TLDExtract  # noqa: PLC0415

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def is_mobile_edition(url: str) -> bool:
    """Whether the host of a safe URL is called like the mobile edition of a site: m., wap."""
    label, _, rest = urlsplit(url).netloc.partition(".")
    return label in _COPY_LABELS and registrable_domain(_host_of(rest)) is not None


def _host_of(netloc: str) -> str:
    if netloc.startswith("["):
        return netloc
    return netloc.partition(":")[0]


def _canonical_step(url: str) -> str:
    parts = urlsplit(without_secrets(url) if "@" in url else url)
    cached = _amp_cache_target(parts)
    if cached is not None:
        return cached
    query = _query(parts.query)
    path = _path(parts.path, query)
    return urlunsplit((parts.scheme, _desktop_host(parts.netloc, path), path, query, ""))


def _path(path: str, query: str) -> str:
    path = _SESSION_PART.sub("", _decoded(path))
    path = _without_dots(path)
    path = _AMP_LEAF.sub("", _AMP_TAIL.sub("", _COPY_FOLDER.sub("", path)))
    path = _STATIC_INDEX.sub("/", path)
    if not query:
        path = _SCRIPT_INDEX.sub("/", path)
    return path or "/"


def _decoded(text: str) -> str:
    """Percent-encoding of RFC 3986, section 6.2.2: upper case, unreserved characters plain."""
    return _ESCAPE.sub(_decode_one, text)


def _decode_one(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in _UNRESERVED else match.group().upper()


def _without_dots(path: str) -> str:
    """Remove `.` and `..` segments (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    if not query:
        return ""
    tracking = tracking_parameters()
    kept: list[tuple[str, str]] = []
    for pair in _decoded(query).split("&"):
        name, _, value = pair.partition("=")
        if pair and not tracking.matches(name, value):
            kept.append((name, pair))
    kept.sort(key=lambda item: item[0])
    return "&".join(pair for _, pair in kept)


def _desktop_host(netloc: str, path: str) -> str:
    """`m.example.com` and its like name the same article as the desktop host.

    A homepage keeps its host: that of a mobile edition is another page. The rest must still be a
    registrable domain or below it; `www.` is put before a bare one.
    """
    label, _, rest = netloc.partition(".")
    if label not in _COPY_LABELS or path == "/":
        return netloc
    host = _host_of(rest)
    domain = registrable_domain(host)
    if domain is None or _suffix_list()(host).domain == "":
        return netloc
    return f"www.{rest}" if host == domain else rest


def _amp_cache_target(parts: SplitResult) -> str | None:
    """The publisher's URL behind an AMP cache (`/amp/s/host/path`, `/c/s/host/path`)."""
    if parts.netloc.endswith(".cdn.ampproject.org"):
        path = parts.path
    elif parts.netloc in ("google.com", "www.google.com") and parts.path.startswith("/amp/"):
        path = parts.path.removeprefix("/amp")
    else:
        return None
    match = _AMP_CACHE.match(path)
    if match is None:
        return None
    secure, host, rest = match.groups()
    query = f"?{parts.query}" if parts.query else ""
    return safe_url(f"{'https' if secure else 'http'}://{host}{rest or '/'}{query}")
