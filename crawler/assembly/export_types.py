"""The types of exported columns, made from the record's own annotations."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from crawler.items import Rejection, Repost

if TYPE_CHECKING:
    import pyarrow

DATES = frozenset(("date_published", "date_modified", "date_fetched"))
"""Columns that become timestamps in UTC, where a format has them."""


def arrow_schema(keys: list[str]) -> pyarrow.Schema:
    """The columns of a Parquet file: text, numbers, lists, structures, timestamps in UTC."""
    import pyarrow  # noqa: PLC0415 - only Parquet needs it

    dates = pyarrow.timestamp("us", tz="UTC")
    return pyarrow.schema(
        [(key, dates if key in DATES else _arrow(_hints()[key], pyarrow)) for key in keys]
    )


def arrow_values(row: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    """The values of a row as the schema has them; what is no date is null."""
    return {key: _date(row.get(key)) if key in DATES else row.get(key) for key in keys}


def sqlite_type(key: str) -> str:
    """INTEGER, REAL or TEXT; lists and objects are JSON in text, dates as they are written."""
    hint = _hints()[key]
    return {int: "INTEGER", float: "REAL"}.get(hint, "TEXT")


@cache
def _hints() -> dict[str, Any]:
    return get_type_hints(Rejection) | get_type_hints(Repost)


def _date(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _arrow(hint: Any, pyarrow: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return pyarrow.list_(_arrow(arguments[0], pyarrow))
    if origin is dict:
        return pyarrow.map_(pyarrow.string(), _arrow(arguments[1], pyarrow))
    if is_dataclass(hint):
        fields = get_type_hints(hint).items()
        return pyarrow.struct([(name, _arrow(inner, pyarrow)) for name, inner in fields])
    if origin is not None and origin is not Literal:  # a union with None
        return _arrow(next(each for each in arguments if each is not type(None)), pyarrow)
    simple = {int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    return simple.get(hint, pyarrow.string())
