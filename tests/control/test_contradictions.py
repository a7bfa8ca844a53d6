"""Contradictions: claims that can't all be true, and no more than those."""

from collections.abc import Callable
from datetime import date

import pytest

from marchland.claims import Claim
from marchland.control import Contradiction, contradictions
from marchland.vocabulary import Vocabulary

Tell = Callable[..., Claim]


def find(vocabulary: Vocabulary, *claims: Claim) -> list[Contradiction]:
    return contradictions(
        claims, vocabulary, start=date(2017, 1, 1), end=date(2017, 12, 31), as_of=date(2018, 1, 1)
    )


def test_two_sources_name_two_holders(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("holds", "north", "t1", "2017-05-01", source="gazette")
    b = tell("holds", "rebels", "t1", "2017-05-03", source="herald")
    (found,) = find(borderland, a, b)
    assert found.place == "t1"
    assert (found.start, found.end) == (date(2017, 5, 1), date(2017, 5, 3))
    assert found.sides == {"north": (a,), "rebels": (b,)}
    assert 0 < found.odds["north"] < 1
    assert found.settles.endswith(".")
    assert sum(found.odds.values()) + found.other == pytest.approx(1.0)
    assert "Town 1" in str(found)
    assert "says Gazette" in str(found)
    assert found.to_json()["who"]["rebels"] == [{"source": "Herald", "speaker": None}]
    assert found.to_json()["sides"]["rebels"][0]["id"] == b.id


def test_a_claim_and_its_denial(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("captures", "rebels", "t1", "2017-05-01", source="gazette")
    b = tell("captures", "rebels", "t1", "2017-05-02", source="herald", modality="denied")
    (found,) = find(borderland, a, b)
    assert set(found.sides) == {"rebels", "not rebels"}
    assert abs(sum(found.odds.values()) - 1.0) < 1e-9


def test_a_change_of_hands_is_none(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("holds", "north", "t1", "2017-05-01", source="gazette")
    b = tell("captures", "rebels", "t1", "2017-05-03", object="north", source="herald")
    assert find(borderland, a, b) == []


def test_held_after_somebody_else_took_it_is_one(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("captures", "rebels", "t1", "2017-05-01", object="north", source="herald")
    b = tell("holds", "north", "t1", "2017-05-03", source="gazette")
    assert len(find(borderland, a, b)) == 1


def test_weeks_apart_is_none(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("holds", "north", "t1", "2017-05-01", source="gazette")
    b = tell("holds", "rebels", "t1", "2017-06-01", source="herald")
    assert find(borderland, a, b) == []


def test_hedged_words_and_other_places_are_none(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("holds", "north", "t1", "2017-05-01", source="gazette")
    b = tell("holds", "rebels", "t1", "2017-05-01", source="herald", modality="possible")
    c = tell("holds", "rebels", "t2", "2017-05-01", source="herald")
    assert find(borderland, a, b, c) == []


def test_not_known_yet_is_none_yet(borderland: Vocabulary, tell: Tell) -> None:
    a = tell("holds", "north", "t1", "2017-05-01", source="gazette")
    b = tell("holds", "rebels", "t1", "2017-05-01", source="herald", published="2019-01-01")
    assert find(borderland, a, b) == []
