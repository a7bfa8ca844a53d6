"""Names in Arabic script mean what their Latin spellings mean."""

import pytest

from marchland.theatre import sample_folder
from marchland.vocabulary import Vocabulary

PLACES = {
    "البوكمال": "Abu Kamal", "القائم": "al-Qaim", "دير الزور": "Deir ez-Zor", "الرقة": "Raqqa",
    "الموصل": "Mosul", "تدمر": "Palmyra", "الحسكة": "Hasakah", "الميادين": "Mayadin",
    "التنف": "al-Tanf", "حلب": "Aleppo", "إدلب": "Idlib", "دمشق": "Damascus",
    "بغداد": "Baghdad", "الرمادي": "Ramadi", "الفلوجة": "Fallujah", "سنجار": "Sinjar",
    "تلعفر": "Tal Afar", "البعاج": "Baaj", "منبج": "Manbij", "الطبقة": "Tabqa",
    "القامشلي": "Qamishli", "كركوك": "Kirkuk", "تكريت": "Tikrit", "هيت": "Hit",
}  # fmt: skip
ACTORS = {
    "داعش": "ISIS", "تنظيم الدولة": "ISIS", "الدولة الإسلامية": "ISIS",
    "الحشد الشعبي": "PMF", "قسد": "SDF", "قوات سوريا الديمقراطية": "SDF",
    "حزب الله": "Hezbollah", "البيشمركة": "Peshmerga", "جبهة النصرة": "Nusra Front",
    "هيئة تحرير الشام": "HTS", "الجيش السوري": "Syrian army", "الجيش العراقي": "Iraqi army",
    "الحرس الثوري": "IRGC", "فيلق القدس": "Quds Force", "وحدات حماية الشعب": "YPG",
    "حزب العمال الكردستاني": "PKK", "كتائب حزب الله": "Kataib Hezbollah",
    "إيران": "Iran", "روسيا": "Russia", "تركيا": "Turkey",
}  # fmt: skip


@pytest.fixture(scope="module")
def levantine() -> Vocabulary:
    return Vocabulary.load(sample_folder("levant"))


@pytest.mark.parametrize("name", PLACES)
def test_places(levantine: Vocabulary, name: str) -> None:
    assert levantine.place(name).id == levantine.place(PLACES[name]).id


@pytest.mark.parametrize("name", ACTORS)
def test_actors(levantine: Vocabulary, name: str) -> None:
    assert levantine.actor(name).id == levantine.actor(ACTORS[name]).id


def test_vowel_signs_and_forms_of_alif_make_no_difference(levantine: Vocabulary) -> None:
    assert levantine.place("إِدلِب").id == levantine.place("ادلب").id == levantine.place("Idlib").id
