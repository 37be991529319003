"""No regular expression of the package is slower than linear, whatever a page repeats."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

import pipelines.article
from pipelines.article.dates.words import date_words
from pipelines.article.metadata.labels import Labels
from pipelines.article.vocabulary import Vocabulary

RUN = 100_000  # characters
PROBE = 10_000  # where a quadratic pattern takes some 100 ms, a linear one up to 30
QUICK = 0.02  # seconds; what takes less over a probe is not asked to run the whole way
PATIENCE = 1.0  # seconds of CPU for a run; the slowest takes a third of it
LINE_PATIENCE = 0.02  # seconds for a line of the greatest length at which an entry is asked
UNITS = (
    *' 　1(（<"\\中aA.…,-:/',
    *("a ", "A b ", "1 ", "1:1:", "1-", "中 ", "1月", "2026年", "((", "来源：", "w.", "Ab, "),
)

Pattern = re.Pattern[Any]


def _patterns_in(name: str, value: object, depth: int = 0) -> Iterator[tuple[str, Pattern]]:
    """Every compiled pattern in a value, its containers and its dataclasses."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth < 4 and isinstance(value, dict):
        for key, each in value.items():
            yield from _patterns_in(f"{name}[{key}]", each, depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield from _patterns_in(f"{name}[{number}]", each, depth + 1)
    elif depth < 4 and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from _patterns_in(f"{name}.{each.name}", getattr(value, each.name), depth + 1)


def _patterns() -> dict[str, Pattern]:
    found = dict(_patterns_in("labels", Labels.load()))
    found |= _patterns_in("date_words", date_words())
    for module in pkgutil.walk_packages(pipelines.article.__path__, "pipelines.article."):
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            found |= _patterns_in(f"{module.name.rpartition('.')[2]}.{name}", value)
    return found


class EndlessError(Exception):
    """A pattern took longer than its time."""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise EndlessError


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer than *seconds* of CPU; `re` looks for signals as it searches."""
    before = signal.signal(signal.SIGVTALRM, _interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _takes(pattern: Pattern, unit: str, length: int, most: float) -> float:
    """Seconds of CPU to look through a run that no pattern is the whole of; *most* at most."""
    text = unit * (length // len(unit)) + "!"
    subject = text.encode("gb18030") if isinstance(pattern.pattern, bytes) else text
    started = time.process_time()
    try:
        with _at_most(most):
            pattern.search(subject)
            pattern.fullmatch(subject)
    except EndlessError:
        return most
    return time.process_time() - started


PATTERNS = _patterns()


def test_the_audit_knows_the_packages_patterns() -> None:
    """A pattern that is compiled inside a function escapes it: keep them at module level."""
    assert len(PATTERNS) > 100
    assert {"labels.stop", "credits._COLON", "boilerplate._TEASER"} <= set(PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time_over_runs(name: str) -> None:
    pattern = PATTERNS[name]
    slow = []
    for unit in UNITS:
        suspect = _takes(pattern, unit, PROBE, PATIENCE) > QUICK
        if suspect and _takes(pattern, unit, RUN, PATIENCE) >= PATIENCE:
            slow.append(unit)
    assert slow == []


def test_a_quadratic_pattern_would_be_caught() -> None:
    with pytest.raises(EndlessError), _at_most(PATIENCE):
        re.compile(r"\s+$").search(" " * RUN + "!")


ENTRIES = [
    pytest.param(entry.limit, "|".join(f"(?:{phrase})" for phrase in entry.phrases), id=f"{n}")
    for n, entry in enumerate(Vocabulary.load().entries)
    if entry.kind == "pattern"
]


@pytest.mark.parametrize(("limit", "source"), ENTRIES)
def test_an_entry_of_the_vocabulary_is_quick_on_its_longest_lines(limit: int, source: str) -> None:
    pattern = re.compile(source, re.IGNORECASE)
    slow = {}
    for unit in UNITS:
        for end in ("", "!", "。"):
            line = (unit * (limit // len(unit) + 1))[: limit - len(end)] + end
            started = time.process_time()
            pattern.fullmatch(line)
            if time.process_time() - started > LINE_PATIENCE:
                slow[unit + end] = time.process_time() - started
    assert slow == {}
