"""Outlets that are found by their lists only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from demo.model import Response
from tests.outlets.designs_feeds import prose
from tests.outlets.outlet import Outlet, Pages
from tests.outlets.texts import Story

_MONTH = re.compile(r"/calendar/(\d{4})/(\d{1,2})/")
_SESSION = re.compile(r"/club(?:/in)*/?\?sid=(\w+)")


class Numbers(Outlet):
    """Numbers in queries, GBK bytes; users, videos and galleries have numbers too."""

    key = "numbers"
    language = "zh"
    charset = "gbk"
    content_type = "text/html"
    robots = "User-agent: *\nDisallow: /user.php\n"
    forbidden = ("/user.php",)

    def path(self, one: Story) -> str:
        return f"/news.php?id={30_500 + one.number}"

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/", "首页"),
                ("/list.php?cid=3", "财经"),
                ("/list.php?cid=5", "产业"),
                ("/video.php?id=7001", "视频：港口的一天"),
                ("/photo.php?id=8123", "图集：河口的冬天和春天的码头"),
                ("/login.php", "登录"),
                ("/user.php?id=77123", "老船长的主页"),
            )
        )

    def foot(self) -> str:
        return self.link("/about.php?id=1", "关于我们") + self.link("/about.php?id=2", "隐私政策")

    def lists(self) -> Pages:
        found = {"/": self.html(self.page("东岬商报", f"<ul>{self.rows(self.stories[:6])}</ul>"))}
        for number, stories in ((3, self.stories[::2]), (5, self.stories[1::2])):
            base = f"/list.php?cid={number}"
            found |= self.paged(
                "列表", stories, 6, [base, *(f"{base}&page={n}" for n in (2, 3, 4))]
            )
        return found

    def strangers(self) -> Pages:
        pictures = "".join(f'<img src="/i/{n}.jpg" alt="图{n}">' for n in range(12))
        return {
            "/video.php?id=7001": self.plain("港口的一天", "<video src='/v/1.mp4'></video>"),
            "/photo.php?id=8123": self.plain("河口的冬天", pictures),
            "/login.php": self.plain("登录", "<form><input name='u'><input name='p'></form>"),
            "/about.php?id=1": self.plain("关于我们", prose(self, 1)),
            "/about.php?id=2": self.plain("隐私政策", prose(self, 2)),
        }


class Portal(Outlet):
    """A Chinese portal: dated paths, index_2.html, mobile copies, frames of other lists."""

    key = "portal"
    language = "zh"

    def path(self, one: Story) -> str:
        return f"/n1/{one.published:%Y/%m%d}/c1001-{40_200_000 + one.number}.html"

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/GB/caijing/index.html", "财经"),
                ("/GB/chanye/index.html", "产业"),
                ("/GB/guanyu.html", "关于本网"),
                ("/GB/denglu/login.html", "登录"),
                ("/video/index.html", "视频"),
                ("/tuku/index.html", "图库"),
            )
        )

    def lists(self) -> Pages:
        hot = "".join(
            f'<li><a href="/m{self.path(one)}?from=hot">{one.headline}</a></li>'
            for one in self.stories[:3]
        )
        found = {"/": self.html(self.page("白桦网", f"<div>{hot}</div>"))}
        for name, stories in (("caijing", self.stories[::2]), ("chanye", self.stories[1::2])):
            base = f"/GB/{name}/index"
            paths = [f"{base}.html", *(f"{base}{n}.html" for n in (2, 3, 4))]
            found |= self.paged(name, stories, 5, paths)
        found["/video/index.html"] = self.plain("视频")
        return found

    def answer(self, target: str) -> Response:
        if target.startswith("/m/"):
            return super().answer(target.removeprefix("/m").partition("?")[0])
        return super().answer(target)

    def strangers(self) -> Pages:
        names = ("/GB/guanyu.html", "/GB/denglu/login.html", "/tuku/index.html")
        return {path: self.plain("关于本网", prose(self, n)) for n, path in enumerate(names)}


class Deep(Outlet):
    """Lists three levels down, no feed, no sitemap, nothing on the homepage but sections."""

    key = "deep"
    language = "en"
    count = 27

    _places = (("economy", "trade"), ("economy", "prices"), ("firms", "energy"))

    def _place(self, one: Story) -> str:
        section, sub = self._places[one.number % 3]
        return f"/{section}/{sub}"

    def path(self, one: Story) -> str:
        return f"{self._place(one)}/n{one.published:%Y%m%d}_{880 + one.number}.htm"

    def nav(self) -> str:
        return self.link("/economy/", "Economy") + self.link("/firms/", "Firms")

    def foot(self) -> str:
        return self.link("/service/contact.htm", "Contact") + self.link(
            "/service/privacy.htm", "Privacy"
        )

    def lists(self) -> Pages:
        found = {"/": self.plain("The Dispatch")}
        for section in ("economy", "firms"):
            subs = [sub for name, sub in self._places if name == section]
            links = "".join(self.link(f"/{section}/{sub}/", sub.title()) for sub in subs)
            found[f"/{section}/"] = self.plain(section.title(), links)
            for sub in subs:
                base = f"/{section}/{sub}/"
                stories = [one for one in self.stories if self._place(one) == base[:-1]]
                months = self.link(f"{base}february/", "February") + self.link(
                    f"{base}march/", "March"
                )
                found[base] = self.plain(sub.title(), months)
                march = [one for one in stories if one.published.month == 3][:7]
                rest = [one for one in stories if one not in march]
                found[f"{base}march/"] = self.html(self.page(sub, f"<ul>{self.rows(march)}</ul>"))
                found[f"{base}february/"] = self.html(self.page(sub, f"<ul>{self.rows(rest)}</ul>"))
        return found

    def strangers(self) -> Pages:
        names = ("/service/contact.htm", "/service/privacy.htm")
        return {path: self.plain("Service", prose(self, n)) for n, path in enumerate(names)}


class Traps(Outlet):
    """A calendar without end, session ids, folders that repeat, filters; letters among digits."""

    key = "traps"
    language = "ja"
    charset = "shift_jis"
    content_type = "text/html; charset=Shift_JIS"

    def path(self, one: Story) -> str:
        return f"/article/DK{one.number:02}X{7 * one.number % 97:02}Q5TULFA00{one.number % 9}/"

    def nav(self) -> str:
        month = "/calendar/2026/4/"
        return "".join(
            self.link(path, text)
            for path, text in (
                ("/keizai/", "経済"),
                (month, "イベント"),
                ("/club?sid=a1", "会員の広場"),
                ("/keizai/?sort=new&view=grid", "新しい順"),
                ("x/", "戻る"),
                ("/regist", "会員登録"),
            )
        )

    def foot(self) -> str:
        return self.link("/info/kaisha.html", "会社概要") + self.link(
            "/info/privacy.html", "個人情報"
        )

    def lists(self) -> Pages:
        pages = ["/keizai/", *(f"/keizai/?page={n}" for n in (2, 3, 4))]
        rows = f"<ul>{self.rows(self.stories[:5])}</ul>"
        return {
            "/": self.html(self.page("北の経済", rows)),
            **self.paged("経済", self.stories, 7, pages),
        }

    def endless(self, target: str) -> Response | None:
        if found := _MONTH.fullmatch(target):
            month = int(found[1]) * 12 + int(found[2])
            following = f"/calendar/{month // 12}/{month % 12 + 1}/"
            days = "".join(self.link(f"{target}{day}", f"{day}日") for day in range(1, 29))
            return self.plain("カレンダー", days + self.link(following, "次へ"))
        if found := _SESSION.fullmatch(target):
            links = "".join(
                self.link(f"/club/in/?sid={found[1]}{n}", f"第{n}の部屋") for n in range(4)
            )
            return self.plain("広場", links)
        if target.startswith("/keizai/?sort="):
            more = "".join(self.link(f"{target}&filter={n}", f"条件{n}") for n in range(5))
            return self.html(self.page("一覧", f"<ul>{self.rows(self.stories[:5])}</ul>{more}"))
        if "/x/" in target:
            return self.plain("戻る", self.link("x/", "もっと見る"))
        return None

    def strangers(self) -> Pages:
        names = ("/info/kaisha.html", "/info/privacy.html", "/regist")
        return {path: self.plain("会社概要", prose(self, n)) for n, path in enumerate(names)}


class Based(Outlet):
    """Relative links under a base element, one of them broken in each list; Korean."""

    key = "based"
    language = "ko"
    robots = "User-agent: *\nDisallow: /kr/member/\n"
    forbidden = ("/kr/member/",)

    def path(self, one: Story) -> str:
        return f"/kr/view/{one.published:%Y%m%d}{one.number:05}"

    def head(self, title: str) -> str:
        return f'<head><meta charset="utf-8"><base href="/kr/"><title>{title}</title></head>'

    def nav(self) -> str:
        return "".join(
            self.link(path, text)
            for path, text in (
                ("list/economy", "경제"),
                ("list/company", "기업"),
                ("member/login", "로그인"),
                ("company/about", "회사소개"),
                ("reporter/lee", "이기자의 다른 기사"),
            )
        )

    def rows(self, stories: Sequence[Story]) -> str:
        addresses = ("javascript:void(0)", "http://[::1", "http://127.0.0.1:99999/")
        broken = "".join(f'<li><a href="{one}">끊긴 주소로 가는 링크</a></li>' for one in addresses)
        return broken + "".join(
            f'<li><a href="{self.path(one).removeprefix("/kr/")}">{one.headline}</a> {one.day}</li>'
            for one in stories
        )

    def lists(self) -> Pages:
        found = {"/": self.html(self.page("은빛신문", f"<ul>{self.rows(self.stories[:6])}</ul>"))}
        for name, stories in (("economy", self.stories[::2]), ("company", self.stories[1::2])):
            base = f"/kr/list/{name}"
            paths = [base, *(f"{base}?page={n}" for n in (2, 3, 4))]
            found |= self.paged(name, stories, 6, paths)
        found["/kr/reporter/lee"] = self.html(
            self.page("이기자", f"<ul>{self.rows(self.stories[2:6])}</ul>")
        )
        return found

    def link(self, path: str, text: str) -> str:
        return super().link(path.removeprefix("/kr/"), text)

    def strangers(self) -> Pages:
        return {"/kr/company/about": self.plain(self.words[3], prose(self, 1))}
