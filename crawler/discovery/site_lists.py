"""Reads and checks the lists of sites that operators write: TOML, a URL is enough."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.discovery.urls import join, page_key, safe_url, site_name

MAX_DELAY = 3_600.0  # seconds

_NAME = re.compile(r"\w(?:[\w .:'&()\-]{0,62}[\w)])?")
_LIST_NAME = re.compile(r"\w[\w\-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_HEADER = re.compile(r"\s*\[\[\s*\"?site\"?\s*\]\]")
_TOML_LINE = re.compile(r"\(at line (\d+),")
_ADDRESSES = ("feeds", "sitemaps", "sections")


class SiteListError(ValueError):
    """A site list that cannot be used; the message is one sentence with file and line."""


@dataclass(slots=True)
class Site:
    """One site: only *url* is needed, everything else helps.

    *name* is what records call the site (default: its host); *timezone* an IANA name, *language*
    BCP 47, *encoding* a name that Python knows. *feeds*, *sitemaps* and *sections* are asked beside
    what is found. *article_pattern* is a regular expression that an article's URL must contain,
    *body_selector* the CSS selector of the body. *delay* is in seconds between requests;
    *robots* False leaves robots.txt aside (only where the owner agreed); *javascript* renders pages
    in a browser. A site that is not *enabled* says in *why_disabled* why not.
    """

    url: str
    name: str = ""
    timezone: str = ""
    language: str = ""
    encoding: str = ""
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    article_pattern: str = ""
    body_selector: str = ""
    delay: float | None = None
    javascript: bool = False
    robots: bool = True
    enabled: bool = True
    why_disabled: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or site_name(self.url)


def load_site_list(text: str, name: str) -> list[Site]:
    """The sites of a list, disabled ones included; raises `SiteListError`.

    *name* is the file's name for messages. The list is `[[site]]` tables with the keys of `Site`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _TOML_LINE.search(str(error))
        line = match.group(1) if match else len(text.splitlines())
        why = str(error).partition(" (at ")[0][:200]
        raise SiteListError(f"{name}, line {line}: {why}.") from error
    places = _Places(text, name)
    for key in data:
        if key != "site":
            places.refuse(f"unknown key {key!r}; a list has [[site]] tables only", None, key)
    tables = data.get("site")
    if not isinstance(tables, list) or not tables:
        places.refuse('it names no site; write [[site]] and below it url = "https://..."', None)
    sites: list[Site] = []
    for index, table in enumerate(tables):
        site = _read_site(table, index, places)
        _refuse_double(site, sites, index, places)
        sites.append(site)
    return sites


def find_site_list(name: str, folder: Path) -> Path:
    """The file of a site list: a name in *folder*, or the path of a `.toml` file.

    Raises `SiteListError` for an unknown list and for names that are neither.
    """
    if _LIST_NAME.fullmatch(name):
        path = folder / f"{name}.toml"
        if path.is_file():
            return path
    elif name.endswith(".toml") and name.isprintable():
        path = Path(name)
        if path.is_file():
            return path
        raise SiteListError(f"the site list {name} does not exist.")
    known = ", ".join(sorted(path.stem for path in folder.glob("*.toml"))) or "none"
    raise SiteListError(
        f"unknown site list {name[:80]!r}; known: {known}, or the path of a .toml file."
    )


@dataclass(slots=True)
class _Places:
    """Where tables and keys stand in the text, for messages."""

    text: str
    name: str

    def refuse(self, why: str, index: int | None, key: str = "") -> NoReturn:
        """Raise with the line of the table or of the key in it."""
        raise SiteListError(f"{self.name}, line {self._line(index, key)}: {why}.")

    def _line(self, index: int | None, key: str) -> int:
        lines = self.text.splitlines()
        headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
        start = 0 if index is None or index >= len(headers) else headers[index]
        end = len(lines)
        if index is not None and index + 1 < len(headers):
            end = headers[index + 1]
        pattern = re.compile(rf"\s*[\[\"']*{re.escape(key)}[\"'\]]*\s*(?:=|\.|$)")
        for number in range(start, end if key else start):
            if pattern.match(lines[number]):
                return number + 1
        return start + 1


def _read_site(table: Any, index: int, places: _Places) -> Site:
    if not isinstance(table, dict):
        places.refuse("[[site]] must be a table", index)
    known = [f.name for f in fields(Site)]
    for key, value in table.items():
        if key not in known:
            places.refuse(f"unknown key {key!r} (known: {', '.join(known)})", index, key)
        if problem := _type_problem(key, value):
            places.refuse(f"{key} {problem}", index, key)
    if "url" not in table:
        places.refuse("a site needs a url", index)
    url = safe_url(table["url"])
    if url is None:
        places.refuse(f"url is no http or https address: {table['url'][:100]!r}", index, "url")
    for key, check in _CHECKS.items():
        if key in table and (problem := check(table[key])):
            places.refuse(f"{key} {problem}", index, key)
    site = Site(**{**table, "url": url})
    for key in _ADDRESSES:
        setattr(site, key, _addresses(site.url, key, getattr(site, key), index, places))
    if not site.enabled and not site.why_disabled.strip():
        places.refuse("a site with enabled = false needs why_disabled", index, "enabled")
    if site.javascript and site.encoding:
        places.refuse("encoding has no use with javascript, the browser decodes", index, "encoding")
    if site.enabled and site.why_disabled:
        places.refuse("why_disabled goes with enabled = false", index, "why_disabled")
    return site


def _addresses(base: str, key: str, given: list[str], index: int, places: _Places) -> list[str]:
    found = []
    for address in given:
        joined = join(base, address)
        if joined is None:
            places.refuse(f"{key}: no http or https address: {address[:100]!r}", index, key)
        found.append(joined)
    return found


def _refuse_double(site: Site, before: list[Site], index: int, places: _Places) -> None:
    for other in before:
        if page_key(other.url) == page_key(site.url):
            places.refuse(f"the site {site.url} stands here twice", index, "url")
        if other.name == site.name:
            places.refuse(f"a second site is named {site.name!r}", index, "name")


def _type_problem(key: str, value: Any) -> str:
    if key in _ADDRESSES:
        sound = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "" if sound else "must be a list of addresses"
    if key in ("javascript", "robots", "enabled"):
        return "" if isinstance(value, bool) else "must be true or false"
    if key == "delay":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if number else "must be a number of seconds"
    return "" if isinstance(value, str) else "must be a text in quotation marks"


def _check_name(name: str) -> str:
    sound = _NAME.fullmatch(name) and ".." not in name and name != "file"
    return "" if sound else f"must be a plain name and not a path: {name[:80]!r}"


def _check_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    # Each slash of a name is a package to import for `tzdata`, and there may be thousands.
    except (ZoneInfoNotFoundError, ValueError, OSError, RecursionError):
        return f"is no zone of the IANA database such as Asia/Shanghai: {zone[:80]!r}"
    return ""


def _check_language(language: str) -> str:
    return "" if _LANGUAGE.fullmatch(language) else f"is no language tag: {language[:80]!r}"


def _check_encoding(encoding: str) -> str:
    try:
        sound = isinstance(codecs.decode(b"", encoding), str)
    except (LookupError, ValueError, TypeError):
        sound = False
    return "" if sound else f"is no encoding that Python knows: {encoding[:80]!r}"


def _check_pattern(pattern: str) -> str:
    if not pattern or len(pattern) > 500:
        return "must have between 1 and 500 characters"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    return ""


def _check_selector(selector: str) -> str:
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except SelectolaxError as error:
        return f"is no CSS selector: {str(error)[:100]}"
    return "" if selector.strip() else "is empty"


def _check_delay(delay: float) -> str:
    return "" if 0 <= delay <= MAX_DELAY else f"must be between 0 and {MAX_DELAY:.0f} seconds"


_CHECKS: dict[str, Callable[[Any], str]] = {
    "name": _check_name,
    "timezone": _check_zone,
    "language": _check_language,
    "encoding": _check_encoding,
    "article_pattern": _check_pattern,
    "body_selector": _check_selector,
    "delay": _check_delay,
}
