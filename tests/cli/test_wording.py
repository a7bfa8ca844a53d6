"""Words and characters on the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.cli.terminal import visible
from marchland.cli.words import assumptions, count, name_of, signed
from marchland.estimate import percent
from marchland.theatre import Theatre


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    said = visible(text)
    assert all(c in "\n\t" or c.isprintable() or ord(c) >= 0xA0 for c in said)
    assert not set(said) & set("\x1b\x07\x9b\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    assert visible(said) == said


@pytest.mark.parametrize("text", ["Abu Kamal", "البوكمال", "Deir ez-Zor\n\tكم", "Bolu-élé ☼"])
def test_writing_is_left_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.floats(0, 1))
def test_odds_are_never_certain(p: float) -> None:
    assert percent(p) not in ("0%", "100%")


@given(st.floats(-1, 1))
def test_a_weight_keeps_its_sign_where_it_has_one(weight: float) -> None:
    said = signed(weight)
    assert len(said) == 5
    assert abs(float(said) - weight) <= 0.00501
    assert "-0.00" not in said
    assert "+0.00" not in said


def test_counts() -> None:
    assert [count(n, "report") for n in (0, 1, 2)] == ["0 reports", "1 report", "2 reports"]


def test_names_of_places_and_actors(vale: Theatre) -> None:
    assert name_of("vale-front", vale.vocabulary) == "Vale Front"
    assert name_of("kestrane-crossing", vale.vocabulary) == "Kestrane border crossing"
    assert name_of("nobody-knows", vale.vocabulary) == "nobody-knows"
    assert name_of(None, vale.vocabulary) == "not known"
    told = assumptions({"dravish": "orvand", "vale-front": "against"}, vale.vocabulary)
    assert told == "Dravish = Orvand; Vale Front = against"
    assert assumptions({}, vale.vocabulary) == ""
