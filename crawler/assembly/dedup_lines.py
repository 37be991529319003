"""Records in from JSON Lines, records out to JSON Lines that are whole or absent."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

from pipelines.store.output import sync_folder

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadLineError(ValueError):
    """A line that is no JSON object."""


@dataclass(slots=True)
class Line:
    """One line of an input: its record, and its bytes where they can be written as they are."""

    where: str
    record: dict[str, Any]
    raw: bytes | None

    @property
    def id(self) -> str:
        """The record's id; one that has none is known by its place."""
        value = self.record.get("id")
        return self.where if value is None else str(value)

    @property
    def url(self) -> str | None:
        """The record's address, for the line of its repost."""
        return self._text("canonical_url") or self._text("url")

    @property
    def body(self) -> str:
        """What is compared; empty where the record has no text."""
        return self._text("article_body") or ""

    @property
    def date_published(self) -> str | None:
        """The date as the record has it."""
        return self._text("date_published")

    def encoded(self, more: dict[str, Any] | None = None) -> bytes:
        """The line to write, with the keys of *more* added."""
        if more is None and self.raw is not None:
            return self.raw + b"\n"
        return encode({**self.record, **(more or {})})

    def _text(self, key: str) -> str | None:
        value = self.record.get(key)
        return value if isinstance(value, str) else None


def encode(record: dict[str, Any]) -> bytes:
    """Write a record as one line of UTF-8; half a surrogate pair is escaped, as JSON has it."""
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record, allow_nan=False).encode() + b"\n"


def parse(raw: bytes, where: str) -> Line:
    """Read one line; NaN and infinities, which JSON does not have, become null."""
    constants: list[str] = []
    try:
        record = json.loads(raw.decode(), parse_constant=constants.append)
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"{where}: not JSON ({error})") from None
    if not isinstance(record, dict):
        raise BadLineError(f"{where}: JSON, but no object")
    return Line(where, record, None if constants else raw)


def read_lines(path: Path, advance: Callable[[int], None]) -> Iterator[tuple[str, bytes]]:
    """Yield place and bytes of each line that is not blank; raises `OSError` and `EOFError`.

    *advance* is told of every byte of the file that has been read, compressed as it lies there.
    """
    with path.open("rb") as file, _unpacked(file, path) as content:
        before = 0
        for number, line in enumerate(content, 1):
            raw = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
            raw = raw.strip(b" \t\r\n")
            if raw:
                yield f"{path}:{number}", raw
            if number % 256 == 0:
                advance(file.tell() - before)
                before = file.tell()
        advance(file.tell() - before)


def _unpacked(file: BinaryIO, path: Path) -> AbstractContextManager[Iterable[bytes]]:
    return gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else nullcontext(file)


class Output:
    """A file that is there, whole, after a clean exit, and as it was before after any other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # A pipe or a terminal can only be written as it comes.
        self._direct = path.exists() and not path.is_file()
        self._draft = path if self._direct else path.with_name(f".{path.name}.draft")
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._draft.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._draft.open("wb")
        return self

    def write(self, line: bytes) -> None:
        """Add one line."""
        if self._file is None:
            raise ValueError("the output is closed")
        self._file.write(line)

    def finish(self) -> None:
        """Put everything on the disk under its name, so that no power cut takes it back."""
        if self._file is not None:
            self._file.flush()
            if not self._direct:
                os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
        if not self._direct:
            self._draft.replace(self._path)
            sync_folder(self._path.parent)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            # On a full disk closing fails too; what brought us here says so already.
            with suppress(OSError):
                self._file.close()
            self._file = None
        if not self._direct:
            self._draft.unlink(missing_ok=True)
