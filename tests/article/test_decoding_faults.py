"""Broken bytes, claims and their bookkeeping, documents that are no text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article.encoding.binary import looks_binary
from pipelines.article.encoding.decoding import decode

CHINESE = "周三，松江机床公司公布前三季度业绩，净利润同比增长百分之十二，董事会决定向股东分红。"
JAPANESE = "松江工作機械は今期の純利益が前年に比べて増えたと発表した。"


def test_utf8_cut_inside_a_character_stays_utf8() -> None:
    body = CHINESE.encode()[:40] + b"<p>" + CHINESE.encode()[41:]
    decoded = decode(body, "text/html; charset=gbk")
    assert decoded.encoding == "utf-8"
    assert decoded.repaired
    assert CHINESE[14:] in decoded.text
    assert 1 <= decoded.text.count("\ufffd") <= 3


@pytest.mark.parametrize("position", [1, 2, 30, 31, 32, 100])
def test_one_foreign_byte_costs_utf8_one_character(position: int) -> None:
    whole = (CHINESE * 3).encode()
    decoded = decode(whole[:position] + b"\xff" + whole[position:])
    assert decoded.encoding == "utf-8"
    assert sum(a != b for a, b in zip(decoded.text[-60:], (CHINESE * 3)[-60:], strict=True)) == 0


def test_gbk_with_a_lost_byte_stays_gbk() -> None:
    whole = f"{CHINESE}<p>{CHINESE}".encode("gbk")
    decoded = decode(whole[:51] + whole[52:], "text/html; charset=utf-8")
    assert decoded.encoding == "gb18030"
    assert decoded.text.endswith(f"<p>{CHINESE}"), "out of step until the next ASCII only"


def test_surrogate_pairs_written_as_utf8_are_joined() -> None:
    assert decode("股市\ud83d\ude00".encode("utf-8", "surrogatepass")).text == "股市😀"


def test_nul_bytes_are_no_text() -> None:
    assert decode(b"<p>ra\0tes\0\0</p>").text == "<p>rates</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "repaired"),
    [
        pytest.param(CHINESE.encode(), "text/html; charset=utf-8", False, id="true-claim"),
        pytest.param(CHINESE.encode(), "text/html", False, id="utf8-undeclared"),
        pytest.param(CHINESE.encode(), "text/html; charset=gb2312", True, id="utf8-as-gb2312"),
        pytest.param(CHINESE.encode("gbk"), "text/html; charset=GB2312", False, id="gbk-true"),
        pytest.param(CHINESE.encode("gbk"), "text/html; charset=utf-8", True, id="gbk-as-utf8"),
        pytest.param(CHINESE.encode("gbk"), "", True, id="gbk-undeclared"),
        pytest.param(b"plain", "text/html; charset=gb2312", False, id="ascii-fits-every-claim"),
        pytest.param(b"caf\xe9", "text/html; charset=ISO-8859-1", False, id="latin-1-true"),
        pytest.param(CHINESE.encode() + b"\xe4\xb8", "", True, id="broken-tail"),
        pytest.param("\ufffd".encode() + CHINESE.encode(), "", False, id="printed-replacement"),
    ],
)
def test_repaired_says_whether_believing_the_claim_spoils_the_text(
    body: bytes, content_type: str, repaired: bool
) -> None:
    assert decode(body, content_type).repaired is repaired


def test_claims_are_kept_strongest_first() -> None:
    body = b'\xef\xbb\xbf<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    claims = decode(body, 'text/html; charset="UTF-8"', hint="big5").claimed
    assert [(claim.kind, claim.label) for claim in claims] == [
        ("bom", "utf-8"),
        ("hint", "big5"),
        ("header", "utf-8"),
        ("meta", "gb2312"),
    ]


@pytest.mark.parametrize("label", ["rot13", "zlib", "utf-7", "unicode_escape", "punycode", "\0"])
def test_codecs_that_are_no_character_set_are_not_believed(label: str) -> None:
    assert decode(b"+ADw-script+AD4-", f"text/html; charset={label}").text == "+ADw-script+AD4-"


@settings(max_examples=300)
@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=12))
def test_no_bytes_and_no_claim_raise(body: bytes, label: str, hint: str) -> None:
    text = decode(body, f"text/html; charset={label}", hint).text
    assert "\0" not in text


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60))
def test_strict_utf8_of_chinese_pages_is_never_read_otherwise(text: str) -> None:
    page = text + CHINESE
    assert decode(page.encode()).text == page.removeprefix("\ufeff")


@pytest.mark.parametrize("unit", [b"\x80", b"\xc4\xe3", b"\xff\x00", b"a\xe9 ", b"<meta ", b"[{"])
def test_long_runs_cost_linear_time(unit: bytes) -> None:
    body = unit * (1_000_000 // len(unit))
    started = time.process_time()
    decode(body)
    looks_binary(body)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "binary", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "binary", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "binary", id="jpeg"),
        pytest.param(b"RIFF\x10\0\0\0WEBPVP8 ", "binary", id="webp"),
        pytest.param(b"\0\0\0\x18ftypmp42", "binary", id="mp4"),
        pytest.param(b"PK\x03\x04\x14\0", "binary", id="zip"),
        pytest.param(bytes(range(32)) * 20, "binary", id="controls"),
        pytest.param(b' {"code": 0, "data": []}', "json", id="json-object"),
        pytest.param(b'\xef\xbb\xbf[{"a": 1}]', "json", id="json-array"),
        pytest.param(b'{"cut": "in the mid', "json", id="json-cut-short"),
        pytest.param(b"[" * 60_000 + b"]", "json", id="json-too-deep-to-parse"),
        pytest.param(b"[1] Rates rose. [end]", None, id="text-with-brackets"),
        pytest.param(b"{ not json", None, id="text-with-brace"),
        pytest.param("<html>利率".encode("gbk"), None, id="gbk-page"),
        pytest.param("<html>利率上调".encode("utf-16"), None, id="utf16-page"),
        pytest.param(JAPANESE.encode("iso2022_jp"), None, id="iso-2022-jp"),
        pytest.param(b"", None, id="empty"),
    ],
)
def test_looks_binary_names_what_is_no_page(body: bytes, kind: str | None) -> None:
    assert looks_binary(body) == kind
