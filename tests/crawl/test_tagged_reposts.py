"""`NEAR_DUPLICATES_ACTION = tag`: reposts among the articles, and nothing else is different."""

from __future__ import annotations

from pathlib import Path

from tests.crawl.running import QUICK, records, scrapy
from tests.fingerprint.stories import ROOF, WEATHER

TEXTS = {
    "1.txt": f"云港新材收购澄江玻璃\n2026-03-02 09:00\n{ROOF}\n",
    "2.txt": f"南湖市发布大雾预警\n2026-03-02 09:30\n{WEATHER * 2}\n",
    "3.txt": f"收购澄江玻璃\n2026-03-02 10:00\n{ROOF}\n",
}


def crawl(folder: Path, action: str) -> int:
    settings = (f"OUTPUT_DIR={folder / 'output'}", f"NEAR_DUPLICATES_ACTION={action}", *QUICK)
    texts = folder / "texts"
    texts.mkdir()
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
    options = [part for setting in settings for part in ("-s", setting)]
    return scrapy("crawl", "archive", "-a", f"path={texts}", *options).returncode


def test_a_tagged_repost_is_an_article_line_that_names_its_first_print(tmp_path: Path) -> None:
    assert crawl(tmp_path, "tag") == 0
    output = tmp_path / "output"
    assert records(output, "reposts") == []
    lines = records(output, "articles")
    assert len(lines) == len(TEXTS)
    (tagged,) = [line for line in lines if line.get("repost_of")]
    assert tagged["repost_of"] in {line["id"] for line in lines} - {tagged["id"]}
    assert tagged["similarity"] == 1.0
    assert scrapy("verify", "-s", f"OUTPUT_DIR={output}").returncode == 0
    again = scrapy("fingerprints", "-s", f"OUTPUT_DIR={output}")
    assert again.stderr == b"3 fingerprints made again\n"
    assert scrapy("verify", "-s", f"OUTPUT_DIR={output}").returncode == 0


def test_an_unknown_action_is_refused_before_anything_is_crawled(tmp_path: Path) -> None:
    assert crawl(tmp_path, "burn") == 2
    assert not (tmp_path / "output").exists()
