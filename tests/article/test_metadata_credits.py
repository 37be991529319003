"""Who is credited: sources behind labels, datelines, bylines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.metadata.credits import (
    dateline_source,
    labelled_authors,
    labelled_source,
    people,
)
from pipelines.article.metadata.labels import Labels

LABELS = Labels.load()

SOURCES = {
    "plain": ("来源：河畔日报", "河畔日报"),
    "behind the date": ("2024-05-13 09:16:04 来源: 河畔周刊 举报", "河畔周刊"),
    "a place behind it": ("来源: 河畔网-河畔青年报 东港 举报", "河畔网-河畔青年报"),
    "the date behind it": ("来源：河畔日报2024-05-13 08:49", "河畔日报"),
    "a book title mark": ("来源：河畔网-《河畔日报》2024-05-20", "河畔网-《河畔日报》"),
    "blank before the dash": ("来源：河畔网 -《河畔日报》 作者：李小溪", "河畔网-《河畔日报》"),
    "glued button": ("2020年07月04日 12:10 来源：河畔网参与互动", "河畔网"),
    "next label": ("来源：河畔网 作者：李小溪 责任编辑：赵一帆", "河畔网"),
    "several outlets": ("信息来源: 河畔研究院、东港研究院等", "河畔研究院、东港研究院等"),
    "without a colon": ("发表于2014-08-24 21:30| 1164次阅读| 来源RIVERNET| 作者李小溪", "RIVERNET"),
    "from": ("本文来源于河畔统计局 2024-05-11 09:36", "河畔统计局"),
    "from, with a colon": ("来源于：河畔办事处", "河畔办事处"),
    "reprinted": ("转自：河畔晚报", "河畔晚报"),
    "with a note": ("来源：河畔网[整理]", "河畔网"),
    "english": ("Source: Riverside Courier | Jan 5", "Riverside Courier"),
    "german": ("Quelle: Uferbote", "Uferbote"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "name"), SOURCES.values(), ids=SOURCES.keys())
def test_source_behind_its_label(line: str, name: str) -> None:
    assert labelled_source(line, LABELS, bare=True) == (name, True)


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        pytest.param("来源: 发布时间:2018-08-31 16:40:36", True, id="empty"),
        pytest.param("来源：网络", True, id="placeholder"),
        pytest.param("来源：", True, id="nothing"),
        pytest.param("图片来源：河畔视觉", False, id="credit of a picture"),
        pytest.param("数据来源：河畔数据", False, id="credit of figures"),
        pytest.param("来源：https://example.com/a", True, id="an address"),
        pytest.param("来源：12345", True, id="a number"),
    ],
)
def test_label_without_an_outlet_gives_none(line: str, seen: bool) -> None:
    assert labelled_source(line, LABELS, bare=True) == (None, seen)


DATELINES = {
    "agency": ("新华社东港8月31日电（记者李小溪）周三", "新华社"),
    "portal": ("河畔网东港8月31日电(李小溪)周三", "河畔网"),
    "without a place": ("河畔网5月13日讯 据介绍", "河畔网"),
    "message": ("财联社9月26日消息，河畔", "财联社"),
    "no day": ("河畔报讯 周三", "河畔报"),
    "reuters": ("HARBOUR CITY, Aug 31 (Reuters) - The mill", "Reuters"),
    "german agency": ("UFERSTADT (dpa-AFX) - Die Mühle", "dpa-AFX"),
    "korean": ("(강변=연합뉴스) 방앗간", "연합뉴스"),
    "japanese": ("【川辺聯合ニュース】工場は", "聯合ニュース"),
}


@pytest.mark.parametrize(("paragraph", "name"), DATELINES.values(), ids=DATELINES.keys())
def test_dateline_names_the_agency(paragraph: str, name: str) -> None:
    assert dateline_source(paragraph, LABELS) == name


@pytest.mark.parametrize(
    "paragraph",
    [
        pytest.param("本报讯（记者李小溪）近日", id="this newspaper"),
        pytest.param("东港9月1日电", id="a place alone"),
        pytest.param("河畔互联网大会8月31日消息", id="a conference"),
        pytest.param("记者从河畔市获悉，8月31日", id="prose"),
        pytest.param("Reuters said on Wednesday", id="a mention"),
        pytest.param("周三，河畔证券报讯", id="in the middle"),
    ],
)
def test_what_is_no_dateline_names_nobody(paragraph: str) -> None:
    assert dateline_source(paragraph, LABELS) is None


AUTHORS = {
    "label": ("作者：李小溪 王大川", ["李小溪", "王大川"]),
    "reporters": ("本报记者 李小溪 方 敏", ["李小溪", "方敏"]),
    "outlet and trade": ("河畔网记者 李小溪", ["李小溪"]),
    "outlet, trade, list": ("河畔社记者李小溪、王大川、丁一", ["李小溪", "王大川", "丁一"]),
    "two trades": ("记者 李小溪 通讯员 王大川", ["李小溪", "王大川"]),
    "text by": ("文/李小溪", ["李小溪"]),
    "in a bracket": ("【文/河畔网专栏作者 李小溪】", ["李小溪"]),
    "editor behind": ("作者：李小溪 责任编辑：赵一帆", ["李小溪"]),
    "with a place": ("记者 李小溪 东港报道", ["李小溪"]),
    "in the first paragraph": ("河畔报讯（记者李小溪）近日，" + "河畔启动项目。" * 30, ["李小溪"]),
    "english": ("By Jane Rivers and John Brook", ["Jane Rivers", "John Brook"]),
    "english capitals": ("By JANE RIVERS | Courier", ["JANE RIVERS"]),
    "german with a place": ("Von Max Müller, Uferstadt", ["Max Müller"]),
}  # fmt: skip


@pytest.mark.parametrize(("line", "names"), AUTHORS.values(), ids=AUTHORS.keys())
def test_byline_names_its_writers(line: str, names: list[str]) -> None:
    assert labelled_authors(line, LABELS) == names


@pytest.mark.parametrize(
    "line", ["作者：", "责任编辑：赵一帆", "by the way it is", "河畔市启动项目"]
)
def test_line_without_a_writer_names_nobody(line: str) -> None:
    assert labelled_authors(line, LABELS) == []


def test_people_are_no_outlets_addresses_or_numbers() -> None:
    values = ["Jane Rivers", "https://example.com/jane", "Courier", "105092", "By John Brook"]
    assert people(values, LABELS, outlets=["Courier"]) == ["Jane Rivers", "John Brook"]


@given(st.text(max_size=200))
def test_any_line_is_read_without_an_error(line: str) -> None:
    labelled_source("来源：" + line, LABELS, bare=True)
    labelled_authors("记者" + line, LABELS)
    dateline_source(line, LABELS)


@pytest.mark.parametrize(
    "filler", [" ", "：", "来源", "来源：", "(", "（", "1", "记者", "、", "a ", "网"]
)
def test_long_runs_take_linear_time(filler: str) -> None:
    line = filler * (100_000 // len(filler))
    started = time.process_time()
    labelled_source(line, LABELS, bare=True)
    labelled_authors(line, LABELS)
    dateline_source(line, LABELS)
    assert time.process_time() - started < 1.5
