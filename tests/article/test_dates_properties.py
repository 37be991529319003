"""What holds for every printed date, and for every string that is none."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.dates.printed import find_dates, parse_date

NOW = datetime(2024, 6, 15, 12, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
PAST = st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2024, 6, 14))  # noqa: DTZ001 - the zone is given when it is printed
DATE_LIKE = st.text(
    alphabet="0123456789年月日时分-/.:： +ZT天昨前小agoAugpm()　\u0663\uff11", max_size=40
)


@given(st.one_of(st.text(max_size=80), DATE_LIKE))
def test_any_string_gives_none_or_an_aware_instant_that_is_not_in_the_future(raw: str) -> None:
    date = parse_date(raw, now=NOW, zone=SHANGHAI)
    if date is not None:
        assert date.instant.tzinfo is not None
        assert date.instant - NOW <= timedelta(hours=24)
        assert datetime.fromisoformat(date.iso()).utcoffset() is not None


@given(DATE_LIKE)
def test_dates_found_in_a_text_stand_in_it_and_do_not_overlap(text: str) -> None:
    end = 0
    for date in find_dates(text, now=NOW, zone=SHANGHAI):
        assert end <= date.start < date.end <= len(text)
        assert date.raw in text
        end = date.end


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%Y年%m月%d日%H时%M分%S秒",
        "%Y-%m-%dT%H:%M:%S",
        "%Y%m%d%H%M%S",
        "%d.%m.%Y %H:%M:%S",
        "%B %d, %Y %H:%M:%S",
        "%d %b %Y %H:%M:%S",
        "%b %d, %Y %I:%M:%S %p",
    ],
)
@given(moment=PAST)
def test_a_printed_second_is_read_back(form: str, moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    date = parse_date(moment.strftime(form), now=NOW, zone=UTC)
    assert date is not None
    assert date.instant == moment.replace(tzinfo=UTC)
    assert date.precision == "second"


@given(moment=PAST)
def test_a_printed_day_is_midnight_in_the_zone(moment: datetime) -> None:
    date = parse_date(moment.strftime("%Y年%m月%d日"), now=NOW, zone=SHANGHAI)
    assert date is not None
    assert date.instant.date() == moment.date()
    assert date.precision == "day"
    assert (date.instant.hour, date.instant.minute) == (0, 0)


@pytest.mark.parametrize("filler", [" ", "1", "(", "2018-", "8月", "　", "a", "昨天", "1 ", "20:"])
def test_long_runs_are_read_at_once(filler: str) -> None:
    text = filler * (100_000 // len(filler))
    started = time.process_time()
    parse_date(text, now=NOW, zone=SHANGHAI)
    list(find_dates(text, now=NOW, zone=SHANGHAI))
    assert time.process_time() - started < 0.5
