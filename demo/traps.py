"""Pages without an end: a calendar that always has a next month, and session ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zlib import crc32

from demo.addresses import article_path
from demo.newsroom import Shelf

CALENDAR = "/calendar/"
SESSIONS = "/bbs/list.htm"
_MONTH = re.compile(r"(\d{4})-(\d\d)")


def page(
    site: str, path: str, query: Mapping[str, Sequence[str]], shelf: Shelf
) -> tuple[str, str] | None:
    """Return title and content of a trap's page, or None where no trap stands."""
    if site == "hongkong" and path == CALENDAR:
        return _calendar(query.get("month", ["2026-03"])[0])
    if site == "gbk" and path == SESSIONS:
        return _sessions(query.get("PHPSESSID", ["0"])[0], shelf)
    return None


def _calendar(month: str) -> tuple[str, str] | None:
    """Return a month of days with nothing on them, and links to the months around it."""
    found = _MONTH.fullmatch(month)
    if not found:
        return None
    index = int(found[1]) * 12 + int(found[2]) - 1
    links = [f"{CALENDAR}?month={n // 12:04}-{n % 12 + 1:02}" for n in (index - 1, index + 1)]
    days = "".join(
        f'<td><a href="{CALENDAR}?month={month}&amp;day={day}">{day}</a></td>'
        for day in range(1, 29)
    )
    html = (
        f'<a href="{links[0]}">上一月</a> <a href="{links[1]}">下一月</a>'
        f"<table><tr>{days}</tr></table><p>本日沒有活動。</p>"
    )
    return f"活動日曆 {month}", html


def _sessions(session: str, shelf: Shelf) -> tuple[str, str]:
    """Return a forum page whose every link carries another session id."""
    ids = [f"{crc32(f'{session}/{n}'.encode()):08x}" for n in range(4)]
    links = "".join(
        f'<li><a href="{SESSIONS}?PHPSESSID={one}">第{n}版：读者来信</a></li>'
        for n, one in enumerate(ids, start=1)
    )
    story = shelf.stories[-1]
    copy = f"{article_path(shelf.site, story)}?PHPSESSID={ids[0]}"
    return "读者论坛", f'<ul>{links}</ul><p><a href="{copy}">{story.headline}</a></p>'
