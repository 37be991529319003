"""Who we say we are, what the log may tell, and where a proxy comes in."""

from __future__ import annotations

import logging

import pytest
from scrapy import Request, Spider
from scrapy.utils.test import get_crawler

from crawler.extensions.log_secrets import SecretsFilter
from crawler.middlewares.user_agent import ContactMiddleware, user_agent_with
from tests.network.hostile import HostileServer, answer
from tests.network.running import OURS, crawl


def contact_middleware(contact: str) -> ContactMiddleware:
    crawler = get_crawler(Spider, {"USER_AGENT": "firstprint/0.1", "CONTACT": contact})
    return ContactMiddleware.from_crawler(crawler)


@pytest.mark.parametrize(
    ("user_agent", "contact", "expected"),
    [
        ("firstprint/0.1", "", "firstprint/0.1"),
        ("firstprint/0.1", "ops@a.example", "firstprint/0.1 (+ops@a.example)"),
        ("mine (+ops@a.example)", "ops@a.example", "mine (+ops@a.example)"),
    ],
)
def test_contact_goes_into_the_user_agent(user_agent: str, contact: str, expected: str) -> None:
    assert user_agent_with(user_agent, contact) == expected


@pytest.mark.parametrize("contact", ["a@b\r\nX-Injected: 1", "编辑@a.example"])
def test_contact_that_is_no_header_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="CONTACT"):
        user_agent_with("firstprint/0.1", contact)


@pytest.mark.parametrize(
    ("contact", "urls", "warnings"),
    [
        ("", ["http://127.0.0.1:1/", "http://localhost/", "http://[::1]/"], 0),
        ("", ["http://a.example/", "http://b.example/"], 1),
        ("ops@a.example", ["http://a.example/"], 0),
    ],
    ids=["loopback needs none", "warns once", "has one"],
)
def test_missing_contact_is_told_once(
    contact: str, urls: list[str], warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    middleware = contact_middleware(contact)
    for url in urls:
        middleware.process_request(Request(url))
    assert len([r for r in caplog.records if "CONTACT" in r.getMessage()]) == warnings


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Crawled (200) <GET http://me:hunter2@a.example/>", ()),
        ("proxy %s refused", ("http://me:hunter2@proxy.example:3128",)),
        ("redis://:hunter2@127.0.0.1:6379/0", ()),
    ],
)
def test_password_stays_out_of_the_log(message: str, arguments: tuple[str, ...]) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, message, arguments, None)
    assert SecretsFilter().filter(record)
    assert "hunter2" not in record.getMessage()


def test_proxy_and_its_password(hostile: HostileServer) -> None:
    """A proxy of the environment is used but for loopback, and its password is not logged."""
    proxy, site = hostile.site({"http://news.example/1": answer()}), hostile.site({"/1": answer()})
    url = f"http://me:hunter2@127.0.0.1:{proxy.port}"
    urls = ["http://news.example/1", "http://10.9.9.9/1", "http://router/1", site.url("/1")]
    settings = {
        **OURS,
        "NAMED_HOSTS": [site.host],
        "LOG_LEVEL": "DEBUG",
        "EXTENSIONS": {"crawler.extensions.log_secrets.LogSecrets": 0},
    }
    result = crawl(urls, settings, environment={"http_proxy": url, "no_proxy": ""})
    assert [result.of(asked).outcome for asked in urls] == [
        "page",
        "address_refused",
        "address_refused",
        "page",
    ]
    assert [hit.path for hit in site.hits] == ["/robots.txt", "/1"]
    assert "hunter2" not in result.log
