"""A page that several addresses lead to is fetched under one of them."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request

from crawler.items import Task
from crawler.network.exceptions import FetchedElsewhere
from crawler.network.redirect_targets import RedirectTargets

A, B, C = (f"news.example/{name}" for name in "abc")


class Articles(set[str]):
    """The keys of candidates that gave an article."""

    def has_article(self, key: str) -> bool:
        """Whether *key* is one of them."""
        return key in self


def ask(targets: RedirectTargets, candidate: str, address: str = "", **meta: Any) -> bool:
    """Whether the candidate's request may leave, for its own or for a redirect's *address*."""
    kind = meta.pop("kind", "article")
    task = Task(kind, f"https://{candidate}", candidate, "s", "news.example", 0.0, 1)
    try:
        targets.check(Request(f"https://{address or candidate}", meta={"task": task, **meta}))
    except FetchedElsewhere as error:
        return str(error) != f"https://{address or candidate}"
    return True


def test_a_redirect_to_an_article_that_is_there_is_not_followed() -> None:
    known = Articles()
    targets = RedirectTargets(known)
    assert ask(targets, A)
    assert ask(targets, A, B)
    known.add(B)
    assert not ask(targets, C, B)


def test_an_address_to_which_a_redirect_led_is_not_asked_once_that_gave_an_article() -> None:
    known = Articles()
    targets = RedirectTargets(known)
    assert ask(targets, A, C)
    assert ask(targets, A, B)
    assert ask(targets, B), "it may still come to nothing"
    known.add(A)
    assert not ask(targets, B)
    assert not ask(targets, C), "each hop is remembered"
    assert not ask(targets, "news.example/d", B)
    assert ask(targets, A, B), "its own retry"


def test_an_article_that_is_asked_again_is_not_taken_for_one_that_led_to_it() -> None:
    known = Articles([B])
    targets = RedirectTargets(known)
    assert ask(targets, A, C)
    assert not ask(targets, A, B, redirect_urls=[f"https://{A}", f"https://{C}"])
    known.add(A)
    assert ask(targets, B)
    assert ask(targets, C)


@pytest.mark.parametrize(
    "meta", [{"kind": "list"}, {"kind": "feed"}, {"parts": ["the first part"]}], ids=str
)
def test_lists_and_further_parts_of_a_page_are_asked_whatever_is_there(meta: Any) -> None:
    targets = RedirectTargets(Articles([B]))
    assert ask(targets, A, B, **meta)


def test_a_copy_of_the_candidates_own_address_is_no_other_page() -> None:
    targets = RedirectTargets(Articles([A]))
    assert ask(targets, A, f"www.{A}")


def test_what_is_no_task_passes() -> None:
    RedirectTargets(Articles([A])).check(Request(f"https://{A}"))
