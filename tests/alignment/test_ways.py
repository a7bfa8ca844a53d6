"""Ways through others: what hands on, never surer than its weakest tie, and several together."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.alignment import AlignmentNetwork, AlignmentSettings, infer_alignment
from marchland.alignment.ways import ALLIANCE, BACKING, BOND, LOOSE, Handing, Step, Way, ways_from
from marchland.claims import Claim, Ref, Report, Source
from marchland.dates import Span
from marchland.vocabulary import Actor, Vocabulary

DAY = date(2030, 6, 1)
HANDING = Handing(bond=1.0, backing=1.0, alliance=1.0, loose=0.5, ally_of_backed=0.4)
STATES = ("crown", "realm")
ACTORS = (*STATES, "guard", "band", "riders", "wardens", "league")
VOCABULARY = Vocabulary.load(None).extended(
    actors=[
        Actor(id=a, name=f"The {a.title()}", kind="state" if a in STATES else "army")
        for a in ACTORS
    ]
)


def claim(
    a: str,
    predicate: str,
    b: str,
    *,
    source: str = "post",
    quote: str | None = None,
    read: float = 0.9,
) -> Claim:
    return Claim(
        predicate=predicate,
        report=Report.of(
            f"{a}{predicate}{b}{source}{quote}".encode(), title="x",
            source=Source(id=source, name=source), published=date(2030, 1, 1),
        ),
        subject=Ref(id=a, name=a), object=Ref(id=b, name=b),
        valid=Span(start=date(2030, 1, 1), end=None), p_read=read if quote else 1.0,
        quote=quote, begin=0 if quote else None, end=len(quote) if quote else None,
    )  # fmt: skip


def tied(
    ties: Mapping[tuple[str, str], tuple[str, float, str]], *, least: float = 0.01
) -> dict[str, Way]:
    """Ways from the crown by ties given as kind, odds and source; each holds one way round."""

    def step(actor: str, other: str) -> Step | None:
        found = ties.get((actor, other))
        if found is None:
            return None
        return Step(found[0], found[1], (claim(actor, "backs", other, source=found[2]),))

    near: dict[str, list[str]] = {}
    for a, b in ties:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    return ways_from(
        "crown", lambda a: sorted(near.get(a, ())), step, handing=HANDING, least=least,
        joins=lambda _: True,
    )  # fmt: skip


def test_odds_along_a_way_are_multiplied() -> None:
    found = tied({("crown", "guard"): (BOND, 0.8, "a"), ("guard", "band"): (BACKING, 0.5, "b")})
    assert found["band"].path == ("crown", "guard", "band")
    assert found["band"].p == pytest.approx(0.4)


def test_two_ways_by_different_sources_are_put_together_and_a_shared_tie_counts_once() -> None:
    apart = tied({
        ("crown", "guard"): (BACKING, 0.8, "a"), ("crown", "riders"): (BACKING, 0.7, "b"),
        ("guard", "band"): (BACKING, 0.5, "c"), ("riders", "band"): (BACKING, 0.5, "d"),
    })  # fmt: skip
    assert apart["band"].p == pytest.approx(1 - (1 - 0.8 * 0.5) * (1 - 0.7 * 0.5))
    shared = tied({
        ("crown", "league"): (BOND, 0.6, "z"),
        ("league", "guard"): (BACKING, 0.8, "a"), ("league", "riders"): (BACKING, 0.7, "b"),
        ("guard", "band"): (BACKING, 0.5, "c"), ("riders", "band"): (BACKING, 0.5, "d"),
    })  # fmt: skip
    assert shared["band"].p == pytest.approx(0.6 * (1 - (1 - 0.4) * (1 - 0.35)))


def test_a_second_way_by_the_same_source_adds_nothing() -> None:
    found = tied({
        ("crown", "guard"): (BACKING, 0.8, "a"), ("crown", "riders"): (BACKING, 0.7, "b"),
        ("guard", "band"): (BACKING, 0.5, "c"), ("riders", "band"): (BACKING, 0.5, "c"),
    })  # fmt: skip
    assert found["band"].p == pytest.approx(0.4)


def test_the_ally_of_a_body_is_an_ally_and_the_ally_of_one_backed_is_doubtful() -> None:
    for kind, p in ((BOND, 1.0), (BACKING, 0.4)):
        found = tied(
            {("crown", "guard"): (kind, 1.0, "a"), ("guard", "band"): (ALLIANCE, 1.0, "b")}
        )
        assert found["band"].p == pytest.approx(p)
        assert [kind for kind, _ in found["band"].doubts] == ([] if p == 1 else ["ally of backed"])


def test_forces_beside_each_other_are_handed_on_in_half_and_no_further_ally_joins() -> None:
    found = tied({
        ("crown", "guard"): (LOOSE, 1.0, "a"), ("guard", "riders"): (ALLIANCE, 1.0, "b"),
        ("guard", "band"): (BOND, 1.0, "c"),
    })  # fmt: skip
    assert found["guard"].p == found["band"].p == pytest.approx(0.5)
    assert "riders" not in found


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(ACTORS),
            st.sampled_from(ACTORS),
            st.sampled_from([BOND, BACKING, ALLIANCE, LOOSE]),
            st.floats(0.05, 1.0),
            st.sampled_from("abcd"),
        ),
        max_size=12,
    )
)
def test_no_way_alone_is_surer_than_its_weakest_tie_and_together_no_less(
    drawn: list[tuple[str, str, str, float, str]],
) -> None:
    ties = {(a, b): (kind, p, source) for a, b, kind, p, source in drawn if a != b}
    for way in tied(ties).values():
        weakest = min(ties[pair][1] for pair in zip(way.path, way.path[1:], strict=False))
        assert way.alone <= weakest + 1e-12
        assert way.alone - 1e-12 <= way.p <= 1.0 + 1e-12


# ---------------------------------------------------------------- with claims


def network(*claims: Claim) -> AlignmentNetwork:
    return infer_alignment(claims, VOCABULARY, as_of=DAY)


BESIDE = "Guard fighters were present at the crossing alongside the wardens"


def borderland(*more: Claim) -> AlignmentNetwork:
    """The crown backs the guard; the wardens are the realm's, as border guards are a state's."""
    return network(
        claim("crown", "backs", "guard"), claim("wardens", "part_of", "realm"), *more
    )  # fmt: skip


def test_one_alongside_makes_no_ally_of_the_backer() -> None:
    found = borderland(claim("guard", "allied_with", "wardens", quote=BESIDE))
    members = {m.actor: m for m in found.coalition("crown", DAY).members}
    assert members["guard"].p > 0.9
    wardens = members.get("wardens")
    assert wardens is None or wardens.p < 0.3
    assert found.tie("crown", "wardens", DAY).p["aligned"] < 0.45


def test_neither_do_many_nor_those_of_the_state_they_stood_beside() -> None:
    many = [
        claim("guard", "allied_with", "realm", quote=BESIDE, source=s)
        for s in ("post", "times", "herald", "wire", "voice")
    ]
    found = borderland(*many)
    members = {m.actor: m for m in found.coalition("crown", DAY).members}
    assert found.tie("guard", "realm", DAY).p["aligned"] > 0.9
    for actor in ("realm", "wardens"):
        assert members[actor].p < 0.3
        assert members[actor].assumption is not None
        assert "The Guard" in members[actor].assumption


def test_a_named_alliance_of_the_state_itself_makes_one() -> None:
    named = claim("crown", "allied_with", "realm", quote="The crown is an ally of the realm")
    beside = claim("crown", "allied_with", "realm", quote="fought alongside the realm")
    p = {
        quote: next(
            m.p for m in network(one, claim("wardens", "part_of", "realm")).coalition(
                "crown", DAY).members if m.actor == "wardens"
        )
        for quote, one in (("named", named), ("beside", beside))
    }  # fmt: skip
    assert p["named"] > 0.8
    assert p["beside"] < 0.5


def test_a_way_that_says_little_never_speaks_for_the_other_side() -> None:
    """A doubtful way leaves the pair's own odds as they are, or moves them towards aligned."""
    doubtful = claim("crown", "backs", "guard", quote="may back the guard", read=0.2)
    alone = network(claim("crown", "consults", "band", quote="met"))
    both = network(
        claim("crown", "consults", "band", quote="met"),
        doubtful,
        claim("band", "part_of", "guard", quote="part of", read=0.3),
    )
    assert both.tie("crown", "band", DAY).p["aligned"] >= (
        alone.tie("crown", "band", DAY).p["aligned"] - 1e-9
    )


def test_what_belongs_to_an_actor_for_good_is_not_its_foe() -> None:
    vocabulary = VOCABULARY.extended(
        actors=[Actor(id="fleet", name="The Fleet", kind="army", part_of="crown")]
    )
    strike = claim("fleet", "assaults", "crown", quote="struck")
    found = infer_alignment([strike], vocabulary, as_of=DAY)
    assert found.odds("fleet", "crown", DAY) is None


def test_how_ties_are_handed_on_is_a_setting() -> None:
    claims = [claim("crown", "backs", "guard"), claim("guard", "allied_with", "band")]
    firm = AlignmentSettings(
        handing={**AlignmentSettings().handing, "ally_of_backed": 1.0}
    )  # fmt: skip
    p = [
        next(m.p for m in infer_alignment(claims, VOCABULARY, as_of=DAY, settings=s)
             .coalition("crown", DAY).members if m.actor == "band")
        for s in (AlignmentSettings(), firm)
    ]  # fmt: skip
    assert p[0] < 0.4 < 0.9 < p[1]


def test_whom_a_foe_commands_does_not_come_along_with_an_ally() -> None:
    """The guard is formally the realm's, an ally of the league, whose foe the crown backs it."""
    claims = [
        claim("league", "allied_with", "realm"),
        claim("guard", "part_of", "realm"),
        claim("wardens", "part_of", "realm"),
        claim("crown", "backs", "guard"),
    ]
    peace = {m.actor: m for m in network(*claims).coalition("league", DAY).members}
    war = network(*claims, claim("crown", "fights", "league"))
    found = {m.actor: m for m in war.coalition("league", DAY).members}
    assert peace["guard"].p > 0.9
    assert "guard" not in found
    doubtful = network(*claims, claim("crown", "fights", "league", quote="fights", read=0.9))
    guard = {m.actor: m for m in doubtful.coalition("league", DAY).members}["guard"]
    assert guard.p < 0.3
    assert guard.assumption is not None
    assert "The Crown" in guard.assumption
    assert found["wardens"].p == pytest.approx(peace["wardens"].p)
    backer = {m.actor: m.p for m in war.coalition("crown", DAY).members}
    assert backer["guard"] > 0.9
