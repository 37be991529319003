"""CPU time of extraction against a bare `lxml` parse and against trafilatura, on the same pages.

    python benchmarks/extraction.py [--pages DIR] [--json]

Extraction is everything from bytes to the finished record, metadata included. The three take turns
on each page, so that a machine that slows down slows all of them; every figure is the sum over the
pages of each page's best of three rounds. Peers come with the optional group `bench`.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.items import Page, PagePart  # noqa: E402 - the project lies beside this folder
from pipelines.article import Extractor  # noqa: E402

ROUNDS = 3
NOW = "2026-01-01T00:00:00Z"


def main() -> int:
    """Measure, print a table, and with --json an object as the last line."""
    arguments = _arguments()
    pages = _pages(arguments.pages)
    if not pages:
        print(f"no .html pages in {arguments.pages}", file=sys.stderr)
        return 1
    ours, parse, peer = _measure(pages)
    figures = {
        "pages": len(pages),
        "kilobytes_per_page": round(sum(len(body) for _, body in pages) / len(pages) / 1000, 1),
        "ms_per_page": round(ours / len(pages) * 1000, 3),
        "lxml_ms_per_page": round(parse / len(pages) * 1000, 3),
        "trafilatura_ms_per_page": round(peer / len(pages) * 1000, 3),
        "ratio_to_parse": round(ours / parse, 3),
        "ratio_to_trafilatura": round(ours / peer, 4),
    }
    for name, value in figures.items():
        print(f"{name:26} {value}")
    if arguments.json:
        print(json.dumps(figures))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT / "tests" / "article" / "pages")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _pages(folder: Path) -> list[tuple[str, bytes]]:
    found = []
    for path in sorted(folder.glob("*.html*")):
        body = path.read_bytes()
        found.append((path.name, gzip.decompress(body) if path.suffix == ".gz" else body))
    return found


def _measure(pages: list[tuple[str, bytes]]) -> tuple[float, float, float]:
    """CPU seconds of our extraction, of the lxml parse, of trafilatura, over all pages."""
    # By name: the peers are installed by `make bench` only, and bring no types.
    lxml = importlib.import_module("lxml.html")
    trafilatura = importlib.import_module("trafilatura")
    extractor = Extractor.load()
    ours = parse = peer = 0.0
    for name, body in pages:
        ours += _best(partial(extractor.extract, _page(name, body)))
        parse += _best(partial(lxml.fromstring, body))
        peer += _best(partial(trafilatura.bare_extraction, body, with_metadata=True))
    return ours, parse, peer


def _best(action: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return min(times)


def _page(name: str, body: bytes) -> Page:
    url = f"https://press.example/{name}"
    return Page(
        candidate=name,
        url=url,
        parts=[PagePart(url, body)],
        site="press.example",
        date_fetched=NOW,
        timezone="Asia/Shanghai",
        record_id=name,
    )


if __name__ == "__main__":
    raise SystemExit(main())
