"""Does a new text reprint an old one? The policy of `docs/reposts.md`, in numbers.

A comparison measures how much of each text stands in the other, twice: each shingle counted once,
and each weighed by how rare it is, so that boilerplate and templates weigh little. Then it looks
at the numbers that both texts print after the same words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint.document import Fingerprint
from pipelines.fingerprint.sketch import SECURITIES, SHINGLES, Sketch

Narrow = NDArray[np.uint32]
Frequencies = Callable[[Narrow], NDArray[np.int64]]
"""In how many documents of the index each of these shingles is a key."""

_WHOLE = 0xFFFFFFFF
_SECONDS_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of the policy; `thresholds.toml` says what each is for and who measured it."""

    old_share: float
    old_share_weighed: float
    longest: float
    new_share: float
    new_share_weighed: float
    shortest: float
    short_units: int
    short_share: float
    same_moment_share: float
    differing_numbers: float
    moved_numbers: float
    moved_days: float
    far_days: float
    far_share: float
    far_moved_numbers: float
    root_share: float

    @classmethod
    def load(cls) -> Policy:
        """Read the limits that ship with the package."""
        source = Path(__file__).with_name("thresholds.toml").read_text(encoding="utf-8")
        return cls(**{entry["name"]: entry["value"] for entry in tomllib.loads(source)["limit"]})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new text and an old one have in common.

    Shares are 0 to 1: *old_share* of the old text's shingles stand in the new one, *new_share*
    of the new text's in the old one, and both again *weighed* by rarity. *ratio* is the new
    text's length over the old one's. Of the numbers after the same words, *agree* are equal,
    *differ* have a value that the other text never prints, *moved* the rest. *days* between the
    two dates, None if one is unknown; *same_moment*: both name the same second.
    *other_securities*: both name some, and none in common.
    """

    old_share: float
    new_share: float
    old_weighed: float
    new_weighed: float
    resemblance: float
    ratio: float
    old_units: int
    agree: int
    differ: int
    moved: int
    days: float | None
    hamming_distance: int
    same_moment: bool
    other_securities: bool

    @property
    def containment(self) -> float:
        """Share of the smaller text found in the other."""
        return self.old_share if self.ratio >= 1 else self.new_share


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Samples of both texts that may be compared with each other, and which of the old are in both.

    Hashes of a sample are distinct, so as many of the new ones are in both.
    """

    old: Narrow
    new: Narrow
    old_found: NDArray[np.bool_]


def overlap(new: Fingerprint, old: Sketch) -> _Overlap:
    """Compare the old sample with the whole new text, and the other way as far as it goes."""
    # Above the largest hash of a full sample nothing is known about the old text.
    top = int(old.shingles[-1]) if len(old.shingles) >= SHINGLES else _WHOLE
    part = new.shingles[: new.shingles.searchsorted(np.uint32(top), side="right")]
    return _Overlap(old.shingles, part, _among(old.shingles, part))


def shares(common: _Overlap) -> tuple[float, float]:
    """Give the unweighed shares: of the old text in the new one, of the new one in the old."""
    both = int(np.count_nonzero(common.old_found))
    return _ratio(both, len(common.old)), _ratio(both, len(common.new))


def compare(
    new: Fingerprint, old: Sketch, common: _Overlap, frequencies: Frequencies
) -> Comparison:
    """Measure everything that the policy looks at."""
    old_share, new_share = shares(common)
    old_weighed, new_weighed, resemblance = _weighed_shares(common, old.weighed, frequencies)
    agree, differ, moved = _numbers(new, old)
    days = None if new.day is None or old.day is None else abs(new.day - old.day)
    return Comparison(
        old_share,
        new_share,
        old_weighed,
        new_weighed,
        resemblance,
        new.units / max(1, old.units),
        old.units,
        agree,
        differ,
        moved,
        days,
        (new.simhash ^ old.simhash).bit_count(),
        _same_moment(new.day, old.day),
        _other_securities(new, old),
    )


def is_repost(found: Comparison, policy: Policy) -> bool:
    """Apply the policy."""
    reprints = _reprints(found, policy) and not found.other_securities
    return reprints and _numbers_allow(found, policy) and _dates_allow(found, policy)


def could_be(new: Fingerprint, old: Sketch, common: _Overlap, policy: Policy) -> bool:
    """Say from the unweighed shares alone whether `is_repost` could hold."""
    old_share, new_share = shares(common)
    if old_share >= policy.old_share or new_share >= policy.new_share:
        return True
    return max(old_share, new_share) >= policy.same_moment_share and _same_moment(new.day, old.day)


def _reprints(found: Comparison, policy: Policy) -> bool:
    holds_old = (
        found.old_share >= policy.old_share
        and found.old_weighed >= policy.old_share_weighed
        and found.ratio <= policy.longest
    )
    is_part = (
        found.new_share >= policy.new_share
        and found.new_weighed >= policy.new_share_weighed
        and found.ratio >= policy.shortest
    )
    if found.same_moment and not (holds_old or is_part):
        return _edits(found, policy)
    # A short text is quickly half quoted: as background under another lead, or in a digest.
    if holds_old and not is_part and found.old_units < policy.short_units:
        return found.old_share >= policy.short_share
    return holds_old or is_part


def _edits(found: Comparison, policy: Policy) -> bool:
    """Whether two texts that bear the same time to the second are versions of one."""
    least = policy.same_moment_share
    holds_old = min(found.old_share, found.old_weighed) >= least and found.ratio <= policy.longest
    is_part = min(found.new_share, found.new_weighed) >= least and found.ratio >= policy.shortest
    return holds_old or is_part


def _numbers_allow(found: Comparison, policy: Policy) -> bool:
    total = found.agree + found.differ + found.moved
    # The next day's bulletin has its dates moved on by one: the old ones stand in it, elsewhere.
    another_day = found.days is not None and found.days >= policy.moved_days
    against = found.differ + found.moved * (1.0 if another_day else policy.moved_numbers)
    return against <= policy.differing_numbers * total


def _dates_allow(found: Comparison, policy: Policy) -> bool:
    if found.days is None or found.days < policy.far_days:
        return True
    total = found.agree + found.differ + found.moved
    return (
        max(found.old_share, found.new_share) >= policy.far_share
        and found.differ == 0
        and found.moved <= policy.far_moved_numbers * total
    )


def _same_moment(one: float | None, other: float | None) -> bool:
    """Whether two dates are one and the same second, printed with its seconds."""
    if one is None or one != other:
        return False
    # A full minute is what a page without seconds prints, or a timetable.
    return round(one * _SECONDS_A_DAY) % 60 != 0


def _other_securities(new: Fingerprint, old: Sketch) -> bool:
    """Whether two texts are about different securities; one that lists many is about none."""
    ours, theirs = _securities(new), _securities(old)
    few = 0 < len(ours) < SECURITIES and 0 < len(theirs) < SECURITIES
    return few and not _among(ours, theirs).any()


def _securities(text: Fingerprint | Sketch) -> NDArray[np.uint16]:
    return text.values[: text.contexts.searchsorted(np.uint32(1))]


def _weighed_shares(
    common: _Overlap, top: int, frequencies: Frequencies
) -> tuple[float, float, float]:
    """Weigh each shingle by 1/df², as far as the index counted the old text's shingles."""
    old_size = int(common.old.searchsorted(np.uint32(top), side="right"))
    new_size = int(common.new.searchsorted(np.uint32(top), side="right"))
    counts = frequencies(np.concatenate([common.old[:old_size], common.new[:new_size]]))
    weights = 1.0 / np.maximum(counts, 1).astype(np.float64) ** 2
    old_weights, new_weights = weights[:old_size], weights[old_size:]
    both = float(old_weights[common.old_found[:old_size]].sum())
    old_total, new_total = float(old_weights.sum()), float(new_weights.sum())
    union = old_total + new_total - both
    return _ratio(both, old_total), _ratio(both, new_total), _ratio(both, union)


def _numbers(new: Fingerprint, old: Sketch) -> tuple[int, int, int]:
    """Count the shared contexts whose numbers agree, differ for good, or have only moved."""
    first = old.contexts.searchsorted(np.uint32(1))  # the securities are judged by themselves
    contexts, values = old.contexts[first:], old.values[first:]
    shared = _among(contexts, new.contexts)
    if not shared.any():
        return 0, 0, 0
    equal = _among(_pairs(contexts, values), _pairs(new.contexts, new.values))
    together = _distinct_count(contexts[shared])
    if _distinct_count(contexts[equal]) == together:
        return together, 0, 0
    here = _by_context(contexts[shared], values[shared])
    known = _among(new.contexts, contexts)
    there = _by_context(new.contexts[known], new.values[known])
    unequal = [context for context, ours in here.items() if not ours & there[context]]
    all_old, all_new = set(old.values.tolist()), set(new.values.tolist())
    moved = sum(bool(here[key] & all_new or there[key] & all_old) for key in unequal)
    return len(here) - len(unequal), len(unequal) - moved, moved


def _distinct_count(ordered: Narrow) -> int:
    return len(ordered) and 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def _pairs(contexts: Narrow, values: NDArray[np.uint16]) -> NDArray[np.uint64]:
    return contexts.astype(np.uint64) << np.uint64(16) | values


def _by_context(contexts: Narrow, values: NDArray[np.uint16]) -> dict[int, set[int]]:
    gathered: dict[int, set[int]] = {}
    for context, value in zip(contexts.tolist(), values.tolist(), strict=True):
        gathered.setdefault(context, set()).add(value)
    return gathered


def _among(values: NDArray[Any], sorted_others: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which *values* are among the others, which are sorted."""
    if not len(sorted_others):
        return np.zeros(len(values), np.bool_)
    places = sorted_others.searchsorted(values)
    found: NDArray[np.bool_] = sorted_others.take(places, mode="clip") == values
    return found


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
