"""What the exit status of a run says."""

from __future__ import annotations

from dataclasses import dataclass, field

OK = 0
COULD_NOT = 1
USAGE = 2
TRY_LATER = 75
_NAMED = 5  # sites in one sentence


@dataclass(slots=True)
class RunFacts:
    """What a run knows at its end.

    *signal* is the number of the signal that stopped it, *unread* whether it left documents that
    nobody has counted; *broken* says what went wrong, *later* whether trying later may help;
    *sites* says of each site whether
    anything of it answered and whether it ever gave an article.
    """

    signal: int | None = None
    broken: str | None = None
    later: bool = False
    pending: int = 0
    unread: bool = False
    candidates: int = 0
    failed: int = 0
    max_error_ratio: float = 1.0
    sites: dict[str, SiteFacts] = field(default_factory=dict)


@dataclass(slots=True)
class SiteFacts:
    """Whether a site answered in this run, and whether it has ever given an article."""

    answered: bool
    articles_ever: bool


def exit_status(facts: RunFacts) -> tuple[int, str | None]:
    """The exit status of a run and, where it is not 0, the sentence that says why."""
    if facts.broken is not None:
        return TRY_LATER if facts.later else COULD_NOT, facts.broken
    silence = bool(facts.sites) and not any(site.answered for site in facts.sites.values())
    if facts.signal is not None and (facts.pending or facts.unread or silence):
        left = f"{facts.pending} pages" if facts.pending else "documents" if facts.unread else "all"
        return 128 + facts.signal, f"stopped by a signal with {left} left"
    if silence:
        return COULD_NOT, "no list or page of any named site answered"
    silent = [
        name for name, site in facts.sites.items() if site.answered and not site.articles_ever
    ]
    if silent and facts.signal is None:
        more = f" and {len(silent) - _NAMED} more" if len(silent) > _NAMED else ""
        return COULD_NOT, f"no article was ever found at {', '.join(silent[:_NAMED])}{more}"
    if facts.candidates and facts.failed / facts.candidates > facts.max_error_ratio:
        return COULD_NOT, f"{facts.failed} of {facts.candidates} candidates failed"
    return OK, None
