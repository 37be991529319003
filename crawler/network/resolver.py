"""Resolve names for the downloader, and hold back addresses that it must not connect to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.datatypes import LocalCache

from crawler.network.addresses import Endpoint, is_public

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase


class GuardedResolver(CachingHostnameResolver):
    """Answer with public addresses only, except for hosts that the operator named.

    Twisted's endpoints connect to the very addresses that this resolver hands over, and ask it for
    IP literals too: nothing lies between check and connection, and a name that changes its address
    (DNS rebinding) is checked each time. Set as TWISTED_DNS_RESOLVER; `crawler.network.handlers`
    tells it what is open.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int):
        super().__init__(reactor, cache_size)
        self._named: set[Endpoint] = set()
        self._proxies: set[Endpoint] = set()
        self._seen_public: set[Endpoint] = set()
        self._refused: LocalCache[Endpoint, str] = LocalCache(10_000)

    def open_to(self, named: Iterable[Endpoint]) -> None:
        """Let these hosts have private addresses, on these ports only."""
        self._named.update(named)

    def open_to_proxy(self, proxy: Endpoint) -> None:
        """Let the operator's proxy have a private address; a tunnel resolves it without a port."""
        self._proxies.update((proxy, (proxy[0], 0)))

    def refused_address(self, target: Endpoint) -> str | None:
        """The address over which *target* was last refused, None where it was let through."""
        return self._refused.get(target)

    def allowed(self, target: Endpoint, addresses: Sequence[str]) -> list[bool]:
        """Which of its *addresses* a connection for *target* may go to; remembers a refusal.

        A named host that once had a public address is no private host: when it shows a private
        one later, somebody else chose it.
        """
        public = [is_public(address) for address in addresses]
        self._refused.pop(target, None)
        if any(public):
            self._seen_public.add(target)
            return public
        named = target in self._named and target not in self._seen_public
        if named or target in self._proxies:
            return [True] * len(addresses)
        if addresses:
            self._refused[target] = addresses[0]
        return public

    def resolveHostName(  # noqa: N802  (Twisted's interface, here and below)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        target = (hostName.lower().removesuffix("."), portNumber)
        receiver: Any = _GuardedReceiver(resolutionReceiver, self, target)
        return super().resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


class _GuardedReceiver:
    """Collect the addresses of *target*, then pass on those that *guard* allows."""

    def __init__(self, receiver: Any, guard: GuardedResolver, target: Endpoint):
        self._receiver = receiver
        self._guard = guard
        self._target = target
        self._addresses: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        hosts = [address.host for address in self._addresses]
        allowed = self._guard.allowed(self._target, hosts)
        for address, let_through in zip(self._addresses, allowed, strict=True):
            if let_through:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()
