"""Which text comes out of which bytes, whatever is claimed about them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article.encoding.decoding import decode

# Invented sentences, one per language.
SENTENCES = {
    "zh-hans": (
        "周三，松江机床公司公布前三季度业绩，净利润同比增长百分之十二，董事会决定向全体股东分红。"
    ),
    "zh-hant": (
        "週三，松江機床公司公布前三季度業績，淨利潤同比增長百分之十二，董事會決定向全體股東派息。"
    ),
    "ja": "松江工作機械は水曜日、今期の純利益が前年に比べて十二パーセント増えたと発表した。",
    "ko": "송강기계는 수요일 올해 순이익이 지난해보다 십이 퍼센트 늘었다고 발표했습니다.",
    "ru": (
        "В среду станкостроительный завод сообщил, что чистая "
        "прибыль выросла на двенадцать процентов."
    ),
    "fr": (
        "La société a publié mercredi un bénéfice supérieur "
        "à celui de l’an passé, a-t-il été précisé."
    ),
    "de": (
        "Das Unternehmen erhöhte am Mittwoch die Prognose "
        "für das Geschäftsjahr und prüft Übernahmen."
    ),
    "pl": "Spółka ogłosiła w środę, że zysk netto wzrósł o dwanaście procent, większość z usług.",
    "tr": "Şirket çarşamba günü yıllık kârının yüzde on iki arttığını açıkladı, değişim sürüyor.",
    "el": "Η εταιρεία ανακοίνωσε την Τετάρτη ότι τα κέρδη της αυξήθηκαν κατά δώδεκα τοις εκατό.",
    "ar": "أعلنت الشركة يوم الأربعاء أن صافي أرباحها ارتفع بنسبة اثني عشر في المئة هذا العام.",
    "he": "החברה הודיעה ביום רביעי כי הרווח הנקי שלה עלה בשנים עשר אחוזים השנה.",
    "th": "บริษัทประกาศเมื่อวันพุธว่ากำไรสุทธิเพิ่มขึ้นร้อยละสิบสองจากปีที่แล้ว",
    "en": "The maker of machine tools said on Wednesday that net profit rose by twelve per cent.",
}

# language, the encoding of the bytes, the name that is reported
WRITTEN = [
    ("zh-hans", "utf-8", "utf-8"),
    ("zh-hans", "gbk", "gb18030"),
    ("zh-hans", "gb18030", "gb18030"),
    ("zh-hant", "gbk", "gb18030"),
    ("zh-hant", "big5", "big5"),
    ("zh-hant", "utf-8", "utf-8"),
    ("ja", "cp932", "shift_jis"),
    ("ja", "euc_jp", "euc-jp"),
    ("ja", "utf-8", "utf-8"),
    ("ko", "cp949", "euc-kr"),
    ("ru", "cp1251", "windows-1251"),
    ("ru", "koi8-r", "koi8-u"),
    ("ru", "iso8859-5", "iso8859-5"),
    ("ru", "utf-8", "utf-8"),
    ("fr", "cp1252", "windows-1252"),
    ("fr", "utf-8", "utf-8"),
    ("de", "cp1252", "windows-1252"),
    ("el", "cp1253", "windows-1253"),
    ("ar", "cp1256", "windows-1256"),
    ("he", "cp1255", "windows-1255"),
    ("th", "cp874", "cp874"),
]
WRONG_CLAIMS = ["", "utf-8", "gb2312", "iso-8859-1", "windows-1251", "no-such-charset"]


@pytest.mark.parametrize("claim", WRONG_CLAIMS, ids=lambda claim: claim or "undeclared")
@pytest.mark.parametrize(
    ("language", "encoding", "name"), WRITTEN, ids=[f"{row[0]}-{row[1]}" for row in WRITTEN]
)
def test_header_does_not_decide(language: str, encoding: str, name: str, claim: str) -> None:
    text = f"<html><title>{SENTENCES[language]}</title>"
    decoded = decode(text.encode(encoding), f"text/html; charset={claim}" if claim else "text/html")
    assert (decoded.text, decoded.encoding) == (text, name)


@pytest.mark.parametrize("claim", ["utf-8", "gb2312", "big5", "shift_jis", "euc-kr", "iso-8859-1"])
@pytest.mark.parametrize(
    ("language", "encoding", "name"), WRITTEN, ids=[f"{row[0]}-{row[1]}" for row in WRITTEN]
)
def test_meta_does_not_decide(language: str, encoding: str, name: str, claim: str) -> None:
    text = f'<html><head><meta charset="{claim}"></head><p>{SENTENCES[language] * 2}'
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, name)


@pytest.mark.parametrize(
    ("language", "encoding", "claim"),
    [
        pytest.param("pl", "cp1250", "windows-1250", id="polish"),
        pytest.param("pl", "iso8859-2", "iso-8859-2", id="polish-iso"),
        pytest.param("tr", "cp1254", "windows-1254", id="turkish"),
        pytest.param("tr", "cp1254", "iso-8859-9", id="turkish-iso-label"),
        pytest.param("fr", "cp1252", "iso-8859-1", id="french-latin-1-label"),
    ],
)
def test_a_true_claim_chooses_among_latin_encodings(
    language: str, encoding: str, claim: str
) -> None:
    body = SENTENCES[language].encode(encoding)
    assert decode(body, f"text/html; charset={claim}").text == SENTENCES[language]


@pytest.mark.parametrize("hint", ["gbk", "GB2312", "utf-8", ""])
def test_the_site_list_is_a_claim_too(hint: str) -> None:
    body = SENTENCES["zh-hans"].encode("gbk")
    assert decode(body, hint=hint).text == SENTENCES["zh-hans"]


@pytest.mark.parametrize(
    "text",
    ["利率上调", "央行降准", "股市收高，成交放大", "<title>证监会公布新规</title>"],
)
def test_short_undeclared_gbk_is_read(text: str) -> None:
    assert decode(text.encode("gbk")).text == text


@pytest.mark.parametrize("size", [5_000, 200_000])
def test_undeclared_gbk_after_a_long_ascii_script_is_read(size: int) -> None:
    text = "<html><script>" + "var a=1;" * (size // 8) + f"</script><p>{SENTENCES['zh-hans']}</p>"
    assert decode(text.encode("gbk")).text == text


def test_one_title_alone_after_a_long_script_is_read() -> None:
    text = "<script>" + "x" * 20_000 + "</script>公司公告"
    assert decode(text.encode("gbk")).text == text


@pytest.mark.parametrize("claim", ["gbk", "utf-8", ""])
def test_gbk_that_happens_to_be_valid_utf8_is_read_by_its_letters(claim: str) -> None:
    body = "统一支票".encode("gbk")
    assert body.decode("utf-8"), "the bytes are valid UTF-8 as well"
    assert decode(body, f"text/html; charset={claim}").text == "统一支票"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("language", ["zh-hans", "en", "ja"])
def test_wide_bytes_behind_a_mark_are_read(codec: str, language: str) -> None:
    decoded = decode(("\ufeff" + SENTENCES[language]).encode(codec))
    assert (decoded.text, decoded.encoding) == (SENTENCES[language], codec)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["zh-hans", "en", "ru", "ko"])
def test_utf16_without_a_mark_is_read(codec: str, language: str) -> None:
    text = f"<html><p>{SENTENCES[language]}</p>"
    assert decode(text.encode(codec)).text == text


def test_utf8_with_a_mark_loses_the_mark_only() -> None:
    assert decode(b"\xef\xbb\xbf<p>\xe4\xb8\x80").text == "<p>一"


def test_gbk_behind_a_utf8_mark_is_still_gbk() -> None:
    body = b"\xef\xbb\xbf" + SENTENCES["zh-hans"].encode("gbk")
    assert decode(body).text == SENTENCES["zh-hans"]


@pytest.mark.parametrize(
    ("codec", "language"), [("iso2022_jp", "ja"), ("iso2022_kr", "ko")], ids=["jp", "kr"]
)
def test_escaped_mail_encodings_are_read(codec: str, language: str) -> None:
    assert decode(SENTENCES[language].encode(codec)).text == SENTENCES[language]


def test_hong_kong_characters_of_big5_are_read() -> None:
    text = SENTENCES["zh-hant"] + "佢哋嘅啲嚟"
    assert decode(text.encode("big5hkscs")).text == text


@settings(max_examples=200)
@given(
    st.sampled_from(["gb18030", "utf-8", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8-r"]),
    st.sampled_from(["", "utf-8", "gb2312", "iso-8859-1", "shift_jis", "euc-kr"]),
    st.data(),
)
def test_any_news_sentence_comes_back_whatever_is_claimed(
    codec: str, claim: str, data: st.DataObject
) -> None:
    language = {"big5": "zh-hant", "cp932": "ja", "euc_jp": "ja", "cp949": "ko"}.get(codec)
    language = language or ("ru" if codec in {"cp1251", "koi8-r"} else "zh-hans")
    words = data.draw(st.permutations(SENTENCES[language]))
    text = "<p>" + "".join(words) + "</p>"
    assert decode(text.encode(codec), f"text/html; charset={claim}").text == text
