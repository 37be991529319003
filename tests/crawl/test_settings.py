"""Safe settings from the first day, and packages that nobody shadows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

import crawler
import pipelines
from tests.network.running import OURS

ROOT = Path(__file__).parents[2]

# FAULTS.md, "Scrapy 2.19: what to set".
SAFE = {
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": 10 * 1024 * 1024,
    "DOWNLOAD_TIMEOUT": 30,
    "DEPTH_LIMIT": 32,
    "CONTACT": "",
    "COOKIES_ENABLED": False,
}
# What the network tests shorten or replace to stay quick and on loopback.
TEST_ONLY = {"TWISTED_DNS_RESOLVER", "DOWNLOAD_MAXSIZE", "BACKOFF_BASE", "BACKOFF_MAX"}


@pytest.fixture(scope="module")
def settings() -> Any:
    return get_project_settings()


@pytest.mark.parametrize("name", SAFE)
def test_a_safe_value_is_set(settings: Any, name: str) -> None:
    assert settings[name] == SAFE[name]


@pytest.mark.parametrize("scheme", ["file", "ftp", "s3", "data"])
def test_no_handler_opens_what_is_not_the_web(settings: Any, scheme: str) -> None:
    assert settings["DOWNLOAD_HANDLERS"][scheme] is None


@pytest.mark.parametrize("name", sorted(set(OURS) - TEST_ONLY))
def test_the_network_tests_run_with_the_settings_of_the_project(settings: Any, name: str) -> None:
    declared = settings[name]
    assert (declared.copy_to_dict() if hasattr(declared, "copy_to_dict") else declared) == OURS[
        name
    ]


@pytest.mark.parametrize("package", [crawler, pipelines], ids=["crawler", "pipelines"])
def test_our_packages_are_those_of_the_repository(package: Any) -> None:
    """The `scrapy` script appends the project to `sys.path`: an installed namesake would win."""
    assert Path(package.__file__).is_relative_to(ROOT)
