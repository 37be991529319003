"""The ledger: who printed a story first, who copied it, and how long it took to spread."""

import io
import json
from pathlib import Path

from crawler.assembly.dedup_summary import clusters_of, print_summary


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def printed(name: str, site: str, hour: int | None, **more: object) -> dict[str, object]:
    date = None if hour is None else f"2026-05-04T{hour:02d}:00:00+00:00"
    return {"id": name, "site": site, "date_published": date, **more}


def ledger(folder: Path) -> list[Path]:
    kept = write(
        folder / "kept.jsonl",
        printed("a", "portal.example", 9),
        printed("b", "paper.example", 8),
        printed("lonely", "paper.example", 8),
    )
    reposts = write(
        folder / "reposts.jsonl",
        printed("a1", "agency.example", 7, repost_of="a"),
        printed("a2", "portal.example", 13, repost_of="a"),
        printed("b1", "portal.example", None, repost_of="b"),
    )
    return [kept, reposts]


def test_the_first_print_is_the_earliest_published_even_if_fetched_later(tmp_path: Path) -> None:
    clusters, _ = clusters_of(ledger(tmp_path))
    assert set(clusters) == {"a", "b"}
    assert clusters["a"].kept.id == "a"
    assert clusters["a"].first.id == "a1"
    assert clusters["a"].hours == 6.0
    assert clusters["b"].first.id == "b"


def test_copies_are_counted_for_outlets_that_did_not_print_it_first(tmp_path: Path) -> None:
    _, copied = clusters_of(ledger(tmp_path))
    assert copied == {"portal.example": 3}


def test_a_first_print_of_an_earlier_archive_is_named_by_its_id(tmp_path: Path) -> None:
    reposts = write(tmp_path / "r.jsonl", printed("x", "s.example", 5, repost_of="gone"))
    clusters, _ = clusters_of([reposts])
    assert clusters["gone"].prints == 2
    assert clusters["gone"].first.id == "x"


def test_outlets_are_known_by_site_else_by_host(tmp_path: Path) -> None:
    reposts = write(
        tmp_path / "r.jsonl",
        {"id": "1", "repost_of": "0", "url": "https://news.example/1", "site": "file"},
        {"id": "2", "repost_of": "0", "url": "http://[broken"},
        {"id": "3", "repost_of": "0"},
    )
    clusters, _ = clusters_of([reposts])
    assert clusters["0"].outlets == {"news.example", "unknown"}


def test_prints_the_figures(tmp_path: Path) -> None:
    out = io.StringIO()
    print_summary(ledger(tmp_path), out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "2 stories were reprinted, 3 times in all"
    assert lines[1] == "from first print to last copy: 3.0 hours (median), 6.0 at most"
    assert lines[2] == "in 1 of them the first print was fetched later than a copy"
    assert lines[3] == "copied:      3  portal.example"
    assert "first a1 agency.example" in lines[4]
    assert lines[4].endswith("(kept: a, fetched earlier)")
