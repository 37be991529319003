"""Site lists: what is accepted, and what is refused with the line of the mistake."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.site_lists import Site, SiteListError, find_site_list, load_site_list

SITES = Path(__file__).parents[2] / "crawler" / "sites"
ONE = '[[site]]\nurl = "https://press.example/"\n'


def test_every_key_is_documented() -> None:
    text = (SITES.parents[1] / "docs" / "discovery.md").read_text(encoding="utf-8")
    table = text.partition("## Site lists")[2].partition("## Held")[0]
    assert [one.name for one in fields(Site) if f"`{one.name}`" not in table] == []


def test_a_url_is_enough() -> None:
    assert load_site_list(ONE, "x.toml") == [
        Site(url="https://press.example/", name="press.example")
    ]


def test_everything_else_is_optional() -> None:
    text = (
        ONE
        + """
name = "The Press"
timezone = "Asia/Shanghai"
language = "zh-CN"
encoding = "gb18030"
feeds = ["/rss.xml", "https://feeds.example/press"]
sitemaps = ["https://press.example/news.xml"]
sections = ["/markets/"]
article_pattern = '/a/\\d+\\.html$'
body_selector = "div.body p"
delay = 2.5
javascript = false
robots = false
enabled = false
why_disabled = "closed for repair"
"""
    )
    (site,) = load_site_list(text, "x.toml")
    assert site.feeds == ["https://press.example/rss.xml", "https://feeds.example/press"]
    assert site.sections == ["https://press.example/markets/"]
    assert (site.delay, site.javascript, site.robots, site.enabled) == (2.5, False, False, False)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "names no site"),
        ("# only a comment\n", 1, "names no site"),
        ("site = 3\n", 1, "names no site"),
        ('\ntitle = "x"\n' + ONE, 2, "unknown key 'title'"),
        (ONE + '\nzone = "Asia/Shanghai"\n', 4, "unknown key 'zone'"),
        (ONE + 'timezone = "Asia/Shangai"\n', 3, "timezone"),
        (ONE + 'timezone = "../../etc/passwd"\n', 3, "timezone"),
        (ONE + 'timezone = "+08:00"\n', 3, "timezone"),
        (ONE + f'timezone = "Asia{"/x" * 2000}"\n', 3, "timezone"),
        (ONE + 'name = "../../x"\n', 3, "name"),
        (ONE + 'name = "a/b"\n', 3, "name"),
        (ONE + "name = 'a\\b'\n", 3, "name"),
        (ONE + 'name = ".."\n', 3, "name"),
        (ONE + 'name = "file"\n', 3, "name"),
        (ONE + 'name = ""\n', 3, "name"),
        (ONE + "article_pattern = '('\n", 3, "article_pattern"),
        (ONE + 'article_pattern = ""\n', 3, "article_pattern"),
        (ONE + 'body_selector = "div["\n', 3, "body_selector"),
        (ONE + 'encoding = "rot13"\n', 3, "encoding"),
        (ONE + 'encoding = "gb-none"\n', 3, "encoding"),
        (ONE + 'language = "Chinese, simplified"\n', 3, "language"),
        (ONE + "delay = -1\n", 3, "delay"),
        (ONE + "delay = true\n", 3, "delay"),
        (ONE + "delay = nan\n", 3, "delay"),
        (ONE + 'delay = "2"\n', 3, "delay"),
        (ONE + 'feeds = "/rss"\n', 3, "feeds"),
        (ONE + "feeds = [3]\n", 3, "feeds"),
        (ONE + 'feeds = ["javascript:x"]\n', 3, "feeds"),
        (ONE + 'sections = ["file:///etc/"]\n', 3, "sections"),
        (ONE + "javascript = 1\n", 3, "javascript"),
        (ONE + 'encoding = "gbk"\njavascript = true\n', 3, "encoding has no use"),
        (ONE + 'enabled = "no"\n', 3, "enabled"),
        (ONE + "enabled = false\n", 3, "why_disabled"),
        (ONE + 'why_disabled = "x"\n', 3, "why_disabled"),
        ('[[site]]\nname = "x"\n', 1, "needs a url"),
        ('[[site]]\nurl = "press.example"\n', 2, "url"),
        ('[[site]]\nurl = "ftp://press.example/"\n', 2, "url"),
        ("[[site]]\nurl = 3\n", 2, "url"),
        (ONE + "\n" + ONE, 5, "stands here twice"),
        (ONE + '\n[[site]]\nurl = "http://www.press.example"\nname = "x"\n', 5, "twice"),
        (ONE + '\n[[site]]\nname = "press.example"\nurl = "http://b.example"\n', 5, "second site"),
        (ONE + "x = [\n", 3, "Invalid value"),
        (ONE + 'url = "https://b.example/"\n', 3, "Cannot overwrite"),
    ],
)
def test_a_mistake_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(SiteListError) as caught:
        load_site_list(text, "mine.toml")
    message = str(caught.value)
    assert words in message
    assert "\n" not in message
    assert message.startswith(f"mine.toml, line {line}: ")


@given(st.text() | st.text(alphabet='[]site=url"h\n. {},3').map(lambda tail: ONE + tail))
def test_any_text_is_a_list_or_refused(text: str) -> None:
    message = "x.toml, line "
    try:
        load_site_list(text, "x.toml")
    except SiteListError as error:
        message = str(error)
    assert message.startswith("x.toml, line ")


@pytest.mark.parametrize(("name", "least"), [("finance-zh", 30), ("finance-world", 20)])
def test_the_lists_of_the_project(name: str, least: int) -> None:
    path = find_site_list(name, SITES)
    sites = load_site_list(path.read_text(encoding="utf-8"), path.name)
    assert sum(site.enabled for site in sites) >= least
    assert all(site.timezone and site.language for site in sites)
    assert all(site.enabled or len(site.why_disabled) > 20 for site in sites)


def test_no_site_stands_in_two_lists() -> None:
    names = [
        site.name
        for path in SITES.glob("*.toml")
        for site in load_site_list(path.read_text(encoding="utf-8"), path.name)
    ]
    assert len(set(names)) == len(names)


def test_a_list_is_found_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ONE, encoding="utf-8")
    assert find_site_list(str(path), SITES) == path
    assert find_site_list("mine", tmp_path) == path


@pytest.mark.parametrize(
    "name",
    [
        "nope",
        "",
        ".",
        "..",
        "../../x",
        "a/b",
        "/etc/passwd",
        "x\x00y",
        "nope.toml",
        "a\nb.toml",
        "~",
    ],
)
def test_odd_and_unknown_names_are_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(SiteListError) as caught:
        find_site_list(name, SITES)
    assert "\n" not in str(caught.value)
    assert "\x00" not in str(caught.value)
