"""Whole invented pages, one a way of building stories: the text beside each page is its story."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extraction, Extractor

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
NOW = "2021-10-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def page_of(*bodies: bytes | str, url: str = "https://bay.example/news/1.html") -> Page:
    parts = [PagePart(url, body.encode() if isinstance(body, str) else body) for body in bodies]
    return Page(candidate=url, url=url, parts=parts, site="bay.example", date_fetched=NOW)


def body_of(extraction: Extraction) -> str:
    assert extraction.article is not None, extraction.rejection
    return extraction.article.article_body


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_body_is_the_story_and_nothing_else(path: Path, extractor: Extractor) -> None:
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").strip()
    assert body_of(extractor.extract(page_of(path.read_bytes()))) == expected


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_cleaning_the_clean_story_changes_nothing(path: Path, extractor: Extractor) -> None:
    first = body_of(extractor.extract(page_of(path.read_bytes())))
    again = "".join(f"<p>{line}</p>" for line in first.split("\n"))
    assert body_of(extractor.extract(page_of(f"<meta charset=utf-8><h1>x</h1>{again}"))) == first


def test_every_cut_names_its_rule_and_is_counted(extractor: Extractor) -> None:
    done = extractor.extract(page_of(PAGES_BY_NAME["chinese-portal"].read_bytes()))
    assert done.article is not None
    cut = [decision for decision in done.decisions if not decision.kept]
    assert all(decision.rule and decision.evidence for decision in cut)
    assert sum(done.article.removed.values()) == len(cut)
    assert done.article.removed.keys() >= {"editor_credit", "original_title", "disclaimer"}


def test_the_record_is_filled_from_the_page(extractor: Extractor) -> None:
    article = extractor.extract(page_of(PAGES_BY_NAME["chinese-portal"].read_bytes())).article
    assert article is not None
    assert article.headline == "海港银行上半年净利润增长一成"
    assert article.date_published == "2021-08-19T16:40:00+08:00"
    assert article.source == "海湾晚报"
    assert article.language is not None
    assert article.language.startswith("zh")
    assert len(article.id) == 16
    assert article.simhash == ""


PAGES_BY_NAME = {path.stem: path for path in PAGES}
