"""The raw pages of a crawl can be kept, and read back by the archive spider."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.documents import read_documents
from demo import Press
from tests.crawl.running import crawl, records, scrapy


@pytest.mark.parametrize("name", ["raw.warc", "raw.warc.gz"])
def test_a_warc_of_a_crawl_gives_the_same_articles_again(tmp_path: Path, name: str) -> None:
    warc, live, again = tmp_path / name, tmp_path / "live", tmp_path / "again"
    with Press(sites=("gbk",)) as press:
        assert crawl(press.homes.values(), live, "-a", f"warc={warc}").returncode == 0
    documents = list(read_documents(warc))
    assert len(documents) > len(records(live, "articles"))
    run = scrapy("crawl", "archive", "-a", f"path={warc}", "-s", f"OUTPUT_DIR={again}")
    assert run.returncode == 0, run.stderr.decode()
    bodies = {line["canonical_url"]: line["article_body"] for line in records(again, "articles")}
    for line in records(live, "articles"):
        if line["canonical_url"] in bodies:
            assert bodies[line["canonical_url"]] in line["article_body"]
    # An article in several parts is several documents of the archive.
    assert {line["canonical_url"] for line in records(live, "articles")} <= set(bodies)
