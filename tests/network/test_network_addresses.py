"""Which addresses, hosts and ports may be asked: truth tables, and the resolver over them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address

from crawler.network.addresses import (
    endpoint,
    is_loopback,
    is_public,
    literal_address,
    named_endpoints,
    refusal,
)
from crawler.network.resolver import GuardedResolver

PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "2400:3200::1"]
NOT_PUBLIC = {
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.1.1",
    "loopback": "127.0.0.1",
    "all of loopback": "127.255.0.9",
    "unspecified": "0.0.0.0",  # noqa: S104  (an address to refuse, not to bind)
    "this network": "0.1.2.3",
    "link-local, cloud metadata": "169.254.169.254",
    "shared by carriers": "100.64.0.1",
    "benchmarks": "198.18.0.1",
    "documentation": "203.0.113.5",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 loopback": "::1",
    "IPv6 unspecified": "::",
    "IPv6 unique local": "fd00::1",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local with a zone": "fe80::1%eth0",
    "IPv6 site-local": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "IPv6 documentation": "2001:db8::1",
    "IPv6 newer documentation": "3fff::1",
    "IPv4-mapped": "::ffff:127.0.0.1",
    "IPv4-mapped public": "::ffff:1.1.1.1",
    "IPv4-compatible": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64 local": "64:ff9b:1::1",
    "6to4": "2002:7f00:1::",
    "Teredo": "2001::1",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


NAMED = named_endpoints(["http://127.0.0.1:8701/", "intranet.example", "https://[::1]:9000/x"])
REFUSALS = [
    ("https://news.example.com/a", None),
    ("http://news.example.com:8080/", None),
    ("http://1.1.1.1/", None),
    ("http://127.0.0.1:8701/a", None),
    ("http://127.0.0.1:8701@10.0.0.1/", "not a public address"),
    ("http://127.0.0.1:22/", "port 22"),
    ("http://127.0.0.1:8702/", "not a public address"),
    ("http://localhost:8701/", "local network"),
    ("https://[::1]:9000/", None),
    ("https://[::1]/", "not a public address"),
    ("http://intranet.example/", None),
    ("https://INTRANET.example./", None),
    ("http://news.example.com:22/", "port 22"),
    ("http://news.example.com:25/", "port 25"),
    ("http://news.example.com:6667/", "port 6667"),
    ("http://news.example.com:99999/", "sound host"),
    ("http://news.example.com:0/", "sound host"),
    ("http://[::1/", "sound host"),
    ("http:///a", "sound host"),
    ("file:///etc/passwd", "scheme"),
    ("ftp://news.example.com/", "scheme"),
    ("data:text/html,x", "scheme"),
    ("javascript:alert(1)", "scheme"),
    ("gopher://127.0.0.1:6379/_x", "scheme"),
    ("http://2130706433/", "disguised"),
    ("http://0x7f.1/", "disguised"),
    ("http://0177.0.0.1/", "disguised"),
    ("http://127.1/", "disguised"),
    ("http://router/", "local network"),
    ("http://printer.local/", "local network"),
    ("http://metadata.google.internal/", "local network"),
    ("http://a.localhost/", "local network"),
]


@pytest.mark.parametrize(("url", "expected"), REFUSALS)
def test_refusal_by_the_text_of_a_url(url: str, expected: str | None) -> None:
    reason = refusal(url, NAMED)
    assert (reason is None) if expected is None else (expected in (reason or ""))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("news.example", {("news.example", 80), ("news.example", 443)}),
        ("http://news.example/a?b", {("news.example", 80), ("news.example", 443)}),
        ("10.0.0.5:8080", {("10.0.0.5", 8080)}),
        ("[::1]:8080", {("::1", 8080)}),
        ("", set()),
    ],
)
def test_named_entry_opens_its_own_port_only(entry: str, expected: set[tuple[str, int]]) -> None:
    assert named_endpoints([entry]) == expected


@pytest.mark.parametrize("entry", ["http://", "a:99999", "http://[bad/"])
def test_named_entry_that_is_no_host_is_told(entry: str) -> None:
    with pytest.raises(ValueError, match="NAMED_HOSTS"):
        named_endpoints([entry])


@given(st.text())
def test_any_text_gets_an_answer_and_none_is_let_through_by_an_exception(text: str) -> None:
    endpoint(f"http://{text}")
    literal_address(text)
    is_loopback(text)
    assert refusal(text, frozenset()) is None or isinstance(refusal(text, frozenset()), str)


class Names:
    """A resolver whose answers change from one question to the next."""

    def __init__(self, *answers: list[str]):
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, name: str, port: int, *_: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(name)
        for address in self.answers.pop(0):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()


class Receiver:
    """What an endpoint would connect to."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, _: Any) -> None: ...  # noqa: N802
    def resolutionComplete(self) -> None: ...  # noqa: N802

    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.addresses.append(address.host)


def guard_over(*answers: list[str]) -> GuardedResolver:
    class Reactor:
        nameResolver = Names(*answers)  # noqa: N815

    reactor: Any = Reactor()
    return GuardedResolver(reactor, cache_size=0)


def connects_to(guard: GuardedResolver, host: str, port: int = 80) -> list[str]:
    receiver = Receiver()
    guard.resolveHostName(receiver, host, port)
    return receiver.addresses


def test_name_that_rebinds_to_a_private_address_is_refused_the_second_time() -> None:
    guard = guard_over(["1.1.1.1"], ["127.0.0.1"])
    assert connects_to(guard, "news.example") == ["1.1.1.1"]
    assert connects_to(guard, "news.example") == []
    assert guard.refused_address(("news.example", 80)) == "127.0.0.1"


def test_private_one_of_several_addresses_is_left_out() -> None:
    assert connects_to(guard_over(["10.0.0.1", "1.1.1.1"]), "news.example") == ["1.1.1.1"]


def test_named_host_may_be_private_on_its_port_only() -> None:
    guard = guard_over(["10.0.0.1"], ["10.0.0.1"])
    guard.open_to({("press.example", 8701)})
    assert connects_to(guard, "press.example", 8701) == ["10.0.0.1"]
    assert connects_to(guard, "press.example", 22) == []


def test_named_public_host_that_rebinds_is_refused() -> None:
    guard = guard_over(["1.1.1.1"], ["10.0.0.1"])
    guard.open_to({("news.example", 80)})
    assert connects_to(guard, "news.example") == ["1.1.1.1"]
    assert connects_to(guard, "news.example") == []


def test_proxy_of_the_operator_may_be_private_also_where_a_tunnel_asks_without_a_port() -> None:
    guard = guard_over(["10.0.0.1"], ["10.0.0.1"], ["10.0.0.1"])
    guard.open_to_proxy(("proxy.example", 3128))
    assert connects_to(guard, "proxy.example", 3128) == ["10.0.0.1"]
    assert connects_to(guard, "proxy.example", 0) == ["10.0.0.1"]
    assert connects_to(guard, "proxy.example", 22) == []
