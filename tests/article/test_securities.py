"""Securities printed in a text: what is one, how it is normalised, what is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.metadata.securities import find_securities

FOUND = {
    "bare code behind a name": ("松江机床(300540)公告", [("300540.SZ", "松江机床")]),
    "suffix": ("松江银行（600519.SH）", [("600519.SH", "松江银行")]),
    "other suffix of Shanghai": ("松江银行（600519.SS）", [("600519.SH", "松江银行")]),
    "prefix": ("松江酒业(SZ000858)", [("000858.SZ", "松江酒业")]),
    "prefix in the text": ("买入sh600519", [("600519.SH", None)]),
    "beijing": ("松江新材（830799）", [("830799.BJ", "松江新材")]),
    "hong kong": ("河畔控股(00700.HK)", [("00700.HK", "河畔控股")]),
    "hong kong, four digits": ("河畔控股(9618.HK)", [("09618.HK", "河畔控股")]),
    "two markets in one bracket": (
        "河畔集团（NYSE: RVR, 09988.HK）",
        [("RVR.US", "河畔集团"), ("09988.HK", "河畔集团")],
    ),
    "chinese names of markets": (
        "河畔（纳斯达克：RVR；港交所：9618）",
        [("RVR.US", "河畔"), ("09618.HK", "河畔")],
    ),
    "nasdaq": ("Riverside Inc. (NASDAQ:RVRS) rose", [("RVRS.US", "Riverside Inc.")]),
    "mixed case": ("Riverside (Nasdaq: RVRS)", [("RVRS.US", "Riverside")]),
    "class of shares": ("Riverside (NYSE:RVR.B)", [("RVR.B.US", "Riverside")]),
    "reuters code": ("Riverside (RVRS.O)", [("RVRS.US", "Riverside")]),
    "tokyo": ("Kawabe Motor (7203.T)", [("7203.T", "Kawabe Motor")]),
    "cashtag": ("buy $RVRS now", [("RVRS.US", None)]),
    "labelled": ("股票代码：300540", [("300540.SZ", None)]),
    "special treatment": ("*ST松江(600485)", [("600485.SH", "*ST松江")]),
    "a word that runs into the name": ("其中松江时代（300750）", [("300750.SZ", "松江时代")]),
    "each once, named once": (
        "300540.SZ 上涨，松江机床(300540)公告，300540.SZ 收高",
        [("300540.SZ", "松江机床")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND.keys())
def test_security_is_found(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(found.symbol, found.name) for found in find_securities(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("共300540人参加", id="a number"),
        pytest.param("编号300540", id="a bare number without a label"),
        pytest.param("松江市(100024)", id="a postcode"),
        pytest.param("上河市(200040)", id="a postcode that looks like B shares"),
        pytest.param("合同金额3.5亿元(300540)", id="behind a quantity"),
        pytest.param("电话(123456)", id="a telephone number"),
        pytest.param("市值(600519亿元)", id="a number with a unit"),
        pytest.param("2018.08.31 at 16.40", id="a date"),
        pytest.param("the U.N. and the U.S. agreed", id="abbreviations"),
        pytest.param("see www.riverside.de and node.js", id="host names"),
        pytest.param("cost $100 or A$AP", id="money"),
        pytest.param("Note: ABC Source: AP", id="labels"),
        pytest.param("SH6005191", id="too many digits"),
    ],
)
def test_what_is_no_security_is_not_found(text: str) -> None:
    assert find_securities(text) == []


@given(st.text(alphabet="0123456789().:：$（）SHZNYEABC河畔 \n.,", max_size=200))
def test_any_text_gives_well_formed_symbols_once_each(text: str) -> None:
    symbols = [found.symbol for found in find_securities(text)]
    assert len(symbols) == len(set(symbols))
    assert all("." in symbol and " " not in symbol for symbol in symbols)


@pytest.mark.parametrize(
    "filler", ["(", "1", " ", "(1", "A", "300540", "NYSE:", "$A", "SH", "（河", ".T"]
)
def test_long_runs_take_linear_time(filler: str) -> None:
    started = time.process_time()
    find_securities(filler * (100_000 // len(filler)))
    assert time.process_time() - started < 1.0
