"""Lists of stories and pages about a site are no articles; flashes and digests like them are."""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extraction, Extractor

URL = "https://kelp.example/x"
SUMMARY = "海藻养殖户在北湾试种的新品种本月开始收割，合作社说亩产比去年高出两成，价格也"
SENTENCE = "海藻合作社周五说，北湾试种的新品种亩产比去年高出两成，收割将持续到月底。"
MENU = '<a href="/">海藻日报</a><a href="/w">海况</a><a href="/p">港务</a>'


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def extract(extractor: Extractor, html: str) -> Extraction:
    page = Page(
        candidate=URL,
        url=URL,
        parts=[PagePart(URL, html.encode())],
        site="kelp.example",
        date_fetched="2026-03-12T00:00:00+00:00",
        timezone="Asia/Shanghai",
    )
    return extractor.extract(page)


def page(title: str, content: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><div>{MENU}</div>{content}</body></html>"
    )


def rows(template: str) -> str:
    return "".join(
        template.format(
            link=f'<a href="/{n}.html">第{n}号渔场的收成与去年相比</a>',
            text=f"{n}号渔场的{SUMMARY}{n}成...",
            date=f"03-{n} 08:15",
        )
        for n in range(10, 18)
    )


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("<div><h2>{link}</h2><p>{text}</p><em>{date}</em></div>", id="headings"),
        pytest.param("<li>{link}<p>{text}</p><span>{date}</span></li>", id="list items"),
        pytest.param("<dt>{link}</dt><dd>{text}</dd>", id="terms, cut off"),
        pytest.param(
            "<table><tr><td>{link}</td><td>{text}</td><td>{date}</td></tr></table>", id="table"
        ),
        pytest.param("<i>{date}</i><h3>{link}</h3><div>{text}</div>", id="no element around"),
    ],
)
def test_rows_of_link_summary_and_date_are_a_list(extractor: Extractor, template: str) -> None:
    content = f"<h1>海况</h1><div>{rows(template)}</div>"
    assert extract(extractor, page("海况-海藻日报", content)).article is None


@pytest.mark.parametrize("date", ["March 11, 2026", "11 Mar 2026", "3h", "5 min read", ""])
def test_an_undated_section_of_linked_headings_is_a_list(extractor: Extractor, date: str) -> None:
    content = "".join(
        f'<div class=card><h3><a href="/{n}">How farm number {n} fared this year</a></h3><p>The'
        f" kelp farmers of bay {n} began to cut on Monday, and prices are up, the council said."
        f"</p><i>{date}</i></div>"
        for n in range(6)
    )
    done = extract(extractor, page("Kelp news - Kelp Daily", f"<h1>Kelp news</h1>{content}"))
    assert done.article is None


def test_a_story_above_a_list_of_others_is_taken(extractor: Extractor) -> None:
    others = rows("<div class=row><h2>{link}</h2><p>{text}</p><em>{date}</em></div>")
    content = f"<h1>北湾新品种海藻增产两成</h1><p>{SENTENCE}</p><div>{others}</div>"
    done = extract(extractor, page("北湾新品种海藻增产两成-海藻日报", content))
    assert done.article is not None
    assert done.article.article_body == SENTENCE


def test_a_digest_with_linked_headings_and_no_dates_is_taken(extractor: Extractor) -> None:
    news = "".join(
        f'<h3><a href="/{n}">{n}号渔场的收成与去年相比</a></h3><p>{n}号渔场的{SUMMARY}涨了。</p>'
        for n in range(5)
    )
    done = extract(
        extractor, page("海藻早报：五家渔场公布收成", f"<h1>海藻早报：五家渔场公布收成</h1>{news}")
    )
    assert done.article is not None


@pytest.mark.parametrize(
    ("title", "content"),
    [
        pytest.param(
            "关于我们", "<h1>关于我们</h1><p>本报由海边的编辑创办，报道渔业。</p>", id="zh"
        ),
        pytest.param("關於我們 | 海藻", "<p>創刊三十年來，一直報道漁業與港口。</p>", id="zh-Hant"),
        pytest.param(
            "关于海藻 - 海藻日报", "<p>海藻日报为渔民提供快讯，每天四次。</p>", id="its name"
        ),
        pytest.param(
            "About us – Kelp Daily",
            "<h1>About us</h1><p>Kelp Daily reports on fishing and the ports of the north. It was"
            " founded in 2009, and it is owned by its readers.</p>",
            id="en",
        ),
        pytest.param(
            "会社案内", "<h1>会社案内</h1><p>当社は漁業を伝える、専門紙です。</p>", id="ja"
        ),
        pytest.param(
            "Impressum | Tangblatt",
            "<h1>Impressum</h1><p>Tangblatt Verlag, Am Kai 3. Vertreten durch Ida Brandt.</p>",
            id="de",
        ),
    ],
)
def test_an_undated_page_about_the_site_is_refused(
    extractor: Extractor, title: str, content: str
) -> None:
    done = extract(extractor, page(title, content))
    assert done.article is None
    assert done.rejection is not None
    assert done.rejection.reason == "not_an_article"


@pytest.mark.parametrize(
    ("title", "content"),
    [
        pytest.param(
            "海藻日报：本报三十年", f"<p>2026-03-11 09:30</p><p>海藻日报{SENTENCE}</p>", id="dated"
        ),
        pytest.param(
            "海藻收割提前开始 亩产高出两成_海藻日报",
            f"<h1>海藻收割提前开始 亩产高出两成</h1><p>海藻日报讯 {SENTENCE}</p>",
            id="dateline with the site's name",
        ),
        pytest.param(
            "北湾新品种海藻增产两成",
            f"<h1>北湾新品种海藻增产两成</h1><p>{SENTENCE}</p>",
            id="flash",
        ),
        pytest.param(
            "关于我们家门口那片海的三个故事",
            f"<h1>关于我们家门口那片海的三个故事</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>",
            id="title begins alike",
        ),
    ],
)
def test_a_story_is_taken_though_it_names_the_site_or_has_no_date(
    extractor: Extractor, title: str, content: str
) -> None:
    assert extract(extractor, page(title, content)).article is not None
