"""Generated stories: the same from the same seed, and none like another."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest

from demo import ExpectedArticle, Press


def _articles(seed: int, stories: int, share: float = 0.1) -> list[ExpectedArticle]:
    with Press(stories=stories, seed=seed, repost_share=share) as press:
        return [a for a in press.expected() if a.cluster.startswith("generated")]


def _shingles(article: ExpectedArticle) -> frozenset[str]:
    """Five characters of Chinese, three words of English."""
    if article.language == "zh-CN":
        return frozenset(article.body[i : i + 5] for i in range(len(article.body) - 4))
    words = article.body.split()
    return frozenset(" ".join(words[i : i + 3]) for i in range(len(words) - 2))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


@pytest.fixture(scope="module")
def articles() -> list[ExpectedArticle]:
    return _articles(seed=11, stories=360)


def test_the_same_seed_makes_the_same_stories(articles: list[ExpectedArticle]) -> None:
    again = _articles(seed=11, stories=360)
    assert [(a.headline, a.body) for a in again] == [(a.headline, a.body) for a in articles]


def test_another_seed_makes_other_stories(articles: list[ExpectedArticle]) -> None:
    others = _articles(seed=12, stories=60)
    assert not {a.body for a in others} & {a.body for a in articles}


@pytest.mark.parametrize(("language", "limit"), [("zh-CN", 0.2), ("en-GB", 0.25)])
def test_different_stories_share_few_shingles(
    articles: list[ExpectedArticle], language: str, limit: float
) -> None:
    pool = [(a.cluster, _shingles(a)) for a in articles if a.language == language][:160]
    assert len(pool) >= 50
    worst = max(_jaccard(a, b) for (x, a), (y, b) in combinations(pool, 2) if x != y)
    assert worst < limit


def test_reprints_share_most_of_the_smaller_text(articles: list[ExpectedArticle]) -> None:
    clusters: dict[str, list[frozenset[str]]] = defaultdict(list)
    for article in articles:
        clusters[article.cluster].append(_shingles(article))
    pairs = [pair for group in clusters.values() for pair in combinations(group, 2)]
    assert pairs
    assert min(len(a & b) / min(len(a), len(b)) for a, b in pairs) > 0.85


def test_the_share_of_reprints_is_as_asked() -> None:
    articles = _articles(seed=5, stories=400, share=0.25)
    reprints = [a for a in articles if not a.is_first]
    assert len(articles) == 400
    assert 0.18 < len(reprints) / 400 < 0.32
    assert len({a.kind for a in reprints}) >= 6


def test_stories_are_of_the_length_of_news(articles: list[ExpectedArticle]) -> None:
    counts = Counter(len(a.body.split("\n")) for a in articles if a.kind == "generated")
    assert set(counts) <= set(range(6, 10))
    assert min(len(a.body) for a in articles if a.kind == "generated") > 250


def test_extra_stories_can_be_kept_to_one_site() -> None:
    with Press(stories=25, sites=["portal"]) as press:
        assert {a.site_key for a in press.expected()} == {"portal"}
        assert sum(a.cluster.startswith("generated") for a in press.expected()) == 25


def test_an_unknown_site_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown sites: nowhere"):
        Press(sites=["nowhere"])
