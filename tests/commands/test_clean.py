"""`scrapy clean`: exactly one line a document, in input order, each as if alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.items import NewsArticle, record_keys
from tests.crawl.running import scrapy

PARAGRAPHS = [
    "柳塘港务局周一公布，上月集装箱吞吐量达到三十二万箱，比去年同月增长百分之十一，创下新港启用以来的最高纪录。",
    "港务局长苗青原表示，增长主要来自两条新开的近海航线，船公司把中转货物从邻近港口移到了柳塘。",
    "不过码头工人反映，夜班的吊车司机依然短缺，旺季里一艘船平均要多等四个小时才能靠岸。",
]
PROMOTION = "白鹭夜航船第三季周五启程"


def page(paragraphs: list[str], title: str = "柳塘港上月吞吐量创新高") -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head><title>{title}_柳塘商报</title></head><body><h1>{title}</h1>"
        f"<div>2025-05-06 08:30 来源：柳塘商报</div><div class='story'>{body}</div></body></html>"
    )


def lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clean")
    (made / "a.html").write_text(page(PARAGRAPHS), encoding="utf-8")
    (made / "b.html.gz").write_bytes(gzip.compress(page(PARAGRAPHS[:2]).encode("gb18030")))
    (made / "c.html").write_bytes(b"")
    (made / "d.jsonl").write_text(
        json.dumps({"html": page(PARAGRAPHS), "url": "https://liutang.test/d?utm_source=x"})
        + '\n{"url": 1}\n',
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def cleaned(folder: Path) -> list[dict[str, Any]]:
    run = scrapy("clean", str(folder))
    assert run.returncode == 0, run.stderr.decode()
    return lines(run.stdout)


def test_there_is_one_line_a_document_in_input_order(
    folder: Path, cleaned: list[dict[str, Any]]
) -> None:
    names = ["a.html", "b.html.gz", "c.html", "d.jsonl#1", "d.jsonl#2"]
    assert [line["id"] for line in cleaned] == [str(folder / name) for name in names]


def test_a_record_has_every_key_and_the_story_alone(cleaned: list[dict[str, Any]]) -> None:
    record = cleaned[0]
    assert list(record) == record_keys(NewsArticle)
    assert record["article_body"] == "\n".join(PARAGRAPHS)
    assert record["headline"] == "柳塘港上月吞吐量创新高"
    assert record["date_published"] == "2025-05-06T08:30:00+08:00"
    assert record["source"] == "柳塘商报"
    assert record["site"] == "file"
    assert len(record["simhash"]) == 16


def test_bytes_decide_the_encoding(cleaned: list[dict[str, Any]]) -> None:
    assert cleaned[1]["article_body"] == "\n".join(PARAGRAPHS[:2])


def test_a_rejected_document_has_the_same_keys_and_its_reason(
    cleaned: list[dict[str, Any]],
) -> None:
    assert [line["rejected"] for line in (cleaned[2], cleaned[4])] == ["empty", "unreadable"]
    for line in (cleaned[2], cleaned[4]):
        assert line["article_body"] is None
        assert list(line) == [*record_keys(NewsArticle), "rejected"]


def test_a_document_that_brings_its_url_has_its_canonical_form(
    cleaned: list[dict[str, Any]],
) -> None:
    assert cleaned[3]["canonical_url"] == "https://liutang.test/d"
    assert cleaned[3]["site"] == "liutang.test"


def test_standard_input_takes_the_url_of_the_command_line() -> None:
    run = scrapy(
        "clean", "-", "--url", "https://liutang.test/1", stdin=page(PARAGRAPHS).encode("utf-8")
    )
    (record,) = lines(run.stdout)
    assert (run.returncode, record["id"], record["url"]) == (0, "-", "https://liutang.test/1")


def test_a_file_that_is_not_there_is_status_1_and_the_others_are_cleaned(folder: Path) -> None:
    run = scrapy("clean", str(folder / "gone.html"), str(folder / "a.html"))
    assert run.returncode == 1
    assert "gone.html" in run.stderr.decode()
    assert len(lines(run.stdout)) == 1


def test_what_a_site_repeats_goes_only_when_asked(tmp_path: Path) -> None:
    archive = tmp_path / "site.jsonl"
    with archive.open("w", encoding="utf-8") as file:
        for number in range(14):
            own = f"第{number}号泊位的改造工程在{number + 3}月完工，总造价{number * 7 + 11}万元，"
            story = [own + PARAGRAPHS[number % 3], PARAGRAPHS[(number + 1) % 3] + own, PROMOTION]
            values = {
                "html": page(story, f"泊位改造第{number}期"),
                "url": f"https://l.test/{number}",
            }
            file.write(json.dumps(values) + "\n")
    alone, together = (
        lines(scrapy("clean", str(archive), *flag).stdout) for flag in ((), ("--site-memory",))
    )
    assert all(PROMOTION in line["article_body"] for line in alone)
    assert PROMOTION in together[0]["article_body"]
    assert PROMOTION not in together[-1]["article_body"]
    assert together[-1]["removed"]["site_template"] == 1
