"""What changed in a run against the runs before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from crawler.reports.runs import Run
from crawler.runs.summary import OUTCOMES

USUAL = 3
"""Fewer articles than this a run are too few to miss."""
ENOUGH = 3
"""Fewer runs than this say nothing about what is usual."""
_MOST = 30  # sentences
_WORSE = 0.2  # a share of failed pages that rose by so much is worth a sentence


def compared(run: Run, before: Sequence[Run]) -> list[tuple[str, int, float]]:
    """Each outcome with its count and its median over the runs *before*; empty without any."""
    if not before:
        return []
    rows = [
        (name, run.outcomes[name], float(median(each.outcomes[name] for each in before)))
        for name in OUTCOMES
    ]
    return [row for row in rows if row[1] or row[2]]


def changes(run: Run, before: Sequence[Run], unit: str = "run") -> list[str]:
    """Sentences on sites that fell silent, began to fail, or are new; the worst first.

    *unit* is what each of them stands for: a run, or a day.
    """
    if len(before) < ENOUGH:
        return []
    found = [*_silent(run, before, unit), *_failing(run, before), *_new_reasons(run, before, unit)]
    known = {site for each in before for site in each.sites}
    found += [f"{site} is new." for site in sorted(run.sites) if site not in known]
    return shortened(found)


def troubles(run: Run) -> list[str]:
    """Sentences on what went wrong in *run*, whatever was before."""
    found = [] if run.figures.get("failure") is None else [f"{run.figures['failure']}."]
    for site, why in sorted(run.silent.items()):
        found.append(
            f"Nothing of {site} answered ({why})." if why else f"Nothing of {site} answered."
        )
    return shortened(found)


def shortened(sentences: Sequence[str]) -> list[str]:
    """As many as somebody reads, and how many more there are."""
    more = len(sentences) - _MOST
    return [*sentences[:_MOST], f"And {more} more."] if more > 0 else list(sentences)


def _silent(run: Run, before: Sequence[Run], unit: str) -> Iterator[str]:
    for site in sorted(run.sites):
        usual = median(each.count(site, "article") for each in before)
        if usual >= USUAL and not run.count(site, "article") and site not in run.silent:
            yield f"{site} gave no article; {usual:g} a {unit} were usual."


def _failing(run: Run, before: Sequence[Run]) -> Iterator[str]:
    for site in sorted(run.sites):
        failed = run.count(site, "failed")
        usual = median(_share_failed(each, site) for each in before)
        if failed >= USUAL and _share_failed(run, site) > usual + _WORSE:
            total = sum(run.sites[site].values())
            yield f"{failed} of {total} pages of {site} failed; {usual:.0%} are usual."


def _new_reasons(run: Run, before: Sequence[Run], unit: str) -> Iterator[str]:
    known = {each["reason"] for earlier in before for each in earlier.figures.get("reasons", ())}
    for each in run.figures.get("reasons", ()):
        if each["reason"] not in known:
            name = f"{each['outcome']}({each['reason']})"
            yield f"{name} came up for the first time in these {unit}s."


def _share_failed(run: Run, site: str) -> float:
    total = sum(run.sites.get(site, {}).values())
    return run.count(site, "failed") / total if total else 0.0
