"""Compile extraction's innermost modules with mypyc: `python -m pipelines.compiled.build`.

They are ordinary modules; nothing but their speed depends on it. It needs what `make setup`
installs, a C compiler and Python's headers, takes some 20 seconds, and does nothing where it was
done before.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.compiled.finder import FOLDER, ROOT, compiled_modules, home

MODULES = (
    "pipelines/article/metadata/headline.py",
    "pipelines/article/page/walk.py",
    "pipelines/article/story/body.py",
    "pipelines/article/story/boilerplate.py",
    "pipelines/article/story/evidence.py",
    "pipelines/article/vocabulary.py",
)
"""Where a page spends its time in Python itself; four fifths of its byte codes are here."""
_TYPED = ("pipelines", "crawler")  # packages whose types the modules use


class CompileError(Exception):
    """The modules cannot be compiled here; the message says why."""


def main(folder: Path = FOLDER) -> int:
    """Compile, unless it is done; without a compiler say so: that is no error."""
    try:
        if not build(folder):
            print("No C compiler or no headers of Python: extraction runs interpreted.")
    except (CompileError, OSError) as error:
        print(f"Extraction runs interpreted: {error}", file=sys.stderr)
        return 1
    return 0


def build(folder: Path = FOLDER) -> bool:
    """Compile the sources as they are into *folder*; False where nothing can be compiled.

    Raises `CompileError`, and `OSError` where *folder* cannot be written.
    """
    goal = home(folder)
    if goal.exists():
        return True
    if not can_compile():
        return False
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix="build-") as work:
        for package in _TYPED:
            shutil.copytree(ROOT / package, Path(work, package), ignore=_no_caches)
        # -O1: the machine code calls Python's own functions, more optimising changes nothing.
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-m", "mypyc", *MODULES],
            cwd=work,
            env={**os.environ, "MYPYC_OPT_LEVEL": "1", "MYPYC_DEBUG_LEVEL": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CompileError((done.stdout + done.stderr)[-2000:])
        shutil.rmtree(Path(work, "build"))
        made = Path(work, "made")
        for path in compiled_modules(Path(work)).values():
            target = made / path.relative_to(work)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        _put_in_place(made, goal)
    return True


def can_compile() -> bool:
    """Whether there is a C compiler, and Python's headers."""
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    headers = Path(sysconfig.get_path("include"), "Python.h")
    return shutil.which(compiler.split()[0]) is not None and headers.exists()


def _put_in_place(made: Path, goal: Path) -> None:
    """Give *made* its name, unless another process was first, and forget what is older."""
    for old in goal.parent.iterdir():
        if old != goal and not old.name.startswith("build-"):
            shutil.rmtree(old, ignore_errors=True)
    if not goal.exists():
        made.rename(goal)


def _no_caches(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__"}


if __name__ == "__main__":
    sys.exit(main())
