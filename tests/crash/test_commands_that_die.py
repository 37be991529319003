"""Kill the other commands that write at one of their steps on the disk: the next one finishes."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.crash.crawls import BATCHES, faults, verify
from tests.crash.forks import Forks
from tests.crawl.running import records
from tests.soundness import damage
from tests.soundness.folders import article, body, sound_folder

Content = dict[str, Any]


@dataclass(frozen=True)
class Victim:
    """A command over what *prepare* makes; *content* is what must be there when it is done.

    The ordinary tests kill it at each *stride*th of its steps, `make soak` at far more.
    """

    prepare: Callable[[Path], None]
    arguments: Callable[[Path], list[str]]
    content: Callable[[Path], Content]
    stride: int


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


# --- scrapy crawl archive ------------------------------------------------------------------------


def documents(root: Path) -> None:
    """Stories, reprints and pages without a story."""
    page = "<html><head><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>"
    with (root / "archive.jsonl").open("w", encoding="utf-8") as file:
        for number in range(24):
            text = "" if number % 8 == 5 else body(number - 6 if number % 8 == 7 else number)
            inner = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n"))
            html = page.format(f"泊位改造第{number}期", inner)
            url = f"https://liutang.test/news/{number}.html"
            file.write(json.dumps({"url": url, "html": html}) + "\n")


def extracted(root: Path) -> Content:
    """Texts and refusals by address, and how many first prints there are: which is chance."""
    output = root / "output"
    assert faults(output) == []
    kept = [record for name in ("articles", "reposts") for record in records(output, name)]
    return {
        "texts": sorted((record["url"], record["article_body"]) for record in kept),
        "refused": sorted((line["url"], line["reason"]) for line in records(output, "rejected")),
        "first prints": len(records(output, "articles")),
    }


ARCHIVE = Victim(
    documents,
    lambda root: ["crawl", "archive", "-a", f"path={root}/archive.jsonl", *BATCHES],
    extracted,
    25,
)


# --- scrapy dedup --------------------------------------------------------------------------------


def archives(root: Path) -> None:
    """An archive with the next one, which reprints it."""
    for name, numbers in (("first", range(30)), ("next", range(20, 60))):
        with (root / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number in numbers:
                record = {"id": f"{name} {number}", "article_body": body(number % 50)}
                file.write(json.dumps(record) + "\n")


def split(root: Path) -> Content:
    files = (root / f"{name}.jsonl" for name in ("kept", "reposts"))
    # Whoever gives a command again that was killed when it was done adds what it added again.
    ids = rows(root / "state" / "firstprint.sqlite", "SELECT DISTINCT id FROM fingerprints")
    return {path.name: path.read_bytes() for path in files} | {"state": ids}


DEDUP = Victim(
    archives,
    lambda root: [
        *("dedup", f"{root}/first.jsonl", f"{root}/next.jsonl", "--state", f"{root}/state"),
        *("--kept", f"{root}/kept.jsonl", "--reposts", f"{root}/reposts.jsonl"),
    ],
    split,
    12,
)


# --- scrapy verify --repair, scrapy fingerprints -------------------------------------------------


def damaged(root: Path) -> None:
    """Lines torn, and a state of which some can be read: what waits to be written above all."""
    output = root / "output"
    sound_folder(output)
    state = output / "state" / "firstprint.sqlite"
    waiting = article(5).candidate
    with closing(sqlite3.connect(state, isolation_level=None)) as connection:
        days = sorted(output.glob("articles/*.jsonl"))
        data = days[-1].read_bytes()
        last = data.splitlines(keepends=True)[-1]
        days[-1].write_bytes(data[: -len(last)])
        place = str(days[-1].relative_to(output))
        connection.execute("INSERT INTO outbox (path, line) VALUES (?, ?)", (place, last))
        query = "UPDATE candidates SET state='waiting', outcome=NULL WHERE key=?"
        connection.execute(query, (waiting,))
        ((spoiled,),) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name='fingerprints'"
        ).fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with state.open("rb+") as file:
        file.seek(4096 * (spoiled - 1))
        file.write(random.Random(1).randbytes(4096))
    damage.line_after_torn(output, random.Random(4))


def repaired(root: Path) -> Content:
    database = root / "output" / "state" / "firstprint.sqlite"
    output = root / "output"
    assert faults(output) == []
    return {path.name: path.read_bytes() for path in output.glob("*/*.jsonl")} | {
        table: rows(database, f"SELECT {columns} FROM {table} ORDER BY 1")  # noqa: S608
        for table, columns in (
            ("candidates", "key, state, outcome, reason"),
            ("articles", "id, version, gone"),
            ("fingerprints", "number, id, first"),
            ("outbox", "*"),
            ("sqlite_master", "name"),
        )
    }


def undamaged(root: Path) -> None:
    """A sound folder."""
    sound_folder(root / "output")


REPAIR = Victim(damaged, lambda _: ["verify", "--repair"], repaired, 31)
FINGERPRINTS = Victim(undamaged, lambda _: ["fingerprints"], repaired, 2)


# --- scrapy export -------------------------------------------------------------------------------


OLDER = b"an older export\n"


def exported_before(root: Path) -> None:
    """A folder of many lines, and the files that an earlier export left."""
    sound_folder(root / "output")
    for path in root.glob("output/articles/*.jsonl"):
        path.write_bytes(path.read_bytes() * 200)
    for format_ in ("csv", "parquet", "sqlite"):
        (root / f"articles.{format_}").write_bytes(OLDER)


def killed_export(forks: Forks, root: Path, format_: str, share: float, length: int) -> None:
    """Export; kill it when that *share* of *length* bytes is written: the older file is whole."""
    target, draft = root / f"articles.{format_}", root / f".articles.{format_}.draft"
    target.write_bytes(OLDER)
    run = forks.start(["export", "--to", format_, str(target), "-s", f"OUTPUT_DIR={root}/output"])

    def begun() -> bool:
        return draft.exists() and draft.stat().st_size > share * length

    assert run.when(begun, signal.SIGKILL)
    assert run.wait().status == -signal.SIGKILL
    assert target.read_bytes() == OLDER
    assert draft.exists()


def export_deaths(forks: Forks, root: Path, format_: str, kills: int) -> None:
    exported_before(root)
    command = ["export", "--to", format_, f"{root}/articles.{format_}"]
    command += ["-s", f"OUTPUT_DIR={root}/output"]
    assert forks.start(command).wait().status == 0
    whole = (root / f"articles.{format_}").read_bytes()
    chance = random.Random(format_)
    for _ in range(kills):
        # Not the last bytes: they are written faster than anybody can look.
        killed_export(forks, root, format_, chance.uniform(0, 0.6), len(whole))
        assert forks.start(command).wait().status == 0
        assert (root / f"articles.{format_}").read_bytes() == whole
        assert list(root.glob(".*")) == []


def test_an_export_that_is_killed_leaves_the_older_file_and_the_next_is_whole(
    forks: Forks, tmp_path: Path
) -> None:
    export_deaths(forks, tmp_path, "csv", kills=2)


@pytest.mark.soak
def test_an_export_may_be_killed_again_and_again(forks: Forks, tmp_path: Path) -> None:
    export_deaths(forks, tmp_path, "csv", kills=20)


# -------------------------------------------------------------------------------------------------

VICTIMS = {
    "crawl archive": ARCHIVE,
    "dedup --state": DEDUP,
    "verify --repair": REPAIR,
    "fingerprints": FINGERPRINTS,
}


def deaths(forks: Forks, tmp_path: Path, victim: Victim, stride: int) -> int:
    """Kill the command at each *stride*th of its steps on the disk; how many times."""

    def run(root: Path, at: int | None = None) -> int:
        death = {"folder": str(root), "at": at, "tear": 40} if at else None
        where = ["-s", f"OUTPUT_DIR={root}/output"]
        ended = forks.start([*victim.arguments(root), *where], death=death).wait()
        assert ended.status in {0, -signal.SIGKILL}, ended.log
        return ended.status

    ready = tmp_path / "ready"
    ready.mkdir()
    victim.prepare(ready)
    sound = tmp_path / "sound"
    shutil.copytree(ready, sound)
    assert run(sound) == 0
    expected = victim.content(sound)
    for at in count(stride, stride):
        root = tmp_path / str(at)
        shutil.copytree(ready, root)
        if run(root, at) == 0:
            return at // stride - 1
        assert run(root) == 0
        assert victim.content(root) == expected, f"killed at step {at}"
        if (root / "output").exists():
            verify(forks, root / "output")
        shutil.rmtree(root)
    raise AssertionError


@pytest.mark.parametrize("victim", VICTIMS.values(), ids=VICTIMS.keys())
def test_a_command_that_is_killed_is_finished_by_the_next(
    forks: Forks, tmp_path: Path, victim: Victim
) -> None:
    assert deaths(forks, tmp_path, victim, victim.stride) > 1


@pytest.mark.soak
@pytest.mark.parametrize("victim", VICTIMS.values(), ids=VICTIMS.keys())
def test_a_command_that_is_killed_at_any_step_is_finished_by_the_next(
    forks: Forks, tmp_path: Path, victim: Victim
) -> None:
    assert deaths(forks, tmp_path, victim, max(1, victim.stride // 12)) > 5


@pytest.mark.parametrize("early", [False, True], ids=["at work", "while it starts"])
def test_an_archive_that_is_stopped_ends_and_goes_on(
    forks: Forks, tmp_path: Path, early: bool
) -> None:
    """Scrapy by itself waits for ever for the items that were under way."""
    documents(tmp_path)
    arguments = [*ARCHIVE.arguments(tmp_path), "-s", f"OUTPUT_DIR={tmp_path}/output"]
    arguments += ["-s", "CONCURRENT_REQUESTS=2", "-s", "EXTRACTION_WORKERS=1"]
    run = forks.start(arguments, early=signal.SIGTERM if early else None)
    if not early:
        assert run.when(lambda: bool(records(tmp_path / "output", "articles")), signal.SIGTERM)
    assert run.wait().status == 143
    assert forks.start(arguments).wait().status == 0
    assert len(extracted(tmp_path)["texts"]) + len(extracted(tmp_path)["refused"]) == 24
    verify(forks, tmp_path / "output")
