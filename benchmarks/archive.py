"""Pages a second a core on a WARC: ours against trafilatura's way and news-please's, same run.

    python benchmarks/archive.py [--pages DIR] [--small 60] [--large 300] [--news-please PYTHON]
                                 [--json]

Each way reads the same two archives to the exit of its process; a figure is (CPU of the large one
- CPU of the small one) / the difference in pages, so that start-up is out. Ours is `scrapy clean`
(records on stdout) and `scrapy crawl archive` (the whole pipeline: reposts, state, output), with
one extraction process each. The peers' way is the loop of their own archive examples: warcio, their
extractor with metadata, a line of JSON. news-please wants other versions of what we pin, so it
lives in an environment of its own: `python -m venv np && np/bin/pip install news-please==1.6.16`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.crawl import run  # noqa: E402 - the project lies beside this folder
from demo.padding import make_padding  # noqa: E402

_PAGE_KB = 130
_LOOP = """
import json, sys
from warcio.archiveiterator import ArchiveIterator
{imports}
with open(sys.argv[1], "rb") as file:
    for record in ArchiveIterator(file):
        if record.rec_type == "response":
            url = record.rec_headers.get_header("WARC-Target-URI")
            try:
                {extract}
            except Exception as error:  # a page that an extractor cannot take: the next one
                found = str(error)
            print(json.dumps(found, default=str, ensure_ascii=False))
"""
_TRAFILATURA = _LOOP.format(
    imports="import trafilatura",
    extract="document = trafilatura.bare_extraction(record.content_stream().read(), url=url,"
    " with_metadata=True); found = document.as_dict() if document else None",
)
_NEWS_PLEASE = _LOOP.format(
    imports="from newsplease import NewsPlease",
    extract="found = NewsPlease.from_warc(record, decode_errors='replace',"
    " fetch_images=False).get_serializable_dict()",
)


def main() -> int:
    """Measure, print a table, and with --json an object as the last line."""
    parser = argparse.ArgumentParser(description="archives against other tools")
    parser.add_argument("--pages", type=Path, help="a folder of .html pages, repeated as needed")
    parser.add_argument("--small", type=int, default=60)
    parser.add_argument("--large", type=int, default=300)
    parser.add_argument("--news-please", metavar="PYTHON", help="the interpreter that has it")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = _saved(arguments.pages) if arguments.pages else []
        sizes = (arguments.small, arguments.large)
        archives = [_archive(folder / f"{size}.warc.gz", pages, size) for size in sizes]
        figures = measure(archives, folder, sizes, arguments.news_please)
    for key, value in figures.items():
        print(f"{key:38} {value}")
    if arguments.json:
        print(json.dumps(figures))
    return 0


def measure(
    archives: list[Path], folder: Path, sizes: tuple[int, int], news_please: str | None
) -> dict[str, float]:
    """Pages a second of CPU by way, and ours to the others."""
    one = ["-s", "EXTRACTION_WORKERS=1", "-s", "REPORT_ENABLED=0"]
    scrapy = [sys.executable, "-m", "scrapy"]
    ways: dict[str, Callable[[Path], list[str]]] = {
        "clean": lambda archive: [*scrapy, "clean", str(archive), *one],
        "crawl_archive": lambda archive: [
            *[*scrapy, "crawl", "archive", "-a", f"path={archive}", *one],
            *["-s", f"OUTPUT_DIR={folder / 'out' / archive.stem}"],
        ],
        "trafilatura": lambda archive: [sys.executable, "-c", _TRAFILATURA, str(archive)],
    }
    if news_please:
        ways["news_please"] = lambda archive: [news_please, "-c", _NEWS_PLEASE, str(archive)]
    figures: dict[str, float] = {}
    for name, command in ways.items():
        small, large = (_cpu(command(archive)) for archive in archives)
        figures[f"{name}_pages_per_cpu_second"] = round((sizes[1] - sizes[0]) / (large - small), 2)
    for peer in ("trafilatura", "news_please"):
        theirs = figures.get(f"{peer}_pages_per_cpu_second")
        if theirs:
            for ours in ("clean", "crawl_archive"):
                ratio = figures[f"{ours}_pages_per_cpu_second"] / theirs
                figures[f"{ours}_to_{peer}"] = round(ratio, 2)
    return figures


def _cpu(command: list[str]) -> float:
    """CPU seconds of a command and its children; its output goes to a file, as a user's would."""
    with tempfile.NamedTemporaryFile() as out:
        cost, _ = run(["sh", "-c", f'exec "$@" > {out.name} 2> /dev/null', "sh", *command])
        assert Path(out.name).stat().st_size or "crawl" in command
    return cost.cpu


def _saved(folder: Path) -> list[bytes]:
    paths = sorted(folder.glob("*.html*"))
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in paths
    ]


def _archive(path: Path, pages: list[bytes], count: int) -> Path:
    """Write *count* pages, saved or made up, as responses of a WARC."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        kind = "text/html" if pages else "text/html; charset=utf-8"
        for number in range(count):
            body = pages[number % len(pages)] if pages else _invented(number)
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], "HTTP/1.1")
            url = f"https://www.example.com/finance/2026/{number}.html"
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=headers
            )
            writer.write_record(record)
    return path


def _invented(number: int) -> bytes:
    """A story of 1,200 letters in a page of usual weight and make."""
    chance = random.Random(number)
    letters = [chr(code) for code in range(0x4E00, 0x5A00)]
    title = "".join(chance.choices(letters, k=18))
    body = "".join(f"<p>{''.join(chance.choices(letters, k=100))}。</p>" for _ in range(12))
    padding = make_padding(_PAGE_KB, number)
    return (
        f"<html><head><title>{title}</title>{padding.head}</head><body>{padding.top}"
        f"<div class='main'><h1>{title}</h1><div class='info'>2026-03-01 09:30</div>"
        f"<div class='content'>{body}</div></div>{padding.side}{padding.foot}</body></html>"
    ).encode()


if __name__ == "__main__":
    raise SystemExit(main())
