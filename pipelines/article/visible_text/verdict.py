"""Whether what was found in a page's visible text is an article; if not, why not."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.article.visible_text.head import is_meta
from pipelines.article.visible_text.lines import Line

_NOTICE = 200.0  # Chinese characters; a page that says "not found" and less than this is a notice
_SHORT = 22.0  # the shortest flash
_ENOUGH = 150.0  # prose that is a story whatever surrounds it
_MANY_TITLES = 12.0  # titles and menus for each unit of prose
_LIST_ITEMS = 6
_ITEM_TITLE = 10.0  # the sub-headings of a story are mostly shorter than titles
_AROUND = 12  # lines before and behind a story among which its date is


def refusal(lines: Sequence[Line], start: int, stop: int, has_headline: bool) -> str | None:
    """Give the reason why the story in `lines[start:stop]` is no article; None when it is one."""
    story = lines[start:stop]
    prose = sum(line.weight for line in story if line.shape == "prose")
    if prose < _NOTICE:
        groups = [line.group for line in lines[:80]]
        if "not_found" in groups:
            return "not_found"
        if groups.count("login_wall") > 1:
            return "not_an_article"
    around = [*lines[max(0, start - _AROUND) : start], *lines[stop : stop + _AROUND]]
    dated = any(is_meta(line) for line in around)
    if prose < _SHORT or (not dated and _is_list(story)):
        return "not_an_article"
    if prose >= _ENOUGH:
        return None
    others = sum(line.weight for line in lines if line.shape in {"short", "links", "teaser"})
    score = dated + 0.5 * has_headline + prose / 100
    score += 1.0 if others < prose else -1.0 if others > _MANY_TITLES * prose else 0.0
    return None if score >= 1.0 else "not_an_article"


def _is_list(story: Sequence[Line]) -> bool:
    """Whether titles and single paragraphs alternate, as on a page of other pages' summaries."""
    paragraphs = [i for i, line in enumerate(story) if line.is_solid]
    titled = [
        i
        for i in paragraphs
        if i
        and story[i - 1].shape == "short"
        and story[i - 1].weight >= _ITEM_TITLE
        and (i + 1 == len(story) or story[i + 1].shape != "prose")
    ]
    return len(titled) >= _LIST_ITEMS and len(titled) >= 0.8 * len(paragraphs)
