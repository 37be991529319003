"""`scrapy export` writes what is in the output, once, with types, from any point on."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from crawler.commands.export import Command
from crawler.items import Rejection, Repost, record_keys
from tests.commands.in_process import run
from tests.export.output_folder import append, article, end_run, rejection, repost

LATER = "20260302T120000Z-0002"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    append(folder, "articles", "2026-03-01", article(1), article(2))
    append(folder, "reposts", "2026-03-01", repost(3, of=1))
    append(folder, "rejected", "2026-03-02", rejection(4))
    append(folder, "articles", "2026-03-02", article(5))
    end_run(folder, LATER)
    append(folder, "articles", "2026-03-02", article(6), article(7, version=2))
    append(folder, "articles", "2026-03-03", article(8))
    return folder


def read(path: Path, format_: str, table: str = "articles") -> list[dict[str, Any]]:
    if format_ == "parquet":
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return rows
    if format_ == "csv":
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608
    connection.close()
    return found


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [int(row["id"], 16) for row in rows]


@pytest.mark.parametrize("format_", ["parquet", "csv", "sqlite"])
def test_every_article_is_exported_once_with_every_key(
    output: Path, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / "out"
    assert run(Command(), "--to", format_, str(path), OUTPUT_DIR=output) == 0
    rows = read(path, format_)
    assert numbers(rows) == [1, 2, 5, 6, 7, 8]
    assert list(rows[0]) == record_keys(Repost)
    assert rows[0]["headline"] == '第1号泊位,"完工"'
    assert rows[0]["article_body"] == "第一段。\n第二段。"
    assert int(rows[4]["version"]) == 2


@pytest.mark.parametrize("format_", ["parquet", "csv", "sqlite"])
def test_since_a_run_gives_only_what_came_after_it(
    output: Path, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / "out"
    assert run(Command(), "--to", format_, "--since", LATER, str(path), OUTPUT_DIR=output) == 0
    assert numbers(read(path, format_)) == [6, 7, 8]


def test_nothing_new_is_a_file_without_rows(output: Path, tmp_path: Path) -> None:
    end_run(output, "20260303T120000Z-0003")
    path = tmp_path / "out.parquet"
    since = ("--since", "20260303T120000Z-0003")
    assert run(Command(), "--to", "parquet", *since, str(path), OUTPUT_DIR=output) == 0
    assert read(path, "parquet") == []


@pytest.mark.parametrize("since", [(), ("--since", LATER)], ids=["all", "since a run"])
def test_compressed_days_are_read_as_before(
    output: Path, tmp_path: Path, since: tuple[str, ...]
) -> None:
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    assert run(Command(), "--to", "csv", *since, str(before), OUTPUT_DIR=output) == 0
    for day in (output / "articles").glob("*.jsonl"):
        day.with_name(day.name + ".gz").write_bytes(gzip.compress(day.read_bytes()))
        day.unlink()
    assert run(Command(), "--to", "csv", *since, str(after), OUTPUT_DIR=output) == 0
    assert after.read_bytes() == before.read_bytes()


def test_parquet_has_types(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    run(Command(), "--to", "parquet", str(path), OUTPUT_DIR=output)
    row = read(path, "parquet")[0]
    assert row["date_published"] == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    assert row["keywords"] == ["港口", "泊位"]
    assert row["securities"] == [{"symbol": "300540.SZ", "name": None}]
    assert dict(row["removed"]) == {"recommendation": 1}
    assert row["repost_of"] is None


def test_sqlite_has_types_and_lists_as_json(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.sqlite"
    what = ("--what", "reposts")
    assert run(Command(), "--to", "sqlite", *what, str(path), OUTPUT_DIR=output) == 0
    (row,) = read(path, "sqlite", "reposts")
    assert row["similarity"] == 0.9
    assert json.loads(row["keywords"]) == ["港口", "泊位"]


def test_rejected_pages_have_their_own_columns(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    run(Command(), "--to", "csv", "--what", "rejected", str(path), OUTPUT_DIR=output)
    (row,) = read(path, "csv")
    assert list(row) == record_keys(Rejection)
    assert row["reason"] == "empty"


def test_csv_goes_to_standard_output(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Command(), "--to", "csv", "-", OUTPUT_DIR=output) == 0
    assert capsys.readouterr().out.startswith("schema_version,id,version,")


def test_a_torn_last_line_is_not_there_yet(output: Path, tmp_path: Path) -> None:
    with (output / "articles" / "2026-03-03.jsonl").open("a") as file:
        file.write('{"id": "torn')
    path = tmp_path / "out.csv"
    assert run(Command(), "--to", "csv", str(path), OUTPUT_DIR=output) == 0
    assert len(read(path, "csv")) == 6


def test_a_damaged_line_is_named_and_the_others_are_exported(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (output / "articles" / "2026-03-03.jsonl").open("a") as file:
        file.write("not json\n")
    append(output, "articles", "2026-03-03", article(9))
    path = tmp_path / "out.csv"
    assert run(Command(), "--to", "csv", str(path), OUTPUT_DIR=output) == 1
    assert "2026-03-03.jsonl:2 is no record" in capsys.readouterr().err
    assert numbers(read(path, "csv"))[-1] == 9


def test_a_value_of_another_type_leaves_the_old_file_alone(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert run(Command(), "--to", "parquet", str(path), OUTPUT_DIR=output) == 0
    before = path.read_bytes()
    append(output, "articles", "2026-03-03", article(9, keywords=3))
    assert run(Command(), "--to", "parquet", str(path), OUTPUT_DIR=output) == 1
    assert path.read_bytes() == before
    assert list(tmp_path.glob(".*.draft")) == []


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        pytest.param((), 2, "--to is missing", id="no format"),
        pytest.param(("--to", "xlsx"), 2, "--to xlsx: it can be parquet", id="unknown format"),
        pytest.param(("--to", "csv", "--what", "all"), 2, "--what all", id="unknown kind"),
        pytest.param(("--to", "csv", "a", "b"), 2, "writes one file", id="two files"),
        pytest.param(("--to", "sqlite", "-"), 2, "only CSV", id="sqlite to a pipe"),
        pytest.param(("--to", "csv", "."), 2, "is a folder", id="folder"),
        pytest.param(("--to", "csv", "--since", "x", "o"), 1, "there is no run x", id="no run"),
        pytest.param(("--to", "csv", "gone/o.csv"), 1, "nothing was exported", id="no folder"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    output: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
) -> None:
    assert run(Command(), *arguments, OUTPUT_DIR=output) == status
    assert sentence in capsys.readouterr().err


def test_a_run_that_did_not_end_is_one_clear_sentence(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (output / "runs" / "20260304T000000Z-dead").mkdir()
    since = ("--since", "20260304T000000Z-dead")
    assert run(Command(), "--to", "csv", *since, str(tmp_path / "o"), OUTPUT_DIR=output) == 1
    assert "did not come to its end; name an earlier one" in capsys.readouterr().err
