"""Documents on disk: every promised kind, and what is no document."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from crawler.documents import MAX_DOCUMENT_BYTES, find_files, read_documents

PAGE = "<html><body><p>正文一段。</p></body></html>".encode()


def record(kind: str, url: str, content_type: str, block: bytes) -> bytes:
    """One WARC/1.0 record (ISO 28500), written by hand."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2030-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def warc(*pages: tuple[str, str, bytes], compress: bool = True) -> bytes:
    records = [
        record(
            "response",
            url,
            "application/http;msgtype=response",
            f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode() + body,
        )
        for url, status, body in pages
    ]
    return b"".join(gzip.compress(one) if compress else one for one in records)


def wet(url: str, text: str) -> bytes:
    return record("conversion", url, "text/plain", text.encode())


LINE = json.dumps({"html": PAGE.decode(), "url": "https://a.test/1"}).encode() + b"\n"
FILES = {
    "page.html": (PAGE, "html", None),
    "page.htm": (PAGE, "html", None),
    "page.HTML": (PAGE, "html", None),
    "page.html.gz": (gzip.compress(PAGE), "html", None),
    "page.txt": ("正文一段。".encode(), "text", None),
    "page.txt.gz": (gzip.compress("正文一段。".encode()), "text", None),
    "pages.jsonl": (LINE, "html", "https://a.test/1"),
    "pages.jsonl.gz": (gzip.compress(LINE), "html", "https://a.test/1"),
    "a.warc": (
        warc(("https://a.test/1", "200 OK", PAGE), compress=False),
        "html",
        "https://a.test/1",
    ),
    "a.warc.gz": (warc(("https://a.test/1", "200 OK", PAGE)), "html", "https://a.test/1"),
    "a.wet": (wet("https://a.test/1", "正文一段。"), "text", "https://a.test/1"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_promised_kind_is_read(tmp_path: Path, name: str) -> None:
    content, kind, url = FILES[name]
    (tmp_path / name).write_bytes(content)
    assert find_files(str(tmp_path)) == [tmp_path / name]
    (document,) = read_documents(tmp_path / name)
    assert (document.kind, document.url) == (kind, url)
    assert "正文一段。".encode() in document.body
    assert document.problem is None


def test_a_folder_gives_the_known_kinds_below_it_in_order(tmp_path: Path) -> None:
    for name in ("b/2.html", "a/1.html", "a/notes.pdf", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAGE)
    names = [str(path.relative_to(tmp_path)) for path in find_files(str(tmp_path))]
    assert names == ["a/1.html", "b/2.html", "c.txt"]


def test_a_glob_gives_what_it_matches(tmp_path: Path) -> None:
    for name in ("1.html", "2.html", "3.txt"):
        (tmp_path / name).write_bytes(PAGE)
    assert len(find_files(str(tmp_path / "*.html"))) == 2


def test_nothing_there_is_an_empty_list(tmp_path: Path) -> None:
    assert find_files(str(tmp_path / "gone.html")) == []


def test_a_jsonl_line_that_is_no_page_is_a_document_with_a_problem(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_bytes(LINE + b'{"url": 1}\nno json\n[]\n' + LINE)
    documents = list(read_documents(tmp_path / "p.jsonl"))
    assert [document.problem for document in documents] == [None, *["unreadable"] * 3, None]
    assert [document.name.rpartition("#")[2] for document in documents] == list("12345")


def test_records_of_a_warc_that_are_no_pages_are_passed_over(tmp_path: Path) -> None:
    pages = [("https://a.test/gone", "404 Not Found", PAGE), ("https://a.test/1", "200 OK", PAGE)]
    (tmp_path / "a.warc.gz").write_bytes(warc(*pages))
    assert [document.url for document in read_documents(tmp_path / "a.warc.gz")] == [
        "https://a.test/1"
    ]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wet", "a.wet.gz", "a.jsonl"])
def test_an_archive_is_read_in_a_memory_that_its_size_does_not_change(
    tmp_path: Path, name: str
) -> None:
    """Forty times 200 kB, of which one is held at a time."""
    page, count = PAGE + b"<!--" + b"x" * 200_000 + b"-->", 40
    one = {
        "warc": warc(("https://a.test/1", "200 OK", page), compress=False),
        "wet": wet("https://a.test/1", page.decode()),
        "jsonl": json.dumps({"html": page.decode()}).encode() + b"\n",
    }[name.split(".")[1]]
    (tmp_path / name).write_bytes((gzip.compress(one) if name.endswith(".gz") else one) * count)
    tracemalloc.start()
    assert sum(1 for _ in read_documents(tmp_path / name)) == count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(page) < count * len(page) / 3


def test_a_document_over_the_cap_is_not_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "big.html").write_bytes(b"x" * (MAX_DOCUMENT_BYTES + 1))
    (document,) = read_documents(tmp_path / "big.html")
    assert (document.problem, document.body) == ("too_large", b"")


def test_a_torn_gzip_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "torn.html.gz").write_bytes(gzip.compress(PAGE * 50)[:-9])
    with pytest.raises(EOFError):
        list(read_documents(tmp_path / "torn.html.gz"))
