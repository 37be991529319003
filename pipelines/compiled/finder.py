"""Import compiled modules instead of their sources, as long as they are of these very sources."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("pipelines/article", "pipelines/compiled")
"""All that the compiled modules are made from: they hold other modules' constants, too."""
FOLDER = Path(sys.prefix, "compiled")
_SUFFIX = EXTENSION_SUFFIXES[0]  # names Python's version and the machine, too


class CompiledFinder(MetaPathFinder):
    """Finds modules in *files*, by their full names."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002 - the interface
        target: object = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Where a module lies, None for one that is not compiled."""
        file = self._files.get(fullname)
        return None if file is None else spec_from_file_location(fullname, file)


def use_compiled(folder: Path = FOLDER) -> bool:
    """Let this process import compiled modules; False where there are none of these sources.

    To be called before anything imports them.
    """
    files = compiled_modules(home(folder))
    if files:
        sys.meta_path.insert(0, CompiledFinder(files))
    return bool(files)


def home(folder: Path = FOLDER) -> Path:
    """Where the modules compiled of the sources as they are now lie; named by their content."""
    digest = sha256(_SUFFIX.encode())
    for path in sorted(path for part in SOURCES for path in (ROOT / part).rglob("*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return folder / digest.hexdigest()[:16]


def compiled_modules(home: Path) -> dict[str, Path]:
    """The compiled modules below *home* by their full names."""
    return {
        ".".join(path.relative_to(home).parts).removesuffix(_SUFFIX): path
        for path in home.rglob(f"*{_SUFFIX}")
    }
