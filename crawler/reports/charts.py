"""Charts as SVG for the pages of `crawler.reports`: no script, colours from the page's style."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

# pygal leaves an import hook of a kind that Python 3.12 dropped: whoever walks the hooks stumbles.
sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]

# In the order of crawler.runs.summary.OUTCOMES; each is readable on white and on black.
COLOURS = ("#2e9e68", "#3b82c4", "#c99700", "#d2524c", "#8a929b", "#b07cc6")
_ROW = 24  # pixels a row of a chart with one row a site
_WIDTH = 880
_MOST_LABELS = 14  # below columns; of more, every so-manieth is written


def stacked_rows(labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Markup:
    """One row a label, the first at the top, cut by *series*."""
    settings = _settings(_ROW * len(labels) + 90)
    chart = pygal.HorizontalStackedBar(
        **settings, legend_at_bottom=True, x_labels=list(labels)[::-1]
    )
    for name, values in _coloured(settings, series):
        chart.add(name, list(values)[::-1])
    return _svg(chart)


def stacked_columns(labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Markup:
    """One column a label, cut by *series*."""
    settings = _settings(320)
    chart = pygal.StackedBar(
        **settings,
        legend_at_bottom=True,
        x_labels=list(labels),
        x_labels_major_every=-(-len(labels) // _MOST_LABELS),
        show_minor_x_labels=False,
        x_label_rotation=30,
    )
    for name, values in _coloured(settings, series):
        chart.add(name, list(values))
    return _svg(chart)


def columns(labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Markup:
    """Columns beside each other: a histogram, or several."""
    chart = pygal.Bar(
        **_settings(280),
        legend_at_bottom=True,
        x_labels=list(labels),
        print_values=len(labels) * len(series) <= 26,
        print_values_position="top",
    )
    chart.show_legend = len(series) > 1
    for name, values in series.items():
        chart.add(name, list(values))
    return _svg(chart)


def matrix(columns_: Sequence[str], rows: Mapping[str, Sequence[int]]) -> Markup:
    """A dot for each pair of row and column, its area as its count; nothing for 0."""
    settings = _settings(int(1.5 * _ROW * len(rows)) + 190) | {"show_legend": False}
    settings["style"].colors = COLOURS[1:2] * len(rows)
    chart = pygal.Dot(**settings, x_label_rotation=45, x_labels=list(columns_), print_values=True)
    for name, values in rows.items():
        chart.add(name, [_dot(value) if value else None for value in values])
    return _svg(chart)


def _dot(count: int) -> dict[str, Any]:
    # pygal draws the radius as large as the value, and an area is what people compare.
    return {"value": math.sqrt(count), "formatter": lambda _value: str(count)}


def _coloured(
    settings: dict[str, Any], series: Mapping[str, Sequence[int]]
) -> list[tuple[str, Sequence[int]]]:
    """The series in which anything is counted; each keeps its colour in every chart."""
    shown = [place for place, values in enumerate(series.values()) if any(values)]
    settings["style"].colors = tuple(COLOURS[place] for place in shown) or COLOURS
    return [list(series.items())[place] for place in shown]


def _settings(height: int) -> dict[str, Any]:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--soft)",
        guide_stroke_color="var(--line)",
        major_guide_stroke_color="var(--line)",
        value_colors=("var(--ink)",) * 64,
        colors=COLOURS * 12,
        font_family="inherit",
        label_font_size=12,
        major_label_font_size=12,
        value_font_size=11,
        legend_font_size=13,
        opacity=".9",
        opacity_hover="1",
        transition="0s",
    )
    return {
        "style": style,
        "width": _WIDTH,
        "height": height,
        "js": [],
        "show_legend": True,
        "truncate_label": 28,
        "no_data_text": "nothing",
        "print_zeroes": False,
    }


def _svg(chart: Any) -> Markup:
    """The chart without pygal's script, which would only be forbidden to run."""
    tree = chart.render_tree()
    for name in ("script", "{http://www.w3.org/2000/svg}script"):
        for script in list(tree.iter(name)):
            script.getparent().remove(script)
    text = etree.tostring(tree, encoding="unicode")
    # Everything in it went through lxml, which escapes.
    return Markup(text)  # noqa: S704 - see above
