"""RFC 9309 by its sections, each rule with a file of its own."""

from __future__ import annotations

import pytest

from crawler.discovery.robots import RobotsRules

GROUPS = """
User-agent: alpha
User-agent: beta
Disallow: /both/

User-agent: *
Disallow: /rest/

User-agent: gamma

User-agent: alpha
Disallow: /more/
"""

# file, agent, path, whether it may be asked for
RULES = {
    "2.1 a product token is matched without case": (
        "User-agent: FirstPrint\nDisallow: /",
        "/a",
        False,
    ),
    "2.1 rules before any group count for nobody": (
        "Disallow: /a\nUser-agent: *\nAllow: /b",
        "/a",
        True,
    ),
    "2.1 an empty line does not end a group": ("User-agent: *\n\n\nDisallow: /a", "/a", False),
    "2.1 spaces around name and value": ("User-agent  :   *  \n  Disallow :  /a  ", "/a", False),
    "2.2.1 no group and no star": ("User-agent: other\nDisallow: /", "/a", True),
    "2.2.1 our own group alone counts": (
        "User-agent: *\nDisallow: /a\nUser-agent: firstprint\nDisallow: /b",
        "/a",
        True,
    ),
    "2.2.2 the longest rule wins, wherever it stands": (
        "User-agent: *\nDisallow: /a/b\nAllow: /a/b/c\nAllow: /a",
        "/a/b/x",
        False,
    ),
    "2.2.2 and the other way round": (
        "User-agent: *\nAllow: /a/b/c\nDisallow: /a/b",
        "/a/b/c",
        True,
    ),
    "2.2.2 of two equal rules allow wins": ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    "2.2.2 no rule fits": ("User-agent: *\nDisallow: /b", "/a", True),
    "2.2.2 paths are compared with their case": ("User-agent: *\nDisallow: /Path", "/path", True),
    "2.2.2 robots.txt itself is always allowed": (
        "User-agent: *\nDisallow: /",
        "/robots.txt",
        True,
    ),
    "2.2.2 an empty rule forbids nothing": ("User-agent: *\nDisallow:", "/a", True),
    "2.2.2 percent-encoding in the rule": ("User-agent: *\nDisallow: /%7Ejoe", "/~joe", False),
    "2.2.2 percent-encoding in the path": ("User-agent: *\nDisallow: /~joe", "/%7Ejoe", False),
    "2.2.2 letters beyond ASCII in the rule": (
        "User-agent: *\nDisallow: /财经",
        "/%E8%B4%A2%E7%BB%8F",
        False,
    ),
    "2.2.2 the query belongs to the path": ("User-agent: *\nDisallow: /a?b", "/a?bc", False),
    "2.2.3 a star for any run": ("User-agent: *\nDisallow: /a/*/c", "/a/x/y/c", False),
    "2.2.3 a star for nothing": ("User-agent: *\nDisallow: /a*c", "/ac", False),
    "2.2.3 a dollar at the end": ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
    "2.2.3 a dollar at the end, more behind": ("User-agent: *\nDisallow: /*.php$", "/x.php5", True),
    "2.2.3 a hash begins a comment": ("User-agent: * # all\nDisallow: /a#b", "/a", False),
    "2.2.4 other lines are passed over": (
        "User-agent: *\nNoindex: /x\nHost: news.example\nDisallow: /a",
        "/a",
        False,
    ),
    "2.2.4 a sitemap line does not end a group": (
        "User-agent: *\nSitemap: http://news.example/s.xml\nDisallow: /a",
        "/a",
        False,
    ),
    "2.3 lines may end in CR, LF or both": (
        "User-agent: *\r\nAllow: /b\rDisallow: /a\n",
        "/a",
        False,
    ),
}


@pytest.mark.parametrize(("text", "path", "expected"), RULES.values(), ids=RULES)
def test_a_rule(text: str, path: str, expected: bool) -> None:
    rules = RobotsRules.parse(text.encode())
    assert rules.allowed(f"http://news.example{path}", "firstprint") is expected


@pytest.mark.parametrize(
    ("agent", "path", "expected"),
    [
        ("alpha", "/both/x", False),
        ("beta", "/both/x", False),
        ("alpha", "/more/x", False),
        ("beta", "/more/x", True),
        ("alpha", "/rest/x", True),
        ("delta", "/rest/x", False),
        ("delta", "/both/x", True),
    ],
)
def test_groups_of_one_agent_are_one_group(agent: str, path: str, expected: bool) -> None:
    """Section 2.2.1: groups that name the same agent are combined."""
    rules = RobotsRules.parse(GROUPS.encode())
    assert rules.allowed(f"http://news.example{path}", agent) is expected
