"""One line of the output: what it holds, what is wrong with it, what can be saved of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NoReturn

from jsonschema_rs import ValidationError, validator_for

from crawler.items import SCHEMA_VERSION, NewsArticle, Rejection, record_keys

FOLDERS = ("articles", "reposts", "rejected")
"""The folders of JSON Lines below an output folder."""
_SIMHASH = re.compile(r"[0-9a-f]{16}")
# Every line begins with the first key of its record, wherever a torn line put it.
_BEGIN = re.compile(
    rb'\{"(?:' + b"|".join(record_keys(c)[0].encode() for c in (NewsArticle, Rejection)) + rb')":'
)


class LineError(ValueError):
    """A line is no record of its folder; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line that is as it should be; *outcome* is `article`, `repost`, `rejected`, `failed`."""

    outcome: str
    values: dict[str, Any]

    @property
    def id(self) -> str:
        """The article's id; empty for what is no article."""
        return str(self.values.get("id", ""))

    @property
    def version(self) -> int:
        """The article's version; 0 for what is no article."""
        return int(self.values.get("version", 0))

    @property
    def fetched(self) -> float:
        """When the page was fetched, in seconds since the epoch."""
        return _moment(self.values["date_fetched"]).timestamp()


class LineReader:
    """Read lines against the JSON *schemas* of `article`, `repost` and `rejected`."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]]) -> None:
        self._validators = {name: validator_for(dict(schemas[name])) for name in schemas}

    def read(self, raw: bytes, folder: str) -> Record:
        """The record of *raw*, a line of *folder* without its newline; raises `LineError`."""
        values = _parse(raw)
        if folder == "rejected":
            kind = "rejected"
        else:
            kind = "repost" if folder == "reposts" or "repost_of" in values else "article"
        try:
            self._validators[kind].validate(values)
        except ValidationError as error:
            where = ".".join(str(step) for step in error.instance_path)
            raise LineError(f"{where}: {error.message}"[:200].lstrip(": ")) from None
        except (ValueError, OverflowError) as error:
            raise LineError(f"holds what JSON cannot: {error}"[:200]) from None
        _check_values(values, kind)
        return Record(values["outcome"] if kind == "rejected" else kind, values)

    def rescue(self, raw: bytes, folder: str) -> Iterator[tuple[bytes, Record]]:
        """The whole records inside a line that is none, such as one glued to a torn one."""
        for piece in raw.split(b"\0"):
            starts = [match.start() for match in _BEGIN.finditer(piece)]
            for start, stop in pairwise([*starts, len(piece)]):
                whole = _first_value(piece[start:stop])
                try:
                    yield whole, self.read(whole, folder)
                except LineError:
                    continue


def _first_value(raw: bytes) -> bytes:
    """The JSON value at the beginning of *raw*, without what follows it."""
    text = raw.decode("utf-8", "surrogateescape")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return raw
    return text[:end].encode("utf-8", "surrogateescape")


def _parse(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        raise LineError("is blank")
    if raw.strip() != raw:
        raise LineError("has white space at its beginning or end")
    try:
        values = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
        if b"\\ud" in raw or b"\\uD" in raw:
            json.dumps(values, ensure_ascii=False).encode()  # refuses half a surrogate pair
    except (ValueError, RecursionError) as error:
        where = f" ({error})" if len(str(error)) < 120 else ""
        raise LineError(f"is not JSON{where}") from None
    if not isinstance(values, dict):
        raise LineError("is JSON, but no object")
    return values


def _refuse(name: str) -> NoReturn:
    raise LineError(f"holds {name}, which is not JSON")


def _check_values(values: Mapping[str, Any], kind: str) -> None:
    """What the schema cannot say."""
    try:
        _moment(values["date_fetched"])
    except ValueError:
        raise LineError("date_fetched is no date with an offset") from None
    if kind == "rejected":
        return
    if values["schema_version"] != SCHEMA_VERSION:
        raise LineError(f"is of schema_version {values['schema_version']}, not {SCHEMA_VERSION}")
    if not values["id"] or not 1 <= values["version"] < 1 << 31:
        raise LineError("id or version is none")
    if values["simhash"] and _SIMHASH.fullmatch(values["simhash"]) is None:
        raise LineError("simhash is not of 16 hex digits")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)
