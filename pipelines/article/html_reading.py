"""One part of an HTML page: parse, measure, choose, clean, judge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from pipelines.article.page.class_names import ClassNames
from pipelines.article.page.document import Document
from pipelines.article.story.assemble import paragraphs
from pipelines.article.story.body import choose
from pipelines.article.story.boilerplate import Decision, clean
from pipelines.article.story.consent import beside_consent
from pipelines.article.story.embedded import embedded_story
from pipelines.article.story.evidence import Evidence, measure
from pipelines.article.story.verdict import Claims, Refusal, judge
from pipelines.article.vocabulary import Vocabulary

_LITTLE: Final = 120.0  # units of visible prose under which the scripts are searched
_MUCH_MORE: Final = 2.0
_NO_CLAIMS: Final = Claims(article=True, dated=True, headline=-1)


@dataclass(slots=True)
class HtmlReading:
    """The story of one part, block by block; *refusal* says why there is none.

    The decisions are about blocks of *document*: the part, or the story that stood in a script.
    """

    paragraphs: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    refusal: Refusal | None = None
    embedded: bool = False  # the story stood in a script
    document: Document = field(default_factory=Document)

    @property
    def removed(self) -> Counter[str]:
        """How many blocks each rule took out."""
        return Counter(decision.rule for decision in self.decisions if not decision.kept)


def read_html(
    document: Document, claims: Claims, vocabulary: Vocabulary, names: ClassNames
) -> HtmlReading:
    """Read the story of a parsed part; linear in its blocks. Never raises."""
    evidence, decisions = _visible(document, claims, vocabulary, names)
    prose = _kept_prose(evidence, decisions)
    if prose < _LITTLE and (document.json_ld or document.scripts):
        story = embedded_story(document)
        if story is not None:
            inner, chosen = _visible(story, _NO_CLAIMS, vocabulary, names)
            if _kept_prose(inner, chosen) > max(_MUCH_MORE * prose, _LITTLE / 2):
                return HtmlReading(paragraphs(story, chosen), chosen, None, True, story)
    refusal = judge(document, evidence, decisions, claims, vocabulary)
    return HtmlReading(paragraphs(document, decisions), decisions, refusal, False, document)


def _visible(
    document: Document, claims: Claims, vocabulary: Vocabulary, names: ClassNames
) -> tuple[Evidence, list[Decision]]:
    at = claims.headline if claims.headline >= 0 else None
    evidence = measure(document, names, at)
    region = choose(document, evidence, at)
    if region is None:
        return evidence, []
    region = beside_consent(document, evidence, region, at)
    return evidence, clean(document, evidence, region, vocabulary, at, claims.about)


def _kept_prose(evidence: Evidence, decisions: list[Decision]) -> float:
    return sum(evidence.prose[each.block] for each in decisions if each.kept)
