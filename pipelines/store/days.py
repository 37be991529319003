"""The lines of an output folder, day by day; a day that is over may have been compressed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

KINDS = ("articles", "reposts", "rejected")
_SUFFIX = ".jsonl"
_PACKED = ".jsonl.gz"


def day_files(folder: Path) -> list[Path]:
    """The files `DATE.jsonl` and `DATE.jsonl.gz` of *folder*, oldest day first.

    A day of which both exist was compressed before its last line came: the compressed one is
    older and comes first.
    """
    files = [*folder.glob(f"*{_PACKED}"), *folder.glob(f"*{_SUFFIX}")]
    return sorted(files, key=lambda path: (day_name(path), not path.name.endswith(_PACKED)))


def day_name(path: Path) -> str:
    """The day of a file: its name without its endings."""
    return path.name.removesuffix(_PACKED).removesuffix(_SUFFIX)


def open_day(path: Path) -> IO[bytes]:
    """Open a day's file for reading its lines, compressed or not; raises `OSError`."""
    if path.name.endswith(_PACKED):
        return gzip.open(path, "rb")  # type: ignore[return-value]  # a reader of bytes, too
    return path.open("rb")


def day_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each line; the last one has no newline where it is torn.

    Raises `OSError`, for a compressed file that is damaged as well.
    """
    try:
        with open_day(path) as file:
            yield from enumerate(file, 1)
    except (EOFError, zlib.error) as error:
        msg = f"{path} is damaged: {error}"
        raise OSError(msg) from error


def last_days(folder: Path) -> dict[str, int]:
    """How many bytes of lines the newest day of each kind has, by `KIND/DAY`.

    Only these still grow, so this is where a reader that has all of it goes on later.
    """
    ends: dict[str, int] = {}
    for kind in KINDS:
        files = day_files(folder / kind)
        for path in files:
            if day_name(path) == day_name(files[-1]):
                name = f"{kind}/{day_name(path)}"
                ends[name] = ends.get(name, 0) + _length(path)
    return ends


def _length(path: Path) -> int:
    if not path.name.endswith(_PACKED):
        return path.stat().st_size
    return sum(len(line) for _, line in day_lines(path))


def holds_articles(folder: Path) -> bool:
    """Whether an output folder has a line of an article or a repost."""
    return any(
        path.stat().st_size for name in ("articles", "reposts") for path in day_files(folder / name)
    )
