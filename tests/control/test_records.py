"""Records: who agreed with whom, in whose interest, and how sure the reliability is."""

from datetime import date

import pytest

from marchland.control import ControlSettings
from marchland.control.records import Learned, records

AS_OF = date(2018, 12, 31)


@pytest.fixture
def told(borderland):
    def told(*claims, learned=None, as_of=AS_OF, **settings):
        found = records(
            claims,
            borderland,
            as_of=as_of,
            learned=learned or {},
            settings=ControlSettings(**settings),
        )
        return {r.id: r for r in found}

    return told


def test_agreed_disagreed_and_alone(told, tell) -> None:
    found = told(
        tell("holds", "north", "t1", "2017-05-01", source="a"),
        tell("holds", "north", "t1", "2017-05-10", source="b"),
        tell("holds", "rebels", "t1", "2017-05-12", source="c"),
        tell("holds", "north", "t2", "2017-05-12", source="c"),
        tell("holds", "rebels", "t1", "2018-05-12", source="b"),
    )
    assert [(r.agreed, r.disagreed, r.alone) for r in (found[k] for k in "abc")] == [
        (1, 0, 0), (1, 0, 1), (0, 1, 1),
    ]  # fmt: skip
    (example,) = found["c"].examples
    assert (example.agrees, example.others) == (False, {"north": 2})


def test_a_source_is_no_witness_for_itself(told, tell) -> None:
    found = told(
        tell("holds", "north", "t1", "2017-05-01", source="a", report="one"),
        tell("holds", "north", "t1", "2017-05-10", source="a", report="two"),
    )
    assert (found["a"].agreed, found["a"].alone) == (0, 2)


def test_who_is_quoted_has_a_record_of_his_own(told, tell) -> None:
    found = told(
        tell("captures", "north", "t1", "2017-05-01", source="a", speaker="north-army"),
        tell("loses", "north", "t2", "2017-05-01", source="a", speaker="north-army"),
    )
    army = found["speaker:north"]
    assert (army.speaks, army.name, army.claims) == (True, "Northland", 2)
    assert (army.lean, army.in_own_favour, army.against_interest) == ("north", 1, 1)


def test_a_reliability_learned_from_more_claims_is_surer(told, tell) -> None:
    claim = tell("holds", "north", "t1", "2017-05-01", source="a")
    widths = []
    for n in (10, 1000):
        low, high = told(claim, learned={"a": Learned(right=0.8, n=n)})["a"].interval
        assert low < 0.8 < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 3


def test_without_learning_the_given_and_the_default_stand(told, tell) -> None:
    claims = [tell("holds", "north", "t1", "2017-05-01", source=s) for s in "ab"]
    found = told(*claims, reliabilities={"a": 0.7}, leanings={"b": "rebels"})
    assert found["a"].reliability == 0.7
    assert found["b"].reliability == ControlSettings().reliability
    assert (found["b"].lean_name, found["b"].learned) == ("The rebels", False)


def test_what_was_published_later_is_no_part_of_it(told, tell) -> None:
    claim = tell("holds", "north", "t1", "2017-05-01", source="a", published="2018-01-01")
    assert told(claim, as_of=date(2017, 12, 31)) == {}
    assert told(claim, as_of=date(2018, 1, 1))["a"].latest == date(2018, 1, 1)
