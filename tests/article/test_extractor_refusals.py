"""Pages that are no article, hostile pages, pages in parts: each ends in one outcome."""

from __future__ import annotations

import time

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extraction, Extractor
from pipelines.article.story.site_memory import SiteMemory

NOW = "2021-10-01T00:00:00+00:00"
URL = "https://bay.example/news/1.html"
FIRST = "海港银行周四公布中期业绩，上半年实现净利润三十二亿元，同比增长一成，好于多数分析师的预期。"
SECOND = "行长周远帆在业绩会上表示，增长来自渔业贷款和港口物流贷款，不良率下降到六年来的最低水平。"
THIRD = "她同时提醒，存款竞争正在加剧，下半年的净息差可能继续收窄，银行会把更多精力放在结算账户上。"
TITLE = "海港银行中报：净利润增长一成"
STORY = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
LINKS = "".join(f"<li><a href=/{n}>第{n}条新闻的标题在这里</a></li>" for n in range(40))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def page_of(*bodies: bytes | str, url: str = URL) -> Page:
    parts = [PagePart(url, body.encode() if isinstance(body, str) else body) for body in bodies]
    return Page(candidate=url, url=url, parts=parts, site="bay.example", date_fetched=NOW)


def reason_of(done: Extraction) -> str:
    assert done.article is None
    assert done.rejection is not None
    assert done.rejection.detail
    return done.rejection.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param(b"  \r\n ", "empty", id="blanks"),
        pytest.param(b"<html><body><div></div></body></html>", "empty", id="no text"),
        pytest.param(b"%PDF-1.4 stream", "not_html", id="pdf"),
        pytest.param(b'{"title": "x", "body": "y"}', "not_html", id="json"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "not_html", id="picture"),
        pytest.param(
            "<title>提示</title><h1>抱歉，您访问的页面不存在</h1><p>五秒后返回首页，请稍候。</p>",
            "not_found",
            id="soft 404, chinese",
        ),
        pytest.param(
            "<title>404 Not Found</title><p>The page you are looking for has moved.</p>",
            "not_found",
            id="soft 404, english",
        ),
        pytest.param(f"<h1>新闻中心</h1><ul>{LINKS}</ul>", "not_an_article", id="list"),
        pytest.param(
            "<h1>欢迎回来</h1><form>账号<input>密码登录 忘记密码<br>请输入验证码</form>",
            "not_an_article",
            id="log-in",
        ),
        pytest.param(
            "<h1>风光</h1>" + "<div><img src=a.jpg><p>海边的早晨</p></div>" * 30,
            "not_an_article",
            id="gallery",
        ),
        pytest.param("<div>" * 100_000 + "深处", "too_deep", id="nested blocks"),
        pytest.param("<b>" * 100_000 + FIRST, "too_deep", id="nested inline elements"),
        pytest.param(
            "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x</p>",
            "too_slow",
            id="200,000 attributes",
        ),
    ],
)
def test_a_page_without_a_story_is_rejected_with_its_reason(
    body: bytes | str, reason: str, extractor: Extractor
) -> None:
    started = time.process_time()
    assert reason_of(extractor.extract(page_of(body))) == reason
    assert time.process_time() - started < 5


def test_text_under_2_000_inline_elements_is_kept(extractor: Extractor) -> None:
    done = extractor.extract(page_of(f"<h1>题目在此</h1><p>{'<b>' * 2_000}{FIRST}{SECOND}"))
    assert done.article is not None
    assert done.article.article_body == FIRST + SECOND


def test_controls_and_bidi_marks_do_not_reach_the_record(extractor: Extractor) -> None:
    dirty = STORY.replace("净利润", "净\u202e利\x08润&#x1;&#xD800;\u2028")
    done = extractor.extract(page_of(dirty))
    assert done.article is not None
    body = done.article.article_body
    body.encode("utf-8")
    assert not set(body) & set("\u202e\x08\x01\u2028\u0085")


def test_parts_are_joined_in_order_and_repeat_nothing(extractor: Extractor) -> None:
    parts = [
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>",
        f"<title>{TITLE}(2)</title><h1>{TITLE}</h1><p>{FIRST}</p><p>{THIRD}</p>",
    ]
    done = extractor.extract(page_of(*parts))
    assert done.article is not None
    assert done.article.article_body.split("\n") == [FIRST, SECOND, THIRD]
    assert done.article.headline == TITLE


def test_what_the_site_repeats_goes_and_is_counted(extractor: Extractor) -> None:
    memory = SiteMemory()
    slogan = "海湾晚报伴你看潮起潮落"
    for number in range(20):
        memory.observe([f"第{number}篇报道，" + FIRST[number:], SECOND[number:], slogan])
    page = page_of(STORY + f"<p>{slogan}</p>")
    alone, remembered = extractor.extract(page), extractor.extract(page, memory)
    assert alone.article is not None
    assert remembered.article is not None
    assert alone.article.article_body.endswith(slogan)
    assert remembered.article.article_body == f"{FIRST}\n{SECOND}\n{THIRD}"
    assert remembered.article.removed["site_template"] == 1
    assert remembered.paragraphs[-1] == slogan


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param("/news/one.html", "https://bay.example/news/one.html", id="same site"),
        pytest.param("https://other.example/x.html", URL, id="another site"),
        pytest.param("/", URL, id="the front page"),
        pytest.param("http://[broken", URL, id="no address"),
    ],
)
def test_a_canonical_link_counts_on_the_same_site_only(
    link: str, expected: str, extractor: Extractor
) -> None:
    done = extractor.extract(page_of(f'<link rel="canonical" href="{link}">' + STORY))
    assert done.article is not None
    assert done.article.canonical_url == expected


def test_visible_text_goes_the_same_way(extractor: Extractor) -> None:
    page = page_of(f"海港银行中报\n\n2021-08-19 16:40\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n")
    page.kind = "text"
    done = extractor.extract(page)
    assert done.article is not None
    assert done.article.article_body == f"{FIRST}\n{SECOND}\n{THIRD}"
