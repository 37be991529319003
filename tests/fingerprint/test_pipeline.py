"""The adapter: an article goes in, the article or a repost comes out."""

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from crawler.items import NewsArticle, Rejection, Repost
from pipelines.near_duplicates import NearDuplicatesPipeline
from tests.fingerprint.stories import BRIEF, ROOF


def article(name: str, body: str) -> NewsArticle:
    return NewsArticle(id=name, canonical_url=f"https://{name}.example/", article_body=body)


@pytest.fixture
def pipeline() -> NearDuplicatesPipeline:
    return NearDuplicatesPipeline.from_crawler(
        get_crawler(settings_dict={"NEAR_DUPLICATES_ENABLED": True})
    )


def test_off_by_its_setting() -> None:
    with pytest.raises(NotConfigured):
        NearDuplicatesPipeline.from_crawler(
            get_crawler(settings_dict={"NEAR_DUPLICATES_ENABLED": False})
        )


def test_a_first_print_stays_an_article_and_gets_its_simhash(
    pipeline: NearDuplicatesPipeline,
) -> None:
    first = article("a", ROOF)
    assert pipeline.process_item(first) is first
    assert len(first.simhash) == 16
    assert int(first.simhash, 16)


def test_a_reprint_becomes_a_repost_that_names_its_first_print(
    pipeline: NearDuplicatesPipeline,
) -> None:
    pipeline.process_item(article("a", ROOF))
    pipeline.process_item(article("b", BRIEF))
    found = pipeline.process_item(article("c", ROOF))
    assert isinstance(found, Repost)
    assert (found.id, found.repost_of, found.repost_of_url) == ("c", "a", "https://a.example/")
    assert (found.similarity, found.containment, found.hamming_distance) == (1.0, 1.0, 0)
    assert found.article_body == ROOF
    assert len(found.simhash) == 16


def test_what_is_no_article_passes(pipeline: NearDuplicatesPipeline) -> None:
    rejection = Rejection(url="https://a.example/")
    assert pipeline.process_item(rejection) is rejection
