"""Whether the road is open: status first, and unknown said to be unknown."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from marchland.corridor import CorridorEstimate, CorridorQuestion, CorridorSettings, timeline
from marchland.corridor.worlds import draw_worlds
from marchland.errors import BadInput

_spec = spec_from_file_location("borderland", Path(__file__).with_name("conftest.py"))
assert _spec is not None
assert _spec.loader is not None
borderland = module_from_spec(_spec)
_spec.loader.exec_module(borderland)
ALL_CROWN, DAY, QUESTION = borderland.ALL_CROWN, borderland.DAY, borderland.QUESTION
claim, holding = borderland.claim, borderland.holding

Ask = Callable[..., CorridorEstimate]


def test_a_road_held_by_the_traveller_throughout_is_open(ask: Ask) -> None:
    answer = ask(holding(**ALL_CROWN))
    assert answer.status == "open"
    assert answer.p["open"] > 0.9
    assert [s.place for s in answer.route] == ["alder", "gate-east", "gate-west", "bridge", "birch"]
    assert answer.km == 71
    assert answer.unpaved_km == 0


def test_a_rival_on_the_only_crossing_breaks_it(ask: Ask) -> None:
    answer = ask(holding(**{**ALL_CROWN, "gate_west": "rebels"}))
    assert answer.status == "broken"
    assert answer.chokepoints[0].place == "gate-west"
    assert answer.chokepoints[0].importance > 0.7


def test_a_rival_on_one_of_two_ways_leaves_the_other(ask: Ask) -> None:
    answer = ask(holding(**{**ALL_CROWN, "bridge": "rebels"}))
    assert answer.status == "open"
    assert "ford" in [s.place for s in answer.route]
    assert answer.unpaved_km == 30


def test_without_a_claim_it_is_unknown_and_wide(ask: Ask) -> None:
    answer = ask([])
    low, high = answer.interval["open"]
    assert answer.status == "unknown"
    assert answer.n_claims == 0
    assert low < 0.1
    assert high > 0.9
    assert "not known" in str(answer)


def test_one_unreported_place_that_every_route_needs_makes_it_unknown(ask: Ask) -> None:
    held = {k: v for k, v in ALL_CROWN.items() if k != "gate_west"}
    assert ask(holding(**held), old_days=400).status in ("unknown", "open")
    assert ask(holding(alder="crown", birch="crown")).status == "unknown"


def test_old_evidence_is_too_old(ask: Ask) -> None:
    claims = holding(**ALL_CROWN)
    later = DAY + timedelta(days=2000)
    assert ask(claims, on=later, old_days=365).status == "unknown"


def test_a_backed_force_lets_its_backer_pass_and_a_rival_does_not(ask: Ask) -> None:
    held = holding(**{**ALL_CROWN, "gate_west": "guard"})
    backed = [claim("backs", "crown", other="guard", source=s) for s in ("post", "times")]
    assert ask(held).status == "broken"
    assert ask([*held, *backed]).status == "open"


def test_permissive_ground_counts_loosely_and_strictly_only_beside_an_aligned_force(
    ask: Ask,
) -> None:
    held = holding(**{**ALL_CROWN, "gate_west": "league"})
    let_pass = {"permissive": {"league": "it trades with the Crown"}, "beside": ("league",)}
    assert ask(held).status == "broken"
    loose = ask(held, ground="loose", **let_pass)
    assert loose.status == "open"
    assert any("it trades with the Crown" in a for a in loose.assumptions)
    assert ask(held, ground="strict", **let_pass).status == "broken"
    backed = claim("backs", "crown", other="guard")
    beside = [claim("presence", "guard", place="gate-west", source=s) for s in ("post", "times")]
    assert ask([*held, backed, *beside], ground="strict", **let_pass).p["open"] > 0.5


def test_an_assumption_is_taken_and_printed(ask: Ask) -> None:
    claims = holding(**ALL_CROWN)
    answer = ask(claims, given={"gate-west": "rebels"})
    assert answer.status == "broken"
    assert answer.given == {"gate-west": "rebels"}
    assert ask(claims, given={"gate-west": "closed"}).p["open"] == 0.0


def test_a_closed_crossing_is_said_and_shut_only_for_legal_traffic(ask: Ask) -> None:
    claims = [*holding(**ALL_CROWN), claim("closes", "crown", place="gate-west")]
    answer = ask(claims)
    assert answer.status == "open"
    assert answer.crossings[0].closed_by == claims[-1].id
    assert any("closed to traffic" in a for a in answer.assumptions)
    assert ask(claims, legal_only=True).status == "broken"


def test_a_crossing_has_two_sides(ask: Ask) -> None:
    answer = ask(holding(**{**ALL_CROWN, "gate_west": "guard"}))
    (crossing,) = answer.crossings
    assert (crossing.near.place, crossing.near.holder) == ("gate-east", "crown")
    assert (crossing.far.place, crossing.far.holder) == ("gate-west", "guard")


def test_a_waypoint_has_to_be_passed_and_a_place_avoided(ask: Ask) -> None:
    claims = holding(**ALL_CROWN)
    by_ford = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown", via=("ford",)
    )
    assert "ford" in [s.place for s in ask(claims, by_ford).route]
    around = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown", avoid=("bridge", "ford")
    )
    assert ask(claims, around).status == "broken"


def test_a_waypoint_where_the_road_is_already_is_left_out(ask: Ask) -> None:
    asked = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown",
        via=("alder", "ford", "ford", "birch"),
    )  # fmt: skip
    assert asked.via == ("ford",)
    back = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown", via=("birch", "ford")
    )
    assert back.ends == ("alder", "birch", "ford", "birch")


def test_who_lets_one_traveller_pass_does_not_let_its_rival(ask: Ask) -> None:
    held = holding(**{**ALL_CROWN, "gate_west": "league"})
    let_pass = {"permissive": {"league": "it trades with the Guard"}, "let_pass": "guard"}
    rival = ask(held, **let_pass)
    assert rival.status == "broken"
    assert any("said in theatre.toml to let The Guard pass" in a for a in rival.assumptions)
    allied = [claim("allied_with", "guard", other="crown", source=s) for s in ("post", "times")]
    assert ask([*held, *allied], **let_pass).status == "open"
    assert ask(held, **{**let_pass, "let_pass": "crown"}).status == "open"


def test_a_day_long_after_what_is_known_is_said_to_be_so(ask: Ask) -> None:
    claims = holding(**ALL_CROWN)
    assert "Nothing is known of the 90 days" in str(ask(claims, on=DAY + timedelta(days=90)))
    assert "Nothing is known" not in str(ask(claims, on=DAY + timedelta(days=9)))


def test_contested_is_neither_open_nor_broken(ask: Ask) -> None:
    held = holding(**{k: v for k, v in ALL_CROWN.items() if k != "gate_west"})
    fought = [
        claim("contests", who, place="gate-west", source=s)
        for who in ("rebels", "crown")
        for s in ("post", "times", "herald")
    ]
    answer = ask([*held, *fought])
    assert answer.status == "contested"
    assert answer.p["contested"] > answer.p["open"]


def test_a_contested_waypoint_is_reached_where_a_force_of_the_travellers_side_is_there(
    ask: Ask,
) -> None:
    held = holding(**{k: v for k, v in ALL_CROWN.items() if k != "bridge"})
    sources = ("post", "times", "herald")
    before = DAY - timedelta(days=20)
    rebels = [
        *(claim("holds", "rebels", place="bridge", source=s, on=before) for s in sources),
        *(claim("contests", w, place="bridge", source=s) for w in ("rebels", "league")
          for s in sources),
    ]  # fmt: skip
    backed = claim("backs", "crown", other="guard")
    guard = [claim("contests", "guard", place="bridge", source=s) for s in sources]
    by_bridge = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown", via=("bridge",)
    )
    assert ask([*held, *rebels], by_bridge).p["open"] < 0.2
    answer = ask([*held, *rebels, backed, *guard], by_bridge)
    assert answer.p["open"] > 0.5


def test_many_forces_that_nobody_told_of_at_a_place_are_no_presence_there() -> None:
    held = {**ALL_CROWN, "gate_west": "league"}
    forces = [f"force-{n}" for n in range(60)]
    claims = [
        *holding(**held),
        *(claim("backs", "crown", other=f) for f in forces),
        *(claim("presence", f, place="alder") for f in forces),
    ]
    field, network = borderland.infer(claims)
    coalition = network.coalition(
        "crown", DAY, ground="strict", permissive={"league": "it trades"}, beside=("league",)
    )
    assert {m.actor for m in coalition.members} > set(forces)
    worlds = draw_worlds(borderland.PLACES, field, coalition, on=DAY, n=1024, seed=0)
    assert worlds.passable[:, borderland.PLACES.index("gate-west")].mean() < 0.1


def test_each_answer_carries_its_claims_and_odds_sum_to_one(ask: Ask) -> None:
    answer = ask(holding(**ALL_CROWN))
    assert sum(answer.p.values()) == pytest.approx(1.0)
    assert {b.claim.id for b in answer.because} <= {c.id for c in holding(**ALL_CROWN)}
    assert answer.n_sources == 3
    assert answer.id == ask(holding(**ALL_CROWN)).id


def test_land_against_air_has_ranges_and_sources(ask: Ask) -> None:
    answer = ask(holding(**ALL_CROWN))
    land, air = answer.transport["land"], answer.air
    assert land["km"] == 71
    for side in (land, air):
        cost = side["usd_per_tonne"]
        assert cost["low"] <= cost["value"] <= cost["high"]
        assert all(f["source"] for f in side["figures"].values())


def test_what_can_not_be_asked_is_said(ask: Ask) -> None:
    with pytest.raises(BadInput, match="same place"):
        CorridorQuestion(origin="alder", destination="alder", traveller="crown")
    with pytest.raises(BadInput, match="Iraq is an area; name a place in it"):
        ask([], CorridorQuestion(origin="alder", destination="country:IQ", traveller="crown"))
    with pytest.raises(BadInput, match="passed and to be avoided"):
        CorridorQuestion(
            origin="alder", destination="birch", traveller="crown", via=("ford",), avoid=("ford",)
        )
    with pytest.raises(BadInput, match="ground is loose or strict"):
        CorridorSettings(ground="some")
    with pytest.raises(BadInput, match=r"unknown setting of \[corridor\]: speed"):
        CorridorSettings.from_mapping({"speed": 3})


def test_a_timeline_finds_the_day_of_the_change() -> None:
    lost = date(2030, 5, 20)
    claims = [
        claim("holds", "crown", place=p, on=date(2030, 4, 1), source=s)
        for p in borderland.PLACES
        for s in ("post", "times", "herald")
    ]
    claims += [
        claim("captures", "rebels", other="crown", place="gate-west", on=lost, source=s)
        for s in ("post", "times", "herald")
    ]
    field = borderland.infer_control(
        claims,
        borderland.VOCABULARY,
        as_of=DAY,
        start=date(2030, 4, 1),
        end=DAY,
        places=borderland.PLACES,
    )
    line = timeline(
        QUESTION,
        field,
        borderland.infer_alignment(claims, borderland.VOCABULARY, as_of=DAY),
        borderland.ROADS,
        borderland.VOCABULARY,
        start=date(2030, 4, 1),
        end=DAY,
        as_of=DAY,
        settings=CorridorSettings(draws=512),
    )
    assert [(c.on, c.before, c.after) for c in line.changes] == [(lost, "open", "broken")]
    assert line.changes[0].places[0][0] == "gate-west"
    assert line.first("broken") == lost
    assert {c.place.id for c in line.changes[0].claims if c.place} == {"gate-west"}


def test_the_odds_of_a_place_are_worked_out_as_they_are_drawn() -> None:
    held = {**ALL_CROWN, "gate_west": "league"}
    field, network = borderland.infer(holding(**held))
    coalition = network.coalition("crown", DAY, permissive={"league": "it trades"})
    n = 4096
    worlds = draw_worlds(
        borderland.PLACES, field, coalition, on=DAY, n=n, seed=1, ends=("alder", "birch"),
        shut=("ford",), forced={"bridge": True},
    )  # fmt: skip
    drawn = worlds.passable.mean(axis=0)
    assert abs(worlds.p - drawn).max() < 5 * (0.25 / n) ** 0.5
    assert worlds.p[borderland.PLACES.index("ford")] == 0
    assert worlds.p[borderland.PLACES.index("bridge")] == 1


def test_what_would_break_or_open_it_is_said_with_its_odds(ask: Ask) -> None:
    whole = ask(holding(**ALL_CROWN))
    assert {c.kind for c in whole.changes} == {"breaks"}
    assert ("gate-west",) in [c.places for c in whole.changes]
    assert {"ford", "bridge"} in [set(c.places) for c in whole.changes]
    assert all(c.p_open < 0.05 for c in whole.changes)
    (cut,) = ask(holding(**{**ALL_CROWN, "gate_west": "rebels"})).changes
    assert (cut.kind, cut.places) == ("opens", ("gate-west",))
    assert cut.p < 0.05 < 0.9 < cut.p_open


def test_the_interval_keeps_within_bounds_that_need_no_draws(ask: Ask) -> None:
    answer = ask(holding(**{**ALL_CROWN, "gate_west": "rebels", "gate_east": "rebels"}))
    low, high = answer.interval["open"]
    assert low <= answer.p["open"] <= high < 0.006
    assert sum(answer.p.values()) == pytest.approx(1.0)
