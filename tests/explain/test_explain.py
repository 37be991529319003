"""`scrapy explain`: each block on one line, and a page on which nothing of the page can run."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from crawler.commands.explain import Command
from crawler.reports.explained import FIRST, OUTSIDE, Block, line
from demo import Press
from tests.commands.in_process import run as run_here
from tests.crawl.running import scrapy
from tests.explain.html_tags import Tags

PAGES = Path(__file__).parents[1] / "article" / "pages"
PORTAL = PAGES / "chinese-portal.html"
LINE = re.compile(r"(kept   |removed)  (\S+) +(\S.*)")

HOSTILE = """<html><head><title>x</title></head><body>
<h1>渔港扩建<script>alert(1)</script></h1>
<div class="story">
<p>渔港扩建工程周一开工，<img src=x onerror="alert(2)">总投资三亿元，工期两年，由海湾建工承建。</p>
<p>&lt;script&gt;alert(3)&lt;/script&gt;港务局说，新码头能同时停靠四十条渔船，比现在多一倍。</p>
<p><a href="javascript:alert(4)">渔民协会</a>要求施工期间保留两个泊位，\x1b[31m并公布每月进度，
\u202e以免影响休渔期之后的出海。</p></div>
<div class="related"><h3>猜你喜欢</h3>
<a href="http://evil.test/">&lt;img src=http://evil.test/p.gif&gt;</a></div>
</body></html>"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder that has the portal's story, under another address."""
    folder = tmp_path_factory.mktemp("explain")
    archive = folder / "first.jsonl"
    values = {"html": PORTAL.read_text(encoding="utf-8"), "url": "https://first.test/a.html"}
    archive.write_text(json.dumps(values) + "\n", encoding="utf-8")
    crawl = ("crawl", "archive", "-a", f"path={archive}", "-s", f"OUTPUT_DIR={folder / 'out'}")
    assert scrapy(*crawl, "-s", "EXTRACTION_WORKERS=1").returncode == 0
    return folder / "out"


def test_each_block_is_on_one_line_with_the_rule_that_the_record_counts(tmp_path: Path) -> None:
    run = scrapy("explain", str(PORTAL), "-s", f"OUTPUT_DIR={tmp_path}")
    assert run.returncode == 0, run.stderr.decode()
    found = [LINE.fullmatch(each) for each in run.stdout.decode("utf-8").splitlines()]
    assert all(found)
    blocks = [match.groups() for match in found if match]
    assert all(len(text) <= FIRST for _, _, text in blocks)
    assert {rule for state, rule, _ in blocks if state == "kept   "} == {"-"}
    removed = Counter(rule for state, rule, _ in blocks if state == "removed")
    del removed[OUTSIDE]
    (record,) = scrapy("clean", str(PORTAL)).stdout.splitlines()
    assert removed == json.loads(record)["removed"]
    assert run.stderr.decode().endswith("chinese-portal.html: article\n")


def test_a_reprint_names_its_first_print_and_marks_what_both_have(
    output: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    run = scrapy(
        "explain", str(PORTAL), "--url", "https://copy.test/b.html",
        "--html", str(page), "-s", f"OUTPUT_DIR={output}",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode()
    assert re.search(r": repost of [0-9a-f]{16}$", run.stderr.decode().strip())
    text = page.read_text(encoding="utf-8")
    assert "https://first.test/a.html" in text
    assert "<mark>海湾晚报8月19日讯" in text
    assert "similarity 1.00" in text


def test_the_first_print_itself_reprints_nothing(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = ("--url", "https://first.test/a.html")
    assert run_here(Command(), str(PORTAL), *address, OUTPUT_DIR=output) == 0
    assert capsys.readouterr().err.endswith(": article\n")


def test_nothing_of_a_hostile_page_can_run_or_call_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, page = tmp_path / "hostile.html", tmp_path / "page.html"
    source.write_text(HOSTILE, encoding="utf-8")
    assert run_here(Command(), str(source), "--html", str(page), OUTPUT_DIR=tmp_path) == 0
    shown = capsys.readouterr().out
    assert "渔港扩建" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    text = page.read_text(encoding="utf-8")
    made = Tags(text)
    assert not made.tags.keys() & {"script", "img", "a", "iframe", "link", "object", "form"}
    assert not made.attributes.keys() & {"src", "href", "style", "onerror", "onclick"}
    assert "default-src 'none'" in text
    assert "&lt;script&gt;alert(3)" in text


def test_the_page_says_where_the_evidence_was_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run_here(Command(), str(PORTAL), "--html", str(page), OUTPUT_DIR=tmp_path)
    text = page.read_text(encoding="utf-8")
    cut = re.findall(r'<div class="why">(.*?)</div>', text, re.DOTALL)
    (recommended,) = [each for each in cut if "<b>recommendation</b>" in each]
    assert re.findall(r"(\w+) ([\d.]+) <small>\(<bdi>(.*?)</bdi>", recommended) == [
        ("recommendation", "1.00", "phrase"),
        ("link", "1.00", "its text is links"),
        ("recommendation", "0.70", "under its heading"),
    ]
    assert "The story stands in &lt;div.text&gt;." in text


def test_class_names_of_a_hostile_page_are_shown_as_text(tmp_path: Path) -> None:
    source, page = tmp_path / "hostile.html", tmp_path / "page.html"
    inside = '</p><div class="share&#34;><script>alert(5)</script>">转发给朋友</div><p>'
    source.write_text(HOSTILE.replace("</p>\n<p>&lt;", inside + "&lt;"), encoding="utf-8")
    run_here(Command(), str(source), "--html", str(page), OUTPUT_DIR=tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(5)" in text
    assert "<script" not in text


def test_fields_say_where_they_stood(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run_here(Command(), str(PORTAL), "--html", str(page), OUTPUT_DIR=tmp_path)
    rows = re.findall(
        r"<tr><td><code>(\w+)</code></td><td><bdi>.*?</bdi></td><td>(.*?)</td>",
        page.read_text(encoding="utf-8"),
    )
    origins = dict(rows)
    assert origins["headline"]
    assert origins["date_published"].startswith("text")
    assert origins["source"] == "text label"
    assert all(origins.values()), origins


def test_visible_text_is_explained_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = PAGES.parent / "visible_text" / "zh.txt"
    assert run_here(Command(), str(source), OUTPUT_DIR=tmp_path) == 0
    shown = capsys.readouterr().out.splitlines()
    wanted = [text for text in source.read_text(encoding="utf-8").splitlines() if text.strip()]
    assert len(shown) == len(wanted)
    assert any(" recommendation " in each for each in shown)


def test_an_archive_is_explained_document_by_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "two.jsonl"
    values = {"html": PORTAL.read_text(encoding="utf-8")}
    archive.write_text((json.dumps(values) + "\n") * 2, encoding="utf-8")
    assert run_here(Command(), str(archive), OUTPUT_DIR=tmp_path) == 0
    both = capsys.readouterr().out.splitlines()
    assert [each for each in both if each.startswith("==>")] == [
        f"==> {archive}#1 <==",
        f"==> {archive}#2 <==",
    ]
    page = str(tmp_path / "p.html")
    assert run_here(Command(), f"{archive}#2", "--html", page, OUTPUT_DIR=tmp_path) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(both) // 2 - 1
    assert run_here(Command(), str(archive), "--html", page, OUTPUT_DIR=tmp_path) == 2
    assert "holds several documents" in capsys.readouterr().err


def test_a_page_of_the_web_is_fetched_as_the_crawl_does(press: Press, tmp_path: Path) -> None:
    story = press.expected()[0]
    run = scrapy("explain", story.url, "-s", f"OUTPUT_DIR={tmp_path}")
    assert run.returncode == 0, run.stderr.decode()
    assert b"kept" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        pytest.param((), 2, "takes one address, one file", id="nothing"),
        pytest.param(("a", "b"), 2, "takes one address, one file", id="two files"),
        pytest.param(("--what", "a"), 2, "unknown option --what", id="unknown option"),
        pytest.param(("gone.html",), 1, "gone.html: there is no such file", id="no such file"),
        pytest.param(("tests",), 2, "tests is a folder", id="folder"),
        pytest.param((str(PORTAL), "--url", "x"), 2, "must be an http", id="no address"),
        pytest.param((f"{PORTAL}#9",), 1, "has fewer than 9 documents", id="no such document"),
        pytest.param(("http://[::1/",), 2, "must be an http or https address", id="broken URL"),
        pytest.param(
            (str(PORTAL), "--html", "gone/x.html"), 1, "cannot be written", id="no folder"
        ),
    ],
)
def test_bad_input_is_one_clear_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
) -> None:
    assert run_here(Command(), *arguments, OUTPUT_DIR=tmp_path) == status
    message = capsys.readouterr().err
    assert sentence in message
    assert "Traceback" not in message


def test_an_address_that_does_not_answer_is_one_clear_sentence() -> None:
    run = scrapy("explain", "http://127.0.0.1:9/", "-s", "RETRY_ENABLED=0")
    message = run.stderr.decode()
    assert (run.returncode, message.count("\n")) == (1, 1)
    assert "http://127.0.0.1:9/ cannot be fetched: refused" in message


def test_what_moves_the_cursor_is_shown_as_a_replacement() -> None:
    assert (
        line(Block("a\x1b[2Jb\u202ec", False, "link"))
        == "removed  link                  a\ufffd[2Jb\ufffdc"
    )
