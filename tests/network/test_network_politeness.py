"""robots.txt, Crawl-delay, Retry-After and back-off against real crawls, with and without us."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.network.hostile import (
    HostileServer,
    Route,
    Site,
    answer,
    drip,
    in_turn,
    redirect,
    reset,
    silence,
    text,
)
from tests.network.running import OURS, Result, crawl

SHUT = b"User-agent: *\nDisallow: /\n"
FILLING = b"# nothing to see here\n" * 25_000  # 550 kB


@dataclass(frozen=True)
class RobotsCase:
    """What /robots.txt answers, what a page of the host then comes to, and Scrapy's way."""

    robots: Route
    ours: str
    plain: list[str]


ROBOTS = {
    "allows": RobotsCase(text(b"User-agent: *\nDisallow: /private\n"), "page", ["page"]),
    "forbids": RobotsCase(text(SHUT), "robots", ["other"]),
    "forbids us by name": RobotsCase(
        text(b"User-agent: firstprint\nDisallow: /"), "robots", ["page"]
    ),
    "forbids a word of our User-Agent": RobotsCase(
        text(b"User-agent: archive\nDisallow: /"), "page", ["page"]
    ),
    "404": RobotsCase(answer(404), "page", ["page"]),
    "403": RobotsCase(answer(403), "page", ["page"]),
    "500": RobotsCase(answer(500, SHUT), "robots_unreachable", ["other"]),
    "503 without rules": RobotsCase(answer(503, b""), "robots_unreachable", ["page"]),
    "503, then rules": RobotsCase(in_turn(answer(503), text(b"")), "page", ["page"]),
    "no answer": RobotsCase(silence(), "robots_unreachable", ["page"]),
    "torn down": RobotsCase(reset(), "robots_unreachable", ["page"]),
    "redirect to forbidding rules": RobotsCase(redirect("/rules"), "robots", ["other"]),
    "redirect to itself": RobotsCase(redirect("/robots.txt"), "page", ["page"]),
    "more than 500 KiB": RobotsCase(text(SHUT + FILLING), "robots", ["other"]),
    "rules beyond 500 KiB": RobotsCase(text(FILLING + SHUT), "page", ["other"]),
    "endless": RobotsCase(
        drip(FILLING, 0.01, start=b"HTTP/1.1 200 X\r\nContent-Type: text/plain\r\n\r\n" + SHUT),
        "robots",
        ["page"],
    ),
}


@dataclass(frozen=True)
class Crawled:
    sites: dict[str, Site]
    internal: Site
    result: Result


def robots_crawl(hostile: HostileServer, settings: dict[str, object]) -> Crawled:
    internal = hostile.site({"/robots.txt": text(b"")})
    sites = {}
    for name, case in ROBOTS.items():
        routes = {"/robots.txt": case.robots, "/rules": text(SHUT), "/page": answer()}
        sites[name] = hostile.site(routes)
    sites["internal"] = hostile.site(
        {"/robots.txt": redirect(internal.url("/robots.txt")), "/page": answer()}
    )
    named = {"NAMED_HOSTS": [site.host for site in sites.values()], "DOWNLOAD_TIMEOUT": 1.2}
    urls = [site.url("/page") for site in sites.values()]
    return Crawled(sites, internal, crawl(urls, {**settings, **named}))


@pytest.fixture(scope="module")
def ours(hostile: HostileServer) -> Crawled:
    return robots_crawl(hostile, OURS)


@pytest.fixture(scope="module")
def plain(hostile: HostileServer) -> Crawled:
    return robots_crawl(hostile, {"LOG_LEVEL": "CRITICAL"})


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_answer_decides_as_rfc_9309_says(name: str, ours: Crawled) -> None:
    assert ours.result.of(ours.sites[name].url("/page")).outcome == ROBOTS[name].ours


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_answer_without_our_part(name: str, plain: Crawled) -> None:
    assert plain.result.words(plain.sites[name].url("/page")) == ROBOTS[name].plain


def test_page_is_not_asked_where_robots_forbids_or_fails(ours: Crawled) -> None:
    shut = [name for name, case in ROBOTS.items() if case.ours != "page"]
    assert [name for name in shut if ours.sites[name].asked("/page")] == []


def test_robots_that_redirects_inside_is_not_followed(ours: Crawled) -> None:
    page = ours.sites["internal"].url("/page")
    assert ours.internal.connections == 0
    assert ours.result.of(page).outcome == "address_refused"


def test_robots_that_redirects_inside_is_followed_without_our_part(plain: Crawled) -> None:
    assert plain.internal.connections > 0


def gaps(site: Site) -> list[float]:
    """Seconds between the requests that reached *site*, robots.txt included."""
    times = sorted(hit.time for hit in site.hits)
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.fixture(scope="module", params=["ours", "plain"])
def waits(hostile: HostileServer, request: pytest.FixtureRequest) -> dict[str, Site]:
    """One crawl over four hosts: one asks for a delay, two for a rest, one for nothing."""
    pages = {f"/{n}": answer() for n in range(4)}
    tired = {f"/{n}": in_turn(answer(429, Retry_After="1"), answer()) for n in range(4)}
    date = {"/0": in_turn(answer(503, Retry_After="Wed, 21 Oct 2065 07:28:00 GMT"), answer())}
    sites = {
        "delay": hostile.site({**pages, "/robots.txt": text(b"User-agent: *\nCrawl-delay: 600")}),
        "tired": hostile.site(tired),
        "date": hostile.site({**date, "/1": answer()}),
        "quick": hostile.site({f"/{n}": answer() for n in range(20)}),
        "name": hostile.site(),
    }
    urls = [site.url(path) for site in sites.values() for path in site.routes if path[1:].isdigit()]
    settings = {
        **(OURS if request.param == "ours" else {}),
        "NAMED_HOSTS": [site.host for site in sites.values()],
        "CRAWL_DELAY_MAX": 0.4,
        "RETRY_AFTER_MAX": 1.2,
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    }
    result = crawl(urls, settings)
    assert [url for url in urls if result.words(url) != ["page"]] == []
    sites["name"].routes[request.param] = answer()
    return sites


def is_ours(waits: dict[str, Site]) -> bool:
    return "ours" in waits["name"].routes


def test_crawl_delay_is_kept_and_capped(waits: dict[str, Site]) -> None:
    """Capped here at 0.4 s; without our part there is no delay at all."""
    kept = [0.35 < gap < 60 for gap in gaps(waits["delay"])]
    assert all(kept) == is_ours(waits)
    assert any(kept) == is_ours(waits)


def test_retry_after_rests_the_whole_host(waits: dict[str, Site]) -> None:
    """Each 429 asks for a second, and the next request of any kind comes after it."""
    assert (min(gaps(waits["tired"])[1:5]) >= 0.95) == is_ours(waits)


def test_retry_after_as_a_date_is_capped(waits: dict[str, Site]) -> None:
    """The date is decades away; the cap here is 1.2 s."""
    assert (1.15 <= max(gaps(waits["date"])) < 60) == is_ours(waits)


def test_robots_is_asked_once_a_host(waits: dict[str, Site]) -> None:
    assert len(waits["quick"].asked("/robots.txt")) == 1


def test_a_resting_host_does_not_hold_up_the_others(waits: dict[str, Site]) -> None:
    quick = waits["quick"].hits
    assert quick[-1].time - quick[0].time < 3.0


def test_each_host_has_a_queue_with_a_delay_of_its_own_that_varies(hostile: HostileServer) -> None:
    """Two hosts of one machine, told apart by their ports; the delay is half to one and a half."""
    first, second = (hostile.site({f"/{n}": answer() for n in range(9)}) for _ in range(2))
    urls = [site.url(f"/{n}") for n in range(9) for site in (first, second)]
    settings = {**OURS, "NAMED_HOSTS": [first.host, second.host], "DOWNLOAD_DELAY": 0.1}
    crawl(urls, {**settings, "CONCURRENT_REQUESTS_PER_DOMAIN": 2})
    for site in (first, second):
        assert min(gaps(site)[1:]) > 0.04
        assert max(gaps(site)[1:]) - min(gaps(site)[1:]) > 0.01
    assert max(first.hits[0].time, second.hits[0].time) < min(
        first.hits[-1].time, second.hits[-1].time
    ), "they take turns"


def test_back_off_doubles_while_a_host_fails(hostile: HostileServer) -> None:
    site = hostile.site({"/robots.txt": answer(404), "/0": answer(500)})
    settings = {**OURS, "NAMED_HOSTS": [site.host], "RETRY_TIMES": 3}
    crawl([site.url("/0")], {**settings, "BACKOFF_BASE": 0.2, "BACKOFF_MAX": 5.0})
    waited = gaps(site)[1:]
    assert len(waited) == 3
    assert all(gap >= low for gap, low in zip(waited, (0.1, 0.2, 0.4), strict=True))


def test_a_stop_does_not_wait_for_a_resting_host(hostile: HostileServer) -> None:
    site = hostile.site({f"/{n}": answer(429, Retry_After="60") for n in range(4)})
    settings = {**OURS, "NAMED_HOSTS": [site.host], "CLOSESPIDER_TIMEOUT": 1}
    result = crawl([site.url(f"/{n}") for n in range(4)], settings)
    assert {word for noted in result.outcomes.values() for word in (o.outcome for o in noted)} == {
        "stopped"
    }
