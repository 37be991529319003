"""What the program has is documented: commands, settings, rules, reasons, faults."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from scrapy.commands import ScrapyCommand
from scrapy.settings import default_settings

from crawler.items import Page, PagePart
from crawler.network import failures
from crawler.reports.explained import OUTSIDE
from crawler.settings_page import SOURCE, page, settings_of
from pipelines.article import Extractor
from pipelines.article.story import weights
from pipelines.article.vocabulary import Vocabulary
from tests.network.test_network_faults import FAULTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SETTINGS = settings_of(SOURCE.read_text(encoding="utf-8"))
OURS = [each for each in SETTINGS if not hasattr(default_settings, each.name)]
COMMANDS = sorted(
    path.stem
    for path in (ROOT / "crawler" / "commands").glob("[a-z]*.py")
    if hasattr(importlib.import_module(f"crawler.commands.{path.stem}"), "Command")
)
# What any server answers; they stand beside the faults to show that nothing else changes.
NO_FAULTS = {"page", "missing page", "server error", "page after one server error"}
PIECE = re.compile(r'weights\.\w+(?:\[[^]]*\])?, "(\w+)"')
REFUSAL = re.compile(r'Refusal\("(\w+)"')


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rules() -> set[str]:
    """Every name that a block's removal can have, as far as code and our test pages show them."""
    found = {rule for rule, _ in weights.TAGS.values()} | {*weights.PURPOSES, *weights.MARKERS}
    found |= set(Vocabulary.load().scopes)
    for path in (ROOT / "pipelines" / "article").rglob("*.py"):
        found |= set(PIECE.findall(path.read_text(encoding="utf-8")))
    extractor = Extractor.load()
    for path in (ROOT / "tests" / "article").glob("*/*.*"):
        part = PagePart("", path.read_bytes())
        kind = "text" if path.suffix == ".txt" else "html"
        now = "2026-01-01T00:00:00+00:00"
        done = extractor.extract(Page("x", "file:x", [part], "file", now, kind))  # type: ignore[arg-type]
        found |= {each.rule for each in done.decisions if not each.kept and done.article}
    found |= {"code", "number", "repeated_part", "site_template", OUTSIDE}
    return found - {"prose", "heading"}  # these only ever speak for a block


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_in_both_languages(name: str) -> None:
    for readme in ("README.md", "README.zh.md"):
        assert f"`scrapy {name}" in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "crawl"])
def test_every_option_of_a_command_is_documented(name: str) -> None:
    command: ScrapyCommand = importlib.import_module(f"crawler.commands.{name}").Command()
    everything = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    everything += (ROOT / "README.md").read_text(encoding="utf-8")
    for option in re.findall(r"--[a-z-]+", command.syntax()):
        assert option in everything


def test_the_page_of_settings_is_what_the_settings_say() -> None:
    assert text_of("settings.md") == page(SOURCE.read_text(encoding="utf-8")), "run `make docs`"


@pytest.mark.parametrize("setting", OURS, ids=lambda setting: setting.name)
def test_every_setting_that_scrapy_does_not_know_says_what_it_is_for(setting: object) -> None:
    assert getattr(setting, "note")  # noqa: B009 - parametrised values are objects to mypy


def test_every_rule_is_documented() -> None:
    named = set(re.findall(r"`(\w+)`", text_of("extraction.md")))
    assert rules() - named == set()


def test_every_reason_is_documented() -> None:
    reasons = {reason for _, reason in failures._REASONS}
    for path in (ROOT / "pipelines").rglob("*.py"):
        reasons |= set(REFUSAL.findall(path.read_text(encoding="utf-8")))
    named = set(re.findall(r"`(\w+)`", text_of("outcomes.md")))
    assert reasons - named - {"stopped"} == set()  # a stopped page is pending, not failed


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in NO_FAULTS])
def test_every_fault_is_documented_with_what_it_comes_to(fault: str) -> None:
    page_ = text_of("faults.md")
    rows = re.findall(r"\[([^\]]+)\]", page_)
    assert any(row.lower() in fault.lower() for row in rows), fault
    assert FAULTS[fault].ours in page_ or FAULTS[fault].ours in text_of("outcomes.md")


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_every_page_is_reached_from_the_readme_and_its_links_lead_somewhere(path: Path) -> None:
    assert f"docs/{path.name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link
