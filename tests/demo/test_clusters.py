"""The bundled reprints are reprints by the policy, and the hard negatives are none.

B is a reprint of A when at least 55 % of A is in B (A at least a quarter as long as B), or at least
80 % of B is in A (B at least 30 % as long as A).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest

from demo import ExpectedArticle, Press
from demo.load import load_library

EDITED_COPIES = [s.key for s in load_library().stories if s.key != s.cluster and s.kind != "script"]


def _shingles(text: str) -> Counter[str]:
    return Counter(text[i : i + 4] for i in range(len(text) - 3))


def _share(part: str, whole: str) -> float:
    """Return which share of *part* is found in *whole*."""
    wanted, there = _shingles(part), _shingles(whole)
    return sum((wanted & there).values()) / max(1, sum(wanted.values()))


def _is_reprint(one: str, other: str) -> bool:
    forwards = _share(one, other) >= 0.55 and len(one) >= len(other) / 4
    backwards = _share(other, one) >= 0.8 and len(other) >= 0.3 * len(one)
    return forwards or backwards


@pytest.mark.parametrize("key", EDITED_COPIES)
def test_an_edited_copy_is_a_reprint_in_either_order(key: str) -> None:
    stories = {s.key: s for s in load_library().stories}
    copy = stories[key]
    first = stories[copy.cluster]
    a, b = "\n".join(first.texts), "\n".join(copy.texts)
    assert copy.published > first.published
    assert _is_reprint(a, b)
    assert _is_reprint(b, a)


def test_bulletins_of_one_template_are_hard_to_tell_apart(press: Press) -> None:
    hard = [
        a for a in press.expected() if a.kind in {"template-bulletin", "hard-negative:template"}
    ]
    assert len(hard) == 5
    assert min(_share(a.body, b.body) for a, b in combinations(hard, 2)) > 0.5


def test_the_digest_holds_a_flash_but_is_six_times_as_long(press: Press) -> None:
    [digest] = [a for a in press.expected() if a.kind == "hard-negative:digest"]
    flash = next(a for a in press.expected() if "氧化镨钕" in a.headline)
    assert _share(flash.body, digest.body) > 0.5
    assert len(digest.body) > 6 * len(flash.body)


def test_everything_else_has_little_in_common(press: Press) -> None:
    groups: dict[str, list[ExpectedArticle]] = defaultdict(list)
    for article in press.expected():
        groups[article.cluster].append(article)
    plain = [g[0] for g in groups.values() if not g[0].kind.startswith(("hard", "template"))]
    assert len(plain) > 50
    assert max(_share(a.body, b.body) for a, b in combinations(plain, 2)) < 0.3
