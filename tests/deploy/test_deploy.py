"""What lies in deploy/ is sound as far as this machine can say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawl.running import scrapy

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CRONTAB = [
    line
    for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#") and not re.match(r"\w+=", line)
]
FIELD = re.compile(r"\*(/\d+)?|\d+(-\d+)?(,\d+)*")
INSTRUCTIONS = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def here(command: str, root: Path) -> str:
    """A command of deploy/ with the paths of this machine."""
    binary = str(Path(sys.executable).with_name("scrapy"))
    command = re.sub(r"(?:/srv/firstprint/)?\.venv/bin/scrapy", binary, command)
    return command.replace("/srv/firstprint", str(root)).replace("/var/log/firstprint", str(root))


@pytest.mark.parametrize("line", CRONTAB, ids=lambda line: line.split(None, 5)[5][:40])
def test_a_cron_line_has_five_fields_and_a_command_that_the_shell_accepts(line: str) -> None:
    *fields, command = line.split(None, 5)
    assert all(FIELD.fullmatch(field) for field in fields)
    assert "%" not in command  # cron would end the line there
    subprocess.run(["/bin/sh", "-n", "-c", command], check=True)


def test_the_cron_line_runs_and_a_run_that_finds_another_at_work_is_quiet(tmp_path: Path) -> None:
    (command,) = [line.split(None, 5)[5] for line in CRONTAB if "crawl news" in line]
    command = command.replace("cd /srv/firstprint", f"cd {ROOT}").replace(
        "-a sites=finance-zh", "-a url=http://127.0.0.1:9/ -s RETRY_ENABLED=0"
    )
    command = here(command, tmp_path).replace(" -a due=1", f" -s OUTPUT_DIR={tmp_path}/out")
    run = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=120
    )
    assert "no list or page of any named site answered" in run.stdout  # which cron mails
    assert (tmp_path / "crawl.log").exists()
    busy = re.sub(r"\S+scrapy .*?\|\|", "(exit 75) ||", command, count=1)
    quiet = subprocess.run(["/bin/sh", "-c", busy], capture_output=True, check=False)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")


def test_the_nightly_lines_touch_old_days_and_old_pages_only(tmp_path: Path) -> None:
    """Also where a kind has no folder yet: what `find` would say of that is mailed each night."""
    output = tmp_path / "output"
    old = ["articles/2026-01-01.jsonl", "runs/R1/report.html", "runs/R1/summary.json"]
    kept = ["state/a/b.jsonl", "demo/articles/2026-01-01.jsonl", "runs/report.html"]
    for name in [*old, *kept, "articles/2026-03-01.jsonl", "runs/R2/report.html"]:
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text("{}", encoding="utf-8")
    for name in [*old, *kept]:
        os.utime(output / name, (1e9, 1e9))
    for line in CRONTAB:
        command = here(line.split(None, 5)[5], tmp_path)
        if command.startswith("find "):
            run = subprocess.run(
                ["/bin/sh", "-c", command], capture_output=True, text=True, check=False
            )
            assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    left = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    assert left == {
        "articles/2026-01-01.jsonl.gz",
        "articles/2026-03-01.jsonl",
        "runs/R1/summary.json",
        "runs/R2/report.html",
        *kept,
    }


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    for name in ("firstprint.service", "firstprint.timer"):
        unit = here((DEPLOY / name).read_text(encoding="utf-8"), tmp_path)
        (tmp_path / name).write_text(unit, encoding="utf-8")
    units = [str(tmp_path / "firstprint.service"), str(tmp_path / "firstprint.timer")]
    run = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_service_starts_a_command_that_scrapy_accepts(tmp_path: Path) -> None:
    unit = (DEPLOY / "firstprint.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    words = shlex.split(command.replace("${SITES}", "nobody").replace("${CONTACT}", "a@b.test"))
    run = scrapy(*words[1:], "-s", f"OUTPUT_DIR={tmp_path}")
    assert run.returncode == 2
    assert b"nobody" in run.stderr  # the list is what is wrong, and nothing else


def test_logrotate_accepts_its_file(tmp_path: Path) -> None:
    logrotate = shutil.which("logrotate")
    if logrotate is None:
        pytest.skip("logrotate is not installed")
    state = ["--debug", "--state", str(tmp_path / "state")]
    run = subprocess.run(
        [logrotate, *state, str(DEPLOY / "logrotate.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_the_image_is_made_of_what_is_there_and_pinned() -> None:
    names = [line.split()[0] for line in INSTRUCTIONS.splitlines() if line and line[0] not in "# "]
    known = "FROM RUN WORKDIR ENV COPY USER VOLUME STOPSIGNAL ENTRYPOINT CMD"
    assert set(names) <= set(known.split())
    base = re.findall(r"^FROM (\S+)$", INSTRUCTIONS, re.MULTILINE)
    assert all(":" in name and not name.endswith(":latest") for name in base)
    for source in re.findall(r"^COPY (\S+) ", INSTRUCTIONS, re.MULTILINE):
        assert (ROOT / source).exists(), source
    assert "--require-hashes" in INSTRUCTIONS
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_the_image_holds_everything_that_the_program_imports() -> None:
    """Only two packages are copied; nothing in them may import the others."""
    for path in [*ROOT.glob("crawler/**/*.py"), *ROOT.glob("pipelines/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:from|import) (?:demo|tests|benchmarks)\b", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.fleet.yaml"])
def test_the_loop_of_the_compose_file_is_a_shell_script(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    (script,) = re.findall(r"- >-\n(.*?\bdone)\n", text, re.DOTALL)
    script = " ".join(script.split()).replace("$$", "$")
    subprocess.run(["/bin/sh", "-n", "-c", script], check=True)
    assert "\t" not in text


@pytest.mark.soak
def test_the_image_s_commands_work_in_a_clean_folder(tmp_path: Path) -> None:
    """What the Containerfile runs, in its order, without the image."""
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", INSTRUCTIONS, re.MULTILINE):
        (tmp_path / target).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target)
        else:
            shutil.copy(ROOT / source, tmp_path / target)
    (setup,) = re.findall(r"^RUN (python -m venv .*)$", INSTRUCTIONS, re.MULTILINE)
    subprocess.run(["/bin/sh", "-c", setup], cwd=tmp_path, check=True, capture_output=True)
    page = ROOT / "tests" / "article" / "pages" / "chinese-portal.html"
    for command in (["clean", str(page)], ["explain", str(page), "--html", "page.html"]):
        binary = str(tmp_path / ".venv" / "bin" / "scrapy")
        run = subprocess.run([binary, *command], cwd=tmp_path, capture_output=True, check=False)
        assert run.returncode == 0, run.stderr.decode()
