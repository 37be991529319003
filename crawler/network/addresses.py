"""Which hosts, ports and addresses may be asked at all (server-side request forgery).

Pages, feeds and robots.txt files name addresses; what they name must be on the public internet.
Private ones are open only where the operator named that very host and port.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Endpoint = tuple[str, int]

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Below 1024 only the two of the web itself; above, the ports that browsers block because other
# services read what a browser writes (WHATWG Fetch, section "port blocking").
_BLOCKED_PORTS = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6679, 6697, 10080)
).union(range(6665, 6670))
# Names that only a local resolver answers (RFC 6761, RFC 6762, RFC 8375, ICANN for .internal).
_LOCAL_SUFFIXES = ("localhost", "local", "internal", "home.arpa", "localdomain")

# Only 2000::/3 is global unicast; these parts of it are not, or carry an IPv4 address inside
# (IANA special-purpose registry: protocol assignments and Teredo, documentation, 6to4).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether an IP address, in its plain form, is unicast on the public internet.

    False for private, loopback, link-local, shared, multicast, reserved and unspecified addresses
    and for IPv6 that carries IPv4 (mapped, NAT64, 6to4, Teredo). ValueError: not an address.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    return ip in _GLOBAL_UNICAST and not any(ip in net for net in _SPECIAL_IPV6)


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host without brackets spells, in any form; None for a name.

    The C library also reads `2130706433`, `0x7f.1` and `0177.0.0.1` as 127.0.0.1.
    """
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):  # ValueError: a NUL or a non-ASCII character in the name
        return None


@lru_cache(256)  # asked for each request of a site
def is_loopback(host: str) -> bool:
    """Whether a host without brackets is this machine, by its name or plain address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def endpoint(url: str) -> Endpoint | None:
    """Host (lower case, no brackets, no final dot) and effective port; None where it has none."""
    try:
        parts = urlsplit(url)
        return _endpoint(parts)
    except ValueError:
        return None


def named_endpoints(named: Iterable[str]) -> frozenset[Endpoint]:
    """What the operator opened: URLs, `host` or `host:port`.

    A host without a port, or with the web's own one, means both 80 and 443.
    """
    found: set[Endpoint] = set()
    for entry in filter(None, (text.strip() for text in named)):
        one = endpoint(entry if "://" in entry else f"http://{entry}")
        if one is None:
            raise ValueError(f"NAMED_HOSTS: {entry!r} is neither a URL nor host[:port]")
        host, port = one
        found.update((host, p) for p in ((80, 443) if port in (80, 443) else (port,)))
    return frozenset(found)


def refusal(url: str, named: frozenset[Endpoint]) -> str | None:
    """Why *url* must not be asked, as far as its text tells; None where nothing speaks against it.

    Checks scheme, host, port, literal addresses and names of local networks. A name's address is
    checked when it is resolved, see `crawler.network.resolver`.
    """
    target = endpoint(url)
    scheme = url.partition(":")[0].lower()
    if scheme not in _DEFAULT_PORTS:
        return f"the scheme {scheme[:20]!r} is not http or https"
    if target is None:
        return "the URL has no sound host and port"
    if target in named:
        return None
    host, port = target
    if not _port_allowed(port):
        return f"port {port} is not one of the web"
    return _host_refusal(host)


@lru_cache(256)  # asked for each request of a site
def _host_refusal(host: str) -> str | None:
    address = literal_address(host)
    if address is not None:
        if str(address) != host and isinstance(address, IPv4Address):
            return f"{host} is a disguised address"
        return None if is_public(str(address)) else f"{host} is not a public address"
    if "." not in host or any(host == s or host.endswith(f".{s}") for s in _LOCAL_SUFFIXES):
        return f"{host} is a name of a local network"
    return None


def _port_allowed(port: int) -> bool:
    return port in (80, 443) or (port >= 1024 and port not in _BLOCKED_PORTS)


def _endpoint(parts: SplitResult) -> Endpoint | None:
    host = (parts.hostname or "").removesuffix(".")
    port = parts.port if parts.port is not None else _DEFAULT_PORTS.get(parts.scheme)
    return (host, port) if host and port else None
