"""A story under two addresses, one of which redirects to the other, is fetched once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from demo.model import Response
from tests.crawl.running import crawl, records, summaries, unsound
from tests.outlets.outlet import Outlet, Pages, Street
from tests.outlets.texts import Story


class Moved(Outlet):
    """Names its stories by addresses of its own, or by *old* ones that redirect to them."""

    key = "moved"
    count = 5
    old = False
    changed = ""

    def path(self, one: Story) -> str:
        return f"/news/{one.published:%Y%m%d}/{70_500 + one.number}.html"

    def rows(self, stories: Sequence[Story]) -> str:
        folder = "/goto" if self.old else ""
        return "".join(
            f'<li><a href="{folder}{self.path(one)}">{one.headline}</a> {one.day}</li>'
            for one in stories
        )

    def lists(self) -> Pages:
        home = self.page("Paper", f"<ul>{self.rows(self.stories)}</ul>")
        rows = [(f"/goto{self.path(self.stories[0])}", self.changed)] if self.changed else []
        entries = "".join(
            f"<url><loc>{self.home[:-1]}{path}</loc><lastmod>{when}</lastmod></url>"
            for path, when in rows
        )
        sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
        return {"/": self.html(home), "/sitemap.xml": Response(sitemap.encode(), "text/xml")}

    def answer(self, target: str) -> Response:
        if target.startswith("/goto/"):
            return Response(b"", "text/html", 301, {"Location": target.removeprefix("/goto")})
        return super().answer(target)


def test_addresses_that_redirect_to_known_articles_are_not_followed(tmp_path: Path) -> None:
    outlet = Moved()
    with Street([outlet]) as street:
        assert crawl(street.homes, tmp_path).returncode == 0
        known = {outlet.path(one) for one in outlet.stories}
        outlet.old, new = True, outlet.publish()
        street.requests.clear()
        assert crawl(street.homes, tmp_path).returncode == 0
        asked = [request.path for request in street.requests]
    assert {f"/goto{path}" for path in known} < set(asked)
    assert not known.intersection(asked)
    assert asked.count(new) == 1
    assert len(records(tmp_path, "articles") + records(tmp_path, "reposts")) == 6
    outcomes = Counter(summaries(tmp_path)[1]["outcomes"])
    assert +outcomes == {"article": 1, "unchanged": 5}
    assert unsound(tmp_path) == []


def test_a_mark_of_change_is_handed_on_to_where_the_redirect_leads(tmp_path: Path) -> None:
    outlet = Moved()
    with Street([outlet]) as street:
        crawl(street.homes, tmp_path)
        outlet.changed = "2100-01-01T08:00:00Z"
        street.requests.clear()
        crawl(street.homes, tmp_path, "-s", "CLOCK_OFFSET=7200")
        asked = [request.path for request in street.requests]
    assert asked.count(outlet.path(outlet.stories[0])) == 1
