"""Alerts: one message for what is new, to where the operator said, and no secret in a log."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.assembly.alerting import send_alerts
from crawler.runs.alerts import AlertError, alert_urls, to_tell
from tests.crawl.running import crawl

NOW = datetime(2030, 1, 20, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "hunter2"  # noqa: S105 - this is the test of where it must not appear


class Webhook:
    """A service on loopback that keeps what it is sent, and answers *status*."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.messages.append(json.loads(body))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        self.url = f"json://me:{SECRET}@127.0.0.1:{self.server.server_port}/{SECRET}-path"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.close()


@pytest.fixture
def places(tmp_path: Path, hook: Webhook) -> Path:
    """A file of addresses."""
    path = tmp_path / "alert-urls"
    path.write_text(f"# the webhook of the tests\n\n{hook.url}\n", encoding="utf-8")
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    (folder / "state").mkdir(parents=True)
    return folder


def send(
    output: Path, places: Path | str, failure: str | None, now: datetime = NOW, free: int = 0
) -> dict[str, int]:
    values = {"ALERT_URLS": str(places), "ALERT_AGAIN_HOURS": 24, "ALERT_DISK_FREE_MB": free}
    return dict(send_alerts(Settings(values), output, failure, now))


def test_a_failed_run_sends_one_message_with_its_reason(
    output: Path, places: Path, hook: Webhook
) -> None:
    assert send(output, places, f"https://me:{SECRET}@a.test/ did not answer") == {"sent": 1}
    (message,) = hook.messages
    assert "a.test/ did not answer" in message["message"]
    assert str(output) in message["message"]
    assert SECRET not in message["message"]


def test_a_good_run_sends_nothing(output: Path, places: Path, hook: Webhook) -> None:
    assert send(output, places, None) == {}
    assert hook.messages == []


def test_a_problem_that_lasts_is_told_once_a_day(output: Path, places: Path, hook: Webhook) -> None:
    moments = [NOW, NOW + DAY / 24, NOW + DAY - DAY / 24, NOW + DAY, NOW + DAY * 1.5]
    sent = [bool(send(output, places, "it broke", moment)) for moment in moments]
    assert sent == [True, False, False, True, False]


def test_a_problem_that_comes_back_is_told_again(output: Path, places: Path, hook: Webhook) -> None:
    for failure in ("it broke", None, "it broke"):
        send(output, places, failure)
    assert len(hook.messages) == 2


def test_a_disk_that_is_nearly_full_is_told_beside_the_failure(
    output: Path, places: Path, hook: Webhook
) -> None:
    send(output, places, "it broke", free=1 << 40)
    (message,) = hook.messages
    assert "it broke" in message["message"]
    assert "nearly full" in message["message"]


def test_a_quiet_site_is_told(
    output: Path, places: Path, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Status:
        quiet = ("stopped.test",)

    monkeypatch.setattr("crawler.assembly.alerting.read_status", lambda *_: Status())
    assert send(output, places, None) == {"sent": 1}
    assert "stopped.test brings no news" in hook.messages[0]["message"]


@pytest.mark.parametrize("fault", ["refuses", "is not there", "is no service"])
def test_what_cannot_be_sent_is_counted_logged_without_secrets_and_tried_again(
    output: Path, places: Path, hook: Webhook, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    good = places.read_text(encoding="utf-8")
    if fault == "refuses":
        hook.status = 500
    else:
        bad = "json://127.0.0.1:9/" if fault == "is not there" else "nosuch://x/"
        places.write_text(f"{bad}{SECRET}", encoding="utf-8")
    assert send(output, places, "it broke") == {"failed": 1}
    assert "could not be sent" in caplog.text
    assert SECRET not in caplog.text
    hook.status = 200
    places.write_text(good, encoding="utf-8")
    assert send(output, places, "it broke") == {"sent": 1}
    assert SECRET not in caplog.text


def test_without_the_library_the_log_says_what_to_install(
    output: Path,
    places: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert send(output, places, "it broke") == {"failed": 1}
    assert "requirements/alerts.lock" in caplog.text


def test_nothing_goes_wrong_where_nothing_can_be_remembered(
    tmp_path: Path, places: Path, hook: Webhook
) -> None:
    (tmp_path / "output").write_bytes(b"a file")
    assert send(tmp_path / "output", places, "it broke") == {"sent": 1}


def test_addresses_come_from_a_file_or_the_environment(places: Path, hook: Webhook) -> None:
    assert alert_urls("") == []
    assert alert_urls(str(places)) == [hook.url]
    assert alert_urls("env:HOOKS", {"HOOKS": f"{hook.url} mailto://b.test"}) == [
        hook.url,
        "mailto://b.test",
    ]


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (f"json://me:{SECRET}@127.0.0.1/", "names a file"),
        ("env:NOT_SET", "NOT_SET is not set"),
        ("/nonexistent/file", "cannot be read"),
    ],
)
def test_a_place_without_addresses_is_said_without_secrets(place: str, why: str) -> None:
    with pytest.raises(AlertError, match=why) as caught:
        alert_urls(place, {})
    assert SECRET not in str(caught.value)


def test_a_clock_that_went_back_silences_nobody() -> None:
    told = {"a": (NOW + DAY).isoformat(), "b": NOW.isoformat(), "c": "damaged"}
    assert to_tell(["a", "b", "c", "d"], told, NOW, DAY) == ["a", "c", "d"]


def test_a_crawl_that_fails_sends_its_alert(tmp_path: Path, places: Path, hook: Webhook) -> None:
    settings = ("-s", "RETRY_TIMES=0", "-s", f"ALERT_URLS={places}", "-L", "DEBUG")
    run = crawl(["http://127.0.0.1:9/"], tmp_path / "output", *settings)
    assert run.returncode == 1
    assert len(hook.messages) == 1
    assert "answered" in hook.messages[0]["message"]
    assert SECRET.encode() not in run.stderr
