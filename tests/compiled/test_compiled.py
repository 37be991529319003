"""Compiled modules: used only while they are of these very sources, and no other in effect."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from pipelines.compiled import build, finder
from pipelines.compiled.finder import CompiledFinder, compiled_modules, home, use_compiled

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "article" / "pages"
SUFFIX = EXTENSION_SUFFIXES[0]

# Where extraction came from, and all that it says of some pages.
_EXTRACT = """
import sys
from pathlib import Path
from pipelines.compiled.finder import use_compiled
if sys.argv[1] == "compiled":
    assert use_compiled()
from crawler.items import Page, PagePart
from pipelines.article import Extractor
from pipelines.article.page import walk
print(Path(walk.__file__).suffix)
extractor, NOW = Extractor.load(), "2026-11-23T00:00:00+00:00"
for path in sorted(Path(sys.argv[2]).glob("*.html")):
    url = f"https://press.example/news/{path.stem}.html"
    page = Page(url, url, [PagePart(url, path.read_bytes())], "press.example", NOW)
    done = extractor.extract(page)
    print(done.article, done.rejection, done.decisions, done.origins, done.paragraphs)
"""


def extracted(how: str) -> tuple[str, str]:
    """The ending of the walk's file, and what came of the pages, in a process of its own."""
    command = [sys.executable, "-c", _EXTRACT, how, str(PAGES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ending, _, pages = done.stdout.partition("\n")
    return ending, pages


@pytest.mark.skipif(not build.can_compile(), reason="no C compiler, or no headers of Python")
def test_compiled_modules_say_of_every_page_what_their_sources_say() -> None:
    assert build.build()  # `make setup` did it, or it takes half a minute
    assert extracted("compiled") == (".so", extracted("interpreted")[1])
    assert extracted("interpreted")[0] == ".py"


def test_every_module_that_is_compiled_is_one_of_extraction() -> None:
    for module in build.MODULES:
        assert (ROOT / module).is_file()
        assert module.startswith("pipelines/article/")


def test_what_was_compiled_of_other_sources_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "sources" / finder.SOURCES[0] / "walk.py"
    source.parent.mkdir(parents=True)
    source.write_text("STEP = 1\n")
    monkeypatch.setattr(finder, "ROOT", tmp_path / "sources")
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    made = home(tmp_path) / finder.SOURCES[0] / f"walk{SUFFIX}"
    assert not use_compiled(tmp_path)
    made.parent.mkdir(parents=True)
    made.touch()
    assert use_compiled(tmp_path)
    source.write_text("STEP = 2\n")
    assert not use_compiled(tmp_path)


def test_the_finder_finds_what_is_compiled_and_nothing_else(tmp_path: Path) -> None:
    made = tmp_path / "pipelines" / f"hot{SUFFIX}"
    made.parent.mkdir()
    made.touch()
    found = CompiledFinder(compiled_modules(tmp_path))
    spec = found.find_spec("pipelines.hot")
    assert spec is not None
    assert spec.origin == str(made)
    assert found.find_spec("pipelines.cold") is None


@pytest.mark.skipif(not build.can_compile(), reason="no C compiler, or no headers of Python")
def test_what_cannot_be_compiled_is_said_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "MODULES", ("pipelines/article/no_such_module.py",))
    assert build.main(tmp_path) == 1
    assert "no_such_module" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_a_compiler_nothing_is_compiled_and_that_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", str(tmp_path / "no-compiler"))
    assert not build.build(tmp_path)
    assert build.main(tmp_path) == 0
    assert "interpreted" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
