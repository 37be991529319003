"""Sentences of a story that hold the words of prompts, credits and notices stay where they are."""

from __future__ import annotations

import pytest

from crawler.items import Page, PagePart
from pipelines.article import Extractor

URL = "https://bay.example/1"
TITLE = {"zh": "海港机场上半年旅客增加一成", "en": "Harbour traffic rises by a tenth"}
STORY = {
    "zh": [
        "海港机场周一公布半年报，上半年旅客比去年同期增加一成，货运量也有小幅增长，收入因此创下新高。",
        "公司在公告中表示，增长主要来自国际航线的恢复，新航站楼的租金收入也比预期更早进账，负债有所下降。",
        "分析人士认为，下半年仍是旺季，但燃油价格的走势还不明朗，票价能否维持在目前的水平要看需求。",
        "公司计划在明年春天招聘两百名地勤人员，并把夜间航班增加到每天三十架次，相关方案已经上报主管部门。",
    ],
    "en": [
        "The harbour authority said on Tuesday that traffic rose by a tenth in the first half of"
        " the year, its fastest growth in ten years, as shippers hurried to beat new tariffs.",
        "Its director, Ann Lee, told the council that two more cranes would be needed by spring,"
        " and that talks with the union about night shifts were going better than expected.",
        "Shares of the operator gained three percent in the afternoon, more than the market, which"
        " waited for the central bank and its decision on the rates later in the week.",
        "Analysts raised their price targets for the shares, although they warned that the cost of"
        " fuel could weigh on the margins of the company in the second half of the year.",
    ],
}
SENTENCES = [
    ("zh", "记者：下半年的客流怎么看？"),
    ("zh", "主持人：欢迎来到海港财经会客厅！"),
    ("zh", "作者：我在书里写了三个人的故事。"),
    ("zh", "该公司未经许可从事支付业务，被罚没两千万元。"),
    ("zh", "他说，这只是他的个人观点，不代表公司。"),
    ("zh", "“请关注我们的公告。”周一鸣说。"),
    ("zh", "“欢迎投稿，也欢迎批评。”馆长说。"),
    ("zh", "据悉，开户数在过去一周里翻了一番。"),
    ("zh", "股吧里有人发帖称公司将重组，公司否认。"),
    ("zh", "本文由此提出三点建议。"),
    ("zh", "登录后才能看到价格的平台正在被约谈。"),
    ("zh", "未经授权的第三方平台出售航班信息，公司已报警。"),
    ("zh", "图中的老人今年八十三岁。"),
    ("en", "“Thank you for your patience,” Lee told the passengers."),
    ("en", '"Join our team," the poster on the quay says.'),
    ("en", "Send your children to school, the mayor told the parents."),
    ("en", "Learn more about the union, she told the crowd on the quay."),
    ("en", "Download the app, the message said, and the fraud began."),
    ("en", "Privacy policy is at the heart of the case, the court heard."),
]
# The same at a story's end: what a page says of itself stands there, too, and goes.
NOTICES = [
    "本文源自：海港电报",
    "封面图片来源：视觉海港",
    "如需转载请与《海港晚报》社联系。",
    "读者热线：4001234567",
    "炒股就看海豚研报，权威，专业，及时，助您挖掘机会！",
    "想看更多海港资讯，请点击“海港财经”",
    "关注海港财经，掌握第一手资讯",
    "微信里点“发现”，扫一下",
    "暂无评论，快来抢沙发吧",
    "（文中提及个股仅为举例分析，不做买卖推荐。）",
    "未经授权，任何单位和个人不得转载本文。",
    "本文由林小舟整理自公众号“海港观察”，授权海港网发布。",
    "Notice: The content above (including the pictures if any) is uploaded by a user of the site.",
]
ANNOUNCED = (
    "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述或者重大遗漏，"
    "并对其真实性、准确性和完整性承担法律责任。"
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def body(extractor: Extractor, title: str, lines: list[str], *, text: bool = False) -> list[str]:
    story = "".join(f"<p>{line}</p>" for line in lines)
    source = f"<meta charset=utf-8><title>{title}</title><h1>{title}</h1><div>{story}</div>"
    if text:
        source = "\n".join([title, "2026-03-10 16:40", *lines])
    page = Page(
        candidate=URL,
        url=URL,
        parts=[PagePart(URL, source.encode())],
        site="bay.example",
        date_fetched="2026-03-12T00:00:00+00:00",
        kind="text" if text else "html",
    )
    article = extractor.extract(page).article
    assert article is not None
    return article.article_body.split("\n")


@pytest.mark.parametrize("text", [False, True], ids=["html", "text"])
@pytest.mark.parametrize(("language", "sentence"), SENTENCES)
def test_a_sentence_between_paragraphs_stays(
    extractor: Extractor, language: str, sentence: str, text: bool
) -> None:
    story = STORY[language]
    lines = [*story[:2], sentence, *story[2:]]
    assert body(extractor, TITLE[language], lines, text=text) == lines


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_at_the_end_goes(extractor: Extractor, notice: str) -> None:
    for text in (False, True):
        lines = [*STORY["zh"], notice]
        assert body(extractor, TITLE["zh"], lines, text=text) == STORY["zh"]


def test_a_company_that_vouches_for_its_announcement_has_not_lost_the_page(
    extractor: Extractor,
) -> None:
    lines = [ANNOUNCED, "海港机场定于九月二日召开股东大会，审议半年度利润分配方案。特此公告。"]
    assert body(extractor, TITLE["zh"], lines) == lines
