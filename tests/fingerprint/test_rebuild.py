"""The fingerprints can be made again from the output, decisions as they were written."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.commands.fingerprints import Command
from pipelines.fingerprint.detector import Detector, Document
from pipelines.fingerprint.document import Fingerprinter
from pipelines.store.database import open_database
from pipelines.store.fingerprints import FingerprintStore
from tests.fingerprint.stories import BRIEF, ROOF, WEATHER


def run(folder: Path) -> int:
    command = Command()
    command.settings = Settings({"OUTPUT_DIR": str(folder)})
    command.run([], None)  # type: ignore[arg-type]
    return command.exitcode


def line(name: str, body: str, hour: int, **more: Any) -> str:
    fetched = f"2026-05-04T{hour:02d}:00:00+00:00"
    url = f"https://{name}.example/"
    row = {"id": name, "article_body": body, "date_fetched": fetched, "canonical_url": url} | more
    return json.dumps(row) + "\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "reposts").mkdir()
    (tmp_path / "articles" / "2026-05-04.jsonl").write_text(
        line("a", ROOF, 1) + line("c", BRIEF, 3), encoding="utf-8"
    )
    (tmp_path / "reposts" / "2026-05-04.jsonl").write_text(
        line("b", WEATHER + ROOF, 2, repost_of="a"), encoding="utf-8"
    )
    return tmp_path


def first_print(output: Path, text: str, fingerprinter: Fingerprinter) -> str | None:
    connection = open_database(output / "state" / "firstprint.sqlite", readonly=True)
    store = FingerprintStore(connection, output / "state" / "fingerprints", readonly=True)
    document = Document("new", fingerprinter.one(text))
    found = Detector(store, fingerprinter=fingerprinter).judge(document).first_print
    connection.close()
    return found.id if found else None


def test_every_record_is_found_again(output: Path, fingerprinter: Fingerprinter) -> None:
    assert run(output) == 0
    assert first_print(output, ROOF, fingerprinter) == "a"
    assert first_print(output, WEATHER + ROOF, fingerprinter) == "a"
    assert first_print(output, BRIEF, fingerprinter) == "c"
    assert first_print(output, WEATHER, fingerprinter) is None


def test_a_day_that_was_compressed_is_read_as_before(
    output: Path, fingerprinter: Fingerprinter
) -> None:
    day = output / "articles" / "2026-05-04.jsonl"
    day.with_name(day.name + ".gz").write_bytes(gzip.compress(day.read_bytes()))
    day.write_text(line("d", WEATHER, 4), encoding="utf-8")  # a late line of the same day
    assert run(output) == 0
    assert first_print(output, ROOF, fingerprinter) == "a"
    assert first_print(output, WEATHER, fingerprinter) == "d"


def test_a_compressed_day_that_is_cut_short_is_named(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = output / "articles" / "2026-05-04.jsonl"
    day.with_name(day.name + ".gz").write_bytes(gzip.compress(day.read_bytes())[:-12])
    day.unlink()
    assert run(output) == 1
    assert "2026-05-04.jsonl.gz is damaged" in capsys.readouterr().err


def test_doing_it_twice_changes_nothing(output: Path) -> None:
    def rows() -> list[Any]:
        connection = open_database(output / "state" / "firstprint.sqlite", readonly=True)
        found = connection.execute("SELECT * FROM fingerprints ORDER BY number").fetchall()
        connection.close()
        return found

    assert run(output) == 0
    before = rows()
    assert len(before) == 3
    assert run(output) == 0
    assert rows() == before


def test_a_damaged_line_is_named_and_the_old_fingerprints_stay(
    output: Path, fingerprinter: Fingerprinter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(output) == 0
    with (output / "articles" / "2026-05-04.jsonl").open("a") as file:
        file.write("{torn")
    assert run(output) == 1
    assert "2026-05-04.jsonl:3 is no record" in capsys.readouterr().err
    assert first_print(output, ROOF, fingerprinter) == "a"
