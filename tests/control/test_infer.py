"""Who holds what: each kind of claim has its own meaning, and the answer keeps its promises."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marchland.claims import Claim
from marchland.control import (
    RULES,
    ControlField,
    ControlSettings,
    infer_control,
    last_claim,
    simple_rule,
)
from marchland.dates import Precision
from marchland.errors import BadInput, UnknownName
from marchland.estimate import Estimate
from marchland.vocabulary import Vocabulary

Tell = Callable[..., Claim]
START, END = date(2016, 1, 1), date(2018, 12, 31)
quick = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def infer(claims: Sequence[Claim], vocabulary: Vocabulary, **options: Any) -> ControlField:
    return infer_control(
        claims, vocabulary, **{"as_of": END, "start": START, "end": END, **options}
    )


def on(field: ControlField, day: str, place: str = "t1") -> Estimate:
    return field.estimate(place, date.fromisoformat(day))


# ---------------------------------------------------------------- what a claim means


def test_a_capture_says_who_held_it_before_and_after(borderland: Vocabulary, tell: Tell) -> None:
    field = infer([tell("captures", "rebels", "t1", "2017-06-04", object="south")], borderland)
    assert on(field, "2017-06-03").best == "south"
    assert on(field, "2017-06-04").best == "rebels"
    assert on(field, "2017-06-04").p["rebels"] > 0.85


def test_taken_lost_and_retaken_within_days(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "rebels", "t1", "2017-01-01"),
        tell("captures", "north", "t1", "2017-11-08", object="rebels"),
        tell("captures", "rebels", "t1", "2017-11-10", object="north"),
        tell("captures", "north-army", "t1", "2017-11-19", object="rebels"),
    ]
    field = infer(claims, borderland)
    days = ("2017-11-07", "2017-11-08", "2017-11-09", "2017-11-10", "2017-11-18", "2017-11-19")
    held = [on(field, day).best for day in days]
    assert held == ["rebels", "north", "north", "rebels", "rebels", "north"]


def test_a_loss_says_only_who_does_not_hold_it(borderland: Vocabulary, tell: Tell) -> None:
    before = infer([tell("holds", "rebels", "t1", "2017-01-01")], borderland)
    after = infer(
        [
            tell("holds", "rebels", "t1", "2017-01-01"),
            tell("loses", "rebels", "t1", "2017-05-01", source="other"),
        ],
        borderland,
    )
    assert on(after, "2017-05-01").p["rebels"] < 0.3 < on(before, "2017-05-01").p["rebels"]
    assert on(after, "2017-04-30").best == "rebels"


def test_a_contest_makes_it_contested(borderland: Vocabulary, tell: Tell) -> None:
    field = infer([tell("contests", "rebels", "t1", "2017-01-01", object="north")], borderland)
    assert on(field, "2017-01-01").best == "contested"


def test_two_holders_of_one_report_split_the_place(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01", report="split"),
        tell("holds", "rebels", "t1", "2017-01-01", report="split"),
    ]
    assert on(infer(claims, borderland), "2017-01-01").best == "contested"


def test_half_a_town_is_no_town(borderland: Vocabulary, tell: Tell) -> None:
    half = tell("holds", "north", "t1", "2017-01-01", quote=("the army held half", 0, 18))
    whole = tell("holds", "north", "t1", "2017-01-01", quote=("the army held it all", 0, 20))
    assert on(infer([half], borderland), "2017-01-01").best == "contested"
    rest = tell("captures", "north", "t1", "2017-01-01", quote=("the army took the rest", 0, 21))
    assert on(infer([whole], borderland), "2017-01-01").best == "north"
    assert on(infer([rest], borderland), "2017-01-01").best == "north"


def test_forces_named_beside_the_holder_are_present_not_rivals(
    borderland: Vocabulary, tell: Tell
) -> None:
    quote = ("the guard and the north-army captured Town 1", 10, 54)
    claims = [
        tell("captures", "guard", "t1", "2017-01-01", object="rebels", report="joint", quote=quote),
        tell(
            "captures",
            "north-army",
            "t1",
            "2017-01-01",
            object="rebels",
            report="joint",
            quote=quote,
        ),
    ]
    field = infer(claims, borderland)
    assert on(field, "2017-01-02").best == "north"
    actors, odds = field.presence(date(2017, 1, 2))
    row = field.places.index("t1")
    assert odds[row, actors.index("guard")] > 0.8
    assert odds[field.places.index("t5"), actors.index("guard")] < 0.1


def test_a_presence_hardly_moves_the_holder(borderland: Vocabulary, tell: Tell) -> None:
    held = tell("holds", "north", "t1", "2017-01-01")
    alone = on(infer([held], borderland), "2017-01-02").p["north"]
    field = infer([held, tell("presence", "guard", "t1", "2017-01-02")], borderland)
    assert on(field, "2017-01-02").p["north"] == pytest.approx(alone, abs=0.1)
    assert on(field, "2017-01-02").best == "north"


@pytest.mark.parametrize("modality", ["intended", "conditional"])
def test_plans_are_no_evidence(borderland: Vocabulary, tell: Tell, modality: str) -> None:
    claim = tell("captures", "rebels", "t1", "2017-01-01", modality=modality)
    answer = on(infer([claim], borderland), "2017-01-01")
    assert answer.n_claims == 0
    assert answer.best is None


def test_firmer_words_weigh_more(borderland: Vocabulary, tell: Tell) -> None:
    def odds(modality: str) -> float:
        claim = tell("holds", "rebels", "t1", "2017-01-01", modality=modality)
        return on(infer([claim], borderland), "2017-01-01").p["rebels"]

    p = [odds(m) for m in ("asserted", "possible", "unclear", "unlikely", "denied")]
    assert p == sorted(p, reverse=True)
    nothing = infer([], borderland, places=["t1"], given={"t6": "rebels"})
    assert p[2] > on(nothing, "2017-01-01").p["rebels"] > p[3]


def test_a_word_in_ones_own_favour_weighs_less(borderland: Vocabulary, tell: Tell) -> None:
    def odds(speaker: str | None) -> float:
        claim = tell("captures", "rebels", "t1", "2017-01-01", object="north", speaker=speaker)
        return on(infer([claim], borderland), "2017-01-01").p["rebels"]

    assert odds("north-army") > odds("south") > odds("rebels")


def test_a_source_may_be_known_to_be_worse(borderland: Vocabulary, tell: Tell) -> None:
    claim = tell("holds", "rebels", "t1", "2017-01-01", source="rumour")
    poor = ControlSettings(reliabilities={"rumour": 0.5})
    assert (
        on(infer([claim], borderland, settings=poor), "2017-01-01").p["rebels"]
        < on(infer([claim], borderland), "2017-01-01").p["rebels"]
    )


def test_prophecy_and_history_are_no_evidence(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "rebels", "t1", "2017-06-01", published="2017-01-01"),
        tell("holds", "rebels", "t1", "1917-06-01", published="2017-01-01"),
    ]
    assert on(infer(claims, borderland), "2017-06-01").n_claims == 0


def test_sources_with_enough_claims_are_judged(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "rebels" if source == "liar" else "north", f"t{i % 4}", f"2017-{m:02}-0{d}",
             source=source)
        for m in range(1, 13)
        for i, d in ((m, 1), (m + 1, 5))
        for source in ("gazette", "herald", "liar")
    ]  # fmt: skip
    learned = infer(claims, borderland).settings.reliabilities
    assert learned["liar"] < 0.6 < 0.9 < learned["gazette"]
    assert infer(claims[:9], borderland).settings.reliabilities == {}
    fixed = ControlSettings(reliabilities={"liar": 0.9})
    assert infer(claims, borderland, settings=fixed).settings.reliabilities["liar"] == 0.9


def test_an_unnamed_winner_still_means_the_loser_is_out(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01"),
        tell("captures", "?gunmen", "t1", "2017-03-01", object="north"),
    ]
    field = infer(claims, borderland)
    assert "?gunmen" not in field.outcomes
    assert on(field, "2017-03-01").p["north"] < on(field, "2017-02-28").p["north"] - 0.2


def test_a_claim_about_an_area_speaks_softly_of_its_places(
    borderland: Vocabulary, tell: Tell
) -> None:
    wide = infer([tell("holds", "rebels", "valley", "2017-01-01")], borderland)
    sharp = infer([tell("holds", "rebels", "t1", "2017-01-01")], borderland)
    nothing = infer([tell("holds", "rebels", "remote", "2017-01-01")], borderland)
    p = [on(f, "2017-01-01").p["rebels"] for f in (nothing, wide, sharp)]
    assert p[0] < p[1] < p[2]
    assert [on(wide, "2017-01-01", t).n_claims for t in ("t0", "t2", "t3")] == [1, 1, 0]


def test_a_claim_about_a_route_speaks_of_its_ends(borderland: Vocabulary, tell: Tell) -> None:
    field = infer([tell("holds", "rebels", "route:t1:t5", "2017-01-01")], borderland)
    assert [on(field, "2017-01-01", t).n_claims for t in ("t1", "t3", "t5")] == [1, 0, 1]


def test_a_month_is_not_its_first_day(borderland: Vocabulary, tell: Tell) -> None:
    held = tell("holds", "north", "t1", "2017-01-01")
    taken = tell(
        "captures", "rebels", "t1", "2017-06-01",
        object="north", precision=Precision.MONTH, published="2017-08-01",
    )  # fmt: skip
    field = infer([held, taken], borderland)
    p = [on(field, d).p["rebels"] for d in ("2017-05-31", "2017-06-15", "2017-06-30")]
    assert p[0] < 0.2 < p[1] < 0.8 < p[2]


def test_odds_fade_with_the_age_of_the_evidence(borderland: Vocabulary, tell: Tell) -> None:
    field = infer([tell("holds", "rebels", "t1", "2016-02-01")], borderland)
    p = [on(field, d).p["rebels"] for d in ("2016-02-01", "2016-08-01", "2017-08-01", "2018-12-01")]
    assert p == sorted(p, reverse=True)
    assert p[0] - p[-1] > 0.2
    assert field.evidence_age_days(date(2016, 3, 2))[field.places.index("t1")] == 30
    assert np.isinf(field.evidence_age_days(date(2016, 1, 2))[field.places.index("t1")])


def test_neighbours_speak_where_nobody_else_does(borderland: Vocabulary, tell: Tell) -> None:
    around = [tell("holds", "rebels", t, "2017-01-01") for t in ("t0", "t2")]
    field = infer(around, borderland)
    assert on(field, "2017-01-01").p["rebels"] > 0.5
    assert on(field, "2017-01-01").n_claims == 0
    assert on(field, "2017-01-01", "remote").p["rebels"] < 0.35


# ---------------------------------------------------------------- what it promises


def test_no_evidence_stays_wide(borderland: Vocabulary, tell: Tell) -> None:
    answer = on(
        infer([tell("holds", "rebels", "t1", "2017-01-01")], borderland), "2017-01-01", "remote"
    )
    assert answer.n_claims == 0
    assert answer.best is None
    assert max(answer.p.values()) < 0.5
    assert "not known" in str(answer)


HOLDERS = st.sampled_from(["north", "south", "rebels", "guard"])
PLACES = st.sampled_from(["t0", "t1", "t2", "t5", "valley"])
TOLD = st.lists(
    st.tuples(
        st.sampled_from(["holds", "captures", "loses", "contests", "presence"]),
        HOLDERS,
        PLACES,
        st.integers(0, 900),
        st.integers(0, 200),
        st.sampled_from(["gazette", "herald", "post"]),
        st.sampled_from(["asserted", "possible", "denied", "unlikely"]),
    ),
    max_size=8,
)


def several(tell: Tell, told: list[tuple[Any, ...]]) -> list[Claim]:
    return [
        tell(
            predicate,
            who,
            where,
            str(START + timedelta(days=day)),
            published=str(START + timedelta(days=day + later)),
            source=source,
            modality=modality,
        )
        for predicate, who, where, day, later, source, modality in told
    ]


@quick
@given(told=TOLD, day=st.integers(0, 1000))
def test_odds_sum_to_one(borderland: Vocabulary, tell: Tell, told: list[Any], day: int) -> None:
    odds = infer(several(tell, told), borderland).odds(START + timedelta(days=day))
    assert np.allclose(odds.sum(axis=1), 1.0)
    assert (odds > 0).all()


@quick
@given(told=TOLD, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(
    borderland: Vocabulary, tell: Tell, told: list[Any], shuffle: Any
) -> None:
    claims = several(tell, told)
    other = claims.copy()
    shuffle.shuffle(other)
    day = date(2017, 3, 5)
    assert (infer(claims, borderland).odds(day) == infer(other, borderland).odds(day)).all()


@quick
@given(told=TOLD, cut=st.integers(0, 900))
def test_later_knowledge_never_changes_an_earlier_view(
    borderland: Vocabulary, tell: Tell, told: list[Any], cut: int
) -> None:
    claims, as_of = several(tell, told), START + timedelta(days=cut)
    then = [c for c in claims if c.published is not None and c.published <= as_of]
    a, b = (infer(c, borderland, as_of=as_of) for c in (claims, then))
    assert a.outcomes == b.outcomes
    for day in (START, as_of, END):
        assert (a.odds(day) == b.odds(day)).all()
    assert (a.draws(as_of, n=8) == b.draws(as_of, n=8)).all()


@quick
@given(told=TOLD, who=HOLDERS, day=st.integers(0, 900))
def test_a_supporting_claim_never_lowers_its_holder(
    borderland: Vocabulary, tell: Tell, told: list[Any], who: str, day: int
) -> None:
    claims = [c for c in several(tell, told) if c.predicate != "holds"]
    when = START + timedelta(days=day)
    more = tell("holds", who, "t1", str(when), source="fresh eyes")
    before, after = infer(claims, borderland), infer([*claims, more], borderland)
    row = before.places.index("t1")
    p = before.odds(when)[row, before.outcomes.index(who)] if who in before.outcomes else 0.0
    assert after.odds(when)[row, after.outcomes.index(who)] >= p - 1e-9


def test_the_days_asked_about_do_not_change_the_answer(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01"),
        tell("captures", "rebels", "t2", "2017-05-01", object="north"),
    ]
    wide, day = infer(claims, borderland), date(2017, 3, 1)
    narrow = infer(claims, borderland, start=day, end=day)
    much_wider = infer(claims, borderland, start=date(2001, 1, 1), end=date(2030, 1, 1))
    assert np.allclose(wide.odds(day), narrow.odds(day), atol=1e-12)
    assert np.allclose(wide.odds(day), much_wider.odds(day), atol=1e-12)


def test_said_twice_by_one_source_counts_once(borderland: Vocabulary, tell: Tell) -> None:
    once = tell("holds", "rebels", "t1", "2017-01-01", report="first")
    again = tell("holds", "rebels", "t1", "2017-01-01", report="second")
    other = tell("holds", "rebels", "t1", "2017-01-01", source="herald")
    p = [
        on(infer(c, borderland), "2017-01-01")
        for c in ([once], [once, again], [once, again, other])
    ]
    assert p[0].p["rebels"] == pytest.approx(p[1].p["rebels"], abs=5e-3)
    assert p[1].n_claims == 1
    assert p[2].p["rebels"] > p[1].p["rebels"] + 0.01
    assert p[2].n_sources == 2


def test_a_corrected_claim_is_out(borderland: Vocabulary, tell: Tell) -> None:
    wrong = tell("holds", "rebels", "t1", "2017-01-01")
    right = wrong.corrected(subject=tell("holds", "north", "t1", "2017-01-01").subject)
    assert on(infer([wrong, right], borderland), "2017-01-01").best == "north"


# ---------------------------------------------------------------- explanations


def test_influence_is_what_leaving_the_claim_out_does(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "rebels", "t1", "2017-01-01"),
        tell("captures", "north", "t1", "2017-06-01", object="rebels", source="herald"),
        tell("captures", "rebels", "t1", "2017-06-02", modality="denied", source="post"),
    ]
    frozen = ControlSettings(detection=0.0)
    answer = on(infer(claims, borderland, settings=frozen), "2017-06-03")
    assert answer.best == "north"
    assert {b.claim.id for b in answer.because} == {c.id for c in claims}
    for reason in answer.because:
        rest = [c for c in claims if c.id != reason.claim.id]
        without = on(infer(rest, borderland, settings=frozen), "2017-06-03").p.get("north", 0.0)
        assert answer.p["north"] - without == pytest.approx(reason.weight, abs=2e-3)
    assert answer.because[0].claim.id == claims[1].id


def test_the_interval_holds_the_odds_and_narrows_with_evidence(
    borderland: Vocabulary, tell: Tell
) -> None:
    one = on(infer([tell("holds", "rebels", "t1", "2017-01-01")], borderland), "2017-02-01")
    claims = [tell("holds", "rebels", "t1", f"2017-0{m}-01", source=f"s{m}") for m in (1, 2, 3)]
    more = on(infer(claims, borderland), "2017-02-01")
    for answer in (one, more):
        for outcome, (low, high) in answer.interval.items():
            assert low <= answer.p[outcome] + 1e-3
            assert answer.p[outcome] <= high + 1e-3
    low, high = one.interval["rebels"]
    closer_low, closer_high = more.interval["rebels"]
    assert closer_high - closer_low < high - low


def test_same_inputs_same_answer_to_the_byte(borderland: Vocabulary, tell: Tell) -> None:
    claims = [tell("holds", "rebels", "t1", "2017-01-01")]
    assert on(infer(claims, borderland), "2017-02-01").id == on(
        infer(claims, borderland), "2017-02-01"
    ).id  # fmt: skip


# ---------------------------------------------------------------- what-if, errors, the rule beside


def test_an_assumption_sets_its_place_and_no_other(borderland: Vocabulary, tell: Tell) -> None:
    claims = [tell("holds", "rebels", "t1", "2017-01-01")]
    plain = infer(claims, borderland)
    assumed = infer(claims, borderland, given={"t1": "north-army"})
    assert on(assumed, "2017-06-01").p["north"] == pytest.approx(1.0)
    assert on(assumed, "2017-06-01").given == {"t1": "north"}
    row = plain.places.index("t2")
    assert np.allclose(assumed.odds(START)[row], plain.odds(START)[row])


def test_questions_it_cannot_answer(borderland: Vocabulary, tell: Tell) -> None:
    field = infer([tell("holds", "rebels", "t1", "2017-01-01")], borderland)
    with pytest.raises(BadInput, match="outside"):
        field.odds(date(2040, 1, 1))
    with pytest.raises(UnknownName):
        field.estimate("nowhere", START)
    with pytest.raises(UnknownName):
        infer([], borderland, places=["nowhere"])
    with pytest.raises(UnknownName, match="area"):
        infer([], borderland, places=["valley"])
    with pytest.raises(BadInput, match="before"):
        infer([], borderland, start=END, end=START)


def test_the_last_claim_rule(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01"),
        tell("captures", "rebels", "t1", "2017-06-01", published="2017-07-01"),
        tell("captures", "guard", "t1", "2017-06-02", modality="denied"),
    ]
    rule = last_claim(claims, borderland, as_of=date(2017, 12, 1))
    day = date(2017, 6, 15)
    assert rule.estimate("t1", day).best == "rebels"
    assert rule.estimate("t1", day).p["rebels"] == pytest.approx(0.7)
    assert last_claim(claims, borderland, as_of=day).estimate("t1", day).best == "north"
    assert rule.estimate("t2", day).best is None
    assert np.allclose(rule.odds(day).sum(axis=1), 1.0)


def test_each_simple_rule_has_its_own_answer(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01", source="gazette"),
        tell("holds", "north", "t1", "2017-01-02", source="herald"),
        tell("captures", "rebels", "t1", "2017-06-01", speaker="rebels", source="post"),
    ]
    day = date(2017, 6, 15)
    asked = {r: simple_rule(claims, borderland, as_of=END, rule=r) for r in RULES}
    best = {r: rule.estimate("t1", day).best for r, rule in asked.items()}
    assert best.pop("own chain") in ("north", "rebels")
    assert best == {
        "last claim": "rebels",
        "last but own favour": "north",
        "majority": "north",
        "nearest place": "rebels",
    }
    nearest = asked["nearest place"]
    row = nearest.odds(day)[nearest.places.index("t2")]
    assert nearest.outcomes[row.argmax()] == "rebels"
    for rule in asked.values():
        odds = rule.odds(day)
        assert np.allclose(odds.sum(axis=1), 1.0)
        assert (odds > 0).all()
        assert rule.n_claims(day).sum() == 1


def test_how_far_and_how_well_a_place_is_told_of(borderland: Vocabulary, tell: Tell) -> None:
    claims = [
        tell("holds", "north", "t1", "2017-01-01"),
        tell("holds", "north", "t1", "2017-01-02", source="herald"),
        tell("holds", "north", "t5", "2018-01-01"),
    ]
    field = infer(claims, borderland)
    row = {p: i for i, p in enumerate(field.places)}
    before, after = (field.evidence_distance_km(d) for d in (date(2017, 2, 1), END))
    assert before[row["t1"]] == after[row["t1"]] == after[row["t5"]] == 0.0
    assert 80 < before[row["t5"]] < 100
    assert before[row["t4"]] > after[row["t4"]] > 0
    assert np.isinf(field.evidence_distance_km(date(2016, 2, 1))).all()
    assert field.n_sources(END)[[row["t1"], row["t2"], row["t5"]]].tolist() == [2, 0, 1]
