"""Forget what is too old, a little with every commit, so that no worker has to stop for it."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.store.shared import keys
from pipelines.store.shared.server import Server

_AT_ONCE = 256  # documents whose sketches go in one step
_SECONDS_A_DAY = 86_400
# Buckets looked at for each document that is written: a million buckets in 65,000 documents.
_POSTINGS, _BLOCKS, _CANDIDATES = 16, 4, 1


class Upkeep:
    """Keeps the fingerprints of *keep_days* and the candidates of *seen_days*; 0: all of them."""

    def __init__(
        self,
        server: Server,
        buckets: keys.Buckets,
        worker: str,
        *,
        keep_days: int,
        seen_days: int,
        clock: Callable[[], float],
    ) -> None:
        self._server = server
        self._buckets = buckets
        self._worker = worker
        self._keep_days = keep_days
        self._seen_days = seen_days
        self._clock = clock

    def after(self, documents: int) -> None:
        """Do as much as *documents* new ones ask for."""
        if not documents or not (self._keep_days or self._seen_days):
            return
        day = int(self._clock() // _SECONDS_A_DAY)
        floor = self._raise_floor(day - self._keep_days) if self._keep_days else 0
        settled = (day - self._seen_days) * _SECONDS_A_DAY if self._seen_days else 0
        self._server.run_one(
            "sweep",
            worker=self._worker,
            floor=floor,
            settled=max(0, settled),
            bits=self._buckets.bits,
            number_bits=self._buckets.number_bits,
            postings=_POSTINGS * documents,
            blocks=_BLOCKS * documents,
            candidates=_CANDIDATES * documents,
        )

    def _raise_floor(self, oldest: int) -> int:
        """Forget some sketches of documents added before day *oldest*; the lowest number left."""
        floor, days = self._server.pipeline(
            lambda pipe: (pipe.get(keys.FLOOR), pipe.hgetall(keys.DAYS))
        )
        low = int(floor or 1)
        firsts = {int(day): int(number) for day, number in days.items()}
        target = min((number for day, number in firsts.items() if day >= oldest), default=low)
        high = min(target, low + _AT_ONCE)
        if high > low:
            forgotten = range(low, high)
            # The floor comes last: whoever dies before it leaves this to the next.
            self._server.pipeline(
                lambda pipe: (pipe.hdel(keys.FRESH, *forgotten), pipe.set(keys.FLOOR, high)),
                before=lambda pipe: [pipe.unlink(keys.entry(number)) for number in forgotten],
            )
        return max(low, high)
