"""Is there an article on the page at all? If not, why not, in a word of `docs/outcomes.md`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.article.page.nodes import Document
from pipelines.article.story.boilerplate import Decision
from pipelines.article.story.evidence import Evidence
from pipelines.article.story.not_a_story import is_about_site, is_list
from pipelines.article.vocabulary import Vocabulary

_ENOUGH: Final = 150.0  # units of prose that are a story whatever surrounds them
_SHORT: Final = 22.0  # the shortest flash
_NOTICE: Final = 200.0  # a page that says "not found" and less than this is a notice
_MANY_LINKS: Final = 12.0  # units of link text for each unit of prose


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page is no article."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What the page says of itself."""

    article: bool  # og:type, JSON-LD or microdata call it an article
    dated: bool  # a date of publication was found
    headline: int  # the headline's block, -1 without one
    about: frozenset[int] = frozenset()  # blocks with the date, the source, the writers


def judge(
    document: Document,
    evidence: Evidence,
    decisions: list[Decision],
    claims: Claims,
    vocabulary: Vocabulary,
) -> Refusal | None:
    """None for an article, else the reason.

    A short text on a page full of links is an article only where something else says so: the
    page's own claim, a date, or a headline with the text right behind it.
    """
    kept = [decision.block for decision in decisions if decision.kept]
    prose = sum(evidence.prose[index] for index in kept)
    if not any(not block.hidden for block in document.blocks):
        return Refusal("empty", "no visible text")
    told = _notice(document, vocabulary) if prose < _NOTICE else None
    told = told or _no_story(document, evidence, kept, claims, vocabulary)
    if told is not None:
        return told
    units = sum(evidence.units[index] for index in kept)
    if units < _SHORT and not (claims.article and prose > 0):
        return Refusal("not_an_article", "no block of text that reads like a story")
    if prose >= _ENOUGH:
        return None
    score = 2.0 * claims.article + claims.dated + _follows(claims.headline, kept) + prose / 100
    linked = sum(
        min(each, 1.0) * unit for each, unit in zip(evidence.density, evidence.units, strict=True)
    )
    if linked > _MANY_LINKS * prose:
        score -= 1.0
    elif linked < prose:
        score += 1.0
    if sum(evidence.cards) > 12:
        score -= 0.5
    if score < 1.0:
        return Refusal("not_an_article", f"{prose:.0f} units of prose beside {linked:.0f} of links")
    return None


def _no_story(
    document: Document,
    evidence: Evidence,
    kept: list[int],
    claims: Claims,
    vocabulary: Vocabulary,
) -> Refusal | None:
    if not claims.article and is_list(document, evidence, kept, dated=claims.dated):
        return Refusal("not_an_article", "a list of stories")
    if not claims.dated and is_about_site(document, evidence, kept, claims.headline, vocabulary):
        return Refusal("not_an_article", "a page about the site")
    return None


def _notice(document: Document, vocabulary: Vocabulary) -> Refusal | None:
    lines = [
        document.title,
        *(b.text for b in document.blocks if not b.hidden and not b.link_chars),
    ]
    if any(vocabulary.match("not_found", line) for line in lines[:80]):
        return Refusal("not_found", "the page says that it does not exist")
    if sum(vocabulary.match("login_wall", line) is not None for line in lines[:80]) > 1:
        return Refusal("not_an_article", "a log-in page")
    return None


def _follows(headline: int, kept: list[int]) -> float:
    """1 where the first kept block stands close behind the headline."""
    return float(headline >= 0 and bool(kept) and 0 < kept[0] - headline < 20)
