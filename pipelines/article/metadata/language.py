"""The language of a text: its script first, then its small words, then what the page claims.

Chinese in simplified characters is `zh`, in traditional ones `zh-Hant`; every other language is
its shortest BCP 47 code without a region, because a region says nothing about the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipelines.article.word_lists import read_labels

_SAMPLE = 1200
_HAN_SAMPLE = 400
_SCRIPTS = {
    "latin": re.compile("[a-zA-Z\u00c0-\u024f\u1ea0-\u1ef9]+"),
    "han": re.compile("[\u3400-\u9fff]+"),
    "kana": re.compile("[\u3040-\u30ff]+"),
    "hangul": re.compile("[\uac00-\ud7af]+"),
    "cyrillic": re.compile("[\u0400-\u052f]+"),
    "arabic": re.compile("[\u0600-\u06ff]+"),
    "hebrew": re.compile("[\u0590-\u05ff]+"),
    "greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]+"),
    "thai": re.compile("[\u0e00-\u0e7f]+"),
    "devanagari": re.compile("[\u0900-\u097f]+"),
    "bengali": re.compile("[\u0980-\u09ff]+"),
    "tamil": re.compile("[\u0b80-\u0bff]+"),
    "telugu": re.compile("[\u0c00-\u0c7f]+"),
    "georgian": re.compile("[\u10a0-\u10ff]+"),
    "armenian": re.compile("[\u0530-\u058f]+"),
}
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z0-9]+))*$", re.I)
# A share of small words that only running text of the language reaches, and one that it exceeds.
_SURE = 0.14
_HARDLY = 0.04
_FEW_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Tables:
    languages: dict[str, tuple[str, ...]]  # a word and the languages that use it
    letters: dict[str, str]
    scripts: dict[str, str]
    traditional: frozenset[str]
    simplified: frozenset[str]
    aliases: dict[str, str]
    cyrillic: frozenset[str]


def detect_language(text: str, claim: str = "") -> str | None:
    """Name the language of *text* (its first 1,200 characters), or None when nothing shows it.

    *claim* is what the page says, such as `<html lang>`; it holds where the text cannot
    contradict it, so it names languages of which we know no words.
    """
    claimed = normalise_tag(claim)
    # Two characters are a word in Chinese, so that a third of the sample says as much.
    opening = text[:_HAN_SAMPLE]
    han = sum(map(len, _SCRIPTS["han"].findall(opening)))
    if han > 0.5 * len(opening) and not _SCRIPTS["kana"].search(opening):
        return _chinese(opening, claimed)
    sample = text[:_SAMPLE]
    script = _script(sample)
    if script is None:
        return claimed
    if script == "han":
        return _chinese(sample, claimed)
    if script in {"latin", "cyrillic"}:
        return _by_words(sample, script, claimed)
    return _by_script(sample, script, claimed)


def _by_script(sample: str, script: str, claimed: str | None) -> str:
    """Name the language that *script* stands for; letters tell Persian and Urdu from Arabic."""
    tables = _tables()
    if script == "arabic":
        for code in ("ur", "fa"):
            if sum(sample.count(letter) for letter in tables.letters[code]) > 3:
                return code
    usual = tables.scripts[script]
    if claimed and claimed != usual and script in ("devanagari", "arabic", "hebrew"):
        return claimed if claimed not in _other_script() else usual
    return usual


def normalise_tag(tag: str) -> str | None:
    """Reduce a language tag to our form: `zh-CN` to zh, `zh-TW` to zh-Hant, `de_CH` to de."""
    tag = tag.strip().replace("_", "-").lower()
    if not _TAG.match(tag):
        return None
    main, *rest = tag.split("-")
    aliases = _tables().aliases
    if main in ("zh", "cmn", "yue"):
        traditional = {"hant", "tw", "hk", "mo"}.intersection(rest) or main == "yue"
        return "zh-Hant" if traditional and "hans" not in rest else "zh"
    if len(main) == 3 and main not in aliases:
        return main if main != "utf" else None
    return aliases.get(main, main)


def _script(sample: str) -> str | None:
    """Name the script of most letters; a Chinese or Japanese letter counts as much as a word."""
    weights: dict[str, float] = {}
    for name, pattern in _SCRIPTS.items():
        runs = pattern.findall(sample)
        if runs:
            letters = sum(map(len, runs))
            weights[name] = letters if name in ("han", "kana") else letters / 3
            if letters > len(sample) * 0.5:
                break
    if not weights:
        return None
    if weights.get("han") and "kana" not in weights:
        weights["kana"] = sum(map(len, _SCRIPTS["kana"].findall(sample)))
    if weights.get("kana", 0) > 0.1 * weights.get("han", 0):
        weights["kana"] = weights.get("kana", 0) + weights.get("han", 0)
    return max(weights, key=lambda name: weights[name])


def _chinese(sample: str, claimed: str | None) -> str:
    tables = _tables()
    characters = set(sample)
    traditional = len(characters & tables.traditional)
    simplified = len(characters & tables.simplified)
    if traditional == simplified:
        return claimed if claimed in ("ja", "zh", "zh-Hant") else "zh"
    return "zh-Hant" if traditional > simplified else "zh"


def _by_words(sample: str, script: str, claimed: str | None) -> str | None:
    """Weigh the small words of the languages that are written in *script*."""
    tables = _tables()
    words = [word.lower() for word in _SCRIPTS[script].findall(sample)]
    scores: dict[str, int] = {}
    for word in words:
        for language in tables.languages.get(word, ()):
            scores[language] = scores.get(language, 0) + 1
    if script == "cyrillic":
        for language in ("uk", "be", "sr", "kk"):
            found = sum(sample.count(letter) for letter in tables.letters[language])
            if found > len(words) * 0.02:
                scores[language] = scores.get(language, 0) + found
    best = max(scores, key=lambda language: scores[language], default=None)
    fits = claimed is not None and (claimed in tables.cyrillic) == (script == "cyrillic")
    if best is None or len(words) < _FEW_WORDS:
        return claimed if fits else best
    share = scores[best] / len(words)
    own = scores.get(claimed or "", 0) / len(words)
    if claimed and fits and claimed not in _tables_languages():
        return best if share > _SURE else claimed
    if claimed and fits and own >= _HARDLY and own > 0.6 * share:
        return claimed
    return best if share >= _HARDLY else (claimed if fits else None)


@cache
def _tables_languages() -> frozenset[str]:
    return frozenset(code for codes in _tables().languages.values() for code in codes)


@cache
def _other_script() -> frozenset[str]:
    """Languages that are certainly not written in the script at hand: ours of small words."""
    return _tables_languages() | {"zh", "zh-Hant", "ja", "ko", "th"}


@cache
def _tables() -> _Tables:
    data = read_labels("languages")
    languages: dict[str, tuple[str, ...]] = {}
    for code, words in data["words"].items():
        if code not in ("note", "example"):
            for word in dict.fromkeys(words.split()):
                languages[word] = (*languages.get(word, ()), code)
    # A character of both ways of writing tells nothing.
    traditional, simplified = (set(data["chinese"][name]) for name in ("traditional", "simplified"))
    strip = ("note", "example")
    return _Tables(
        languages,
        {code: letters for code, letters in data["letters"].items() if code not in strip},
        {name: code for name, code in data["scripts"].items() if name not in strip},
        frozenset(traditional - simplified),
        frozenset(simplified - traditional),
        {old: new for old, new in data["aliases"].items() if old not in strip},
        frozenset(("ru", "uk", "bg", "sr", "be", "kk", "mk", "mn", "ky", "tg")),
    )
