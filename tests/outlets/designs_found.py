"""Outlets whose designs were crawled badly once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from demo.model import Response
from tests.outlets.designs_feeds import prose, rss
from tests.outlets.outlet import Outlet, Pages
from tests.outlets.texts import Story


class Clicks(Outlet):
    """Rows that are clicked, with links for print and sharing; sections in a select box."""

    key = "clicks"
    language = "zh"
    robots = "User-agent: *\nDisallow: /print/\n"
    forbidden = ("/print/",)

    def path(self, one: Story) -> str:
        return f"/n/{880_000 + one.number}.html"

    def rows(self, stories: Sequence[Story]) -> str:
        return "".join(
            f"""<div class="row" onclick="location.href='{self.path(one)}'"><h3>{one.headline}</h3>
            <em>{one.day}</em><a href="{self.path(one)}?share=weibo">分享给朋友们一起看看这条</a>
            <a href="/print/{880_000 + one.number}">打印</a></div>"""
            if one.number % 2
            else f"""<div data-href="{self.path(one)}"><h3>{one.headline}</h3></div>"""
            for one in stories
        )

    def nav(self) -> str:
        names = (("/cj/", "财经"), ("/cy/", "产业"))
        options = "".join(f"<option value='{path}'>{text}</option>" for path, text in names)
        return f"<select><option>栏目</option>{options}</select>"

    def foot(self) -> str:
        return self.link("/read/zhinan.html", "本站编辑部的工作方式与审稿标准说明")

    def lists(self) -> Pages:
        found = {"/": self.html(self.page("首页", self.rows(self.stories[:6])))}
        for n, name in enumerate(("cj", "cy")):
            found |= self.paged(name, self.stories[n::2], 5, [f"/{name}/", f"/{name}/2.html"])
        return found

    def strangers(self) -> Pages:
        return {"/read/zhinan.html": self.plain("说明", prose(self, 1))}


class Issues(Outlet):
    """The pages of a newspaper: the homepage jumps to the latest, each names the one before."""

    key = "issues"
    language = "zh"

    def folder(self, one: Story) -> str:
        """Where an issue stands."""
        return f"/paper/html/{one.published:%Y-%m/%d}/"

    def path(self, one: Story) -> str:
        return f"{self.folder(one)}content_{25_000_000 + one.number * 31}.htm"

    def lists(self) -> Pages:
        folders = list(dict.fromkeys(map(self.folder, self.stories)))
        jump = f'<meta http-equiv="refresh" content="0; URL={folders[0]}node_1.htm">'
        found = {"/": self.html(f"<html><head>{jump}</head></html>")}
        nodes = "".join(self.link(f"node_{n}.htm", f"第0{n}版：要闻") for n in (1, 2))
        for place, folder in enumerate(folders):
            stories = [one for one in self.stories if self.folder(one) == folder]
            older = folders[place + 1 : place + 2]
            links = nodes + "".join(self.link(f"{path}node_1.htm", "上一期") for path in older)
            for n in (1, 2):
                rows = f"<ul>{self.rows(stories[n - 1 :: 2])}</ul>"
                found[f"{folder}node_{n}.htm"] = self.html(self.page("版面", links + rows))
        return found


class Channels(Outlet):
    """Short lists; a page for people names the feed of one section, the other names its own."""

    key = "channels"

    def path(self, one: Story) -> str:
        letters = "".join(chr(97 + int(digit)) for digit in f"{one.number:02}")
        slug = "-".join(one.headline.lower().replace(",", "").split()[:3])
        return f"/{('fin', 'biz')[one.number % 2]}/{slug}-{letters}"

    def nav(self) -> str:
        return self.link("/fin/", "Finance") + self.link("/biz/", "Business")

    def foot(self) -> str:
        return self.link("/service/rss.html", "RSS") + self.link("/contact/", "Contact")

    def lists(self) -> Pages:
        feeds = {"fin": "/rss/fin.xml", "biz": "/index.php?cat=biz&format=feed"}
        found: dict[str, Response] = {
            "/": self.plain("Channels"),
            "/service/rss.html": self.html(self.page("RSS", self.link(feeds["fin"], "Finance"))),
        }
        for n, name in enumerate(("fin", "biz")):
            stories = [one for one in self.stories if one.number % 2 == n]
            page = self.page(name.title(), f"<ul>{self.rows(stories[:3])}</ul>")
            head = f'<link rel="alternate" type="application/rss+xml" href="{feeds["biz"]}"></head>'
            page = page.replace("</head>", head) if name == "biz" else page
            found[f"/{name}/"] = self.html(page)
            found[feeds[name]] = rss(self, stories)
        return found

    def strangers(self) -> Pages:
        return {"/contact/": self.plain("Contact", prose(self, 1))}


class Days(Outlet):
    """A feed of the newest, and an archive of a list for each day."""

    key = "days"
    language = "ko"

    def path(self, one: Story) -> str:
        return f"/eco/{90_000 + one.number}.php"

    def head(self, title: str) -> str:
        feed = '<link rel="alternate" type="application/rss+xml" href="/rss">'
        return f'<head><meta charset="utf-8"><title>{title}</title>{feed}</head>'

    def nav(self) -> str:
        return self.link("/archives/", "지난 기사")

    def lists(self) -> Pages:
        days = dict.fromkeys(one.day for one in self.stories)
        paths = {day: f"/archives/{day.replace('-', '/')}/" for day in days}
        links = "".join(self.link(path, day) for day, path in paths.items())
        found = {
            "/": self.html(self.page("항구일보", f"<ul>{self.rows(self.stories[:4])}</ul>")),
            "/archives/": self.html(self.page("지난 기사", links)),
            "/rss": rss(self, self.stories[:6]),
        }
        for day, path in paths.items():
            stories = [one for one in self.stories if one.day == day]
            found[path] = self.html(self.page(day, f"<ul>{self.rows(stories)}</ul>"))
        return found


class Digest(Outlet):
    """Teasers without linked headlines, feeds named by a page at /rss, days below an archive."""

    key = "digest"
    language = "zh"
    count = 40

    def path(self, one: Story) -> str:
        return f"/html/{one.number + 60}.html"

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/stock/600108.html", "东岬航运(600108)"),
                ("/zt/subject-1700000000/", "港口专题"),
                ("/archive", "往日"),
            )
        )

    def foot(self) -> str:
        return self.link("/rss", "RSS") + self.link("/info/pledge-2026", "Our pledge")

    def rows(self, stories: Sequence[Story]) -> str:
        return "".join(
            f"<div><h3>{one.headline}</h3><p>{one.paragraphs[0][:60]}</p>"
            f'<a href="{self.path(one)}">[详细]</a></div>'
            for one in stories
        )

    def lists(self) -> Pages:
        days = dict.fromkeys(one.day for one in self.stories)
        links = "".join(self.link(f"/archive/{day}", day) for day in days)
        return {
            "/": self.html(self.page("文摘", self.rows(self.stories[:6]))),
            "/archive": self.html(self.page("往日", links)),
            "/rss": self.html(self.page("RSS", self.link("/rss/all.xml", "要闻"))),
            "/rss/all.xml": rss(self, self.stories[:8]),
            **{
                f"/archive/{day}": self.html(
                    self.page(day, self.rows([one for one in self.stories if one.day == day]))
                )
                for day in days
            },
        }

    def strangers(self) -> Pages:
        names = ("/stock/600108.html", "/zt/subject-1700000000/", "/info/pledge-2026")
        return {path: self.plain("说明", prose(self, n)) for n, path in enumerate(names)}


class Application(Outlet):
    """The homepage leads elsewhere; lists are data of a script, the arrow has no text."""

    key = "application"

    def path(self, one: Story) -> str:
        return f"/en/{('fin', 'biz')[one.number % 2]}/{one.number + 3000}"

    def nav(self) -> str:
        return self.link("/en/", "Home") + self.link("/en/fin/", "Finance")

    def foot(self) -> str:
        return self.link("/en/biz/", "Business") + self.link("/en/pledge", "Advertise with us")

    def rows(self, stories: Sequence[Story]) -> str:
        items = [{"title": one.headline, "url": self.path(one)} for one in stories]
        return f'<script type="application/json">{json.dumps({"list": items})}</script>'

    def link(self, path: str, text: str) -> str:
        arrow = text == self.words[2]
        return f'<a class="page-next" href="{path}"></a>' if arrow else super().link(path, text)

    def lists(self) -> Pages:
        found = {
            "/": Response(b"", "text/html", 302, {"Location": "/en/"}),
            "/en/": self.html(self.page("Application", self.rows(self.stories[:5]))),
        }
        for n, name in enumerate(("fin", "biz")):
            paths = [f"/en/{name}/", f"/en/{name}/page:2/", f"/en/{name}/page:3/"]
            found |= self.paged(name, self.stories[n::2], 4, paths)
        return found

    def strangers(self) -> Pages:
        return {"/en/pledge": self.plain("Advertise", prose(self, 1))}
