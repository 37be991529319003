"""URLs that may be asked for at all: http and https, a sound host and port, no password."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

import idna

MAX_URL_LENGTH = 4_000  # browsers and servers stop between 2,000 and 8,000 characters
DEFAULT_PORTS = {"http": 80, "https": 443}

_STRIPPED = "".join(map(chr, range(33)))  # what a browser strips at both ends
_LINE_BREAKS = str.maketrans("", "", "\t\r\n")
# Not the slashes inside a path: `//@name` is a folder there.
_USERINFO = re.compile(r"(?<![^:\s\"'(<=])//[^\s/?#]*@")
# A password with a slash in it ends the authority too early: then the port is no number.
_TORN_USERINFO = re.compile(r"(?<=:)//[^\s/?#:@\[\]]{1,64}:(?!\d{0,5}(?:[/?#\s]|$))\S{0,200}@")
_SECRET_VALUE = re.compile(r"(?i)([?&;](?:password|passwd|pwd)=)[^&#\s]*")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_BEHIND_LITERAL = re.compile(r"(?::\d*)?")
_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*")
_PERCENT_OR_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[^!$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
# Nearly every link: already in the form that `safe_url` would give it, if its origin is.
_PLAIN = re.compile(
    r"(https?://[a-z0-9_.:\-\[\]]{1,260})"
    r"/[!$&'()*+,\-./0-9:;=@A-Z_a-z~]*(?:\?[!$&'()*+,\-./0-9:;=?@A-Z_a-z~]+)?"
)
_ORIGINS = 1024  # remembered; a page's links lead to few


def without_secrets(text: str) -> str:
    """Any text or URL of any scheme without the user names and passwords of URLs in it."""
    text = _USERINFO.sub("//", text)
    text = _TORN_USERINFO.sub("//", text)
    return _SECRET_VALUE.sub(r"\1", text)


def safe_url(url: str) -> str | None:
    """The URL as it may be requested, or None where it must not be; never an exception.

    Only http and https, at most 4,000 characters. User information and fragment are dropped, the
    host is lower case and ASCII (UTS 46), odd characters are percent-encoded as UTF-8; path and
    query are otherwise unchanged. None: other schemes, bad IPv6, port 99999, hosts such as
    `2130706433` that hide an address (WHATWG URL, section 3.5; RFC 3986).
    """
    if _is_plain(url):
        return url
    parts = _split(url)
    if parts is None or parts.scheme not in DEFAULT_PORTS:
        return None
    authority = _authority(parts)
    if authority is None:
        return None
    path, query = _encoded(parts.path), _encoded(parts.query)
    safe = urlunsplit((parts.scheme, authority, path or "/", query, ""))
    return safe if len(safe) <= MAX_URL_LENGTH else None


def join(base: str, href: str) -> str | None:
    """The safe URL that *href* means on the page *base*; None for `#top`, empty and unsafe ones."""
    href = href.strip(_STRIPPED).translate(_LINE_BREAKS)
    if not href or href.startswith("#") or len(href) > MAX_URL_LENGTH:
        return None
    if _is_plain(href):
        return href
    if href[0] == "/" and href[1:2] != "/" and "/." not in href:
        origin = _PLAIN.match(base)
        if origin is not None and _is_plain(found := origin.group(1) + href):
            return found
    try:
        return safe_url(urljoin(base, _slashes(href)))
    except ValueError:
        return None


def is_address(host: str) -> bool:
    """Whether a host (without port) is an IP literal or a name of this very machine."""
    if host.startswith("[") or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def _is_plain(url: str) -> bool:
    match = _PLAIN.fullmatch(url)
    return match is not None and len(url) <= MAX_URL_LENGTH and is_plain_origin(match.group(1))


@lru_cache(_ORIGINS)
def is_plain_origin(origin: str) -> bool:
    """Whether scheme, host and port are in the form that `safe_url` gives them."""
    parts = _split(origin)
    return parts is not None and _authority(parts) == origin.partition("://")[2]


def _split(url: str) -> SplitResult | None:
    url = url.strip(_STRIPPED).translate(_LINE_BREAKS)
    if len(url) > MAX_URL_LENGTH:
        return None
    try:
        return urlsplit(_slashes(url))
    except ValueError:
        return None


def _slashes(url: str) -> str:
    """Browsers read `http:\\\\host\\path` as slashes, before the query."""
    if "\\" not in url:
        return url
    head, mark, query = url.partition("?")
    return head.replace("\\", "/") + mark + query


def _authority(parts: SplitResult) -> str | None:
    try:
        port = parts.port
    except ValueError:
        return None
    host = _host(parts.netloc.rpartition("@")[2], parts.hostname or "")
    if host is None or port == 0:
        return None
    if port is None or port == DEFAULT_PORTS[parts.scheme]:
        return host
    return f"{host}:{port}"


def _host(netloc: str, host: str) -> str | None:
    if netloc.startswith("["):
        if _BEHIND_LITERAL.fullmatch(netloc.partition("]")[2]) is None:
            return None
        try:
            return f"[{IPv6Address(host).compressed}]" if "%" not in host else None
        except AddressValueError:
            return None
    host = _ascii_host(host)
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if _NUMERIC_LABEL.fullmatch(labels[-1]):  # then it is an address, and must be a plain one
        return host if is_address(host) else None
    return host


def _ascii_host(host: str) -> str:
    """The host in lower-case ASCII without its final dot; empty where there is no such form."""
    host = unquote(host).lower().removesuffix(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii").removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        return ""


def _encoded(text: str) -> str:
    """Path or query with spaces, stray percent signs and non-ASCII characters encoded."""
    return _PERCENT_OR_ODD.sub(_encode_one, text)


def _encode_one(match: re.Match[str]) -> str:
    token = match.group()
    if len(token) == 3:
        return token
    # A lone surrogate cannot be encoded: it becomes the replacement character, as in a browser.
    octets = ("\ufffd" if "\ud800" <= token <= "\udfff" else token).encode("utf-8")
    return "".join(f"%{octet:02X}" for octet in octets)
