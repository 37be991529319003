"""Quality and CPU of extraction beside its peers: the same pages, the same scorer, the same run.

    python benchmarks/extraction_peers.py --pages DIR --score SCRIPT [--json]

*DIR* holds pages and their `gold.jsonl`, *SCRIPT* scores JSON Lines of `id` and `article_body`
against it and prints an object as its last line with `--json`. Peers that are not installed are
named and left out; those of the group `bench` come with `make bench`. A page that a peer fails on
counts as an empty body. CPU is the sum over the pages of each page's best of two rounds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.extraction import page_of, read_pages  # noqa: E402 - the project lies beside this folder
from pipelines.article import Extractor  # noqa: E402

ROUNDS = 2
SHOWN = ("f1", "leak", "must", "headline", "date", "source")
_HAN = re.compile("[\u4e00-\u9fff]")
Extract = Callable[[str, bytes], dict[str, Any]]


def main() -> int:
    """Run every tool that is installed, print a table, with --json an object as the last line."""
    parser = argparse.ArgumentParser(description="extraction beside its peers")
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pages = read_pages(arguments.pages)
    gold = arguments.pages / "gold.jsonl"
    figures = {}
    for name, tool in tools():
        lines, seconds = run(tool, pages)
        row = score(arguments.score, gold, lines)
        figures[name] = {key: row[key] for key in SHOWN} | {
            "ms_per_page": round(seconds / len(pages) * 1000, 1)
        }
        print(f"{name:28}", *(f"{key} {value}" for key, value in figures[name].items()), flush=True)
    if arguments.json:
        print(json.dumps(figures))
    return 0


def tools() -> Iterator[tuple[str, Extract]]:
    """Every tool that can be imported, by its name, ours first."""
    for name, (module, make) in TOOLS.items():
        try:
            importlib.import_module(module)
        except ImportError:
            print(f"{name:28} is not installed")
            continue
        yield name, make()


def run(tool: Extract, pages: list[tuple[str, bytes]]) -> tuple[list[dict[str, Any]], float]:
    """The record of every page, and the CPU seconds they took."""
    lines, total = [], 0.0
    for name, body in pages:
        times, record = [], {}
        for _ in range(ROUNDS):
            started = time.process_time()
            try:
                record = tool(name, body)
            except ImportError:  # half installed is no peer's failure
                raise
            except Exception as fault:  # noqa: BLE001 - a peer may fail in any way: said, and counted as empty
                record = {}
                print(f"  {name}: {type(fault).__name__}", file=sys.stderr)
            times.append(time.process_time() - started)
        total += min(times)
        lines.append({"id": name, **record})
    return lines, total


def score(script: Path, gold: Path, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What the scorer says of *lines*."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)
        file.flush()
        done = subprocess.run(
            [sys.executable, str(script), str(gold), file.name, "--json"],
            capture_output=True,
            check=True,
            text=True,
        )
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def _ours() -> Extract:
    extractor = Extractor.load()

    def extract(name: str, body: bytes) -> dict[str, Any]:
        article = extractor.extract(page_of(name, body)).article
        if article is None:
            return {}
        keys = ("article_body", "headline", "date_published", "source")
        return {key: getattr(article, key) for key in keys}

    return extract


def _trafilatura(**options: Any) -> Callable[[], Extract]:
    def make() -> Extract:
        tool = importlib.import_module("trafilatura")

        def extract(_: str, body: bytes) -> dict[str, Any]:
            found = tool.bare_extraction(
                body, with_metadata=True, include_comments=False, **options
            )
            return (
                {}
                if found is None
                else {
                    "article_body": found.text,
                    "headline": found.title,
                    "date_published": found.date,
                    "source": None,
                }
            )

        return extract

    return make


def _readability() -> Extract:
    tool = importlib.import_module("readability")
    lxml = importlib.import_module("lxml.html")

    def extract(_: str, body: bytes) -> dict[str, Any]:
        document = tool.Document(_decoded(body))
        text = lxml.fromstring(document.summary()).xpath("//text()")
        return {"article_body": "\n".join(text), "headline": document.short_title()}

    return extract


def _justext() -> Extract:
    tool = importlib.import_module("justext")
    # The package has no list of Chinese words; without one it judges by density and length, and a
    # Chinese character says as much as three letters.
    words: frozenset[str] = frozenset()
    limits = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 23, "length_high": 67}

    def extract(_: str, body: bytes) -> dict[str, Any]:
        found = tool.justext(_decoded(body), words, **limits)
        return {"article_body": "\n".join(p.text for p in found if not p.is_boilerplate)}

    return extract


def _newspaper() -> Extract:
    tool = importlib.import_module("newspaper")

    def extract(_: str, body: bytes) -> dict[str, Any]:
        html = _decoded(body)
        language = "zh" if len(_HAN.findall(html)) > 200 else "en"
        article = tool.Article(
            "https://press.example/1.html", language=language, fetch_images=False
        )
        article.download(input_html=html)
        article.parse()
        date = article.publish_date
        return {
            "article_body": article.text,
            "headline": article.title,
            "date_published": date.isoformat() if date else None,
        }

    return extract


def _gne() -> Extract:
    tool = importlib.import_module("gne").GeneralNewsExtractor()

    def extract(_: str, body: bytes) -> dict[str, Any]:
        found = tool.extract(_decoded(body))
        return {
            "article_body": found["content"],
            "headline": found["title"],
            "date_published": found["publish_time"],
        }

    return extract


def _resiliparse() -> Extract:
    tool = importlib.import_module("resiliparse.extract.html2text")

    def extract(_: str, body: bytes) -> dict[str, Any]:
        return {"article_body": tool.extract_plain_text(_decoded(body), main_content=True)}

    return extract


def _decoded(body: bytes) -> str:
    """Text for the tools that take no bytes, rightly decoded, so that only extraction counts."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")
    return re.sub(r"^<\?xml[^>]*\?>", "", text)


TOOLS: dict[str, tuple[str, Callable[[], Extract]]] = {
    "Firstprint": ("pipelines", _ours),
    "trafilatura": ("trafilatura", _trafilatura()),
    "trafilatura, precision": ("trafilatura", _trafilatura(favor_precision=True)),
    "readability-lxml": ("readability", _readability),
    "justext": ("justext", _justext),
    "newspaper4k": ("newspaper", _newspaper),
    "GNE": ("gne", _gne),
    "resiliparse": ("resiliparse", _resiliparse),
}


if __name__ == "__main__":
    raise SystemExit(main())
