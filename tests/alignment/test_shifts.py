"""When a tie began, turned or ended; what was said and done; action and answer."""

from datetime import date, timedelta
from importlib.resources import files

import pytest
import yaml

from marchland.alignment import AlignmentNetwork, infer_alignment
from marchland.alignment.acts import (
    acts_between,
    mixed_messages,
    partings,
    periods,
    tone,
    value_of,
)
from marchland.alignment.sequences import sequences
from marchland.alignment.shifts import shifts, turned
from marchland.claims import PREDICATES, Claim, Modality, Ref, Report, Source
from marchland.dates import Span
from marchland.vocabulary import Actor, Vocabulary

BEGIN, END = date(2030, 1, 1), date(2034, 1, 1)
NAMES = {"crown": "The Crown", "guard": "The Guard", "rebels": "The Rebels", "fleet": "The Fleet",
         "chief": "The Chief"}  # fmt: skip
VOCABULARY = Vocabulary.load(None).extended(
    actors=[
        Actor(
            id=a,
            name=n,
            kind=(
                "person in a public role"
                if a == "chief"
                else "state"
                if a in ("crown", "rebels")
                else "army"
            ),
            part_of="crown" if a == "fleet" else None,
        )
        for a, n in NAMES.items()
    ]
)


def told(
    subject: str,
    predicate: str,
    object: str | None,
    after: int,
    *,
    until: int | None = None,
    table: bool = False,
    quote: str = "words",
    speaker: str | None = None,
    modality: Modality = Modality.ASSERTED,
    place: Ref | None = None,
) -> Claim:
    day = BEGIN + timedelta(after)

    def ref(id: str) -> Ref:
        return Ref(id=id, name=NAMES[id])

    return Claim(
        predicate=predicate,
        report=Report.of(
            f"{subject}{predicate}{object}{after}{until}{quote}".encode(),
            title="x",
            source=Source(id=f"s{after}", name=f"Post {after}"),
            published=day,
        ),
        subject=ref(subject),
        object=ref(object) if object else None,
        place=place,
        speaker=ref(speaker) if speaker else None,
        valid=Span(start=day, end=None if until is None else BEGIN + timedelta(until)),
        modality=modality,
        quote=None if table else quote,
        begin=None if table else 0,
        end=None if table else len(quote),
    )


def network(*claims: Claim) -> AlignmentNetwork:
    return infer_alignment(claims, VOCABULARY, as_of=END)


def test_a_turn_has_an_interval_and_the_claims_behind_it() -> None:
    before = told("crown", "backs", "guard", 0)
    after = [told("crown", "fights", "guard", 600), told("guard", "fights", "crown", 630)]
    found = shifts(network(before, *after), "crown", "guard", start=BEGIN, end=END)
    assert [(s.before, s.after) for s in found] == [("aligned", "opposed")]
    (turn,) = found
    assert BEGIN <= turn.earliest <= turn.day <= turn.latest <= BEGIN + timedelta(630)
    assert 0.5 < turn.p < 1
    assert set(turn.claims) == set(after)


def test_a_tie_begins_and_ends_on_the_days_told() -> None:
    found = shifts(
        network(told("crown", "backs", "guard", 100, until=400, table=True)),
        "crown", "guard", start=BEGIN, end=END,
    )  # fmt: skip
    assert [(s.before, s.after) for s in found] == [(None, "aligned"), ("aligned", None)]
    assert [s.day for s in found] == [BEGIN + timedelta(100), BEGIN + timedelta(400)]
    assert all(s.earliest == s.day == s.latest for s in found)


def test_then_and_now() -> None:
    ties = network(
        told("crown", "backs", "guard", 0, until=300, table=True),
        told("crown", "fights", "rebels", 0, table=True),
        told("rebels", "backs", "guard", 500, table=True),
    )
    found = turned(ties, BEGIN + timedelta(10), BEGIN + timedelta(600))
    assert {(t.a, t.b): (t.before, t.after) for t in found} == {
        ("crown", "guard"): ("aligned", None),
        ("guard", "rebels"): (None, "aligned"),
    }
    assert turned(ties, BEGIN + timedelta(10), BEGIN + timedelta(20)) == ()


@pytest.mark.parametrize("predicate", sorted(PREDICATES))
def test_values_lie_on_the_scale(predicate: str) -> None:
    found = value_of(predicate)
    assert found is None or (-10 <= found[0] <= 10 and found[1] in ("said", "done"))


PUBLISHED = {
    "040": 1.0, "050": 3.5, "051": 3.4, "057": 8.0, "062": 7.4, "070": 7.0, "074": 8.5,
    "111": -2.0, "112": -2.0, "120": -4.0, "130": -4.4, "170": -7.0, "180": -9.0, "190": -10.0,
    "192": -9.5,
}  # fmt: skip
"""From the table that the GDELT Project publishes, CAMEO.goldsteinscale.txt."""


def test_values_are_those_published_for_their_codes() -> None:
    table = yaml.safe_load(
        files("marchland.alignment").joinpath("data", "goldstein.yaml").read_text("utf-8")
    )
    rows = [*table["acts"].values(), *table["statements"]]
    assert {r["cameo"]: r["value"] for r in rows} == PUBLISHED


def between(*claims: Claim) -> tuple:  # type: ignore[type-arg]
    return acts_between(claims, "crown", "rebels", vocabulary=VOCABULARY, start=BEGIN, end=END)


def test_a_blow_on_a_place_counts_against_the_side_told_to_be_there() -> None:
    camp = Ref(id="country:GB", name="The Camp")
    there = told("rebels", "presence", None, 1, place=camp)
    blow = told("crown", "assaults", None, 40, place=camp)
    late = told("crown", "assaults", None, 900, place=camp)
    (act,) = between(there, blow, late)
    assert (act.by, act.to, act.claim, act.by_place) == ("crown", "rebels", blow, True)
    assert act.p < blow.p_read
    assert between(blow, late) == ()


def test_who_leads_a_side_speaks_and_acts_for_it_while_in_office() -> None:
    office = told("chief", "commands", "crown", 0, until=400, table=True)
    found = network(office)
    assert found.led_by("crown", BEGIN + timedelta(100), BEGIN + timedelta(200)) == ("chief",)
    assert found.led_by("crown", BEGIN + timedelta(500), END) == ()
    stronger = network(office, told("chief", "leads", "rebels", 10, quote="may lead"))
    assert stronger.led_by("rebels", BEGIN, END) == ()


def test_turns_come_before_ends_and_first_tellings() -> None:
    found = turned(
        network(
            told("crown", "backs", "guard", 0, until=900, table=True),
            told("fleet", "backs", "guard", 0, until=300, table=True),
            told("crown", "fights", "guard", 900, table=True),
            told("rebels", "backs", "guard", 500, table=True),
        ),
        BEGIN + timedelta(10), BEGIN + timedelta(1000),
    )  # fmt: skip
    assert [(t.before, t.after) for t in found] == [
        ("aligned", "opposed"), ("aligned", None), (None, "aligned")
    ]  # fmt: skip


def test_words_and_deeds_are_told_apart_and_part() -> None:
    praise = told("crown", "says", None, 10, quote="The Crown praised The Rebels")
    strike = told("fleet", "assaults", "rebels", 20)
    acts = between(praise, strike)
    assert [(a.by, a.side) for a in acts] == [("crown", "said"), ("crown", "done")]
    (quarter,) = periods(acts)
    assert (quarter.words, quarter.deeds, quarter.parted) == (3.4, -9.0, True)
    assert partings(acts) == ((acts[0], acts[1]),)
    assert partings(acts, within_days=5) == ()


def test_what_is_denied_or_standing_is_no_act_and_what_is_meant_is_said() -> None:
    assert between(told("crown", "assaults", "rebels", 1, modality=Modality.DENIED)) == ()
    assert between(told("crown", "fights", "rebels", 1, table=True)) == ()
    (threat,) = between(told("crown", "assaults", "rebels", 1, modality=Modality.INTENDED))
    assert (threat.side, threat.value) == ("said", -4.5)


def test_who_says_that_the_other_struck_accuses_it() -> None:
    acts = between(told("rebels", "assaults", "crown", 1, speaker="crown"))
    assert {(a.by, a.what) for a in acts} == {("rebels", "assaults"), ("crown", "accuses")}


def test_tones() -> None:
    assert tone("Tehran condemned the strike") < 0 < tone("Tehran welcomed the deal")
    assert tone("the minister spoke") == 0


def test_the_same_said_and_denied_are_mixed_messages() -> None:
    said = told("crown", "backs", "guard", 5, speaker="crown")
    denied = told("crown", "backs", "guard", 300, speaker="crown", modality=Modality.DENIED)
    other = told("rebels", "backs", "guard", 6, speaker="rebels", modality=Modality.DENIED)
    (found,) = mixed_messages([said, denied, other], "crown", vocabulary=VOCABULARY)
    assert (found.first, found.second, found.days_apart) == (said, denied, 295)


def test_friendly_and_hostile_words_to_one_addressee() -> None:
    claims = [told("crown", "consults", "rebels", 5), told("crown", "threatens", "rebels", 20)]
    (found,) = mixed_messages(claims, "crown", vocabulary=VOCABULARY)
    assert "one addressee" in found.why
    assert mixed_messages(claims, "crown", vocabulary=VOCABULARY, within_days=5) == ()


def test_an_answer_has_its_lag_and_the_odds_of_chance() -> None:
    acts = between(
        told("rebels", "assaults", "crown", 10),
        told("crown", "threatens", "rebels", 11),
        told("crown", "assaults", "rebels", 14),
        told("rebels", "assaults", "crown", 500),
    )
    (run,) = sequences(acts, start=BEGIN, end=END)
    assert [(s.by, s.kind, s.lag_days) for s in run.steps] == [
        ("rebels", "strike", None),
        ("crown", "warning", 1),
        ("crown", "strike", 4),
    ]
    assert run.turns == 1
    assert run.steps[1].by_chance is not None
    assert 0 < run.steps[1].by_chance < 0.01


def test_a_clash_answers_nothing() -> None:
    assert sequences(between(told("crown", "fights", "rebels", 1)), start=BEGIN, end=END) == ()
