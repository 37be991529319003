"""Bad state, bad folders, clocks that go back: one clear sentence, and the output untouched."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.assembly import verification
from crawler.commands.crawl import Command
from demo import Press
from pipelines.store.database import DATABASE_NAME
from pipelines.store.lock import FolderLockedError
from pipelines.store.store import Store
from tests.crawl.running import ROOT, crawl
from tests.soundness.damage import STATE
from tests.soundness.folders import DAYS, Folder, article, sound_folder, verify


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "output"
    sound_folder(path)
    return path


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "output"))


def opened(folder: Path) -> tuple[int | None, bool]:
    """What `scrapy crawl` does before it fetches anything: its exit status, and if it goes on."""
    command = Command()
    settings = Settings({"OUTPUT_DIR": str(folder), "NEAR_DUPLICATES_DAYS": 0})
    store = command._open_store(settings, "20300109T000000Z-abcd", time.time)
    if store is not None:
        store.abandon()
    return command.exitcode, store is not None


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.glob("[!s]*/**/*") if path.is_file()}


def newer(folder: Path, chance: random.Random) -> None:
    connection = sqlite3.connect(folder / "state" / DATABASE_NAME)
    connection.execute("PRAGMA user_version=999")
    connection.close()


def a_folder(folder: Path, chance: random.Random) -> None:
    STATE["lost state"](folder, chance)
    (folder / "state" / DATABASE_NAME).mkdir()


def noise_in(table: str) -> Callable[[Path, random.Random], None]:
    def damage(folder: Path, chance: random.Random) -> None:
        path = folder / "state" / DATABASE_NAME
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name=?", (table,)
        ).fetchone()
        connection.close()
        with path.open("rb+") as file:
            file.seek(4096 * (page - 1))
            file.write(chance.randbytes(4096))

    return damage


BAD_STATE = {
    "of a newer version": (newer, "version 999"),
    "garbage": (STATE["garbage state"], "verify --repair"),
    "cut short": (STATE["state cut short"], "firstprint.sqlite"),
    "lost": (STATE["lost state"], "verify --repair"),
    "empty": (STATE["empty state"], "verify --repair"),
    "a folder": (a_folder, "firstprint.sqlite"),
    "noise in the outbox": (noise_in("outbox"), "verify --repair"),
    "noise in the fingerprints": (noise_in("fingerprints"), "verify --repair"),
    "a fingerprint of noise": (STATE["a fingerprint of noise"], "fingerprint"),
}


@pytest.mark.parametrize(("damage", "named"), BAD_STATE.values(), ids=BAD_STATE.keys())
def test_bad_state_is_one_sentence_and_status_1(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path, random.Random], None],
    named: str,
) -> None:
    damage(folder, random.Random(3))
    before = content(folder)
    assert opened(folder) == (1, False)
    message = capsys.readouterr().err
    assert named in message
    assert message.startswith("error: ")
    assert len(message.splitlines()) == 1
    assert content(folder) == before


def test_damage_that_shows_in_the_middle_of_a_crawl_is_status_1_and_said(folder: Path) -> None:
    noise_in("candidates")(folder, random.Random(3))
    before = {path: data for path, data in content(folder).items() if "/runs/" not in path}
    with Press(sites=("feed",)) as press:
        run = crawl(press.homes.values(), folder)
    assert run.returncode == 1
    assert b"exit status 1: the state is damaged" in run.stderr
    after = content(folder)
    assert {path: after[path] for path in before} == before


def test_an_output_folder_that_is_a_file_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "output"
    file.write_bytes(b"mine")
    assert opened(file) == (1, False)
    assert f"the output folder {file} cannot be written" in capsys.readouterr().err
    assert file.read_bytes() == b"mine"


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Root may write anywhere; whoever runs these tests as root is somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only(sound: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(sound, Path(name) / "output"))
        Path(name).chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)


def test_a_read_only_folder_is_said_and_can_be_verified(
    read_only: Path, as_nobody: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert opened(read_only) == (1, False)
    assert "cannot be written" in capsys.readouterr().err
    assert verification.verify(read_only, mend=False, fingerprints=True) == 0


def test_no_space_at_the_start_is_said(tmp_path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    program = (
        "import sys; from tests.crawl.test_bad_state import opened; from pathlib import Path;"
        " sys.exit(opened(Path(sys.argv[1]))[0])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith(b"error: ")
    assert len(run.stderr.splitlines()) == 1


# --- clocks ------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_between_runs_costs_nothing(folder: Path) -> None:
    Folder(folder).run(article(51, day=DAYS[0]), article(52, day=DAYS[0]), day="2029-11-30")
    assert (folder / "articles" / "2029-11-30.jsonl").exists()
    assert verify(folder) == 0
    Folder(folder).run(article(51, day=DAYS[1]), day=DAYS[1])
    assert len(Folder(folder).records("articles")) == 8
    assert verify(folder) == 0


def test_a_clock_that_goes_back_within_a_run_costs_nothing(tmp_path: Path) -> None:
    chance = random.Random(1)
    store = Store.open(tmp_path, "r", clock=lambda: 1_900_000_000 + chance.uniform(-3e6, 3e6))
    Folder(tmp_path)._write(store, tuple(article(number) for number in range(12)))
    store.close()
    assert len(list(tmp_path.glob("articles/*.jsonl"))) > 1
    assert len(Folder(tmp_path).lines("articles")) == 12
    assert verify(tmp_path) == 0


# --- the lock ----------------------------------------------------------------------------------

HOLD = """
import subprocess, sys, time
from pathlib import Path
from pipelines.store.store import Store
store = Store.open(Path(sys.argv[1]), "the-first")
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "output")], cwd=ROOT, stdout=subprocess.PIPE
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_held_folder_is_75_and_says_by_whom(
    tmp_path: Path, holder: subprocess.Popen[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    began = time.process_time()
    assert opened(tmp_path / "output") == (75, False)
    assert time.process_time() - began < 3
    message = capsys.readouterr().err
    for word in (str(holder.pid), os.uname().nodename, "since 20", "the-first"):
        assert word in message
    os.kill(child, signal.SIGKILL)


def test_a_killed_holder_whose_child_lives_on_holds_nothing(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    with pytest.raises(FolderLockedError):
        Store.open(tmp_path / "output", "second")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    os.kill(child, 0)
    Store.open(tmp_path / "output", "third").close()
    os.kill(child, signal.SIGKILL)


def test_state_that_came_from_another_machine_is_free(folder: Path) -> None:
    """The name in the lock file says who was last; only a lock that is held counts."""
    (folder / "state" / "lock").write_text('{"pid": 1, "run": "x", "host": "other", "since": "y"}')
    assert opened(folder) == (0, True)
