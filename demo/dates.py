"""How sites print a moment: each site and each odd story names a form."""

from __future__ import annotations

from calendar import day_abbr, month_abbr, month_name
from datetime import datetime
from typing import Literal

Precision = Literal["day", "minute", "second"]

_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_WEEK = "一二三四五六日"
_NOON = 12
_REIWA_OFFSET = 2018  # Reiwa 1 is 2019


def print_date(moment: datetime, form: str) -> str:
    """Print *moment* in *form*, a `str.format` pattern over the names of `_parts`."""
    return form.format_map(_parts(moment))


def precision_of(form: str) -> Precision:
    """Say how exact a date in *form* can be; an empty form leaves it to the listing."""
    if not form or "{S}" in form:
        return "second"
    return "minute" if "{M}" in form else "day"


def as_printed(moment: datetime, form: str) -> str:
    """Return the ISO 8601 date, with its offset, that a reader of *form* can know."""
    precision = precision_of(form)
    if precision == "second":
        return moment.isoformat(timespec="seconds")
    if precision == "minute":
        return moment.replace(second=0).isoformat(timespec="seconds")
    return moment.replace(hour=0, minute=0, second=0).isoformat(timespec="seconds")


def _parts(moment: datetime) -> dict[str, str]:
    half = moment.hour % _NOON or _NOON
    late = moment.hour >= _NOON
    return {
        "y": str(moment.year),
        "m": str(moment.month),
        "mm": f"{moment.month:02}",
        "d": str(moment.day),
        "dd": f"{moment.day:02}",
        "H": str(moment.hour),
        "HH": f"{moment.hour:02}",
        "M": f"{moment.minute:02}",
        "S": f"{moment.second:02}",
        "h": str(half),
        "ampm": "p.m." if late else "a.m.",
        "noon": "下午" if late else "上午",
        "week": _HAN_WEEK[moment.weekday()],
        "day_en": day_abbr[moment.weekday()],
        "mon_en": month_abbr[moment.month],
        "month_en": month_name[moment.month],
        "han": _han_date(moment),
        "reiwa": f"令和{moment.year - _REIWA_OFFSET}年{moment.month}月{moment.day}日",
    }


def _han_date(moment: datetime) -> str:
    year = "".join(_HAN_DIGITS[int(digit)] for digit in str(moment.year))
    return f"{year}年{_han_number(moment.month)}月{_han_number(moment.day)}日"


def _han_number(value: int) -> str:
    """Write 1 to 99 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_HAN_DIGITS[tens]}十")
    return head + (_HAN_DIGITS[ones] if ones else "")
