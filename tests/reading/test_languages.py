"""Languages: a text the reader can't read is told from one it can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.reading.languages import can_be_read, language_name, language_of

SENTENCES = {
    "en": "The army said that its forces were near the border and would hold the road.",
    "fr": "Le gouvernement a annoncé que l'armée contrôle la ville et les routes dans le nord.",
    "de": "Die Armee hat nach eigenen Angaben die Stadt im Osten des Landes eingenommen.",
    "es": "El ejército tomó el control de la ciudad y las carreteras en el norte del país.",
    "it": "L'esercito ha preso il controllo della città e delle strade nel nord del paese.",
    "nl": "Het leger heeft de stad in het oosten van het land veroverd en zal er blijven.",
    "tr": "Ordu bu sabah kentin kontrolünü ele geçirdi ve daha sonra bir açıklama yaptı.",
    "ru": "Армия заявила, что взяла под контроль город на востоке страны и была готова.",
    "uk": "Армія заявила, що взяла під контроль місто на сході країни і була готова.",
    "ar": "قال الجيش إن قواته سيطرت على المدينة التي تقع في شرق سوريا",
    "fa": "ارتش اعلام کرد که کنترل شهر را در شرق این کشور به دست گرفته است",
    "ckb": "سوپا ڕایگەیاند کە کۆنتڕۆڵی شارەکەی لە ڕۆژهەڵاتی وڵات کردووە و لەوێ دەمێنێتەوە",
    "ku": "Artêşê ragihand ku wê bajarê li rojhilatê welêt girt û ew ê li wir bimîne.",
    "he": "הצבא הודיע כי השתלט על העיר במזרח המדינה",
    "zh": "军队宣布控制了该国东部的城市和道路",
    "ja": "軍は東部の都市を制圧したと発表しました",
    "ko": "군은 동부 도시를 장악했다고 발표했다",
    "el": "Ο στρατός ανακοίνωσε ότι κατέλαβε την πόλη στα ανατολικά",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_of_each_language(code: str) -> None:
    assert language_of(SENTENCES[code]) == code


@pytest.mark.parametrize("text", ["", "12/6 -- 14", "Abu Kamal", "...", "ok", "<p>"])
def test_what_is_too_little_is_undetermined(text: str) -> None:
    assert language_of(text) == "und"


def test_a_name_in_another_script_does_not_change_the_language() -> None:
    assert language_of(SENTENCES["en"] + " They call it البوكمال there.") == "en"
    assert language_of(SENTENCES["ar"] + " (Abu Kamal)") == "ar"


@pytest.mark.parametrize("code", sorted(set(SENTENCES) - {"en"}))
def test_a_paragraph_in_another_language_is_not_read_as_english(code: str) -> None:
    long = " ".join([SENTENCES[code]] * 2)
    assert not can_be_read(long, report="en")
    assert not can_be_read(long, report=code)
    assert can_be_read(SENTENCES["en"], report=code)


@pytest.mark.parametrize(
    "text",
    ["Deir ez-Zor", "Abu Kamal, al-Qaim, Mayadin, Hajin, Baghouz", "Saraya al-Khorasani", "12/6"],
)
def test_names_alone_are_tried_in_an_english_report_only(text: str) -> None:
    assert can_be_read(text, report="en")
    assert not can_be_read(text, report="ar")


def test_a_language_is_told_by_its_name() -> None:
    assert {language_name(code) for code in SENTENCES} >= {"Persian", "Central Kurdish", "Hebrew"}
    assert all(language_name(code) != code for code in SENTENCES)


@given(st.text(max_size=300))
def test_any_text_gets_a_code(text: str) -> None:
    assert 2 <= len(language_of(text)) <= 3
