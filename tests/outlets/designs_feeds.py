"""Outlets that are found by feeds and sitemaps, in part."""

from __future__ import annotations

import gzip
from urllib.parse import quote

from demo.model import Response
from tests.outlets.outlet import Outlet, Pages
from tests.outlets.texts import Story, story

_XML = "application/xml; charset=utf-8"


def prose(outlet: Outlet, number: int) -> str:
    """Text of the length of a story, for pages about the site."""
    lines = story(outlet.language, 1000 + number, 2000).paragraphs
    return "".join(f"<p>{line}</p>" for line in lines)


def rss(outlet: Outlet, stories: list[Story]) -> Response:
    """The feed of an outlet."""
    items = "".join(
        f"<item><title>{one.headline}</title>"
        f"<link>{outlet.home.rstrip('/')}{outlet.path(one)}</link>"
        f"<pubDate>{one.published:%d %b %Y %H:%M:%S %z}</pubDate></item>"
        for one in stories
    )
    text = f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'
    return Response(text.encode(), "application/rss+xml")


def sitemap(root: str, entry: str, rows: list[tuple[str, str]]) -> bytes:
    """A sitemap or an index of them."""
    entries = "".join(
        f"<{entry}><loc>{loc}</loc><lastmod>{when}</lastmod></{entry}>" for loc, when in rows
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<{root} xmlns="{space}">{entries}</{root}>'.encode()


class Permalinks(Outlet):
    """Dated permalinks, a feed of ten, lists by section, tag, author and day; no sitemap."""

    key = "permalinks"
    robots = "User-agent: *\nDisallow: /wp-admin/\nDisallow: /2026/03/20/\n"
    forbidden = ("/wp-admin/", "/2026/03/20/")

    def path(self, one: Story) -> str:
        slug = "-".join(one.headline.lower().replace(",", "").split()[:8])
        return f"/{one.published:%Y/%m/%d}/{slug}-{one.number % 7}/"

    def head(self, title: str) -> str:
        feed = '<link rel="alternate" type="application/rss+xml" title="News" href="/feed/">'
        more = feed.replace("News", "Comments").replace("/feed/", "/comments/feed/")
        return f'<head><meta charset="utf-8"><title>{title}</title>{feed}{more}</head>'

    def nav(self) -> str:
        sections = "".join(
            self.link(f"/category/{name}/", name.title()) for name in ("markets", "ports")
        )
        return sections + self.link("/about/", "About us") + self.link("/wp-login.php", "Log in")

    def foot(self) -> str:
        tags = "".join(
            self.link(f"/tag/{tag}/", tag.title()) for tag in ("harbour", "freight", "rates")
        )
        authors = self.link("/author/ann-miller/", "Ann Miller")
        months = self.link("/2026/03/", "March 2026") + self.link("/2026/03/12/", "12 March 2026")
        pages = self.link("/privacy-policy/", "Privacy Policy") + self.link("/?s=harbour", "Search")
        return tags + authors + months + pages + self.link("/wp-admin/", "Site admin")

    def lists(self) -> Pages:
        half = {"markets": self.stories[::2], "ports": self.stories[1::2]}
        found = {"/feed/": rss(self, self.stories[:10])}
        found |= self.paged(
            "Harbour Times", self.stories, 8, ["/", "/page/2/", "/page/3/", "/page/4/"]
        )
        for name, stories in half.items():
            base = f"/category/{name}/"
            found |= self.paged(name, stories, 8, [base, f"{base}page/2/", f"{base}page/3/"])
        for path in ("/tag/harbour/", "/tag/freight/", "/author/ann-miller/", "/2026/03/12/"):
            found[path] = self.html(self.page("List", f"<ul>{self.rows(self.stories[3:7])}</ul>"))
        found["/2026/03/"] = self.html(
            self.page("March", f"<ul>{self.rows(self.stories[:9])}</ul>")
        )
        found["/tag/rates/"] = self.plain("rates")
        return found

    def strangers(self) -> Pages:
        names = ("/about/", "/privacy-policy/", "/wp-login.php", "/?s=harbour")
        return {path: self.plain(path.strip("/"), prose(self, n)) for n, path in enumerate(names)}


class Packed(Outlet):
    """A gzipped index of gzipped sitemaps, a feed of ten, an empty homepage; Russian."""

    key = "packed"
    language = "ru"
    robots = "User-agent: *\nAllow: /\nSitemap: {home}sitemaps/index.xml.gz\n"

    def path(self, one: Story) -> str:
        return f"/news/{one.published:%Y/%m/%d}/{7_100_000 + one.number}/"

    def head(self, title: str) -> str:
        feed = '<link rel="alternate" type="application/rss+xml" href="/export/rss.xml">'
        return f'<head><meta charset="utf-8"><title>{title}</title>{feed}</head>'

    def nav(self) -> str:
        return self.link("/news/", self.words[0]) + self.link("/video/", "Видео")

    def foot(self) -> str:
        return self.link("/about/", self.words[3]) + self.link("/privacy/", self.words[5])

    def lists(self) -> Pages:
        home = self.home
        rows = [
            (home.rstrip("/") + self.path(one), one.published.isoformat()) for one in self.stories
        ]
        rows += [
            (home + path, "2026-03-01") for path in ("about/", "privacy/", "news/", "video/4410/")
        ]
        cut = len(rows) // 2
        index = [(f"{home}sitemaps/{n}.xml.gz", self.stories[0].day) for n in (1, 2)]
        packed = {
            "/sitemaps/index.xml.gz": sitemap("sitemapindex", "sitemap", index),
            "/sitemaps/1.xml.gz": sitemap("urlset", "url", rows[:cut]),
            "/sitemaps/2.xml.gz": sitemap("urlset", "url", rows[cut:]),
        }
        found = {
            path: Response(gzip.compress(body, mtime=0), "application/x-gzip")
            for path, body in packed.items()
        }
        found["/export/rss.xml"] = rss(self, self.stories[:10])
        found["/"] = self.html(self.page("Вести порта", '<div id="app"></div>'))
        found["/news/"] = found["/"]
        return found

    def strangers(self) -> Pages:
        names = ("/about/", "/privacy/", "/video/", "/video/4410/")
        return {path: self.plain(self.words[3], prose(self, n)) for n, path in enumerate(names)}


class Slugs(Outlet):
    """Section and slug without any digit, a plain sitemap in the usual place, short lists."""

    key = "slugs"
    robots = "User-agent: *\nDisallow: /search\n"
    forbidden = ("/search",)

    def path(self, one: Story) -> str:
        letters = "".join(chr(97 + int(digit)) for digit in f"{one.number:02}")
        slug = "-".join(word for word in one.headline.lower().split() if word.isalpha())
        return f"/{('markets', 'companies')[one.number % 2]}/{slug}-{letters}"

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/markets", "Markets"),
                ("/companies", "Companies"),
                ("/video", "Video"),
                ("/newsletters/morning-briefing", "Morning briefing by mail"),
                ("/subscribe", "Subscribe"),
                ("/search?q=harbour", "Search"),
            )
        )

    def foot(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/about-us", "About us"),
                ("/legal/terms-of-use", "Terms of use"),
                ("/authors/jane-doe", "Jane Doe"),
                ("/topics/freight-rates", "Freight rates"),
                ("/careers/senior-reporter-wanted", "We are hiring a senior reporter"),
            )
        )

    def lists(self) -> Pages:
        home = self.home.rstrip("/")
        rows = [(home + self.path(one), one.published.isoformat()) for one in self.stories]
        rows += [
            (home + path, "2026-01-01") for path in (*self.strangers(), "/markets", "/companies")
        ]
        found = {"/sitemap.xml": Response(sitemap("urlset", "url", rows), _XML)}
        found["/"] = self.html(self.page("The Strand", f"<ul>{self.rows(self.stories[:6])}</ul>"))
        for n, name in enumerate(("markets", "companies")):
            stories = [one for one in self.stories if one.number % 2 == n][:8]
            found[f"/{name}"] = self.html(self.page(name.title(), f"<ul>{self.rows(stories)}</ul>"))
        return found

    def strangers(self) -> Pages:
        names = (
            "/about-us",
            "/legal/terms-of-use",
            "/authors/jane-doe",
            "/topics/freight-rates",
            "/video",
            "/video/how-a-harbour-works-explained",
            "/newsletters/morning-briefing",
            "/subscribe",
            "/careers/senior-reporter-wanted",
        )
        return {path: self.plain(path[1:], prose(self, n)) for n, path in enumerate(names)}


class Arabic(Outlet):
    """Slugs in Arabic script behind a number, written plainly in links; a feed with everything."""

    key = "arabic"
    language = "ar"
    robots = "User-agent: *\nCrawl-delay: 0\n"

    def path(self, one: Story) -> str:
        return quote(f"/economy/{48_000 + one.number}/{'-'.join(one.headline.split()[:5])}")

    def head(self, title: str) -> str:
        feed = '<link rel="alternate" type="application/rss+xml" href="rss">'
        return f'<head><meta charset="utf-8"><title>{title}</title>{feed}</head>'

    def nav(self) -> str:
        return self.link("/economy", self.words[0]) + self.link("/login", self.words[4])

    def foot(self) -> str:
        return self.link("/about", self.words[3]) + self.link("/privacy", self.words[5])

    def lists(self) -> Pages:
        rows = f"<ul>{self.rows(self.stories[:10])}</ul>"
        return {
            "/": self.html(self.page("الميناء", rows)),
            "/economy": self.html(self.page(self.words[0], rows)),
            "/rss": rss(self, self.stories),
        }

    def strangers(self) -> Pages:
        names = ("/about", "/privacy", "/login")
        return {path: self.plain(self.words[3], prose(self, n)) for n, path in enumerate(names)}
