"""The language of a text, and when the page's claim holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article.metadata.language import detect_language, normalise_tag

TEXTS = {
    "zh": "松江机床公司周三公布了前三季度的业绩，净利润同比增长百分之十二，董事会决定向股东分红。",
    "zh-Hant": "松江機床公司週三公布了前三季度的業績，淨利潤較去年同期增長，董事會決定發放現金。",
    "ja": "松江工作機械は今期の純利益が前年に比べて増えたと発表した。株主への配当も増やす。",
    "ko": "송강기계는 올해 순이익이 지난해보다 늘었다고 밝혔다. 주주 배당도 늘린다.",
    "en": "The company said on Wednesday that its profit rose by a fifth and that it will pay more"
    " to the people who have held its shares for a year.",
    "de": "Das Unternehmen hat am Mittwoch mitgeteilt, dass der Gewinn um ein Fünftel gestiegen ist"
    " und dass die Aktionäre mehr bekommen werden als im Jahr zuvor.",
    "fr": "La société a annoncé mercredi que son bénéfice a augmenté d'un cinquième et que les"
    " actionnaires vont recevoir plus que l'année dernière pour leurs titres.",
    "es": "La empresa anunció el miércoles que su beneficio creció una quinta parte y que los"
    " accionistas van a recibir más que el año pasado por sus títulos.",
    "pt": "A empresa anunciou na quarta-feira que o seu lucro cresceu um quinto e que os acionistas"
    " vão receber mais do que no ano passado pelas suas ações, mas não todos.",
    "ru": "Компания сообщила в среду, что её прибыль выросла на одну пятую и что акционеры получат"
    " больше, чем в прошлом году, но не все и не сразу.",
    "uk": "Компанія повідомила у середу, що її прибуток зріс на п'яту частину, а акціонери"
    " отримають більше, ніж торік, але не всі та не одразу.",
    "el": "Η εταιρεία ανακοίνωσε την Τετάρτη ότι τα κέρδη της αυξήθηκαν κατά ένα πέμπτο.",
    "ar": "أعلنت الشركة يوم الأربعاء أن أرباحها ارتفعت بمقدار الخمس"
    " وأن المساهمين سيحصلون على المزيد.",
    "fa": "شرکت روز چهارشنبه اعلام کرد که سود آن یک پنجم افزایش یافته و سهامداران"
    " پول بیشتری می‌گیرند، چه پیش و چه پس از این.",
    "th": "บริษัทประกาศเมื่อวันพุธว่ากำไรเพิ่มขึ้นหนึ่งในห้า",
    "vi": "Công ty cho biết lợi nhuận của mình đã tăng một phần năm và các cổ đông sẽ nhận được"
    " nhiều hơn so với năm trước, nhưng không phải tất cả.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items(), ids=TEXTS.keys())
@pytest.mark.parametrize("claim", ["", "en", "zh-CN"])
def test_text_shows_its_language_whatever_the_page_claims(code: str, text: str, claim: str) -> None:
    assert detect_language(text, claim) == code


def test_claim_names_a_language_of_which_no_words_are_known() -> None:
    assert (
        detect_language("Mae'r cwmni wedi cyhoeddi bod ei elw wedi codi eleni yn ôl", "cy") == "cy"
    )


def test_claim_in_another_script_does_not_hold() -> None:
    assert detect_language("Компания сообщила в среду о росте прибыли", "en") == "ru"


def test_no_letters_leave_the_claim() -> None:
    assert detect_language("12 34 %", "de-CH") == "de"
    assert detect_language("", "") is None


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("zh-CN", "zh"), ("zh_TW", "zh-Hant"), ("zh-cmn-Hans", "zh"), ("zh-Hant-HK", "zh-Hant"),
        ("de-CH", "de"), ("no", "nb"), ("iw", "he"), ("EN-us", "en"), ("utf-8", None), ("", None),
    ],
)  # fmt: skip
def test_tag_is_reduced_to_our_form(tag: str, code: str | None) -> None:
    assert normalise_tag(tag) == code


@given(st.text(max_size=300), st.text(max_size=12))
def test_any_text_and_claim_give_none_or_a_short_code(text: str, claim: str) -> None:
    code = detect_language(text, claim)
    assert code is None or 2 <= len(code) <= 8
