"""Printed dates: one row a form, with the instant and the precision it must give."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.article.dates.printed import complete_year, find_dates, parse_date

NOW = datetime(2024, 6, 15, 12, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")

FORMS = {
    "iso with offset": ("2018-08-31T16:40:36+08:00", "2018-08-31T16:40:36+08:00", "second"),
    "iso with Z": ("2018-08-31T08:40:36Z", "2018-08-31T08:40:36+00:00", "second"),
    "iso with seven digits of a second": (
        "2018-08-31T08:40:36.1234567Z",
        "2018-08-31T08:40:36+00:00",
        "second",
    ),
    "iso without colon in the offset": (
        "2018-08-31T16:40+0800",
        "2018-08-31T16:40:00+08:00",
        "minute",
    ),
    "iso without offset": ("2018-08-31T16:40:36", "2018-08-31T16:40:36+08:00", "second"),
    "iso with a blank before the offset": (
        "2018-08-31 16:40:36 +02:00",
        "2018-08-31T16:40:36+02:00",
        "second",
    ),
    "rfc 822": ("Fri, 31 Aug 2018 16:40:36 +0800", "2018-08-31T16:40:36+08:00", "second"),
    "rfc 822 with a zone": ("Fri, 31 Aug 2018 08:40:36 GMT", "2018-08-31T08:40:36+00:00", "second"),
    "javascript": (
        "Fri Aug 31 2018 16:40:36 GMT+0800 (China Standard Time)",
        "2018-08-31T16:40:36+08:00",
        "second",
    ),
    "java": ("Fri Aug 31 16:40:36 CST 2018", "2018-08-31T16:40:36+08:00", "second"),
    "chinese": ("2018年08月31日 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "chinese with seconds": ("2018年8月31日16:40:36", "2018-08-31T16:40:36+08:00", "second"),
    "chinese with the day of the week": (
        "2018年8月31日 星期五 下午4:40",
        "2018-08-31T16:40:00+08:00",
        "minute",
    ),
    "chinese hour": ("2018年8月31日上午9时", "2018-08-31T09:00:00+08:00", "minute"),
    "chinese noon": ("2018年8月31日 中午12:05", "2018-08-31T12:05:00+08:00", "minute"),
    "a named zone before the time": (
        "2018年8月31日, 格林尼治标准时间8:40",
        "2018-08-31T08:40:00+00:00",
        "minute",
    ),
    "hyphens": ("2018-08-31", "2018-08-31T00:00:00+08:00", "day"),
    "slashes": ("2018/8/31", "2018-08-31T00:00:00+08:00", "day"),
    "dots": ("2018.08.31", "2018-08-31T00:00:00+08:00", "day"),
    "year apart": ("2018 08/31 16:40:36", "2018-08-31T16:40:36+08:00", "second"),
    "glued to the next word": (
        "2018-08-31 16:40:3639号",
        "2018-08-31T16:40:36+08:00",
        "second",
    ),
    "behind a label": ("发布时间:2018-08-31 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "the republic's year": ("民國107年8月31日 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "japanese": ("2018年8月31日 16時40分", "2018-08-31T16:40:00+08:00", "minute"),
    "japanese weekday": ("2018年8月31日（金） 16時40分", "2018-08-31T16:40:00+08:00", "minute"),
    "reiwa": ("令和元年5月1日", "2019-05-01T00:00:00+08:00", "day"),
    "korean": ("2018년 8월 31일 오후 4시 40분", "2018-08-31T16:40:00+08:00", "minute"),
    "korean dots": ("2018. 8. 31. 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "english": ("Aug 31, 2018 4:40 PM EDT", "2018-08-31T16:40:00-04:00", "minute"),
    "english morning": ("Aug. 31, 2018 at 9 a.m.", "2018-08-31T09:00:00+08:00", "minute"),
    "english midnight": ("August 31st, 2018 12:05 am", "2018-08-31T00:05:00+08:00", "minute"),
    "time first": ("16:40 BST, 31 August 2018", "2018-08-31T16:40:00+01:00", "minute"),
    "dotted time": ("August 31, 2018 - 4.40pm", "2018-08-31T16:40:00+08:00", "minute"),
    "german": ("31. August 2018, 16:40 Uhr", "2018-08-31T16:40:00+08:00", "minute"),
    "german digits": ("31.08.2018, 16:40 Uhr", "2018-08-31T16:40:00+08:00", "minute"),
    "german short year": ("31.08.18 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "norwegian": ("31.08.2018, kl. 16.40", "2018-08-31T16:40:00+08:00", "minute"),
    "french": ("31 août 2018 à 16h40", "2018-08-31T16:40:00+08:00", "minute"),
    "spanish": ("31 de agosto de 2018, 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "portuguese": ("31 de agosto de 2018 às 16h40", "2018-08-31T16:40:00+08:00", "minute"),
    "french after its article": ("Le 31 août 2018 à 16h40", "2018-08-31T16:40:00+08:00", "minute"),
    "english after a weekday": ("Fri 31 Aug 2018 16.40 BST", "2018-08-31T16:40:00+01:00", "minute"),
    "german dots": ("31.08.2018, 16.40 Uhr", "2018-08-31T16:40:00+08:00", "minute"),
    "turkish": ("31 Ağustos 2018, Cuma 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "indonesian": ("Jumat, 31 Agu 2018 16:40 WIB", "2018-08-31T16:40:00+07:00", "minute"),
    "russian": ("31 августа 2018 г. в 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "hungarian": ("2018. augusztus 31. 16:40", "2018-08-31T16:40:00+08:00", "minute"),
    "vietnamese": ("Thứ sáu, 31/8/2018, 16:40 (GMT+7)", "2018-08-31T16:40:00+07:00", "minute"),
    "thai year": ("31 สิงหาคม 2561", "2018-08-31T00:00:00+08:00", "day"),
    "hindi": ("31 अगस्त 2018", "2018-08-31T00:00:00+08:00", "day"),
    "seconds since 1970": ("1535704836", "2018-08-31T16:40:36+08:00", "second"),
    "milliseconds since 1970": ("1535704836000", "2018-08-31T16:40:36+08:00", "second"),
    "compact day": ("20180831", "2018-08-31T00:00:00+08:00", "day"),
    "compact second": ("20180831164036", "2018-08-31T16:40:36+08:00", "second"),
}


@pytest.mark.parametrize(("raw", "instant", "precision"), FORMS.values(), ids=FORMS.keys())
def test_form_gives_its_instant_and_precision(raw: str, instant: str, precision: str) -> None:
    date = parse_date(raw, now=NOW, zone=SHANGHAI)
    assert date is not None
    assert (date.iso(), date.precision) == (instant, precision)


RELATIVE = {
    "minutes": ("5分钟前", "2024-06-15T19:55:00+08:00", "minute"),
    "hours": ("3小时前", "2024-06-15T17:00:00+08:00", "minute"),
    "days": ("2天前", "2024-06-13T00:00:00+08:00", "day"),
    "today": ("今天 16:40", "2024-06-15T16:40:00+08:00", "minute"),
    "yesterday": ("昨天16:40", "2024-06-14T16:40:00+08:00", "minute"),
    "the day before": ("前天 9:05", "2024-06-13T09:05:00+08:00", "minute"),
    "a day word alone": ("昨天", "2024-06-14T00:00:00+08:00", "day"),
    "now": ("刚刚", "2024-06-15T20:00:00+08:00", "minute"),
    "english": ("3 hours ago", "2024-06-15T17:00:00+08:00", "minute"),
    "german": ("vor 28 Minuten", "2024-06-15T19:32:00+08:00", "minute"),
    "french": ("il y a 3 heures", "2024-06-15T17:00:00+08:00", "minute"),
    "japanese": ("3時間前", "2024-06-15T17:00:00+08:00", "minute"),
    "russian": ("3 часа назад", "2024-06-15T17:00:00+08:00", "minute"),
}


@pytest.mark.parametrize(("raw", "instant", "precision"), RELATIVE.values(), ids=RELATIVE.keys())
def test_relative_date_is_counted_back_from_now(raw: str, instant: str, precision: str) -> None:
    date = parse_date(raw, now=NOW, zone=SHANGHAI)
    assert date is not None
    assert (date.iso(), date.precision, date.relative) == (instant, precision, True)


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        pytest.param("06-10 16:40", "2024-06-10T16:40:00+08:00", id="this year"),
        pytest.param("08-31 16:40", "2023-08-31T16:40:00+08:00", id="last year, not the future"),
        pytest.param("发布时间：10-0812:00", "2023-10-08T12:00:00+08:00", id="day glued to hour"),
        pytest.param("6/10(月) 16:40", "2024-06-10T16:40:00+08:00", id="japanese weekday"),
        pytest.param("12月31日 8:00", "2023-12-31T08:00:00+08:00", id="chinese"),
        pytest.param("02-29 16:40", "2024-02-29T16:40:00+08:00", id="a leap day"),
    ],
)
def test_missing_year_is_the_last_one_that_is_not_in_the_future(raw: str, instant: str) -> None:
    date = parse_date(raw, now=NOW, zone=SHANGHAI)
    assert date is not None
    assert (date.iso(), date.has_year) == (instant, False)


NO_DATES = [
    "", "   ", "责任编辑", "2030-01-01", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
    "2018-02-30", "0", "2018-W35", "3.25%", "326", "12:30", "第300540号", "v1.2.3",
    "1164次阅读", "2018年",
]  # fmt: skip


@pytest.mark.parametrize("raw", NO_DATES)
def test_what_is_no_date_gives_none(raw: str) -> None:
    assert parse_date(raw, now=NOW, zone=SHANGHAI) is None


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        pytest.param("America/New_York", "2018-03-04T00:00:00-05:00", id="month first"),
        pytest.param("Europe/London", "2018-04-03T00:00:00+01:00", id="day first"),
    ],
)
def test_custom_of_the_zone_orders_day_and_month(zone: str, instant: str) -> None:
    date = parse_date("03/04/2018", now=NOW, zone=ZoneInfo(zone))
    assert date is not None
    assert date.iso() == instant


def test_a_span_of_hours_is_no_offset() -> None:
    date = parse_date("2018-08-31 09:00-10:30", now=NOW, zone=SHANGHAI)
    assert date is not None
    assert date.iso() == "2018-08-31T09:00:00+08:00"


def test_a_percentage_behind_a_day_is_no_time() -> None:
    date = parse_date("2018-08-31 3.25%", now=NOW, zone=SHANGHAI)
    assert date is not None
    assert date.precision == "day"


def test_the_time_of_an_update_does_not_join_the_day_before_it() -> None:
    date = parse_date("Published Jan 5, 2018 | Updated 5:30 pm", now=NOW, zone=SHANGHAI)
    assert date is not None
    assert (date.precision, date.raw) == ("day", "Jan 5, 2018")


def test_all_dates_of_a_line_come_in_order_with_their_places() -> None:
    line = "发布 2018-08-31 16:40 更新 2018-09-01 08:00"
    dates = list(find_dates(line, now=NOW, zone=SHANGHAI))
    assert [line[date.start : date.end] for date in dates] == [date.raw for date in dates]
    assert [date.raw for date in dates] == ["2018-08-31 16:40", "2018-09-01 08:00"]


def test_a_missing_year_is_completed_from_a_date_beside_it() -> None:
    date = parse_date("10-08 12:00", now=NOW, zone=SHANGHAI)
    assert date is not None
    known = datetime(2019, 10, 8, 12, 0, 57, tzinfo=SHANGHAI)
    completed = complete_year(date, known)
    assert completed is not None
    assert (completed.iso(), completed.has_year) == ("2019-10-08T12:00:00+08:00", True)
    assert complete_year(date, datetime(2019, 3, 1, tzinfo=SHANGHAI)) is None
