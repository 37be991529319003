"""A password in an address is used, and stands nowhere afterwards."""

from __future__ import annotations

from pathlib import Path

from demo import Press
from tests.crawl.running import crawl, records

SECRET = "hunter2"  # noqa: S105 - this is the test of where it must not appear


def test_a_password_of_a_site_is_in_no_file_and_no_log(tmp_path: Path) -> None:
    with Press(sites=("feed",)) as press:
        (home,) = press.homes.values()
        address = home.replace("//", f"//me:{SECRET}@")
        more = ("-L", "DEBUG", "-a", f"warc={tmp_path / 'pages.warc'}", "-s", "LOG_OUTCOMES=1")
        run = crawl([address], tmp_path / "output", *more)
    assert run.returncode == 0
    assert records(tmp_path / "output", "articles")
    assert SECRET.encode() not in run.stderr + run.stdout
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
