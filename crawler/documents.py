"""Documents that lie on disk: HTML and text files, WARC and WET archives, JSON Lines of pages."""

from __future__ import annotations

import glob
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator

from crawler.items import Page, PageKind, PagePart, Rejection

# A document over this many bytes is not read; the same cap as a page from the network.
MAX_DOCUMENT_BYTES = 10 * 1024 * 1024

_KINDS = {".html": "html", ".htm": "html", ".txt": "text", ".warc": "warc", ".wet": "warc"}
_KINDS[".jsonl"] = "jsonl"

_PROBLEMS = {
    "too_large": f"more than {MAX_DOCUMENT_BYTES} bytes",
    "unreadable": "the line is no JSON object with `html`",
}


@dataclass(slots=True)
class Document:
    """One document: *name* is the path as given, with `#n` for the n-th of several in a file.

    *problem* is set, and *body* empty, where the document itself cannot be taken.
    """

    name: str
    body: bytes
    kind: PageKind
    url: str | None = None
    content_type: str = ""
    problem: str | None = None

    def page(self, *, candidate: str, site: str, now: str, timezone: str = "") -> Page:
        """The document as a page fetched at *now*; without a URL it has `file:` and its name."""
        url = self.url or f"file:{self.name}"
        part = PagePart(url, self.body, self.content_type)
        return Page(candidate, url, [part], site, now, self.kind, timezone)

    def rejection(self, *, candidate: str, site: str, now: str) -> Rejection | None:
        """The rejection that its *problem* makes of it, if it has one."""
        if self.problem is None:
            return None
        return Rejection(
            url=self.url or f"file:{self.name}",
            reason=self.problem,
            detail=_PROBLEMS[self.problem],
            date_fetched=now,
            candidate=candidate,
            site=site,
        )


def find_files(pattern: str) -> list[Path]:
    """The files that *pattern* names: a file, every known kind below a folder, or a glob."""
    path = Path(pattern)
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file() and kind_of(file))
    if path.exists():
        return [path]
    # Path.glob takes no absolute pattern.
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207 - see above
    return [Path(name) for name in sorted(names) if Path(name).is_file()]


def kind_of(path: Path) -> str | None:
    """`html`, `text`, `warc` or `jsonl` by the name's ending, `.gz` aside."""
    name = path.name.lower().removesuffix(".gz")
    return _KINDS.get(Path(name).suffix)


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of one file, in order. Raises `OSError` or `EOFError` if it cannot be read."""
    with _open(path) as file:
        match kind_of(path):
            case "warc":
                yield from _warc_documents(str(path), file)
            case "jsonl":
                yield from _jsonl_documents(str(path), file)
            case kind:
                yield read_document(str(path), file, kind)


def read_document(name: str, file: IO[bytes], kind: str | None) -> Document:
    """The one document that *file* holds; of unknown *kind* it is HTML if it has a tag."""
    body = file.read(MAX_DOCUMENT_BYTES + 1)
    if kind is None:
        kind = "html" if b"<" in body[:4096] and b">" in body[:4096] else "text"
    page_kind: PageKind = "text" if kind == "text" else "html"
    return _sized(Document(name, body, page_kind))


def _sized(document: Document) -> Document:
    if len(document.body) > MAX_DOCUMENT_BYTES:
        document.body = b""
        document.problem = "too_large"
    return document


def _open(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz") and kind_of(path) != "warc":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def _warc_documents(name: str, file: IO[bytes]) -> Iterator[Document]:
    number = 0
    for record in ArchiveIterator(file):
        if record.rec_type not in ("response", "resource", "conversion"):
            continue
        headers = record.http_headers
        if headers is not None and headers.get_statuscode() != "200":
            continue
        content_type = (
            headers.get_header("Content-Type")
            if headers is not None
            else record.rec_headers.get_header("Content-Type")
        )
        number += 1
        yield _sized(
            Document(
                name=f"{name}#{number}",
                body=record.content_stream().read(MAX_DOCUMENT_BYTES + 1),
                kind="text" if record.rec_type == "conversion" else "html",
                url=record.rec_headers.get_header("WARC-Target-URI"),
                content_type=content_type or "",
            )
        )


def _jsonl_documents(name: str, file: IO[bytes]) -> Iterator[Document]:
    number = 0
    for line in file:
        if not line.strip():
            continue
        number += 1
        yield _jsonl_document(f"{name}#{number}", line)


def _jsonl_document(name: str, line: bytes) -> Document:
    try:
        values = json.loads(line)
        html, url = values["html"], values.get("url")
        body = html.encode("utf-8", "replace")
    except (ValueError, KeyError, TypeError, AttributeError):
        return Document(name, b"", "html", problem="unreadable")
    # The text is decoded already; whatever its meta tag says no longer holds.
    return _sized(
        Document(
            name, body, "html", url if isinstance(url, str) else None, "text/html;charset=utf-8"
        )
    )
