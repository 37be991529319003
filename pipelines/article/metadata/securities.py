"""Securities that a text prints: codes of exchanges in brackets, with suffixes, with prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from crawler.items import Security
from pipelines.article.word_lists import alternatives, read_labels

_CODE = re.compile(r"\d{4,6}|[A-Z]{1,6}")
# A name right before its bracket: Chinese without blanks, or capitalised words.
_CHINESE_NAME = re.compile(r"(?:\*?ST|[A-Z]{1,4})?[\u3400-\u9fff][\u3400-\u9fffA-Za-z0-9·]{0,11}$")
_LATIN_NAME = re.compile(r"(?:[A-Z][\w&.'’\-]{0,20}\s){0,4}[A-Z][\w&.'’\-]{0,20}$")
_LIST_SPLIT = re.compile(r"[,，、;；/]\s?")
_MAX_FOUND = 200
# Every pattern that runs over a whole body begins with a literal: that is what makes it cheap.
_CODE_BEFORE = re.compile(r"(?<![\w.])(\d{4,6}|[A-Z]{1,5})$")
_PREFIXED = re.compile(
    r"([SBHsbh](?:(?<=[Ss])[HhZz]|(?<=[Bb])[Jj]|(?<=[Hh])[Kk]))[.:]?(\d{4,6})(?!\d)"
)
_CASHTAG = re.compile(r"\$([A-Z]{1,5})(?!\w)")
_ALNUM = re.compile(r"[A-Za-z0-9$]")
_AFTER_COLON = re.compile(r"[:：]\s?([A-Z]{1,5}(?:\.[A-Z])?|\d{4,6}(?:\.[A-Z]{2})?)(?!\w)")


@dataclass(frozen=True, slots=True)
class _Patterns:
    markets: dict[str, str]
    boards: dict[str, str]
    bracket: re.Pattern[str]
    suffix: re.Pattern[str]  # .SH, .HK behind a code
    suffixed: re.Pattern[str]
    labelled: re.Pattern[str]
    listed: re.Pattern[str]
    market: re.Pattern[str]  # a market's name at the end of a text
    label: re.Pattern[str]  # 股票代码 at the end of a text
    leads: tuple[str, ...]


def find_securities(text: str) -> list[Security]:
    """List the securities printed in *text* in order of their first place, each symbol once.

    Symbols are CODE.MARKET: 300540.SZ, 600519.SH, 830799.BJ, 00700.HK (five digits), AAPL.US. The
    name is given where it stands right before the code. A bare number counts only behind a word
    such as 股票代码, or alone in brackets behind a name.
    """
    found: dict[str, tuple[int, Security]] = {}
    for start, symbol, name in sorted(_occurrences(text, _patterns()), key=lambda item: item[0]):
        known = found.get(symbol)
        if known is None:
            found[symbol] = (start, Security(symbol, name))
        elif known[1].name is None and name:
            found[symbol] = (known[0], Security(symbol, name))
        if len(found) >= _MAX_FOUND:
            break
    return [security for _, security in found.values()]


def _occurrences(text: str, patterns: _Patterns) -> Iterator[tuple[int, str, str | None]]:
    """Give place, symbol and name of everything that reads as a security."""
    for match in patterns.bracket.finditer(text):
        name = _name_before(text[max(0, match.start() - 40) : match.start()], patterns)
        for part in _LIST_SPLIT.split(match[1]):
            symbol = _symbol(part, patterns, named=name is not None)
            if symbol:
                yield match.start(), symbol, name
    for start, found in (
        *_suffixed(text, patterns),
        *_prefixed(text),
        *_after_colons(text, patterns),
    ):
        if found:
            yield start, found, None
    for match in _CASHTAG.finditer(text):
        if match.start() == 0 or not _ALNUM.match(text, match.start() - 1):
            yield match.start(), f"{match[1]}.US", None


def _suffixed(text: str, patterns: _Patterns) -> Iterator[tuple[int, str | None]]:
    """Find 600519.SH and AAPL.US; one letter (7203.T) only behind digits, for U.N. is none."""
    for match in patterns.suffix.finditer(text):
        code = _CODE_BEFORE.search(text[max(0, match.start() - 7) : match.start()])
        if code and (len(match[1]) > 1 or code[1].isdecimal()):
            market = patterns.markets.get(match[1].upper())
            yield match.start() - len(code[1]), _normalise(code[1], market)


def _prefixed(text: str) -> Iterator[tuple[int, str | None]]:
    """Find SH600519 and sz.300540."""
    for match in _PREFIXED.finditer(text):
        if match.start() == 0 or not _ALNUM.match(text, match.start() - 1):
            yield match.start(), _normalise(match[2], match[1].upper())


def _after_colons(text: str, patterns: _Patterns) -> Iterator[tuple[int, str | None]]:
    """Find NYSE: BABA and 股票代码：300540."""
    for match in _AFTER_COLON.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        market = patterns.market.search(before)
        if market:
            name = (market[1] or market[2]).upper()
            yield match.start(), _normalise(match[1], patterns.markets.get(name))
        elif patterns.label.search(before):
            yield match.start(), _symbol(match[1], patterns, named=True)


def _symbol(part: str, patterns: _Patterns, *, named: bool) -> str | None:
    """Read one item of a bracket: 300540, 300540.SZ, SH600519, NYSE: BABA."""
    part = part.strip().lstrip("$").strip()
    label = patterns.labelled.match(part)
    if label:
        part, named = label[1], True
    for pattern, code, market in (
        (patterns.suffixed, 1, 2),
        (_PREFIXED, 2, 1),
        (patterns.listed, 2, 1),
    ):
        match = pattern.fullmatch(part)
        if match:
            return _normalise(match[code], patterns.markets.get(match[market].upper()))
    if named and len(part) == 6 and part.isdecimal():
        return _normalise(part, patterns.boards.get(part[:3]))
    return None


def _normalise(code: str, market: str | None) -> str | None:
    """Put code and market together; None where the market has no such code."""
    code, digits = code.upper(), code.isdecimal()
    if market in ("SH", "SZ", "BJ"):
        fits = digits and len(code) == 6
    elif market == "HK":
        fits = digits and len(code) <= 5
        code = code.zfill(5)
    elif market == "US":
        fits = not digits
    else:
        fits = market is not None
    return f"{code}.{market}" if fits else None


def _name_before(before: str, patterns: _Patterns) -> str | None:
    stripped = before.rstrip(" “”\"'")
    match = _CHINESE_NAME.search(stripped) or _LATIN_NAME.search(stripped)
    if match is None or stripped[: match.start()][-1:].isdecimal():  # 3亿元 is no name
        return None
    name = match[0]
    for lead in patterns.leads:
        if name.startswith(lead) and len(name) > len(lead) + 1:
            name = name[len(lead) :]
    return name or None


@cache
def _patterns() -> _Patterns:
    data = read_labels("securities")
    del data["markets"]["note"], data["markets"]["example"]
    markets = {name.upper(): market for name, market in data["markets"].items()}
    boards = {
        lead: market
        for market, leads in data["boards"].items()
        if isinstance(leads, list)
        for lead in leads
    }
    latin = alternatives(name for name in markets if name.isascii())
    long_latin = alternatives(name for name in data["markets"] if name.isascii() and len(name) > 2)
    chinese = alternatives(name for name in markets if not name.isascii())
    two = alternatives(name for name in data["markets"] if name.isascii() and len(name) < 4)
    labels = alternatives(data["labels"]["words"])
    return _Patterns(
        markets,
        boards,
        bracket=re.compile(r"[（(\[【]([^（()）\[\]【】\n]{3,80})[)）\]】]"),
        suffix=re.compile(rf"\.({two}|sh|sz|bj|hk)(?!\w)"),
        suffixed=re.compile(rf"(\d{{1,6}}|[A-Z]{{1,5}})\.({latin}|sh|sz|bj|hk)"),
        labelled=re.compile(rf"(?:{labels})\s?[:：]?\s?(\d{{6}}(?:\.[A-Z]{{2}})?)(?![\d])", re.I),
        market=re.compile(rf"(?<!\w)({long_latin}|HK|SH|SZ)\s?$|({chinese})\s?$"),
        label=re.compile(rf"(?:{labels})\s?$", re.I),
        listed=re.compile(
            rf"(?<![\w])({long_latin}|{chinese}|HK|SH|SZ)\s?[:：]\s?"
            rf"([A-Z]{{1,5}}(?:\.[A-Z])?|\d{{4,6}})(?!\w)"
        ),
        leads=tuple(sorted(data["leads"]["words"], key=len, reverse=True)),
    )
