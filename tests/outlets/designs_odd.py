"""Outlets whose addresses, titles and pagers say little."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from demo.model import Response
from tests.outlets.designs_feeds import prose
from tests.outlets.outlet import Outlet, Pages
from tests.outlets.texts import Story


class Short(Outlet):
    """Small numbers, titles of two or three words, older stories by offset."""

    key = "short"

    def path(self, one: Story) -> str:
        return f"/item/{one.number + 3}"

    def rows(self, stories: Sequence[Story]) -> str:
        return "".join(
            f'<div class="row"><a href="{self.path(one)}">{" ".join(one.headline.split()[:3])}</a>'
            f"<small>{one.published:%d %b %Y}</small><p>{one.paragraphs[0][:60]}...</p></div>"
            for one in stories
        )

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/news", "News"),
                ("/tag/12", "Ports"),
                ("/people/5", "Tom Hall"),
                ("/quote/EAST", "EAST 12.31"),
                ("/login?next=/item/3", "Sign in"),
            )
        )

    def foot(self) -> str:
        return self.link("/page/7", "Imprint") + self.link("/page/8", "Cookies")

    def paged(self, title: str, stories: Sequence[Story], size: int, paths: Sequence[str]) -> Pages:
        found = {}
        for page, path in enumerate(paths):
            rows = self.rows(stories[page * size : (page + 1) * size])
            older = self.link(paths[page + 1], "Older stories") if page + 1 < len(paths) else ""
            found[path] = self.html(self.page(title, f"<section>{rows}</section>{older}"))
        return found

    def lists(self) -> Pages:
        found = {
            "/": self.html(self.page("Brief", f"<section>{self.rows(self.stories[:5])}</section>"))
        }
        found |= self.paged(
            "News", self.stories, 8, ["/news", *(f"/news?offset={8 * n}" for n in (1, 2, 3, 4))]
        )
        found["/tag/12"] = self.html(self.page("Ports", self.rows(self.stories[3:6])))
        found["/people/5"] = self.html(
            self.page(
                "Tom Hall", f"<p>Tom Hall writes about ports.</p>{self.rows(self.stories[2:5])}"
            )
        )
        return found

    def strangers(self) -> Pages:
        table = "".join(f"<tr><td>{n}</td><td>{n * 1.5}</td></tr>" for n in range(40))
        return {
            "/quote/EAST": self.plain("EAST", f"<table>{table}</table>"),
            "/page/7": self.plain("Imprint", prose(self, 1)),
            "/page/8": self.plain("Cookies", prose(self, 2)),
        }


class Cards(Outlet):
    """Identifiers in the path, links around pictures only, the next page in the head."""

    key = "cards"
    robots = "User-agent: firstprint\nDisallow: /content/preview/\nUser-agent: *\nDisallow: /\n"
    forbidden = ("/content/preview/",)

    def path(self, one: Story) -> str:
        return f"/content/{UUID(int=one.number * 7_919_000_000_000_000_000_000_019)}"

    def rows(self, stories: Sequence[Story]) -> str:
        return "".join(
            f'<div class="card"><a href="{self.path(one)}"><img src="/{one.number}.jpg" alt=""></a>'
            f"<h3>{one.headline}</h3><p>{one.paragraphs[0][:80]}</p></div>"
            for one in stories
        )

    def nav(self) -> str:
        preview = self.link("/content/preview/1", "Preview of tomorrow's pages for members")
        return self.link("/markets", "Markets") + self.link("/world", "World") + preview

    def foot(self) -> str:
        return self.link("/help/contact-us", "Contact us") + self.link("/gallery/9", "Pictures")

    def lists(self) -> Pages:
        found = {"/": self.html(self.page("Cards", self.rows(self.stories[:6])))}
        for n, name in enumerate(("markets", "world")):
            stories = self.stories[n::2]
            for page in range(3):
                path = f"/{name}" + (f"?page={page + 1}" if page else "")
                text = self.page(name, self.rows(stories[page * 5 : page * 5 + 5]))
                if page < 2:
                    following = f'<link rel="next" href="/{name}?page={page + 2}"></head>'
                    text = text.replace("</head>", following)
                found[path] = self.html(text)
        return found

    def strangers(self) -> Pages:
        pictures = "".join(
            f"<figure><img src='/{n}.jpg'><p>Picture {n}</p></figure>" for n in range(9)
        )
        return {
            "/help/contact-us": self.plain("Contact", prose(self, 1)),
            "/gallery/9": self.plain("Pictures", pictures),
        }


class Months(Outlet):
    """Names of months in the path, numbered pages only, a page of the day beside the stories."""

    key = "months"

    def path(self, one: Story) -> str:
        slug = "-".join(one.headline.lower().replace(",", "").split()[:5])
        return f"/business/{one.published:%Y}/{one.published:%b}/{one.published:%d}/{slug}".lower()

    def nav(self) -> str:
        return self.link("/business", "Business") + self.link("/profile/ann-reed", "Ann Reed")

    def foot(self) -> str:
        return self.link("/info/privacy", "Privacy") + self.link("/business/all", "All stories")

    def lists(self) -> Pages:
        rows = f"<ul>{self.rows(self.stories[:4])}</ul>"
        found = {"/": self.html(self.page("Monitor", rows))}
        for page in range(1, 6):
            path = "/business" + (f"?page={page}" if page > 1 else "")
            numbers = "".join(
                self.link(f"/business?page={n}", str(n)) for n in range(1, 6) if n != page
            )
            rows = f"<ul>{self.rows(self.stories[5 * page - 5 : 5 * page])}</ul>{numbers}"
            found[path] = self.html(self.page("Business", rows))
        day = self.stories[0].published
        found[f"/business/{day:%Y}/{day:%b}/{day:%d}".lower()] = self.html(
            self.page("Day", self.rows(self.stories[:3]))
        )
        found["/profile/ann-reed"] = self.html(self.page("Ann Reed", self.rows(self.stories[:3])))
        return found

    def strangers(self) -> Pages:
        return {"/info/privacy": self.plain("Privacy", prose(self, 1))}


class Classic(Outlet):
    """An old Chinese system: dotted relative paths, .asp queries, print and comment pages."""

    key = "classic"
    language = "zh"
    charset = "gb2312"
    content_type = "text/html; charset=gb2312"

    def path(self, one: Story) -> str:
        return f"/news/Show.asp?ArticleID={one.number + 910}"

    def rows(self, stories: Sequence[Story]) -> str:
        return "".join(
            f'<tr><td>·<a href="../news/Show.asp?ArticleID={one.number + 910}" target=_blank>'
            f"{one.headline}</a></td><td>{one.published:%m-%d}</td></tr>"
            for one in stories
        )

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("../news/List.asp?ClassID=3", "行业动态"),
                ("../news/List.asp?ClassID=4", "公司新闻"),
                ("../Search.asp?Keyword=港口", "搜索"),
                ("../Reg.asp", "会员注册"),
            )
        )

    def article(self, one: Story) -> str:
        number = one.number + 910
        tools = self.link(f"Print.asp?ArticleID={number}", "打印本文")
        tools += self.link(f"Comment.asp?ArticleID={number}", "我要评论")
        return super().article(one).replace("</article>", f"</article>{tools}")

    def lists(self) -> Pages:
        found = {}
        table = f"<table>{self.rows(self.stories[:6])}</table>"
        found["/"] = self.html(self.page("青塘经济信息网", table.replace("../", "/")))
        for n, number in enumerate((3, 4)):
            stories = self.stories[n::2]
            for page in range(1, 4):
                path = f"/news/List.asp?ClassID={number}" + (f"&Page={page}" if page > 1 else "")
                following = self.link(f"List.asp?ClassID={number}&Page={page + 1}", "下页")
                end = self.link(f"List.asp?ClassID={number}&Page=3", "尾页")
                table = f"<table>{self.rows(stories[4 * page - 4 : 4 * page])}</table>"
                more = following + end if page < 3 else ""
                found[path] = self.html(self.page("列表", table + more))
        return found

    def strangers(self) -> Pages:
        found = {"/Reg.asp": self.plain("会员注册", prose(self, 1))}
        for one in self.stories:
            for page in ("Print", "Comment"):
                path = f"/news/{page}.asp?ArticleID={one.number + 910}"
                found[path] = self.html(super().article(one))
        return found


class Flat(Outlet):
    """Nothing but numbers: stories, lists, tags and readers; a page of terms among them."""

    key = "flat"
    language = "zh"

    def path(self, one: Story) -> str:
        return f"/{48_000 + 7 * one.number}.html"

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/c/3/", "航运"),
                ("/c/4/", "电力"),
                ("/t/88/", "码头"),
                ("/u/77012/", "河口老张"),
            )
        )

    def foot(self) -> str:
        return self.link("/10001.html", "用户协议") + self.link("/10002.html", "联系我们")

    def lists(self) -> Pages:
        found = {"/": self.html(self.page("平码", f"<ul>{self.rows(self.stories[:8])}</ul>"))}
        for n, number in enumerate((3, 4)):
            base = f"/c/{number}/"
            paths = [base, *(f"{base}p/{page}/" for page in (2, 3))]
            found |= self.paged("列表", self.stories[n::2], 6, paths)
        found["/t/88/"] = self.html(self.page("码头", f"<ul>{self.rows(self.stories[4:7])}</ul>"))
        found["/u/77012/"] = self.html(
            self.page("河口老张", f"<ul>{self.rows(self.stories[1:3])}</ul>")
        )
        return found

    def strangers(self) -> Pages:
        names = ("/10001.html", "/10002.html")
        return {path: self.plain("用户协议", prose(self, n)) for n, path in enumerate(names)}


class Shell(Outlet):
    """A homepage made by script, and a JSON Feed that only the head names."""

    key = "shell"
    count = 18

    def path(self, one: Story) -> str:
        return f"/s/{'-'.join(one.headline.lower().replace(',', '').split()[:4])}-{one.number}"

    def head(self, title: str) -> str:
        feed = '<link rel="alternate" type="application/feed+json" href="/feeds/all.json">'
        return f'<head><meta charset="utf-8"><title>{title}</title>{feed}</head>'

    def lists(self) -> Pages:
        home = self.home.rstrip("/")
        items = [
            {
                "id": str(one.number),
                "url": home + self.path(one),
                "title": one.headline,
                "date_published": one.published.isoformat(),
            }
            for one in self.stories
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Shell", "items": items}
        return {
            "/": self.html(
                self.page("Shell", '<div id="root"></div><script src="/a.js"></script>')
            ),
            "/feeds/all.json": Response(json.dumps(feed).encode(), "application/feed+json"),
        }
