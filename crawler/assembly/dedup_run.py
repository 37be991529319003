"""One pass over the inputs: each record is kept, or written as the repost of an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from crawler.assembly.dedup_lines import BadLineError, Line, Output, parse, read_lines
from crawler.assembly.dedup_state import DedupState
from pipelines.fingerprint.detector import Detector, Document, Verdict
from pipelines.fingerprint.document import Fingerprint, Text

COMMIT_EVERY = 2048
_BATCH_RECORDS = 128
_BATCH_CHARACTERS = 131_072
_BAD_LINES_NAMED = 10


@dataclass(slots=True)
class Tally:
    """What became of the lines."""

    kept: int = 0
    reposts: int = 0
    without_body: int = 0
    bad: int = 0
    bad_lines: list[str] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """Records written to either output."""
        return self.kept + self.reposts

    def note_bad(self, sentence: str) -> None:
        """Count a line that is no record; the first few are named at the end."""
        self.bad += 1
        if len(self.bad_lines) < _BAD_LINES_NAMED:
            self.bad_lines.append(sentence)

    def sentence(self) -> str:
        """The tally in one line."""
        text = f"{self.documents} documents: {self.kept} kept, {self.reposts} reposts"
        if self.without_body:
            text += f"; {self.without_body} of them without a body, kept"
        if self.bad:
            text += f"; {self.bad} lines that are no JSON object, in neither output"
        return text


class Deduplicator:
    """Judges records in their order and writes each to one of two outputs."""

    def __init__(self, state: DedupState, kept: Output, reposts: Output, *, tag: bool) -> None:
        self.tally = Tally()
        self._state = state
        self._kept = kept
        self._reposts = kept if tag else reposts
        self._detector = Detector(state.fingerprints)
        self._uncommitted = 0
        self._day = 0.0

    def run(self, paths: Iterable[Path], progress: Callable[[int, Tally], None]) -> None:
        """Read *paths* one after the other; *progress* hears of bytes read, and the tally."""

        def advance(size: int) -> None:
            progress(size, self.tally)

        raw = chain.from_iterable(read_lines(path, advance) for path in paths)
        for batch in _batches(self._parsed(raw)):
            prints = self._detector.fingerprints(
                [Text(line.body, line.date_published) for line in batch]
            )
            for line, fingerprint in zip(batch, prints, strict=True):
                self._judge(line, fingerprint)
            self._uncommitted += len(batch)
            if self._uncommitted >= COMMIT_EVERY:
                self._state.commit()
                self._uncommitted = 0
        self._state.commit()

    def _parsed(self, lines: Iterable[tuple[str, bytes]]) -> Iterator[Line]:
        for where, raw in lines:
            try:
                yield parse(raw, where)
            except BadLineError as error:
                self.tally.note_bad(str(error))

    def _judge(self, line: Line, fingerprint: Fingerprint) -> None:
        document = Document(line.id, fingerprint, line.url)
        verdict = self._detector.judge(document)
        # The day of the stream: expiry follows the archive's dates, not today's.
        self._day = max(self._day, fingerprint.day or 0.0)
        self._detector.add(document, verdict, self._day)
        if not fingerprint.units:
            self.tally.without_body += 1
        if verdict.kept:
            self.tally.kept += 1
            self._kept.write(line.encoded())
        else:
            self.tally.reposts += 1
            self._reposts.write(line.encoded(repost_keys(verdict)))


def repost_keys(verdict: Verdict) -> dict[str, Any]:
    """The keys that a repost's line has besides the record's own."""
    first = verdict.first_print
    if first is None:
        return {}
    return {
        "repost_of": first.id,
        "repost_of_url": first.url,
        "similarity": round(first.similarity, 4),
        "containment": round(first.containment, 4),
        "hamming_distance": first.hamming_distance,
    }


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Batches small enough for memory and large enough for speed."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line.body)
        if len(batch) >= _BATCH_RECORDS or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
