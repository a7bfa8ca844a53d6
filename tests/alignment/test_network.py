"""Who stands with whom: dated, signed, sourced; what a tie hands on and what it does not."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.alignment import AlignmentNetwork, infer_alignment
from marchland.claims import Claim, Modality, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import BadInput
from marchland.vocabulary import Actor, Vocabulary

DAY = date(2030, 6, 1)
ACTORS = ("crown", "guard", "band", "ally", "client", "rebels", "league")
VOCABULARY = Vocabulary.load(None).extended(
    actors=[
        Actor(id=a, name=f"The {a.title()}", kind="state" if a in ("crown", "ally") else "army")
        for a in ACTORS
    ]
)


def tie(
    a: str,
    predicate: str,
    b: str,
    *,
    start: date = date(2030, 1, 1),
    end: date | None = None,
    modality: str = "asserted",
    source: str = "post",
    published: date | None = None,
) -> Claim:
    report = Report.of(
        f"{a}{predicate}{b}{start}{source}{modality}".encode(),
        title="A table",
        source=Source(id=source, name=source),
        published=published or start,
    )
    return Claim(
        predicate=predicate,
        report=report,
        subject=Ref(id=a, name=a),
        object=Ref(id=b, name=b),
        valid=Span(start=start, end=end),
        modality=Modality(modality),
    )


def network(*claims: Claim, **options: object) -> AlignmentNetwork:
    return infer_alignment(claims, VOCABULARY, as_of=DAY, **options)  # type: ignore[arg-type]


def test_backing_aligns_and_fighting_opposes() -> None:
    backed = network(tie("crown", "backs", "guard")).tie("crown", "guard", DAY)
    fought = network(tie("crown", "fights", "rebels")).tie("crown", "rebels", DAY)
    assert (backed.best, fought.best) == ("aligned", "opposed")
    assert backed.p["aligned"] > 0.9
    assert fought.p["opposed"] > 0.8
    assert (backed.ties[0].kind, backed.ties[0].subject) == ("backs", "crown")


def test_two_actors_nobody_wrote_about_are_not_known() -> None:
    unknown = network().tie("crown", "league", DAY)
    assert unknown.best is None
    assert max(unknown.p.values()) < 0.4


def test_a_tie_begins_and_ends() -> None:
    ended = network(tie("crown", "backs", "guard", end=date(2030, 3, 1)))
    assert ended.tie("crown", "guard", date(2030, 2, 1)).best == "aligned"
    assert ended.tie("crown", "guard", date(2029, 12, 31)).best is None
    assert ended.tie("crown", "guard", DAY).best is None


def test_a_denial_speaks_against_and_an_intention_not_at_all() -> None:
    said = network(tie("crown", "backs", "guard"))
    denied = network(
        tie("crown", "backs", "guard"),
        tie("crown", "backs", "guard", modality="denied", source="x"),
    )
    intended = network(tie("crown", "backs", "guard", modality="intended"))
    p = said.tie("crown", "guard", DAY).p["aligned"]
    assert denied.tie("crown", "guard", DAY).p["aligned"] < p
    assert intended.tie("crown", "guard", DAY).best is None


def test_what_was_published_later_is_not_used() -> None:
    late = network(tie("crown", "backs", "guard", published=date(2030, 7, 1)))
    assert late.tie("crown", "guard", DAY).n_claims == 0


def test_command_membership_and_backing_hand_on_downwards() -> None:
    found = network(tie("crown", "backs", "guard"), tie("band", "part_of", "guard"))
    coalition = found.coalition("crown", DAY)
    members = {m.actor: m for m in coalition.members}
    assert members["band"].path == ("crown", "guard", "band")
    assert members["crown"].p == 1.0
    assert found.tie("crown", "band", DAY).path == ("crown", "guard", "band")


def test_alliance_takes_one_step_and_does_not_compose() -> None:
    found = network(tie("crown", "allied_with", "ally"), tie("ally", "allied_with", "league"))
    assert "ally" in {m.actor for m in found.coalition("crown", DAY).members}
    assert "league" not in {m.actor for m in found.coalition("crown", DAY).members}


def test_backing_goes_down_and_not_up() -> None:
    found = network(tie("ally", "backs", "guard"), tie("crown", "backs", "guard"))
    assert {m.actor for m in found.coalition("crown", DAY).members} == {"crown", "guard"}


def test_an_enemy_is_no_member_however_it_is_tied() -> None:
    found = network(
        tie("crown", "allied_with", "ally"),
        tie("ally", "backs", "rebels"),
        tie("crown", "fights", "rebels"),
        tie("crown", "opposes", "rebels", source="times"),
    )
    assert "rebels" not in {m.actor for m in found.coalition("crown", DAY).members}


def test_a_permissive_actor_is_a_member_by_a_stated_assumption() -> None:
    reasons = {"league": "it trades with the Crown"}
    loose = network().coalition("crown", DAY, ground="loose", permissive=reasons)
    strict = network().coalition(
        "crown", DAY, ground="strict", permissive=reasons, beside=("league",)
    )
    member = next(m for m in loose.members if m.actor == "league")
    assert member.assumption == "it trades with the Crown"
    assert not member.conditional
    assert next(m for m in strict.members if m.actor == "league").conditional


def test_strict_leaves_permissive_ground_open_that_is_not_named() -> None:
    reasons = {"league": "it trades with the Crown"}
    strict = network().coalition("crown", DAY, ground="strict", permissive=reasons)
    assert not next(m for m in strict.members if m.actor == "league").conditional


def test_draws_have_the_members_odds_and_hang_on_the_path() -> None:
    found = network(
        tie("crown", "backs", "guard", modality="possible"),
        tie("guard", "commands", "band", modality="possible"),
    ).coalition("crown", DAY)
    actors, drawn = found.draws(n=20_000)
    at = {a: i for i, a in enumerate(actors)}
    for member in found.members:
        assert drawn[:, at[member.actor]].mean() == pytest.approx(member.p, abs=0.02)
    assert not (drawn[:, at["band"]] & ~drawn[:, at["guard"]]).any()


def test_an_assumption_overrides_what_claims_say() -> None:
    claims = (tie("crown", "backs", "guard"),)
    against = network(*claims, given={"guard": "against"}).coalition("crown", DAY)
    beside = network(given={"rebels": "with"}).coalition("crown", DAY)
    assert "guard" not in {m.actor for m in against.members}
    assert next(m for m in beside.members if m.actor == "rebels").p == 1.0
    with pytest.raises(BadInput, match="with or against"):
        network(given={"guard": "maybe"})


def test_draws_of_membership_have_the_odds_as_margins() -> None:
    coalition = network(
        tie("crown", "backs", "guard", modality="possible"), tie("crown", "backs", "band")
    ).coalition("crown", DAY)
    actors, drawn = coalition.draws(n=8192)
    for member, share in zip(coalition.members, drawn.mean(axis=0), strict=True):
        assert member.actor in actors
        assert share == pytest.approx(member.p, abs=0.03)


def test_an_actor_is_not_asked_about_itself() -> None:
    with pytest.raises(BadInput, match="itself"):
        network().tie("crown", "crown", DAY)


@settings(deadline=None)
@given(
    claims=st.lists(
        st.builds(
            tie,
            st.sampled_from(ACTORS[:3]),
            st.sampled_from(["backs", "fights", "allied_with", "deals_with", "assaults"]),
            st.sampled_from(ACTORS[3:]),
            source=st.sampled_from(["post", "times", "herald"]),
        ),
        max_size=8,
    )
)
def test_odds_sum_to_one_and_more_backing_never_lowers_alignment(claims: list[Claim]) -> None:
    before = network(*claims).tie("crown", "ally", DAY)
    after = network(*claims, tie("crown", "backs", "ally", source="new")).tie("crown", "ally", DAY)
    assert sum(before.p.values()) == pytest.approx(1.0)
    assert after.p["aligned"] >= before.p["aligned"] - 1e-9
