"""From a text to everything it is compared by; a pure function, usable in a worker process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.normalise import POINT, Folded, Folding
from pipelines.fingerprint.shingles import Shingled, distinct, shingle
from pipelines.fingerprint.simhash import simhashes
from pipelines.fingerprint.sketch import NUMBERS, SECURITIES, SHINGLES, Sketch

MAX_CHARACTERS = 1_000_000
"""Of a longer text the first million characters are compared; no story is as long."""
BATCH_CHARACTERS = 32_768
"""Characters folded in one pass: the arrays of a pass stay near the processor."""

_SECONDS_A_DAY = 86400.0

Narrow = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Text:
    """What the detector looks at in a record, besides its `id`."""

    body: str
    date_published: str | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything a new text is compared by.

    *simhash*: 64 bits over character 4-grams of the normalised body; *units*: its length;
    *day*: when it was published, days since 1970 in UTC, None if unknown; *shingles*: all of its
    shingles' hashes, ascending; *contexts*, *values*: all of its numbers, the contexts ascending.
    """

    simhash: int
    units: int
    day: float | None
    shingles: Narrow
    contexts: Narrow
    values: NDArray[np.uint16]

    @property
    def hexadecimal(self) -> str:
        """The simhash as the record prints it: 16 hex digits."""
        return f"{self.simhash:016x}"

    def sketch(self, indexed: int = 0) -> Sketch:
        """Keep what later texts are compared with; *indexed* as in `Sketch`."""
        # Copies: a view would keep every shingle of the text in memory.
        return Sketch(
            self.simhash,
            self.units,
            self.day,
            self.shingles[:SHINGLES].copy(),
            indexed,
            self.contexts[:NUMBERS].copy(),
            self.values[:NUMBERS].copy(),
        )


class Fingerprinter:
    """Fingerprints texts; a batch costs a third of what its texts cost one by one."""

    def __init__(self) -> None:
        self._folding = Folding()

    def one(self, body: str, date_published: str | None = None) -> Fingerprint:
        """Fingerprint one text."""
        return self.many([Text(body, date_published)])[0]

    def many(self, texts: Sequence[Text]) -> list[Fingerprint]:
        """Fingerprint *texts*, in their order."""
        return [print_ for batch in _batches(texts) for print_ in self._batch(batch)]

    def normalised(self, body: str) -> str:
        """The letters and digits that are compared."""
        return self._folding.normalised(body[:MAX_CHARACTERS])

    def _batch(self, texts: Sequence[Text]) -> list[Fingerprint]:
        folded = self._folding.fold([text.body[:MAX_CHARACTERS] for text in texts])
        values = simhashes(*_without_points(folded)).tolist()
        prints = []
        for text, shingled, simhash in zip(texts, shingle(folded), values, strict=True):
            contexts, numbers = _numbers(shingled)
            prints.append(
                Fingerprint(
                    simhash,
                    shingled.units,
                    day_of(text.date_published),
                    shingled.shingles,
                    contexts,
                    numbers,
                )
            )
        return prints


def day_of(date_published: str | None) -> float | None:
    """Read an ISO 8601 date as days since 1970; without an offset it is taken as UTC."""
    if not date_published:
        return None
    try:
        moment = datetime.fromisoformat(date_published)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp() / _SECONDS_A_DAY
    except (ValueError, OverflowError):
        return None


def _batches(texts: Sequence[Text]) -> Iterator[Sequence[Text]]:
    """Cut a sequence into runs of about `BATCH_CHARACTERS`."""
    start, size = 0, 0
    for place, text in enumerate(texts):
        size += len(text.body)
        if size >= BATCH_CHARACTERS:
            yield texts[start : place + 1]
            start, size = place + 1, 0
    if start < len(texts):
        yield texts[start:]


def _without_points(folded: Folded) -> tuple[Narrow, NDArray[np.int64]]:
    """Leave out the points inside numbers: the simhash is over letters and digits only."""
    points = folded.codes == POINT
    places = points.nonzero()[0]
    if not len(places):
        return folded.codes, folded.starts
    return folded.codes[~points], folded.starts - places.searchsorted(folded.starts)


def _numbers(text: Shingled) -> tuple[Narrow, NDArray[np.uint16]]:
    """Sort a text's numbers by context, each pair once; of a value 16 bits are enough.

    Codes of securities stand first, under a context of their own.
    """
    values = text.values >> np.uint32(16)
    pairs = text.contexts.astype(np.uint64) << np.uint64(16) | values
    if text.securities.any():
        codes = distinct(values[text.securities])[:SECURITIES]
        pairs = np.concatenate([codes.astype(np.uint64), pairs])
    pairs = distinct(pairs)
    return (pairs >> np.uint64(16)).astype(np.uint32), pairs.astype(np.uint16)
