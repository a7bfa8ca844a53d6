"""How firmly a road is held: a score whose parts are visible, and move it as they should."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from marchland.claims import Claim
from marchland.corridor import CorridorEstimate, CorridorSettings, Firmness, PlaceFirmness, judge

_spec = spec_from_file_location("borderland", Path(__file__).with_name("conftest.py"))
assert _spec is not None
assert _spec.loader is not None
borderland = module_from_spec(_spec)
_spec.loader.exec_module(borderland)
ALL_CROWN, DAY, PLACES = borderland.ALL_CROWN, borderland.DAY, borderland.PLACES
claim, holding = borderland.claim, borderland.holding

Ask = Callable[..., CorridorEstimate]
SOURCES = ("post", "times", "herald")


def places(found: Firmness) -> dict[str, PlaceFirmness]:
    return {p.place: p for s in found.stretches for p in s.places}


def asked_since(claims: list[Claim], start: date) -> CorridorEstimate:
    """The corridor on a field that looks back to a day."""
    field = borderland.infer_control(
        claims, borderland.VOCABULARY, as_of=DAY, start=start, end=DAY, places=PLACES
    )
    return judge(
        borderland.QUESTION, field, borderland.infer_alignment(
            claims, borderland.VOCABULARY, as_of=DAY
        ),
        borderland.ROADS, borderland.VOCABULARY, on=DAY, as_of=DAY, claims=claims,
        settings=CorridorSettings(draws=512),
    )  # fmt: skip


def test_the_score_is_the_odds_times_the_mean_of_its_parts(ask: Ask) -> None:
    for place in places(ask(holding(**ALL_CROWN)).firmness).values():
        rest = [v for k, v in place.parts.items() if k != "held"]
        assert place.score == pytest.approx(place.parts["held"] * sum(rest) / len(rest))
        assert all(0 <= v <= 1 for v in place.parts.values())
        assert place.claims


def test_a_stretch_is_as_firm_as_its_weakest_place_and_ends_at_a_border(ask: Ask) -> None:
    found = ask(holding(**ALL_CROWN)).firmness
    assert [(s.places[0].place, s.places[-1].place) for s in found.stretches] == [
        ("alder", "gate-east"), ("gate-west", "birch"),
    ]  # fmt: skip
    for stretch in found.stretches:
        assert stretch.score == min(p.score for p in stretch.places) == stretch.weakest.score


def test_both_sides_of_a_crossing_or_one(ask: Ask) -> None:
    (both,) = ask(holding(**ALL_CROWN)).firmness.crossings
    (one,) = ask(holding(**{**ALL_CROWN, "gate_west": "rebels"})).firmness.crossings
    assert (both.sides, one.sides) == ("both", "one")
    assert one.score < both.score


def test_the_nearer_a_rival_the_less_deep(ask: Ask) -> None:
    alone = places(ask(holding(**ALL_CROWN)).firmness)
    beside = places(ask(holding(**{**ALL_CROWN, "bridge": "rebels"})).firmness)
    assert all(p.rival is None and "depth" not in p.parts for p in alone.values())
    assert beside["birch"].rival == "bridge"
    assert beside["birch"].rival_km < beside["alder"].rival_km
    assert beside["birch"].parts["depth"] < beside["alder"].parts["depth"]


def test_forces_there_make_it_firmer(ask: Ask) -> None:
    held = holding(**ALL_CROWN)
    backed = [claim("backs", "crown", other="guard", source=s) for s in SOURCES]
    there = [claim("presence", "guard", place="gate-west", source=s) for s in SOURCES]
    with_it = places(ask([*held, *backed, *there]).firmness)["gate-west"]
    without = places(ask([*held, *backed]).firmness)["gate-west"]
    assert set(with_it.forces) - set(without.forces) == {"guard"}
    assert with_it.parts["garrison"] > without.parts["garrison"]


def test_days_since_it_was_taken() -> None:
    start = DAY - timedelta(days=400)
    claims = [
        claim("holds", "rebels" if p == "gate-west" else "crown", place=p, on=start, source=s)
        for p in PLACES
        for s in SOURCES
    ]
    claims += [
        claim("captures", "crown", other="rebels", place="gate-west",
              on=DAY - timedelta(days=100), source=s)
        for s in SOURCES
    ]  # fmt: skip
    found = places(asked_since(claims, start).firmness)
    assert abs(found["gate-west"].held_days - 100) <= 14
    assert not found["gate-west"].at_least
    assert found["alder"].held_days > 380
    assert found["alder"].at_least


def test_the_record_names_every_part(ask: Ask) -> None:
    record = ask(holding(**ALL_CROWN)).to_json()["firmness"]
    assert record["crossings"][0]["sides"] == "both"
    assert set(record["stretches"][0]["places"][0]["parts"]) >= {"held", "duration", "freshness"}
