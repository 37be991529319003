"""`docs/settings.md`, made from the declarations and comments of `crawler/settings.py`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("settings.py")

_SECTION = re.compile(r"# --- (.*?) -*$")
_TABLE = "| setting | default | what it is for |\n|---|---|---|\n"
_HEAD = """# Settings

Made from `crawler/settings.py` by `make docs`; a test compares the two. `-s NAME=VALUE` on a
command line wins over what stands here. Settings that Scrapy knows keep
[its meaning](https://docs.scrapy.org/en/latest/topics/settings.html); where nothing is said, the
value alone is ours.
"""


@dataclass(slots=True)
class Setting:
    """One declaration; *note* is the comment above it, or above its kin right before it."""

    name: str
    value: str
    note: str
    section: str


def settings_of(source: str) -> list[Setting]:
    """Every setting that *source* declares, in order."""
    lines = source.splitlines()
    found: list[Setting] = []
    section, previous_end = "", 0
    for node in ast.parse(source).body:
        if not isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        between = lines[previous_end : node.lineno - 1]
        for line in between:
            heading = _SECTION.match(line)
            section = heading[1] if heading else section
        comment = [line[2:] for line in between if line.startswith("# ") and "---" not in line]
        note = " ".join(comment)
        name = ast.unparse(target)
        if not between and found and _akin(name, found[-1].name):
            note = found[-1].note
        found.append(Setting(name, _shown(node.value), note, section))
        previous_end = node.end_lineno or node.lineno
    return found


def _akin(name: str, before: str) -> bool:
    """Whether two names begin or end with the same word: COMMIT_EVERY and COMMIT_SECONDS."""
    words, others = name.split("_"), before.split("_")
    return words[0] == others[0] or words[-1] == others[-1]


def page(source: str) -> str:
    """The page for *source*: a table a section, settings of one comment in one row."""
    parts, section = [_HEAD], "\0"
    rows: list[list[Setting]] = []
    for setting in settings_of(source):
        if setting.section != section:
            parts += [_row(row) for row in rows]
            rows, section = [], setting.section
            heading = section or "the project"
            parts.append(f"\n## {heading[:1].upper()}{heading[1:]}\n\n{_TABLE}")
        elif rows and setting.note and rows[-1][-1].note == setting.note:
            rows[-1].append(setting)
            continue
        rows.append([setting])
    return "".join([*parts, *(_row(row) for row in rows)])


def _row(settings: list[Setting]) -> str:
    names = ", ".join(f"`{setting.name}`" for setting in settings)
    values = ", ".join(setting.value for setting in settings)
    return f"| {names} | {values} | {settings[0].note.replace('|', chr(92) + '|')} |\n"


def _shown(value: ast.expr | None) -> str:
    if value is None or isinstance(value, (ast.Dict, ast.List)):
        return "see there"
    return f"`{ast.unparse(value)}`"
