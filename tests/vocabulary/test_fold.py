"""The key that names are matched by: spelling differences fold, words stay whole."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.vocabulary import fold

words = st.text(st.characters(categories=("Ll", "Lu")), min_size=2, max_size=10)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Raqqa", "Raqqah", "al-Raqqa", "ar-Raqqah", "RAQQA", "Raqqa's", "Raqqa’s"),
        ("Baaj", "Ba'aj", "al-Ba’aj", "Al Baaj"),
        ("البوكمال", "بوكمال"),
        ("Tanf", "al-Tanf", "Al Tanf", "at-Tanf"),
        ("US", "U.S.", "the US"),
        ("Türkiye", "Turkiye"),
        ("Deir ez-Zor", "Deir al-Zor", "DEIR EZ-ZOR"),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({fold(s) for s in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Assad", "ambassador"), ("Homs", "Hama"), ("Iran", "Iraq"), ("Mali", "Malik"), ("Al", "")],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(name=words)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(name=words)
def test_case_and_combining_marks_do_not_matter(name: str) -> None:
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


@given(name=st.from_regex(r"[b-z][a-z]{2,8}", fullmatch=True))
def test_an_article_does_not_matter(name: str) -> None:
    assert fold(f"al-{name}") == fold(f"the {name}") == fold(name)
