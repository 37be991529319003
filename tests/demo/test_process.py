"""The press as a process of its own, and the crawl that it starts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo import Press, crawl
from demo.__main__ import main
from tests.demo.conftest import Fetch

ROOT = Path(__file__).parents[2]
SLEEPER = "import time\nprint('up', flush=True)\ntime.sleep(60)"


def test_serve_writes_its_addresses_and_ends_on_sigterm(tmp_path: Path, fetch: Fetch) -> None:
    ports, truth = tmp_path / "ports.json", tmp_path / "truth.jsonl"
    command = [sys.executable, "-m", "demo", "serve", "--port-file", str(ports)]
    command += ["--truth-file", str(truth), "--stories", "4", "--sites", "portal,gbk"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        for _ in range(200):
            if ports.exists():
                break
            time.sleep(0.05)
        homes = json.loads(ports.read_text())
        assert fetch(homes["portal"]).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    articles = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    assert sum(a["cluster"].startswith("generated") for a in articles) == 4
    assert set(homes) == {"portal", "gbk"}


def test_fixed_ports_are_found_again_and_a_taken_one_is_replaced() -> None:
    with Press(sites=["german"], fixed_ports=True) as first:
        with Press(sites=["german"], fixed_ports=True) as second:
            assert first.homes != second.homes
        home = first.homes["german"]
    if not home.endswith(":8708/"):
        pytest.skip("another process has port 8708")
    with Press(sites=["german"], fixed_ports=True) as third:
        assert third.homes["german"] == home


def test_crawl_starts_the_spider_on_every_site(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def note(command: list[str]) -> int:
        commands.append(command)
        return 75

    monkeypatch.setattr(crawl, "run_child", note)
    assert main(["crawl", "-s", "LOG_LEVEL=INFO", "-a", "limit=3"]) == 75
    [command] = commands
    assert command[:5] == [sys.executable, "-m", "scrapy", "crawl", "news"]
    assert command[6].count("http://127.0.0.1:") == 9
    assert "OUTPUT_DIR=output/demo" in command
    assert command[-4:] == ["-s", "LOG_LEVEL=INFO", "-a", "limit=3"]


@pytest.mark.parametrize("status", [0, 1, 75])
def test_the_childs_exit_status_is_passed_on(status: int) -> None:
    assert crawl.run_child([sys.executable, "-c", f"raise SystemExit({status})"]) == status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_child_once_and_set_the_status(number: signal.Signals) -> None:
    code = (
        "import sys\nfrom demo.crawl import run_child\n"
        f"sys.exit(run_child([sys.executable, '-c', {SLEEPER!r}]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        parent.send_signal(number)
        # Python's own SIGINT handling ends the sleeper by that signal, too.
        assert parent.wait(10) == 128 + number


def test_usage_errors_exit_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["serve", "--port-file", str(tmp_path / "p"), "--sites", "nowhere"])
    assert error.value.code == 2
    assert "unknown sites: nowhere" in capsys.readouterr().err
