"""What if: assumptions read from names, and two answers compared."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.errors import AmbiguousName, BadInput, UnknownName
from marchland.estimate import Estimate
from marchland.scenario import Assumptions, compare, read_given
from marchland.theatre import Theatre
from marchland.vocabulary import Vocabulary

ROAD = {"traveller": "Tessmar", "origin": "Pellisk", "destination": "Joruvel"}


@pytest.fixture(scope="module")
def vocabulary(vale: Theatre) -> Vocabulary:
    return vale.vocabulary


class TestAssumptionsAreRead:
    @pytest.mark.parametrize(
        ("given", "read"),
        [
            ({}, Assumptions()),
            ({"Dravish": "Vale Front"}, Assumptions(places={"dravish": "vale-front"})),
            ({"Al-Dravish": "VF"}, Assumptions(places={"dravish": "vale-front"})),
            ({"dravish": "contested"}, Assumptions(places={"dravish": "contested"})),
            ({"Dravish": " None "}, Assumptions(places={"dravish": "none"})),
            ({"Vale Front": "with"}, Assumptions(actors={"vale-front": "with"})),
            ({"River Guard": "Against"}, Assumptions(actors={"river-guard": "against"})),
            ({"Kestrane gate": "closed"}, Assumptions(crossings={"kestrane-crossing": "closed"})),
        ],
    )
    def test_by_name_or_id(self, vocabulary, given, read) -> None:
        assert read_given(given, vocabulary) == read

    def test_an_army_holds_for_the_power_it_belongs_to(self, vocabulary) -> None:
        assert read_given({"Dravish": "Orvand army"}, vocabulary).places == {"dravish": "orvand"}
        assert read_given({"Dravish": "River Guard"}, vocabulary).places == {
            "dravish": "river-guard"
        }

    def test_one_about_an_area_is_about_every_place_of_it(self, vocabulary) -> None:
        read = read_given({"Mirrow valley": "Orvand", "Dravish": "Vale Front"}, vocabulary)
        members = set(vocabulary.members_of("mirrow-valley"))
        assert set(read.places) == members
        assert read.places["dravish"] == "vale-front"
        assert {read.places[m] for m in members - {"dravish"}} == {"orvand"}

    def test_all_of_them_as_one_mapping(self, vocabulary) -> None:
        given = {"Dravish": "Orvand", "Vale Front": "with", "Kestrane gate": "open"}
        assert read_given(given, vocabulary).as_given() == {
            "dravish": "orvand",
            "vale-front": "with",
            "kestrane-crossing": "open",
        }

    @pytest.mark.parametrize(
        ("given", "error", "told"),
        [
            ({"Zzyzx Qqq": "Orvand"}, UnknownName, "No place called 'Zzyzx Qqq'"),
            ({"Dravish": "Zzyzx Qqq"}, UnknownName, "No actor called 'Zzyzx Qqq'"),
            ({"Zzyzx Qqq": "with"}, UnknownName, "No actor called 'Zzyzx Qqq'"),
            ({"Springfield": "Orvand"}, AmbiguousName, "more than one place"),
            ({"Vale Front": "Orvand"}, BadInput, "with or against"),
        ],
    )
    def test_names_that_mean_nothing_or_too_much(self, vocabulary, given, error, told) -> None:
        with pytest.raises(error, match=told):
            read_given(given, vocabulary)


def answer(p: dict[str, float], **changed: object) -> Estimate:
    made = Estimate(
        question="control",
        about={"place": {"id": "dravish", "name": "Dravish"}},
        on=date(2021, 4, 1),
        as_of=date(2021, 4, 1),
        p=p,
        n_claims=1,
        n_sources=1,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


ODDS = st.lists(st.floats(0.01, 1), min_size=2, max_size=5).map(
    lambda weights: {f"o{i}": w / sum(weights) for i, w in enumerate(weights)}
)


class TestTwoAnswersCompared:
    def test_the_change_is_the_difference_the_largest_first(self) -> None:
        found = compare(answer({"a": 0.7, "b": 0.3}), answer({"a": 0.1, "c": 0.9}))
        assert found.moved == pytest.approx({"c": 0.9, "a": -0.6, "b": -0.3})
        assert list(found.moved) == ["c", "a", "b"]
        assert found.why == ("The likeliest outcome goes from a to c.",)
        assert str(found).startswith("a -> c\n")
        assert "c +90, a -60, b -30 points" in str(found)

    @given(ODDS, ODDS)
    def test_changes_cancel_out(self, p: dict[str, float], q: dict[str, float]) -> None:
        moved = compare(answer(p), answer(q)).moved
        assert sum(moved.values()) == pytest.approx(0, abs=1e-9)
        back = compare(answer(q), answer(p)).moved
        assert moved == pytest.approx({k: -v for k, v in back.items()})

    @given(ODDS)
    def test_an_answer_and_itself(self, p: dict[str, float]) -> None:
        found = compare(answer(p), answer(p))
        assert set(found.moved.values()) == {0.0}
        assert found.why == ()
        assert "none to speak of" in str(found)

    def test_assumptions_that_differ_are_named(self, vocabulary) -> None:
        first = answer({"a": 1.0}, given={"dravish": "orvand", "vale-front": "with"})
        second = answer({"a": 1.0}, given={"dravish": "vale-front", "vale-front": "with"})
        assert compare(first, second, vocabulary).why == (
            "Assumed in the second: Dravish = Vale Front.",
            "Assumed in the first: Dravish = Orvand.",
        )
        assert compare(first, second).why[0] == "Assumed in the second: dravish = vale-front."

    def test_questions_that_differ_are_not_compared(self) -> None:
        other = answer({"a": 1.0}, about={"place": {"id": "ollenby", "name": "Ollenby"}})
        with pytest.raises(BadInput, match="the question is the same"):
            compare(answer({"a": 1.0}), other)
        with pytest.raises(BadInput):
            compare(answer({"a": 1.0}), answer({"a": 1.0}, question="alignment"))

    def test_what_was_not_known(self) -> None:
        found = compare(answer({"a": 1.0}, n_claims=0), answer({"a": 1.0}))
        assert found.why == ("The likeliest outcome goes from not known to a.",)


class TestTwoRoadsCompared:
    def test_then_and_now(self, vale: Theatre) -> None:
        ask = {"on": "2021-06-01", **ROAD}
        first, second = vale.corridor(**ask), vale.corridor(**{**ask, "on": "2021-12-01"})
        found = compare(first, second, vale.vocabulary)
        assert "The status goes from open to broken." in found.why
        assert any(
            line.startswith("Dravish: held by Vale Front, then Orvand") for line in found.why
        )
        behind = {b.claim.id for b in first.because}
        assert {c.id for c in found.claims} == {
            b.claim.id for b in second.because if b.claim.id not in behind
        }
        record = found.to_json()
        assert (record["first"]["id"], record["second"]["id"]) == (first.id, second.id)

    def test_an_assumption_that_shuts_the_road(self, vale: Theatre) -> None:
        ask = {"on": "2021-06-01", **ROAD}
        found = compare(
            vale.corridor(**ask), vale.corridor(**ask, given={"Dravish": "Orvand"}), vale.vocabulary
        )
        assert found.why[0] == "Assumed in the second: Dravish = Orvand."
        assert found.moved["open"] < -0.5
