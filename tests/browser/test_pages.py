"""Pages for people, in a real Chromium: seen on a phone, in the dark, and with nothing running."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.commands.explain import Command as Explain
from crawler.commands.report import Command as Report
from crawler.rendering.browser import missing, rendering_settings
from tests.commands.in_process import run
from tests.explain.test_explain import HOSTILE, PORTAL
from tests.reports.runs import figures, write_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.skipif(
    missing(os.environ) is not None, reason=missing(os.environ) or "installed"
)
PHONE = {"width": 390, "height": 844}
# What escaping must never let through; here it is put in by hand, so that the policy is alone.
INJECTED = """<script>document.title = "owned"</script>
<img src="http://127.0.0.1:{port}/pixel" onerror="document.title = 'owned'">
<iframe src="http://127.0.0.1:{port}/frame"></iframe>
<link rel="stylesheet" href="http://127.0.0.1:{port}/style">
<form action="http://127.0.0.1:{port}/form" id="form"><button>send</button></form>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - optional

    options = rendering_settings(["https://a.test"], 30)["PLAYWRIGHT_LAUNCH_OPTIONS"]
    with sync_playwright() as playwright:
        # Without the switches that keep the net away: it is our policy that has to.
        browser = playwright.chromium.launch(**options | {"args": []})
        yield browser
        browser.close()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    source, page = tmp_path / "hostile.html", tmp_path / "explained.html"
    source.write_text(HOSTILE, encoding="utf-8")
    assert run(Explain(), str(source), "--html", str(page), OUTPUT_DIR=tmp_path) == 0
    return page


def show(browser: Browser, path: Path, **context: Any) -> tuple[Page, list[str]]:
    """Open a file; the page, and everything that it asked for or said."""
    page = browser.new_context(**context).new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("dialog", lambda dialog: heard.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.goto(path.as_uri())
    return page, heard


def test_a_hostile_page_is_shown_and_nothing_of_it_happens(
    chromium: Browser, hostile: Path
) -> None:
    page, heard = show(chromium, hostile)
    assert page.get_by_text("总投资三亿元").first.is_visible()
    assert heard == [hostile.as_uri()]
    assert page.locator("a, script, img, iframe, form").count() == 0


def test_the_policy_alone_stops_what_escaping_missed(chromium: Browser, hostile: Path) -> None:
    text = hostile.read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.5)
        injected = INJECTED.format(port=door.getsockname()[1])
        hostile.write_text(text.replace("</body>", f"{injected}</body>"), encoding="utf-8")
        page, _ = show(chromium, hostile)
        page.evaluate("document.getElementById('form').requestSubmit()")
        page.wait_for_timeout(300)
        assert page.title() != "owned"
        assert received(door) == b""


@pytest.mark.parametrize("kind", ["explain", "report"])
def test_a_page_fits_a_phone_and_follows_light_and_dark(
    chromium: Browser, hostile: Path, tmp_path: Path, kind: str
) -> None:
    path = hostile if kind == "explain" else report_of(tmp_path, sites=3)
    colours = set()
    for scheme in ("light", "dark"):
        page, _ = show(chromium, path, viewport=PHONE, color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert len(page.screenshot()) > 10_000  # an empty page is smaller
    assert len(colours) == 2


def test_what_was_removed_can_be_hidden(chromium: Browser, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert run(Explain(), str(PORTAL), "--html", str(out), OUTPUT_DIR=tmp_path) == 0
    page, _ = show(chromium, out)
    cut = page.get_by_text("责任编辑：孙一帆")
    assert cut.is_visible()
    page.get_by_label("Only what is kept").check()
    assert not cut.is_visible()
    assert page.get_by_text("行长周远帆在业绩会上表示").is_visible()


def test_the_report_of_ten_thousand_pages_is_drawn_in_time(
    chromium: Browser, tmp_path: Path
) -> None:
    path = report_of(tmp_path, sites=50)
    assert path.stat().st_size < 3_000_000
    page, heard = show(chromium, path)
    # The best of a few, because others use this machine.
    took = [load_time(page) for _ in range(4)]
    assert min(took) < 2_000, took
    assert set(heard) == {path.as_uri()}
    charts = page.locator("svg")
    assert charts.count() == 5
    boxes = [charts.nth(number).bounding_box() for number in range(5)]
    assert all(box and box["width"] > 300 and box["height"] > 100 for box in boxes)
    assert page.get_by_text("site49.test").first.is_visible()


def received(door: socket.socket) -> bytes:
    """What was sent to a port; Chromium connects for a frame before it sees that it may not."""
    data = b""
    try:
        while True:
            connection, _ = door.accept()
            connection.settimeout(0.5)
            with connection, suppress(TimeoutError):
                data += connection.recv(1024)
    except TimeoutError:
        return data


def load_time(page: Page) -> float:
    """Load the page again; milliseconds until everything is laid out and painted once."""
    page.reload()
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].duration"))


def report_of(folder: Path, sites: int) -> Path:
    counts = {"article": 150, "repost": 30, "failed": 20}
    named: dict[str, Any] = {f"site{number}_test": counts for number in range(sites)}
    for day in range(10, 14):
        write_run(folder, f"202603{day}T080000Z-0000", **named)
    made = figures(sites, 200)
    path = write_run(folder, "20260330T080000Z-0000", figures=made, **named)
    assert run(Report(), OUTPUT_DIR=folder) == 0
    return path / "report.html"
