"""Invented stories, and the things that happen to a story when it is reprinted."""

from __future__ import annotations

import random

from pipelines.fingerprint.detector import Document
from pipelines.fingerprint.document import Fingerprinter, Text

ROOF = (
    "云港新材周三晚间公告，公司拟以自有资金3.6亿元收购澄江玻璃62%股权，交易完成后澄江玻璃成为控股子公司。"
    "\n公告称，澄江玻璃主要生产光伏屋顶用的减反射玻璃，去年实现营业收入8.41亿元，净利润5120万元。"
    "交易对方承诺，未来三年累计净利润不低于2.1亿元，若未达到则以现金补足差额。"
    "\n云港新材表示，收购有助于补齐公司在屋顶组件上的短板，双方的销售渠道也可以共用。"
    "分析人士认为，屋顶光伏的需求仍在上升，但玻璃价格已经连续四个月回落，整合的难度不小。"
    "\n截至周三收盘，云港新材报14.27元，上涨2.9%，总市值为96亿元。"
)
BRIEF = (
    "白鹭航运董事长周远川在股东会上表示，今年新增的四艘集装箱船已经全部投入东南亚航线，"
    "舱位利用率约为九成，公司暂时没有提高运价的计划。"
)
WEATHER = (
    "南湖市气象台清晨发布大雾黄色预警，市区能见度不足五百米，绕城高速的三个入口暂时关闭。"
    "交警提醒驾车出行的市民降低车速，保持车距，港口的渡轮推迟到上午十点以后开航。"
)
HARBOUR = (
    "The harbour board of Port Selwyn said on Tuesday that it would lease the eastern quay to a"
    " group of three grain traders for twelve years. The traders will pay 41 million crowns a year"
    " and rebuild two of the four silos, which have stood empty since the flood. Council members"
    " from the old town had asked for a shorter lease, and they said they would vote against it."
)
DISCLAIMER = (
    "本报声明：以上内容由系统根据公开资料整理，不代表本报立场，也不构成任何投资建议，读者据此操作风险自担。"
    "如涉及作品版权问题，请在三十日内与本报联系，我们会在第一时间核实并处理。更多消息请下载本报客户端查看。"
)


def warning_notice(security: str) -> str:
    """A bulletin without a figure of its own: what it is about is the security alone."""
    return (
        f"{security}公告称，公司二级市场交易价格近期波动较大，敬请广大投资者注意交易风险。"
        "截至本公告披露日，公司生产经营一切正常，不存在应披露而未披露的重大信息，"
        "也没有正在筹划的重大资产重组、股份发行或者股权激励等事项。"
    )


def quarter_notice(company: str, code: str, income: str, profit: str, change: str) -> str:
    """A bulletin that is the same for every company but for its name and figures."""
    return (
        f"{company}（{code}）披露第三季度报告，报告期内实现营业收入{income}亿元，同比增长{change}%；"
        f"归属于上市公司股东的净利润{profit}亿元，基本每股收益为0.{code[-2:]}元。"
        f"公司称，业绩变动主要由于主营产品的销量上升，以及原材料采购成本下降所致。"
    )


def halt_notice(day: int) -> str:
    """A fund's notice that comes every trading day, with the day's date."""
    return (
        f"启明油气基金公告，本基金将于5月{day}日开市起至当日10:30停牌，自5月{day}日10:30复牌，"
        f"停牌期间赎回业务照常办理。若5月{day}日二级市场交易价格溢价幅度未有效回落，"
        "本基金有权申请盘中临时停牌，向市场警示风险，投资者请理性投资。"
    )


def invented(fingerprinter: Fingerprinter, count: int, seed: int) -> list[Document]:
    """Texts from a few words, so that they share shingles; every third one is an edited copy."""
    source = random.Random(seed)
    words = ["".join(chr(source.randrange(0x4E00, 0x5200)) for _ in range(3)) for _ in range(150)]
    texts: list[str] = []
    for number in range(count):
        if number % 3 == 2:
            old = source.choice(texts)
            texts.append(old[: len(old) * 4 // 5] + source.choice(words))
        else:
            texts.append("".join(source.choices(words, k=source.randrange(5, 90))))
    prints = fingerprinter.many([Text(text) for text in texts])
    return [Document(str(n), print_) for n, print_ in enumerate(prints)]
