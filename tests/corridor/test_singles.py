"""Each single change: what the question with that assumption gives, ranked by its effect."""

from collections.abc import Callable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as forall
from hypothesis import strategies as st

from marchland.claims import Claim
from marchland.corridor import CorridorEstimate, CorridorQuestion, CorridorSettings, Sweep, sweep

_spec = spec_from_file_location("borderland", Path(__file__).with_name("conftest.py"))
assert _spec is not None
assert _spec.loader is not None
borderland = module_from_spec(_spec)
_spec.loader.exec_module(borderland)
ALL_CROWN, DAY, QUESTION = borderland.ALL_CROWN, borderland.DAY, borderland.QUESTION
claim, holding = borderland.claim, borderland.holding

Ask = Callable[..., CorridorEstimate]
LETS_PASS = {"permissive": {"league": "it trades with the Crown"}, "beside": ("league",)}


def try_each(
    claims: list[Claim],
    *,
    question: CorridorQuestion = QUESTION,
    given: Mapping[str, str] | None = None,
    **changed: object,
) -> Sweep:
    field, network = borderland.infer(claims, given=dict(given or {}))
    return sweep(
        question, field, network, borderland.ROADS, borderland.VOCABULARY, on=DAY, as_of=DAY,
        claims=claims, given=given, settings=CorridorSettings(draws=512, **changed),  # type: ignore[arg-type]
    )  # fmt: skip


def effects(found: Sweep) -> dict[tuple[str, tuple[str, ...]], float]:
    return {(s.kind, s.about): s.effect for s in found.singles}


def test_the_one_crossing_matters_most_and_one_of_two_ways_little() -> None:
    found = try_each(holding(**ALL_CROWN))
    moved = effects(found)
    assert found.status == "open"
    assert moved["crossing closed", ("gate-west",)] == pytest.approx(-found.p_open, abs=0.01)
    assert abs(moved.get(("place lost", ("ford",)), 0.0)) < 0.1
    assert [abs(s.effect) for s in found.singles] == sorted(
        (abs(s.effect) for s in found.singles), reverse=True
    )


def test_what_would_open_a_broken_road_comes_first() -> None:
    found = try_each(holding(**{**ALL_CROWN, "gate_west": "rebels"}))
    assert found.status == "broken"
    first = {(s.kind, s.about): s for s in found.singles if s.effect > 0.8}
    assert ("crossing opened", ("gate-east", "gate-west")) in first
    assert first["actor with", ("rebels",)].status == "open"


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@forall(st.lists(st.sampled_from(["crown", "guard", "rebels", "league"]), min_size=6, max_size=6))
def test_each_change_is_what_the_question_with_that_assumption_gives(
    ask: Ask, holders: list[str]
) -> None:
    held = dict(zip(ALL_CROWN, holders, strict=True))
    backed = [claim("backs", "crown", other="guard", source=s) for s in ("post", "times")]
    claims = [*holding(**held), *backed]
    found = try_each(claims, **LETS_PASS)
    assert found.p_open == ask(claims, **LETS_PASS).p["open"]
    for single in found.singles[:6]:
        ground = single.ground or "loose"
        asked = ask(claims, given=dict(single.given), ground=ground, **LETS_PASS)
        assert (asked.status, asked.p["open"]) == (single.status, single.p_open)


def test_an_assumption_dropped_and_the_other_ground() -> None:
    held = holding(**{**ALL_CROWN, "gate_west": "league"})
    found = {s.kind: s for s in try_each(held, **LETS_PASS).singles}
    assert found["assumption dropped"].about == ("league",)
    assert found["assumption dropped"].p_now is None
    assert found["other ground"].ground == "strict"
    assert found["other ground"].status == "broken"


def test_what_is_given_or_avoided_is_not_changed() -> None:
    around = CorridorQuestion(
        origin="alder", destination="birch", traveller="crown", avoid=("bridge",)
    )
    found = try_each(holding(**ALL_CROWN), question=around, given={"gate-west": "open"})
    touched = {p for s in found.singles for p in s.about}
    assert not touched & {"bridge", "gate-west"}
    assert found.given == {"gate-west": "open"}


def test_it_is_told_in_words_and_as_a_record() -> None:
    found = try_each(holding(**{**ALL_CROWN, "gate_west": "rebels"}))
    assert "Gate-East / Gate-West opened, both sides -> open" in str(found)
    record = found.to_json()
    assert record["tried"] >= len(record["singles"]) > 0
    assert set(record["names"]) >= {p for s in record["singles"] for p in s["about"]}
