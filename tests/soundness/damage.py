"""What can happen to an output folder, one function a kind; each makes it unsound."""

from __future__ import annotations

import gzip
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

from pipelines.store.database import DATABASE_NAME

Damage = Callable[[Path, random.Random], None]


def _some_file(folder: Path, chance: random.Random) -> Path:
    files = [path for path in folder.glob("*/*.jsonl") if path.stat().st_size > 400]
    return chance.choice(sorted(files))


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def torn_tail(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    line = chance.choice(_lines(file))
    with file.open("ab") as out:
        out.write(line[: chance.randrange(1, len(line) - 1)])


def line_after_torn(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    lines = _lines(file)
    number = chance.randrange(len(lines))
    lines[number] = lines[number][: chance.randrange(1, 300)] + lines[number]
    file.write_bytes(b"".join(lines))


def cut_short(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    size = file.stat().st_size
    with file.open("rb+") as out:
        out.truncate(chance.randrange(1, size))


def hole_of_nul(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    content = bytearray(file.read_bytes())
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, 3000))
    content[start:end] = bytes(end - start)
    file.write_bytes(bytes(content))


def nul_before_a_line(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    lines = _lines(file)
    lines.insert(chance.randrange(len(lines) + 1), bytes(chance.randrange(1, 9000)))
    file.write_bytes(b"".join(lines))


def doubled_line(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    lines = _lines(file)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    file.write_bytes(b"".join(lines))


def doubled_file(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    file.write_bytes(file.read_bytes() * 2)


def missing_line(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    lines = _lines(file)
    del lines[chance.randrange(len(lines))]
    file.write_bytes(b"".join(lines))


def other_order(folder: Path, chance: random.Random) -> None:
    file = max(folder.glob("*/*.jsonl"), key=lambda path: path.stat().st_size)
    file.write_bytes(b"".join(_lines(file)[::-1]))


def flipped_byte(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    file.write_bytes(bytes(content))


def stray_line(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    lines = _lines(file)
    stray = chance.choice(
        [b"\n", b"{}\n", b"[1]\n", b"\xff\xfe\n", b"NaN\n", lines[0][:-1] + b"\r\n"]
    )
    lines.insert(chance.randrange(len(lines) + 1), stray)
    file.write_bytes(b"".join(lines))


def lost_file(folder: Path, chance: random.Random) -> None:
    _some_file(folder, chance).unlink()


def copied_file(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    file.with_name("copy of it.jsonl").write_bytes(file.read_bytes())


def broken_archive(folder: Path, chance: random.Random) -> None:
    file = _some_file(folder, chance)
    packed = gzip.compress(file.read_bytes())
    file.with_name(f"{file.name}.gz").write_bytes(packed[: chance.randrange(20, len(packed))])
    file.unlink()


def broken_summary(folder: Path, chance: random.Random) -> None:
    summary = chance.choice(sorted(folder.glob("runs/*/summary.json"))[:2])
    summary.write_bytes(chance.choice([b"", b"{}", summary.read_bytes().replace(b": ", b": 1")]))


def lost_state(folder: Path, chance: random.Random) -> None:
    for path in (folder / "state").glob(f"{DATABASE_NAME}*"):
        path.unlink()


def empty_state(folder: Path, chance: random.Random) -> None:
    lost_state(folder, chance)
    (folder / "state" / DATABASE_NAME).write_bytes(b"")


def garbage_state(folder: Path, chance: random.Random) -> None:
    with (folder / "state" / DATABASE_NAME).open("rb+") as file:
        file.write(b"this is no database" * chance.randrange(1, 50))


def state_cut_short(folder: Path, chance: random.Random) -> None:
    path = folder / "state" / DATABASE_NAME
    with path.open("rb+") as file:
        file.truncate(chance.randrange(1, path.stat().st_size - 1))


def page_of_noise_in_state(folder: Path, chance: random.Random) -> None:
    path = folder / "state" / DATABASE_NAME
    pages = path.stat().st_size // 4096
    with path.open("rb+") as file:
        file.seek(4096 * chance.randrange(1, pages))
        file.write(chance.randbytes(4096))


def _sql(statement: str) -> Damage:
    def damage(folder: Path, chance: random.Random) -> None:
        connection = sqlite3.connect(folder / "state" / DATABASE_NAME)
        connection.execute(statement)
        connection.commit()
        connection.close()

    return damage


FILES: dict[str, Damage] = {
    function.__name__.replace("_", " "): function
    for function in (
        torn_tail,
        line_after_torn,
        cut_short,
        hole_of_nul,
        nul_before_a_line,
        doubled_line,
        doubled_file,
        missing_line,
        other_order,
        flipped_byte,
        stray_line,
        lost_file,
        broken_archive,
        broken_summary,
        copied_file,
    )
}
STATE: dict[str, Damage] = {
    function.__name__.replace("_", " "): function
    for function in (
        lost_state,
        empty_state,
        garbage_state,
        state_cut_short,
        page_of_noise_in_state,
    )
} | {
    "no fingerprint": _sql("DELETE FROM fingerprints WHERE number=2"),
    "no fingerprints": _sql("DROP TABLE fingerprints"),
    "a stray fingerprint": _sql(
        "INSERT INTO fingerprints SELECT number+90, 'x', url, 0, seen, sketch FROM fingerprints"
        " WHERE number=1"
    ),
    "a fingerprint of noise": _sql("UPDATE fingerprints SET sketch=x'00' WHERE number=3"),
    "an unknown article": _sql("DELETE FROM articles WHERE version=2"),
    "an article too many": _sql("INSERT INTO articles VALUES ('y', 1, x'00', 0)"),
    "a wrong account": _sql("DELETE FROM runs WHERE run LIKE '%1Z-%'"),
    "a wrong length": _sql("UPDATE files SET length=length+9"),
    "a line that is not written": _sql(
        "INSERT INTO outbox (path, line) VALUES ('rejected/2030-01-02.jsonl', x'7b7d0a')"
    ),
}
