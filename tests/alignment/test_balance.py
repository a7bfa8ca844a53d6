"""Frustration: exact, equal to trying every split; what is strained, and by which path."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.alignment import infer_alignment
from marchland.alignment.balance import SignedTie, balance, signed_ties
from marchland.claims import Claim, Ref, Report, Source
from marchland.errors import BadInput
from marchland.vocabulary import Actor, Vocabulary


def tie(a: str, b: str, sign: int, weight: float = 1.0) -> SignedTie:
    return SignedTie(a=a, b=b, sign=sign, weight=weight)


@st.composite
def networks(draw: st.DrawFn) -> list[SignedTie]:
    n = draw(st.integers(2, 7))
    pairs = [(i, j) for i in range(n) for j in range(i)]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=12, unique=True))
    return [
        tie(f"n{i}", f"n{j}", draw(st.sampled_from([1, -1])), draw(st.integers(1, 9)) / 10)
        for i, j in chosen
    ]


def least(ties: list[SignedTie]) -> float:
    actors = sorted({x for t in ties for x in (t.a, t.b)})
    return min(
        sum(t.weight for t in ties if (camp[t.a] == camp[t.b]) != (t.sign > 0))
        for sides in product((0, 1), repeat=len(actors))
        for camp in [dict(zip(actors, sides, strict=True))]
    )


@settings(deadline=None, max_examples=25)
@given(networks())
def test_it_is_the_least_of_all_splits(ties: list[SignedTie]) -> None:
    found = balance(ties)
    assert found.proved
    assert found.frustration == pytest.approx(least(ties), abs=1e-6)
    assert found.bound == pytest.approx(found.frustration, abs=1e-5)
    assert sum(s.tie.weight for s in found.strains) == pytest.approx(found.frustration)
    assert found.share <= 0.5 + 1e-9


@settings(deadline=None, max_examples=8)
@given(networks(), st.sampled_from(["n0", "n1", "n2"]))
def test_turning_every_tie_of_an_actor_changes_nothing(ties: list[SignedTie], actor: str) -> None:
    """Frustration is the same for all networks that differ by a switch of one actor."""
    switched = [tie(t.a, t.b, -t.sign if actor in (t.a, t.b) else t.sign, t.weight) for t in ties]
    assert balance(switched).frustration == pytest.approx(balance(ties).frustration, abs=1e-6)


def test_the_enemy_of_a_friend_who_is_a_friend_is_the_strain() -> None:
    found = balance([tie("us", "kurds", 1), tie("us", "turks", 1, 0.6), tie("kurds", "turks", -1)])
    assert found.frustration == pytest.approx(0.6)
    assert (found.strains[0].tie.a, found.strains[0].tie.b) == ("us", "turks")
    assert found.strains[0].path == ("us", "kurds", "turks")


def test_two_camps_at_war_are_balanced_and_parts_stand_alone() -> None:
    found = balance([tie("a", "b", 1), tie("b", "c", -1), tie("a", "c", -1), tie("x", "y", -1)])
    assert found.frustration == 0
    assert found.camps["a"] == found.camps["b"] != found.camps["c"]
    assert found.parts["a"] != found.parts["x"]
    assert found.strains == ()


def test_nothing_to_balance_is_balanced() -> None:
    assert balance([]).proved
    with pytest.raises(BadInput, match="two actors"):
        balance([tie("a", "a", 1)])


def test_an_army_stands_with_its_state_for_good() -> None:
    day = date(2030, 1, 1)
    vocabulary = Vocabulary.load(None).extended(
        actors=[
            Actor(id="crown", name="The Crown", kind="state"),
            Actor(id="fleet", name="The Fleet", part_of="crown"),
            Actor(id="rebels", name="The Rebels"),
        ]
    )

    def fights(a: str) -> Claim:
        return Claim(
            predicate="fights",
            report=Report.of(
                a.encode(), title="x", source=Source(id="post", name="Post"), published=day
            ),
            subject=Ref(id=a, name=a),
            object=Ref(id="rebels", name="rebels"),
        )

    network = infer_alignment([fights("crown"), fights("fleet")], vocabulary, as_of=day)
    ties = signed_ties(network, day)
    assert {(t.a, t.b, t.sign) for t in ties} == {
        ("crown", "rebels", -1),
        ("fleet", "rebels", -1),
        ("fleet", "crown", 1),
    }
    assert balance(ties).frustration == 0
