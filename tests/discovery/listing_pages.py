"""Lists of a press, small, and what was read of them."""

from __future__ import annotations

from crawler.discovery.listings import ListingReading

URL = "http://www.press.example/finance/"


HEADLINES = [
    "央行宣布下调存款准备金率半个百分点",
    "多家银行调整存款利率引发市场关注",
    "三大股指集体高开券商板块领涨两市",
    "国际油价连续第三周上涨后小幅回落",
]


def articles(reading: ListingReading) -> list[str]:
    """The paths of the articles of a reading."""
    return [entry.url.partition("press.example")[2] for entry in reading.articles]


def rows(*paths: str, date: str = "") -> str:
    """A list of headlines."""
    items = zip(paths, HEADLINES * 20, strict=False)
    return "".join(f'<li><a href="{path}">{text}</a> {date}</li>' for path, text in items)
