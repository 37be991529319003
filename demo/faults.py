"""Faults that a test can put in the way of single requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_SECONDS = (
    120.0  # no fault keeps a connection longer, so that a forgotten one cannot hang a test
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a path.

    *status* answers with that status and *headers* (such as `Retry-After`) and an empty body.
    *cut* sends only so many bytes of the body, under the full Content-Length, then closes;
    with *lengthless* the length is not announced. *delay* waits before the answer, *drip* seconds
    between pieces of *piece* bytes. *reset* closes without an answer. The fault meets *times*
    requests, then it is gone; None means until `Press.heal`.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    lengthless: bool = False
    delay: float = 0.0
    drip: float = 0.0
    piece: int = 64
    reset: bool = False
    times: int | None = None


class Faults:
    """A table of faults by site and path, each used up by the requests that it met."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, str], tuple[Fault, int | None]] = {}

    def put(self, site: str, path: str, fault: Fault) -> None:
        """Put *fault* in the way of *path*; the path `*` meets every path of the site."""
        self._table[site, path] = (fault, fault.times)

    def clear(self) -> None:
        """Take every fault away."""
        self._table.clear()

    def take(self, site: str, path: str) -> Fault | None:
        """Return the fault that meets this request, if any, and count it."""
        key = (site, path) if (site, path) in self._table else (site, "*")
        fault, left = self._table.get(key, (None, 0))
        if fault is None or left is None:
            return fault
        if left <= 1:
            del self._table[key]
        else:
            self._table[key] = (fault, left - 1)
        return fault if left > 0 else None
