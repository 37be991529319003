"""Another Scrapy project takes the extraction and repost pipelines alone, as docs/reuse.md says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from crawler.items import NewsArticle, Repost, record_keys
from demo import Press

ROOT = Path(__file__).parents[2]
PROJECT = Path(__file__).parent / "project"


def _environment() -> dict[str, str]:
    """Ours without the project that commands run in this process have named to Scrapy."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    return {**rest, "PYTHONPATH": str(ROOT)}


def test_another_project_gets_articles_reposts_and_rejections(press: Press, tmp_path: Path) -> None:
    copy = next(story for story in press.expected() if not story.is_first)
    cluster = [story for story in press.expected() if story.cluster == copy.cluster]
    first = next(story for story in cluster if story.is_first)
    urls = ",".join((first.url, copy.url, press.strangers()[0].url))
    out = tmp_path / "stories.jsonl"
    run = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "stories", "-a", f"urls={urls}", "-O", str(out)],
        cwd=PROJECT,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    kept, repost, rejected = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert list(kept) == record_keys(NewsArticle)
    assert kept["headline"] == first.headline
    assert list(repost) == record_keys(Repost)
    assert repost["repost_of"] == kept["id"]
    assert rejected["outcome"] == "rejected"


def test_the_page_on_reuse_shows_the_files_of_that_project() -> None:
    page = (ROOT / "docs" / "reuse.md").read_text(encoding="utf-8")
    for name in ("settings.py", "spiders.py"):
        assert (PROJECT / "newsreader" / name).read_text(encoding="utf-8").strip() in page


def test_the_parts_work_without_scrapy_as_the_page_shows(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reuse.md").read_text(encoding="utf-8")
    script = page[page.index("from datetime import UTC, datetime\n\nfrom crawler.items") :]
    script = script[: script.index("```")]
    source = ROOT / "tests" / "article" / "pages" / "chinese-portal.html"
    (tmp_path / "page.html").write_bytes(source.read_bytes())
    run = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys\nassert 'scrapy' not in sys.modules"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "海港银行上半年净利润增长一成 True\n"), run.stderr
