"""Answer the requests for one site."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit

from demo import feeds, traps
from demo.article_page import View, article_context
from demo.list_page import front_context, page_count, plain_context, section_context
from demo.load import FOLDER, StrangerPage
from demo.model import Response
from demo.newsroom import Newsroom, Shelf
from demo.padding import Padding
from demo.templating import Context, Template

_CACHED = 128
_FROZEN = '"kz-8c1f"'
_XML = "application/xml; charset=utf-8"
_GZIP = "application/x-gzip"


class Front:
    """One site: turns a path into a response. Not thread-safe; the caller holds the lock."""

    def __init__(
        self,
        newsroom: Newsroom,
        shelf: Shelf,
        home: str,
        strangers: tuple[StrangerPage, ...],
        padding: Padding,
        frozen_answers: int,
    ) -> None:
        self._newsroom = newsroom
        self._shelf = shelf
        self._home = home
        self._strangers = {page.path: page for page in strangers}
        self._padding = padding
        self._frozen_answers = frozen_answers
        self._placed: dict[str, Response] = {}
        self._cache: OrderedDict[tuple[int, str], Response] = OrderedDict()
        self._links: dict[str, Context] = {}
        key = shelf.site.key
        self._article = Template.load(FOLDER / "templates" / f"{key}.html")
        self._list = Template.load(FOLDER / "templates" / f"{key}-list.html")
        self._mobile = Template.load(FOLDER / "templates" / "mobile.html")
        self._fixed = self._fixed_paths()

    def place(self, path: str, response: Response) -> None:
        """Answer *path* with *response* from now on, whatever stood there."""
        self._placed[path] = response

    def respond(self, target: str, headers: Mapping[str, str]) -> Response:
        """Answer a GET for *target* (path and query); header names are lower case."""
        if target in self._placed:
            return self._placed[target]
        key = (self._newsroom.revision, target)
        response = self._cache.get(key)
        if response is None:
            response = self._cache[key] = self._make(target)
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return self._conditional(response, target, headers)

    def _make(self, target: str) -> Response:
        parts = urlsplit(target)
        path = parts.path
        if path in self._fixed:
            return self._fixed[path]()
        if path in self._shelf.by_path:
            return self._story(path, self._article)
        prefix = self._shelf.site.mobile_prefix
        if prefix and path.removeprefix(prefix) in self._shelf.by_path:
            return self._story(path.removeprefix(prefix), self._mobile)
        if path in self._strangers:
            return self._stranger(self._strangers[path])
        trap = traps.page(self._shelf.site.key, path, parse_qs(parts.query), self._shelf)
        if trap:
            return self._html(self._list, plain_context(self._view(), *trap))
        return self._section(path)

    def _fixed_paths(self) -> dict[str, Callable[[], Response]]:
        """Return the site's home, robots.txt, feed and sitemaps, by path."""
        site = self._shelf.site
        fixed: dict[str, Callable[[], Response]] = {"/": self._front_page}
        if site.robots is not None:
            fixed["/robots.txt"] = self._robots
        if site.key == "german":
            fixed["/feed.rdf"] = lambda: self._bytes(feeds.rdf, _XML)
        elif site.discovery == "feed":
            fixed["/rss.xml"] = lambda: self._bytes(feeds.rss, "application/rss+xml")
        elif site.discovery == "atom":
            fixed["/atom.xml"] = lambda: self._bytes(feeds.atom, "application/atom+xml")
        elif site.discovery == "sitemap":
            fixed["/sitemap_index.xml"] = lambda: self._bytes(feeds.sitemap_index, _XML)
            fixed["/sitemaps/news.xml"] = lambda: self._bytes(feeds.sitemap_news, _XML)
            fixed["/sitemaps/pages.xml"] = lambda: self._bytes(feeds.sitemap_pages, _XML)
            fixed["/sitemaps/stories.xml.gz"] = lambda: self._bytes(feeds.sitemap_stories, _GZIP)
        return fixed

    def _view(self) -> View:
        strangers = tuple(self._strangers.values())
        stories = self._shelf.stories
        return View(self._shelf.site, self._home, stories, strangers, self._padding, self._links)

    def _front_page(self) -> Response:
        return self._html(self._list, front_context(self._view()))

    def _robots(self) -> Response:
        text = (self._shelf.site.robots or "").replace("{home}", self._home)
        return Response(text.encode(), "text/plain; charset=utf-8")

    def _bytes(self, make: Callable[[View], bytes], content_type: str) -> Response:
        return Response(make(self._view()), content_type, modified=self._shelf.newest)

    def _story(self, path: str, template: Template) -> Response:
        story, part = self._shelf.by_path[path]
        context = article_context(self._view(), story, part)
        return self._html(template, context, story.modified or story.published)

    def _stranger(self, page: StrangerPage) -> Response:
        if page.kind == "empty":
            return Response(b"", self._shelf.site.content_type)
        return self._html(self._list, plain_context(self._view(), page.title, page.html))

    def _section(self, path: str) -> Response:
        """Answer a list page, or 404."""
        site = self._shelf.site
        section, _, name = path.strip("/").partition("/")
        view = self._view()
        if section in site.sections and path.startswith("/"):
            names = {
                site.list_page.format(page=n): n for n in range(2, page_count(view, section) + 1)
            }
            page = 1 if not name else names.get(name, 0)
            if page:
                context = section_context(view, section, page)
                return self._html(self._list, context, self._shelf.newest)
        return Response(b"<html><body><h1>404 Not Found</h1></body></html>", "text/html", 404)

    def _html(
        self, template: Template, context: Context, modified: datetime | None = None
    ) -> Response:
        site = self._shelf.site
        text = template.render(context)
        body = text.encode(site.charset, "xmlcharrefreplace")
        return Response(body, site.content_type, modified=modified or self._shelf.newest)

    def _conditional(self, full: Response, target: str, headers: Mapping[str, str]) -> Response:
        """Add the site's validators, and answer 304 where the client's copy is the same."""
        tag = self._tag(full, target)
        marks: dict[str, str] = {"ETag": tag} if tag else {}
        dated = self._shelf.site.validators in {"modified", "etag"} and full.modified
        if dated and full.modified:
            marks["Last-Modified"] = _http_date(full.modified)
        if full.status != 200 or not marks:
            return full
        if _same(tag, full.modified if dated else None, headers):
            status = self._frozen_answers if tag == _FROZEN else 304
            if status == 304:
                return Response(b"", full.content_type, 304, marks)
        return Response(full.body, full.content_type, 200, marks)

    def _tag(self, full: Response, target: str) -> str:
        if self._shelf.site.validators == "etag":
            return f'"{hashlib.sha256(full.body).hexdigest()[:16]}"'
        frozen = self._shelf.site.validators == "frozen-feed" and target == "/rss.xml"
        return _FROZEN if frozen else ""


def _same(tag: str, modified: datetime | None, headers: Mapping[str, str]) -> bool:
    """Say whether the validators in a request match (RFC 9110, section 13.2.2)."""
    if "if-none-match" in headers:
        given = {value.strip().removeprefix("W/") for value in headers["if-none-match"].split(",")}
        return bool(tag) and tag in given
    since = headers.get("if-modified-since")
    if not since or modified is None:
        return False
    return modified.replace(microsecond=0) <= parsedate_to_datetime(since)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
