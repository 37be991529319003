"""The exit status tells the truth: a table."""

from __future__ import annotations

import pytest

from crawler.runs.exit_status import RunFacts, SiteFacts, exit_status

GOOD = SiteFacts(answered=True, articles_ever=True)
SILENT = SiteFacts(answered=False, articles_ever=True)
FRUITLESS = SiteFacts(answered=True, articles_ever=False)

CASES = {
    "nothing new is done": (RunFacts(sites={"a": GOOD}), 0),
    "an archive has no sites": (RunFacts(candidates=3), 0),
    "no site answered": (RunFacts(sites={"a": SILENT, "b": SILENT}), 1),
    "one of two sites answered": (RunFacts(sites={"a": SILENT, "b": GOOD}), 0),
    "a site never gave an article": (RunFacts(sites={"a": GOOD, "b": FRUITLESS}), 1),
    "too many failed": (RunFacts(candidates=10, failed=6, max_error_ratio=0.5), 1),
    "half failed": (RunFacts(candidates=10, failed=5, max_error_ratio=0.5), 0),
    "the output failed": (RunFacts(broken="disk full", sites={"a": GOOD}), 1),
    "terminated with pages left": (RunFacts(signal=15, pending=3, sites={"a": GOOD}), 143),
    "interrupted with pages left": (RunFacts(signal=2, pending=3, sites={"a": GOOD}), 130),
    "terminated with none left": (RunFacts(signal=15, sites={"a": GOOD}), 0),
    "terminated before a site gave anything": (RunFacts(signal=15, sites={"a": FRUITLESS}), 0),
    "terminated before any site answered": (RunFacts(signal=15, sites={"a": SILENT}), 143),
    "a full disk beats a signal": (RunFacts(signal=15, pending=3, broken="disk full"), 1),
}


@pytest.mark.parametrize(("facts", "status"), CASES.values(), ids=CASES.keys())
def test_status(facts: RunFacts, status: int) -> None:
    assert exit_status(facts)[0] == status


def test_a_failure_says_which_site() -> None:
    _, reason = exit_status(RunFacts(sites={"a.test": FRUITLESS}))
    assert reason is not None
    assert "a.test" in reason


def test_a_status_of_0_needs_no_words() -> None:
    assert exit_status(RunFacts(sites={"a": GOOD})) == (0, None)
