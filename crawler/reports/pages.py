"""Templates to pages: everything escaped, nothing active, no address asked."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: Any) -> str:
    """The page that *template* (a file of `templates/`) makes of *values*, all of them escaped.

    A page has a Content-Security-Policy that forbids scripts and every address, so that text of
    a hostile page can neither run nor call home, whatever escaping missed.
    """
    environment = Environment(
        loader=PackageLoader("crawler.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)
