"""Articles that a sitemap calls changed: fetched again, written only where the text is another."""

from __future__ import annotations

from pathlib import Path

from demo.model import Response
from tests.crawl.running import crawl, records, summaries
from tests.outlets.designs_feeds import sitemap
from tests.outlets.outlet import Outlet, Pages, Street
from tests.outlets.texts import Story


class Dated(Outlet):
    """A sitemap whose dates of change a test may move, beside stories that it may edit."""

    key = "dated"
    count = 6

    def __init__(self) -> None:
        super().__init__()
        self.changed: dict[int, str] = {}
        self.added: dict[int, str] = {}

    def path(self, one: Story) -> str:
        return f"/2026/03/{one.published:%d}/{7_000_000 + one.number}.html"

    def article(self, one: Story) -> str:
        more = f"<p>{self.added[one.number]}</p></div>" if one.number in self.added else "</div>"
        return super().article(one).replace("</div>", more)

    def lists(self) -> Pages:
        home = self.home.rstrip("/")
        rows = [
            (home + self.path(one), self.changed.get(one.number, one.published.isoformat()))
            for one in self.stories
        ]
        return {
            "/": self.html(self.page("Home", "<p>Nothing here.</p>")),
            "/sitemap.xml": Response(sitemap("urlset", "url", rows), "application/xml"),
        }


def test_a_mark_alone_writes_no_line_and_a_new_text_is_the_next_version(tmp_path: Path) -> None:
    outlet = Dated()
    with Street([outlet]) as street:
        assert crawl(street.homes, tmp_path).returncode == 0
        first = records(tmp_path, "articles") + records(tmp_path, "reposts")
        assert len(first) == 6
        street.requests.clear()

        marked, edited = outlet.stories[1], outlet.stories[4]
        outlet.changed = {one.number: "2099-01-01T08:00:00Z" for one in (marked, edited)}
        outlet.added[edited.number] = "The harbour office later confirmed all of these 12 figures."
        assert crawl(street.homes, tmp_path).returncode == 0
        asked = {request.path for request in street.requests}
        assert asked >= {outlet.path(marked), outlet.path(edited)}
        assert asked <= {outlet.path(marked), outlet.path(edited), "/", "/sitemap.xml"}
        assert summaries(tmp_path)[-1]["outcomes"]["unchanged"] == 1
        after = records(tmp_path, "articles") + records(tmp_path, "reposts")
        (new,) = [line for line in after if line not in first]
        assert (new["url"].endswith(outlet.path(edited)), new["version"]) == (True, 2)
        assert new["article_body"].endswith("12 figures.")

        street.requests.clear()
        assert crawl(street.homes, tmp_path).returncode == 0
        assert {request.path for request in street.requests} == {"/sitemap.xml"}
