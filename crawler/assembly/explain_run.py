"""The documents of `scrapy explain`, each explained against the output folder as it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.assembly.explanation import TooSlowError, explain
from crawler.discovery.urls import safe_url, site_name
from crawler.documents import Document, kind_of, read_document, read_documents
from crawler.items import Page
from crawler.reports.explained import Explained
from pipelines.article import Extractor
from pipelines.store.database import DATABASE_NAME

if TYPE_CHECKING:
    from crawler.assembly.earlier_print import OutputReader

_NUMBERED = re.compile(r"(.+)#(\d+)")


class ExplainError(Exception):
    """The page cannot be had or explained; one sentence."""


class BadTargetError(Exception):
    """What was named is nothing that can be explained; one sentence."""


def explain_all(target: str, url: str | None, settings: Any, *, one: bool) -> Iterator[Explained]:
    """Explain the page at an address, or each document of a file (`-`: standard input).

    *url* is the address of documents that bring none. *one*: there must be one document only.
    Raises `BadTargetError`, `ExplainError`.
    """
    given = safe_url(url) if url is not None else None
    if url is not None and given is None:
        raise BadTargetError(f"--url {url}: must be an http or https address")
    # Every way to a page ends before anything is opened: a fetch takes the whole process.
    pages = _pages(target, given, settings)
    if one:
        found = list(islice(pages, 2))
        if len(found) > 1:
            raise BadTargetError(f"{target} holds several documents; name one, such as {target}#2")
        pages = iter(found)
    seconds = settings.getfloat("EXTRACTION_TIMEOUT")
    with ExitStack() as stack:
        output, trouble = _open(stack, Path(settings["OUTPUT_DIR"]))
        extractor = Extractor.load()
        for name, page in pages:
            yield _explained(extractor, page, name, output, seconds, trouble)


def _open(stack: ExitStack, folder: Path) -> tuple[OutputReader | None, str | None]:
    """The output as it is; None where there is none, or with a sentence where it is unsound."""
    if not (folder / "state" / DATABASE_NAME).exists():
        return None, None
    # It brings numpy, a tenth of a second.
    from crawler.assembly.earlier_print import OutputReader, StateError  # noqa: PLC0415

    try:
        return stack.enter_context(OutputReader.open(folder)), None
    except StateError as error:
        return None, str(error)


def _explained(
    extractor: Extractor,
    page: Page,
    name: str,
    output: OutputReader | None,
    seconds: float,
    trouble: str | None,
) -> Explained:
    memory = output.site_memory(page.site) if output is not None else None
    try:
        explained, article = explain(extractor, page, name, memory, seconds)
    except TooSlowError as error:
        raise ExplainError(f"{name}: {error}") from error
    if article is not None and output is not None:
        trouble = output.compare(article, explained)
    if trouble is not None:
        explained.notes.append(f"Not compared with earlier articles: {trouble}.")
    elif article is not None and output is None:
        explained.notes.append("There is no output folder yet to compare it with.")
    return explained


def _pages(target: str, url: str | None, settings: Any) -> Iterator[tuple[str, Page]]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if target.lower().startswith(("http://", "https://")):
        yield target, _fetched(target, settings, now)
        return
    for document in _documents(target):
        document.url = document.url or url
        site = site_name(document.url) if document.url else "file"
        problem = document.rejection(candidate=document.name, site=site, now=now)
        if problem is not None:
            raise ExplainError(f"{document.name}: rejected({problem.reason}): {problem.detail}")
        page = document.page(candidate=document.name, site=site, now=now)
        page.record_id = None if document.url else document.name
        yield document.name, page


def _fetched(target: str, settings: Any, now: str) -> Page:
    from crawler.assembly.page_fetch import FetchError, fetch  # noqa: PLC0415 - brings the reactor

    address = safe_url(target)
    if address is None:
        raise BadTargetError(f"{target}: must be an http or https address")
    try:
        parts = fetch(address, settings)
    except FetchError as error:
        raise ExplainError(f"{address} cannot be fetched: {error}") from error
    return Page(address, parts[0].url, parts, site_name(address), now)


def _documents(target: str) -> Iterator[Document]:
    if target == "-":
        yield read_document("-", sys.stdin.buffer, None)
        return
    path, number = Path(target), None
    numbered = _NUMBERED.fullmatch(target)
    if numbered is not None and not path.exists():
        path, number = Path(numbered[1]), int(numbered[2])
    if path.is_dir():
        raise BadTargetError(f"{target} is a folder; name one of its files")
    try:
        if number is None:
            yield from read_documents(path)
            return
        found = next(islice(read_documents(path), number - 1, None), None)
    except FileNotFoundError:
        raise ExplainError(f"{target}: there is no such file") from None
    except (OSError, EOFError, ValueError) as error:
        raise ExplainError(f"{target} cannot be read: {error}") from error
    if found is None:
        raise ExplainError(f"{path} has fewer than {number} documents")
    yield found


def holds_several(target: str) -> bool:
    """Whether the file named may hold more than one document."""
    return kind_of(Path(target)) in ("warc", "jsonl")
