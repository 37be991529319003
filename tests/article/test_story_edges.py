"""Prompts and notes at a story's edges go; stories that speak about apps and accounts stay."""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extractor

FIRST = (
    "晨港市图书馆周一宣布，全市二十家分馆将从六月起延长开"
    "放时间，读者可以借书到晚上十点，周末也不例外。"
)
SECOND = (
    "馆长林小舟在发布会上介绍，延长开放所需的四十名馆员已经招"
    "齐，经费由市里承担，预计每年多花三百万元。"
)
ENGLISH = (
    "The harbour library said on Monday that its twenty branches would stay open until ten at"
    " night from June, and that forty librarians had been hired for the longer hours."
)
GERMAN = (
    "Die Hafenbibliothek öffnet von Juni an bis zehn Uhr abends, wie die Stadt am Montag"
    " mitteilte. Vierzig neue Angestellte sind dafür eingestellt worden, sagte die Leiterin."
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def body(extractor: Extractor, content: str, head: str = "") -> list[str]:
    html = (
        "<html><head><title>图书馆延长开放时间到晚上十点</title>"
        '<meta property="og:type" content="article"></head><body>'
        f"<h1>图书馆延长开放时间到晚上十点</h1>{head}<div>{content}</div></body></html>"
    )
    url = "http://library.example/1"
    page = Page(
        candidate=url,
        url=url,
        parts=[PagePart(url, html.encode())],
        site="library",
        date_fetched="2026-03-12T00:00:00+00:00",
        timezone="Asia/Shanghai",
        record_id="1",
    )
    article = extractor.extract(page).article
    assert article is not None
    return article.article_body.split("\n")


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "关注晨港晚报公众号，每天一分钟读懂港口",
        "扫码下载晨港App，新闻早知道",
        "欢迎关注晨港晚报官方微博！",
        "更多港口新闻，请下载晨港晚报客户端",
        "一起加入晨港Telegram，新聞不漏接！",
        "Follow the Harbour Weekly on Facebook, Instagram and X.",
        "Ann Lee is a reporter at the Harbour Weekly, where she covers libraries and the docks.",
        "Tom Hall and Eve Moor contributed reporting.",
        "Anna Weber ist Redakteurin im Ressort Hafen und schreibt vor allem über Schiffe.",
        "Hafen am Abend: Der Newsletter informiert Sie jeden Abend über das Wichtigste vom Kai.",
    ],
)
def test_a_prompt_or_note_behind_the_last_paragraph_goes(extractor: Extractor, line: str) -> None:
    assert body(extractor, paragraphs(FIRST, SECOND, line)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "关注这个公众号的读者三年里多了一倍，图书馆却没有多招一个人，值班表排到了深夜。",
        "下载图书馆App的读者一周内超过十万人，服务器因此两次停机。",
        "扫码借书的读者在门口排起了队，他们手里拿着二维码，等着机器亮起绿灯。",
        "Lee, a reporter at the Harbour Weekly, was asked to leave the reading room.",
        "Rising rents contributed to the decision, and the newsletter was dropped as well.",
    ],
)
def test_a_sentence_about_apps_and_accounts_stays_wherever_it_stands(
    extractor: Extractor, line: str
) -> None:
    assert body(extractor, paragraphs(FIRST, SECOND, line)) == [FIRST, SECOND, line]
    assert body(extractor, paragraphs(FIRST, line, SECOND)) == [FIRST, line, SECOND]


def test_a_paragraph_that_reads_like_a_prompt_stays_between_paragraphs(
    extractor: Extractor,
) -> None:
    line = "扫码下载图书馆App，老人们犯了难"
    assert line in body(extractor, paragraphs(FIRST, line, SECOND, FIRST + SECOND))


def test_a_box_of_another_element_between_paragraphs_goes(extractor: Extractor) -> None:
    box = "<div><b>Newsletter</b> <span>Hafen am Abend: kostenlos abonnieren</span></div>"
    content = paragraphs(GERMAN, ENGLISH) + box + paragraphs(FIRST)
    assert body(extractor, content) == [GERMAN, ENGLISH, FIRST]


@pytest.mark.parametrize(
    "head",
    [
        "<div><span>林小舟</span><span>阅读 10234</span></div>",
        "<div><span>林小舟</span> <span>周一鸣</span><span>阅读 1.2万</span></div>",
        "<div><span>Von Anna Weber</span><span>10.03.2026, 07:45 Uhr</span></div>",
        "<div><span>Von Anna Weber, Lille</span><span>10. 03. 2026 um 07.45 Uhr</span></div>",
        "<div><span>By Ann Lee</span><span>March 10, 2026 at 7:45 am</span></div>",
        "<p>令和8年3月11日</p>",
        "<p>二〇二六年三月十一日</p>",
        "<p>2026년 3월 11일 (수) 오전 9:30</p>",
        "<p>Facebook Twitter Google+ Whatsapp</p>",
    ],
)
def test_a_head_line_of_names_dates_and_counters_alone_goes(
    extractor: Extractor, head: str
) -> None:
    assert body(extractor, paragraphs(FIRST, SECOND), head) == [FIRST, SECOND]
    assert body(extractor, head + paragraphs(FIRST, SECOND)) == [FIRST, SECOND]


def test_the_first_sentence_of_a_flash_is_no_head_line(extractor: Extractor) -> None:
    flash = "3月11日，晨港市图书馆宣布延长开放时间到晚上十点，周末也不例外。"
    assert body(extractor, paragraphs(flash)) == [flash]
